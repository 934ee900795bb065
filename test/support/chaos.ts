// Six people at real pages who go on talking while everything breaks at random: pages, networks, links and the server.
// The same seed breaks the same things at the same times; what the machine makes of it differs.

import { setTimeout as pause } from 'node:timers/promises';
import type { Browser, BrowserContext, CDPSession } from 'playwright-core';
import { between, pick, seededRandom } from '../simulation/random.js';
import type { Random } from '../simulation/random.js';
import type { FcMessageEvent } from '../../src/engine/chat-events.js';
import { PageServer } from './page-server.js';
import { TestServer } from './start-server.js';
import { TcpProxy } from './tcp-proxy.js';
import { Visitor } from './visitor.js';

declare global {
  interface Window {
    /** All data channels of the page drop what they are given. */
    areLinksDead: boolean;
    /** Ids of messages that were new to this page more than once. */
    toldTwice: string[];
  }
}

const NAMES = ['Ada', 'Bob', 'Cleo', 'Dan', 'Eve', 'Fay'];
/** Links of each before it begins and after it ends. With roles of a crowd there may be fewer than to everybody. */
const LINKS = 2;
/** Between two faults, in milliseconds. */
const CALM_MS = [1_000, 4_000] as const;
/** How long a fault lasts, in milliseconds: up to longer than a socket and a link take to be given up. */
const FAULT_MS = [1_000, 12_000] as const;

export interface ChaosOutcome {
  /** Texts that `sendMessage` had promised to keep. */
  readonly promised: ReadonlySet<string>;
  /** What each page shows at the end, in its order. */
  readonly shown: readonly (readonly string[])[];
  /** Ids that were new to a page twice. */
  readonly toldTwice: readonly string[];
  /** Megabytes of live heap of all pages, after each third of the time. */
  readonly heapMb: readonly number[];
  readonly faults: ReadonlyMap<string, number>;
}

/** A person, the device, and the network in between. */
class Victim {
  readonly name: string;
  readonly proxy: TcpProxy;
  readonly #pages: PageServer;
  readonly #context: BrowserContext;
  #visitor: Visitor | null = null;
  #devtools: CDPSession | null = null;
  /** Something is being done to it. */
  isBusy = false;
  canWrite = false;
  #toldTwice: string[] = [];

  private constructor(name: string, proxy: TcpProxy, pages: PageServer, context: BrowserContext) {
    this.name = name;
    this.proxy = proxy;
    this.#pages = pages;
    this.#context = context;
  }

  static async arrive(name: string, browser: Browser, serverPort: number): Promise<Victim> {
    const proxy = await TcpProxy.start([serverPort]);
    const pages = await PageServer.start(`http://127.0.0.1:${proxy.port}`);
    const context = await browser.newContext();
    await context.addInitScript(watch);
    const victim = new Victim(name, proxy, pages, context);
    await victim.open();
    return victim;
  }

