// Linked pages when the server is gone for a while, and when links die without a word. The figures are printed.

import assert from 'node:assert/strict';
import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { TestContext } from 'node:test';
import type { Browser, BrowserContext } from 'playwright-core';
import type { FcMessageEvent } from '../../src/engine/chat-events.js';
import { Festival } from '../support/festival.js';
import { startBrowser } from '../support/visitor.js';
import type { Visitor } from '../support/visitor.js';

declare global {
  interface Window {
    /** All data channels of the page drop what they are given. */
    areLinksDead: boolean;
    /** When each text was first there, milliseconds since 1970. */
    arrivals: Record<string, number>;
    /** Messages that were sent by the clock. */
    ticks: number;
  }
}

let browser: Browser;
before(async () => {
  browser = await startBrowser();
});
after(() => browser.close());

const NAMES = ['Ada', 'Bob', 'Cleo', 'Dan', 'Eve'];
/** Everybody says something each second: before the server is killed, while it is gone, and when it is back. */
const BEFORE_S = 4;
const OUTAGE_S = 20;
const AFTER_S = 6;
const ALL_S = BEFORE_S + OUTAGE_S + AFTER_S;

/** Each page sends one message a second, from now on, so many times. */
function tick(visitor: Visitor, times: number): Promise<void> {
  return visitor.page.evaluate((times) => {
    const chat = document.querySelector('festival-chat');
    window.ticks = 0;
    const timer = setInterval(() => {
      window.ticks += 1;
      void chat?.sendMessage(`${chat.displayName ?? ''} ${window.ticks}`);
      if (window.ticks === times) clearInterval(timer);
    }, 1_000);
  }, times);
}

/** Each page has sent so many. */
async function haveTicked(visitors: readonly Visitor[], times: number): Promise<void> {
  for (const { page } of visitors) await page.waitForFunction((times) => window.ticks >= times, times);
}

/** It has the first so many messages of everybody. */
function hasAll(visitor: Visitor, times: number): Promise<unknown> {
  return visitor.page.waitForFunction(
    ([names, times]) => {
      const texts = new Set(document.querySelector('festival-chat')?.messages.map(({ text }) => text));
      return names.every((name) =>
        Array.from({ length: times }, (_, n) => `${name} ${n + 1}`).every((t) => texts.has(t)),
      );
    },
    [NAMES, times] as const,
  );
}

test('the server is killed for 20 s under a message a second from each of five: nothing waits, nothing is lost', (t: TestContext) =>
  Festival.hold(browser, async (festival) => {
    const five = await festival.linked(NAMES);
    for (const visitor of five) await tick(visitor, ALL_S);
    await haveTicked(five, BEFORE_S);
    await festival.server.stop('SIGKILL');
    await haveTicked(five, BEFORE_S + OUTAGE_S);
    // Everybody has everything from everybody while there is still no server.
    for (const visitor of five) await hasAll(visitor, BEFORE_S + OUTAGE_S);
    for (const visitor of five) assert.equal((await visitor.status())?.connection, 'mesh-only');
    await festival.server.start();
    const returnedAtMs = performance.now();
    for (const visitor of five) await hasAll(visitor, ALL_S);
    await Promise.all(five.map((visitor) => visitor.ownAre('stored')));
    t.diagnostic(`all stored ${Math.round(performance.now() - returnedAtMs)} ms after the server's return`);
    const late = await festival.visit('mesh="off" display-name="Late"');
    await hasAll(late, ALL_S);
    for (const visitor of [...five, late]) {
      const texts = await visitor.texts();
      assert.deepEqual(
        [texts.length, new Set(texts).size],
        [NAMES.length * ALL_S, NAMES.length * ALL_S],
        'nothing twice',
      );
    }
  }));

test('[S6] a backup put in place of the database as the guide says: visitors hand over what is newer', () =>
  Festival.hold(browser, async (festival) => {
    const { server } = festival;
    const path = join(server.data, 'festival-chat.db');
    const ada = await festival.visit('mesh="off" display-name="Ada"');
    await ada.write('in the backup');
    await ada.ownAre('stored');
    await server.stop('SIGTERM');
    copyFileSync(path, `${path}.backup`);
    await server.start();
    await ada.write('newer');
    await ada.ownAre('stored');
    await server.stop('SIGTERM');
    rmSync(path);
    rmSync(`${path}-wal`, { force: true });
    copyFileSync(`${path}.backup`, path);
    await server.start();
    const late = await festival.visit('mesh="off" display-name="Late"');
    await late.sees('in the backup');
    await late.sees('newer');
  }));

