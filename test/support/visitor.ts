// A person at a page: opens it, reads, writes, and is asked what the widget says. Real Chromium.

import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContext, ConsoleMessage, Locator, Page } from 'playwright-core';
import type { ChatMessage, ChatStatus } from '../../src/core/chat-view.js';
import type { Diagnostics } from '../../src/engine/chat.js';
import type { FestivalChat } from '../../src/element/festival-chat.js';
import { chromiumArgs, findChromium } from './find-chromium.js';

/** Conditions are waited for; only a hang takes this long. */
const PATIENCE_MS = 30_000;

/**
 * @param more arguments for the browser besides the usual ones
 * @param executablePath what starts it, where that is not the browser itself
 */
export function startBrowser(more: readonly string[] = [], executablePath = findChromium()): Promise<Browser> {
  return chromium.launch({ executablePath, args: [...chromiumArgs, ...more] });
}

/** A server that was killed or replaced on purpose, or is busy for a moment, makes the browser complain about its socket. */
function isAboutSocket(message: ConsoleMessage): boolean {
  if (/net::ERR_|WebSocket connection|blocked by CORS policy/.test(message.text())) return true;
  return message.text().includes('status of 503') && message.location().url.includes('/socket.io/');
}

export class Visitor {
  readonly page: Page;
  /** Errors and policy violations the page has reported. */
  readonly problems: string[] = [];

  private constructor(page: Page) {
    this.page = page;
    page.on('pageerror', (error) => this.problems.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' && !isAboutSocket(message)) this.problems.push(message.text());
    });
  }

  static async open(context: BrowserContext, url: string): Promise<Visitor> {
    const visitor = new Visitor(await context.newPage());
    visitor.page.setDefaultTimeout(PATIENCE_MS);
    await visitor.page.goto(url);
    await visitor.page.waitForFunction(() => customElements.get('festival-chat') !== undefined);
    return visitor;
  }

  status(index = 0): Promise<ChatStatus | null> {
    return this.#chat(index).evaluate((chat: FestivalChat) => chat.status);
  }

  messages(index = 0): Promise<readonly ChatMessage[]> {
    return this.#chat(index).evaluate((chat: FestivalChat) => chat.messages);
  }

  diagnostics(): Promise<Diagnostics> {
    return this.#chat(0).evaluate((chat: FestivalChat) => chat.getConnectionDiagnostics());
  }

  /** Writes as a person does: into the composer, then Enter. */
  async write(text: string): Promise<void> {
    await this.page.locator('festival-chat fc-composer textarea').first().fill(text);
    await this.page.locator('festival-chat fc-composer textarea').first().press('Enter');
    await this.sees(text);
  }

  upgrade(): Promise<{ connected: number; attempted: number }> {
    return this.#chat(0).evaluate((chat: FestivalChat) => chat.attemptP2PUpgrade());
  }

  /** Waits until the message stands in the list of the element, as a person sees it. */
  async sees(text: string, index = 0): Promise<void> {
    const chat = this.page.locator('festival-chat').nth(index);
    await this.#explained(
      `see ${JSON.stringify(text)}`,
      chat.locator('fc-message-list .bubble', { hasText: text }).first().waitFor(),
    );
  }

  async reaches(connection: ChatStatus['connection'], peers = 0): Promise<void> {
    const waiting = this.page.waitForFunction(
      ([wanted, links]) => {
        const status = document.querySelector('festival-chat')?.status;
        return status?.connection === wanted && (status?.peers ?? 0) >= Number(links);
      },
      [connection, peers],
    );
    await this.#explained(`be ${connection} with ${peers} peers`, waiting);
  }

  /** Waits until every own message has got this far. */
  async ownAre(state: ChatMessage['delivery']['state']): Promise<void> {
    const waiting = this.page.waitForFunction(
      (wanted) =>
        document.querySelector('festival-chat')?.messages.every((m) => !m.mine || m.delivery.state === wanted),
      state,
    );
    await this.#explained(`have own messages ${state}`, waiting);
  }

  /** Stops the page's code where it is, as a device does that is busy or sleeps; its sockets stay. Go on with the answer. */
  async hang(): Promise<() => Promise<void>> {
    const devtools = await this.page.context().newCDPSession(this.page);
    await devtools.send('Debugger.enable');
    const paused = new Promise((resolve) => devtools.once('Debugger.paused', resolve));
    await devtools.send('Debugger.pause');
    await paused;
    return async () => {
      await devtools.send('Debugger.resume');
      await devtools.detach();
    };
  }

  /** How often each text stands in the list. */
  async texts(index = 0): Promise<string[]> {
    return (await this.messages(index)).map((message) => message.text);
  }

  /** Waits until the status line says so. */
  async isTold(words: RegExp): Promise<void> {
    await this.page.locator('festival-chat fc-status .line', { hasText: words }).first().waitFor();
  }

  async hadNoProblems(): Promise<void> {
    assert.deepEqual(this.problems, []);
    await this.page.close();
  }

  #chat(index: number): Locator {
    return this.page.locator('festival-chat').nth(index);
  }

  /** A wait that fails says what the page knew. */
  async #explained(what: string, waiting: Promise<unknown>): Promise<void> {
    try {
      await waiting;
    } catch (error) {
      const story = { status: await this.status(), diagnostics: await this.diagnostics(), problems: this.problems };
      throw new Error(`a visitor did not ${what}: ${JSON.stringify(story)}`, { cause: error });
    }
  }
}