  /** @throws {Error} while there is no page */
  get visitor(): Visitor {
    if (this.#visitor === null) throw new Error(`${this.name} has no page`);
    return this.#visitor;
  }

  async open(): Promise<void> {
    const element = encodeURIComponent(
      `auto-upgrade-delay="0" max-peers="${NAMES.length}" display-name="${this.name}"`,
    );
    this.#visitor = await Visitor.open(this.#context, `${this.#pages.url}/?element=${element}`);
    this.#devtools = await this.#context.newCDPSession(this.#visitor.page);
    this.canWrite = true;
  }

  /** True when the page has promised to keep it. */
  write(text: string): Promise<boolean> {
    const sent = this.visitor.page.evaluate(
      (text) =>
        document
          .querySelector('festival-chat')
          ?.sendMessage(text)
          .then(() => true),
      text,
    );
    // A page that is killed meanwhile has promised nothing.
    return sent.then((isKept) => isKept === true).catch(() => false);
  }

  async reload(): Promise<void> {
    this.canWrite = false;
    await this.#note();
    await this.visitor.page.reload();
    await this.visitor.page.waitForFunction(() => customElements.get('festival-chat') !== undefined);
    this.canWrite = true;
  }

  /** The page's process dies without a word. */
  async crash(): Promise<void> {
    this.canWrite = false;
    await this.#note();
    const { page } = this.visitor;
    const crashed = new Promise((resolve) => page.once('crash', resolve));
    this.#devtools?.send('Page.crash').catch(() => undefined);
    await crashed;
    await page.close();
  }

  async hang(ms: number): Promise<void> {
    this.canWrite = false;
    const goOn = await this.visitor.hang();
    await pause(ms);
    await goOn();
    this.canWrite = true;
  }

  async killLinks(ms: number): Promise<void> {
    const set = (areDead: boolean): Promise<void> =>
      this.visitor.page.evaluate((areDead) => void (window.areLinksDead = areDead), areDead);
    await set(true);
    await pause(ms);
    await set(false);
  }

  async heapBytes(): Promise<number> {
    await this.#devtools?.send('HeapProfiler.collectGarbage');
    return (await this.#devtools?.send('Runtime.getHeapUsage'))?.usedSize ?? 0;
  }

  async toldTwice(): Promise<string[]> {
    await this.#note();
    return this.#toldTwice;
  }

  async leave(): Promise<void> {
    await this.#context.close();
    await this.#pages.stop();
    await this.proxy.end();
  }

  async #note(): Promise<void> {
    this.#toldTwice.push(...(await this.visitor.page.evaluate(() => window.toldTwice)));
  }
}

/** Runs in the page before anything else: links that can die without a word, and a note of what comes twice. */
function watch(): void {
  window.areLinksDead = false;
  window.toldTwice = [];
  const told = new Set<string>();
  const send = Reflect.get(RTCDataChannel.prototype, 'send') as (data: string) => void;
  RTCDataChannel.prototype.send = function (data: unknown) {
    if (!window.areLinksDead) send.call(this, data as string);
  };
  addEventListener('fc-message', (event) => {
    const { isNew, message } = event as Event & Pick<FcMessageEvent, 'isNew' | 'message'>;
    if (isNew && told.has(message.id)) window.toldTwice.push(message.id);
    told.add(message.id);
  });
}

export class Chaos {
  readonly #server: TestServer;
  readonly #victims: readonly Victim[];
  readonly #random: Random;
  readonly #promised = new Set<string>();
  readonly #faults = new Map<string, number>();
  readonly #running = new Set<Promise<void>>();
  #isServerBusy = false;

  private constructor(server: TestServer, victims: readonly Victim[], seed: number) {
    this.#server = server;
    this.#victims = victims;
    this.#random = seededRandom(seed);
  }

  /** @param messagesEveryMs one of them writes this often */
  static async run(browser: Browser, seed: number, ms: number, messagesEveryMs: number): Promise<ChaosOutcome> {
    const server = await TestServer.start();
    const port = Number(new URL(server.url).port);
    const victims: Victim[] = [];
    try {
      for (const name of NAMES) victims.push(await Victim.arrive(name, browser, port));
      const chaos = new Chaos(server, victims, seed);
      for (const { visitor } of victims) await visitor.reaches('online', LINKS);
      return await chaos.#run(ms, messagesEveryMs);
    } finally {
      for (const victim of victims) await victim.leave();
      await server.end();
    }
  }

