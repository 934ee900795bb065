// One contender in a room of real pages: its server, a network before it, a browser of its own, a device a page.

import type { Browser, Page } from 'playwright-core';
import { TcpProxy } from '../support/tcp-proxy.js';
import { until } from '../support/until.js';
import { startBrowser } from '../support/visitor.js';
import type { ContenderEntry } from './contenders.js';
import type { ContenderServer } from './contender-server.js';
import { PageFiles } from './page-files.js';
import type { Heard, PageBench } from './pages/harness.js';

export interface MeetingOptions {
  /** Default 5. */
  readonly pages?: number;
  /** To the server, each way. Default 0. */
  readonly delayMs?: number;
  /** Run in each page before anything else. */
  readonly initScript?: string;
  /** Whether pages greet each other, so that it is known when they are together. Default true. */
  readonly isGreeting?: boolean;
  /** Whether another meeting is tried when this one does not come together. Default true. */
  readonly isTriedAgain?: boolean;
}

export class Meeting {
  readonly pages: Page[] = [];
  readonly contender: ContenderEntry;
  readonly server: ContenderServer;
  readonly network: TcpProxy;
  readonly browser: Browser;
  /** Frames of WebSockets that the pages sent or received. */
  socketFrames = 0;
  readonly #files: PageFiles;
  readonly #options: MeetingOptions;

  private constructor(
    contender: ContenderEntry,
    options: MeetingOptions,
    parts: { server: ContenderServer; network: TcpProxy; browser: Browser; files: PageFiles },
  ) {
    this.contender = contender;
    this.server = parts.server;
    this.network = parts.network;
    this.browser = parts.browser;
    this.#files = parts.files;
    this.#options = options;
  }

  /**
   * Opens the pages, lets `run` do something with them, and ends everything. Nobody has joined yet. On a machine that is
   * too busy a meeting may fail to come together; another is tried, and both are told.
   */
  static async of<Result>(
    contender: ContenderEntry,
    options: MeetingOptions,
    run: (meeting: Meeting) => Promise<Result>,
  ): Promise<Result> {
    try {
      return await Meeting.#once(contender, options, run);
    } catch (error) {
      if (options.isTriedAgain === false) throw error;
      process.stderr.write(`${contender.name}, tried again: ${String(error)}\n`);
      return await Meeting.#once(contender, options, run);
    }
  }

  /** Null when the contender did not come together, twice: the others are measured all the same. */
  static async orNull<Result>(
    contender: ContenderEntry,
    options: MeetingOptions,
    run: (meeting: Meeting) => Promise<Result>,
  ): Promise<Result | null> {
    return Meeting.of(contender, options, run).catch((error: unknown) => {
      process.stderr.write(`${contender.name} is left out: ${String(error)}\n`);
      return null;
    });
  }

  static async #once<Result>(
    contender: ContenderEntry,
    options: MeetingOptions,
    run: (meeting: Meeting) => Promise<Result>,
  ): Promise<Result> {
    const server = await contender.startServer();
    const network = await TcpProxy.start([server.port], 0, options.delayMs);
    const files = await PageFiles.start();
    const browser = await startBrowser();
    const meeting = new Meeting(contender, options, { server, network, browser, files });
    try {
      for (let number = 0; number < (options.pages ?? 5); number += 1) await meeting.open();
      return await run(meeting);
    } finally {
      await browser.close();
      await files.end();
      await network.end();
      await server.end();
    }
  }

  /** One more device, which has not joined. */
  async open(): Promise<Page> {
    const context = await this.browser.newContext();
    const page = await context.newPage();
    if (this.#options.initScript !== undefined) await page.addInitScript(this.#options.initScript);
    page.on('websocket', (socket) => {
      socket.on('framesent', () => (this.socketFrames += 1));
      socket.on('framereceived', () => (this.socketFrames += 1));
    });
    await page.goto(this.#files.urlOf(this.contender.page));
    await page.waitForFunction(() => (window as { bench?: PageBench }).bench !== undefined);
    this.pages.push(page);
    return page;
  }

  async join(page: Page): Promise<void> {
    const server = `http://127.0.0.1:${this.network.port}`;
    const { mesh } = this.contender;
    const { isGreeting = true } = this.#options;
    const options = { server, room: 'bench', name: String(this.pages.indexOf(page)), mesh, isGreeting };
    await page.evaluate((joinOptions) => window.bench.join(joinOptions), options);
  }

  /** Everybody joins at once; resolves when everybody has heard everybody, and is linked where the contender links. */
  async assemble(): Promise<void> {
    await Promise.all(this.pages.map((page) => this.join(page)));
    await this.assembled();
  }

  async assembled(): Promise<void> {
    const others = this.pages.length - 1;
    const links = this.contender.mesh ? others : 0;
    await until(async () => {
      const all = await this.each(() => [window.bench.heardFrom(), window.bench.links()] as const);
      return all.every(([heard, linked]) => heard >= others && linked >= links);
    });
  }

  /** Asks every page the same. */
  each<Result>(ask: () => Result): Promise<Awaited<Result>[]> {
    return Promise.all(this.pages.map((page) => page.evaluate(ask) as Promise<Awaited<Result>>));
  }

  /** All talk, each so often so far apart; who speaks when is spread over the interval. */
  async talk(everyMs: number, times: number): Promise<void> {
    await Promise.all(
      this.pages.map((page, number) =>
        page.evaluate(
          async ([waitMs, everyGivenMs, timesGiven]) => {
            await new Promise((resolve) => setTimeout(resolve, waitMs));
            await window.bench.talk(everyGivenMs, timesGiven);
          },
          [(number * everyMs) / this.pages.length, everyMs, times] as const,
        ),
      ),
    );
  }

  /** What each page has heard so far. */
  heard(): Promise<(readonly Heard[])[]> {
    return this.each(() => window.bench.heard());
  }

  /** Waits until every page has heard so many messages, or until the time is over; what does not come is lost. */
  async settle(messages: number, timeMaxMs: number): Promise<void> {
    const giveUpAtMs = Date.now() + timeMaxMs;
    await until(async () => {
      const heard = await this.heard();
      return heard.every((page) => distinct(page) >= messages) || Date.now() > giveUpAtMs;
    });
  }
}

/** Messages that a page has heard, each counted once. */
export function distinct(heard: readonly Heard[]): number {
  return new Set(heard.map(([from, number]) => `${from}/${number}`)).size;
}