/** Links that die without a word, and a note of when each message comes. */
async function withDeadlyLinks(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    window.areLinksDead = false;
    window.arrivals = {};
    const send = Reflect.get(RTCDataChannel.prototype, 'send') as (data: string) => void;
    RTCDataChannel.prototype.send = function (data: unknown) {
      if (!window.areLinksDead) send.call(this, data as string);
    };
    addEventListener('fc-message', (event) => {
      const { isNew, message } = event as Event & Pick<FcMessageEvent, 'isNew' | 'message'>;
      if (isNew) window.arrivals[message.text] = Date.now();
    });
  });
}

/** Every page's links are up, and none is in doubt. */
async function areLinked(visitors: readonly Visitor[]): Promise<void> {
  for (const { page } of visitors) {
    await page.waitForFunction((others) => {
      const links = document.querySelector('festival-chat')?.getConnectionDiagnostics().links ?? [];
      return links.length === others && links.every(({ state }) => state === 'up');
    }, visitors.length - 1);
  }
}

/** To whom a page would send over its link: one whose breaker has opened is passed over, and tells nothing. */
async function trusted(sender: Visitor, all: readonly Visitor[]): Promise<Visitor[]> {
  const { links } = await sender.diagnostics();
  const names = links.filter(({ breaker }) => breaker.state === 'closed').map(({ name }) => name);
  return all.filter((_, index) => names.includes(NAMES[index] ?? ''));
}

async function kill(visitors: readonly Visitor[], areDead: boolean): Promise<void> {
  await Promise.all(visitors.map(({ page }) => page.evaluate((dead) => void (window.areLinksDead = dead), areDead)));
}

/** Sends, and resolves with the time when the others have it, milliseconds each. */
async function deliver(from: Visitor, others: readonly Visitor[], text: string): Promise<number[]> {
  const sentAtMs = await from.page.evaluate((text) => {
    const atMs = Date.now();
    void document.querySelector('festival-chat')?.sendMessage(text);
    return atMs;
  }, text);
  return Promise.all(
    others.map(async ({ page }) => {
      const arrival = await page.waitForFunction((text) => window.arrivals[text], text);
      return Number(await arrival.jsonValue()) - sentAtMs;
    }),
  );
}

const TRIALS_MIN = 30;

test('links that die silently: the next message still reaches everybody', (t: TestContext) =>
  Festival.hold(browser, async (festival) => {
    const four = await festival.linked(NAMES.slice(0, 4), withDeadlyLinks);
    const [alive, dead]: [number[], number[]] = [[], []];
    let sent = 0;
    for (let round = 0; dead.length < TRIALS_MIN; round += 1) {
      assert.ok(round < 2 * TRIALS_MIN, 'links are trusted again');
      const sender = four[round % four.length];
      assert.ok(sender);
      const others = four.filter((visitor) => visitor !== sender);
      // Acknowledgements in between: a breaker opens when half of the outcomes are bad.
      for (const word of ['one', 'two', 'three']) {
        alive.push(...(await deliver(sender, others, `${round} alive ${word}`)));
      }
      await areLinked(four);
      const watched = await trusted(sender, four);
      await kill(four, true);
      dead.push(...(await deliver(sender, watched, `${round} dead`)));
      for (const other of others) await other.sees(`${round} dead`);
      await kill(four, false);
      await areLinked(four);
      sent += 4;
    }
    t.diagnostic(`over living links, ms: ${quantiles(alive)}`);
    t.diagnostic(`the first after a silent death, ms: ${quantiles(dead)}`);
    for (const visitor of four) {
      const texts = await visitor.texts();
      assert.deepEqual([texts.length, new Set(texts).size], [sent, sent], 'nothing lost, nothing twice');
    }
  }));

function quantiles(values: readonly number[]): string {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): string => String(sorted[Math.ceil(sorted.length * share) - 1]);
  return `p50 ${at(0.5)}, p95 ${at(0.95)}, p99 ${at(0.99)} of ${String(sorted.length)}`;
}