  async #run(ms: number, messagesEveryMs: number): Promise<ChaosOutcome> {
    const heapMb: number[] = [];
    const talking = new AbortController();
    const talk = this.#talk(messagesEveryMs, talking.signal);
    for (let third = 1; third <= 3; third += 1) {
      await this.#breakThings(performance.now() + ms / 3);
      heapMb.push(Math.round((await this.#heapBytes()) / 1e5) / 10);
    }
    talking.abort();
    await talk;
    return { ...(await this.#peace()), promised: this.#promised, heapMb, faults: this.#faults };
  }

  /** One after the other says something, whoever has a page that runs. */
  async #talk(everyMs: number, signal: AbortSignal): Promise<void> {
    const writing: Promise<void>[] = [];
    for (let count = 1; !signal.aborted; count += 1) {
      const writer = this.#victims[count % this.#victims.length];
      const text = `${writer?.name ?? ''} says ${count}`;
      if (writer?.canWrite === true) {
        writing.push(
          writer.write(text).then((isKept) => {
            if (isKept) this.#promised.add(text);
          }),
        );
      }
      await pause(everyMs);
    }
    await Promise.all(writing);
  }

  /** Until then; resolves when everything that was broken is whole again. */
  async #breakThings(untilMs: number): Promise<void> {
    while (performance.now() < untilMs) {
      this.#breakOne();
      await pause(between(this.#random, ...CALM_MS));
    }
    await Promise.all(this.#running);
  }

  #breakOne(): void {
    const ms = between(this.#random, ...FAULT_MS);
    const victim = pick(
      this.#random,
      this.#victims.filter(({ isBusy }) => !isBusy),
    );
    const faults: Record<string, () => Promise<void>> = this.#isServerBusy ? {} : this.#serverFaults(ms);
    if (victim !== undefined) Object.assign(faults, faultsOf(victim, ms));
    const name = pick(this.#random, Object.keys(faults));
    if (name === undefined) return;
    this.#faults.set(name, (this.#faults.get(name) ?? 0) + 1);
    const running = faults[name]?.().finally(() => this.#running.delete(running as Promise<void>));
    if (running !== undefined) this.#running.add(running);
  }

  #serverFaults(ms: number): Record<string, () => Promise<void>> {
    const away = async (signal: 'SIGKILL' | 'SIGTERM'): Promise<void> => {
      this.#isServerBusy = true;
      await this.#server.stop(signal);
      await pause(ms);
      await this.#server.start();
      this.#isServerBusy = false;
    };
    return { 'server killed': () => away('SIGKILL'), 'server restarted': () => away('SIGTERM') };
  }

  async #heapBytes(): Promise<number> {
    let bytes = 0;
    for (const victim of this.#victims) bytes += await victim.heapBytes();
    return bytes;
  }

  /** Everything is whole: waits until everybody has the same and everything is stored. */
  async #peace(): Promise<Pick<ChaosOutcome, 'shown' | 'toldTwice'>> {
    const visitors = this.#victims.map(({ visitor }) => visitor);
    for (const visitor of visitors) await visitor.reaches('online', LINKS);
    for (const visitor of visitors) await visitor.ownAre('stored');
    const heads = await Promise.all(visitors.map(async (visitor) => (await visitor.texts()).length));
    const most = Math.max(...heads, this.#promised.size);
    for (const { page } of visitors) {
      await page.waitForFunction(
        (most) => (document.querySelector('festival-chat')?.messages.length ?? 0) >= most,
        most,
      );
    }
    const shown = await Promise.all(visitors.map((visitor) => visitor.texts()));
    const toldTwice = (await Promise.all(this.#victims.map((victim) => victim.toldTwice()))).flat();
    return { shown, toldTwice };
  }
}

/** What can happen to one person, from beginning to end. */
function faultsOf(victim: Victim, ms: number): Record<string, () => Promise<void>> {
  const busy = (run: () => Promise<void>) => async (): Promise<void> => {
    victim.isBusy = true;
    await run();
    victim.isBusy = false;
  };
  return {
    'page reloaded': busy(() => victim.reload()),
    'page crashed': busy(async () => {
      await victim.crash();
      await pause(ms);
      await victim.open();
    }),
    'page hung': busy(() => victim.hang(ms)),
    'links dead': busy(() => victim.killLinks(ms)),
    'socket black-holed': busy(async () => {
      victim.proxy.stall();
      await pause(ms);
      victim.proxy.heal();
    }),
    'socket cut': busy(async () => {
      victim.proxy.cut();
      await pause(ms);
      victim.proxy.heal();
    }),
  };
}
