// Devices and networks that lack something: the chat works, and the page says in words what is missing.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import type { TestContext } from 'node:test';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContext } from 'playwright-core';
import { Festival } from '../support/festival.js';
import { chromiumArgs, findChromium } from '../support/find-chromium.js';
import { withoutWebSocket } from '../support/no-websocket.js';
import { PageServer } from '../support/page-server.js';
import type { Visitor } from '../support/visitor.js';

declare global {
  interface Window {
    /** Transactions that wrote messages. */
    writes: number;
  }
}

/** A name that is no loopback to the browser, so that a page under it over plain http is not secure. */
const PLAIN_HOST = 'festival.test';

const PHONE = { width: 390, height: 844 };
const KEYBOARD_PX = 336;

let browser: Browser;
before(async () => {
  browser = await chromium.launch({
    executablePath: findChromium(),
    args: [...chromiumArgs, `--host-resolver-rules=MAP ${PLAIN_HOST} 127.0.0.1`],
    // Pages that are left stay as they are, as on people's phones.
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
  });
});
after(() => browser.close());

/** Waits until the page says this below its status. */
async function says(visitor: Visitor, words: RegExp): Promise<void> {
  await visitor.page.locator('festival-chat fc-finding button', { hasText: words }).waitFor();
}

async function refuseStorage(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException('not in private mode', 'SecurityError');
    };
  });
}

async function removeWebRtc(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => Reflect.deleteProperty(window, 'RTCPeerConnection'));
}

test('a page that has to fetch its signatures tries again when they do not come', () =>
  Festival.hold(browser, async (festival) => {
    const context = await browser.newContext();
    let failures = 0;
    await context.route(/noble-suite/, (route) => {
      failures += 1;
      return failures === 1 ? route.abort() : route.continue();
    });
    const plain = await festival.open(context, festival.address('mesh="off" display-name="Plain"', PLAIN_HOST));
    await plain.reaches('online');
    await plain.write('here in the end');
    await plain.ownAre('stored');
    assert.equal(failures, 2);
  }));

test('storage refused, no WebRTC, no crypto.subtle, no WebSocket: everybody chats, and is told what is missing', (t: TestContext) =>
  Festival.hold(browser, async (festival) => {
    const blocker = await withoutWebSocket(festival.server.url);
    t.after(() => blocker.stop());
    const name = (who: string): string => `auto-upgrade-delay="0" display-name="${who}"`;
    const forgetful = await festival.visit(name('Forgetful'), refuseStorage);
    const unlinked = await festival.visit(name('Unlinked'), removeWebRtc);
    const plain = await festival.open(await browser.newContext(), festival.address(name('Plain'), PLAIN_HOST));
    const elsewhere = await PageServer.start(blocker.url);
    t.after(() => elsewhere.stop());
    const address = `${elsewhere.url}/?element=${encodeURIComponent(name('Polling'))}`;
    const polling = await festival.open(await browser.newContext(), address);
    const all = [forgetful, unlinked, plain, polling];
    assert.equal(await plain.page.evaluate(() => isSecureContext || 'subtle' in crypto), false);
    for (const [index, visitor] of all.entries()) {
      await visitor.reaches('online');
      await visitor.write(`hello from ${index}`);
    }
    for (const visitor of all) {
      for (const index of all.keys()) await visitor.sees(`hello from ${index}`);
      await visitor.ownAre('stored');
    }
    await says(forgetful, /keeps nothing/);
    await says(unlinked, /cannot link devices directly/);
    await says(plain, /not encrypted/);
    await says(polling, /only slow connections/);
  }));

test('written offline, and the tab crashes: delivered once when the page is opened again', () =>
  Festival.hold(browser, async (festival) => {
    const ada = await festival.visit('mesh="off" display-name="Ada"');
    const bob = await festival.visit('mesh="off" display-name="Bob"');
    await ada.reaches('online');
    await bob.reaches('online');
    const context = ada.page.context();
    await context.setOffline(true);
    await ada.write('in a dead spot');
    await ada.reaches('offline');
    await says(ada, /no network|What can I do/);
    await context.setOffline(false);
    await bob.sees('in a dead spot');
    await context.setOffline(true);
    await ada.reaches('offline');
    await ada.write('and then it crashed');
    await ada.page.waitForFunction(
      () => document.querySelector('festival-chat')?.messages.at(-1)?.delivery.state === 'queued',
    );
    const crashed = ada.page.waitForEvent('crash');
    await Promise.all([crashed, ada.page.goto('chrome://crash').catch(() => undefined)]);
    await ada.page.close();
    await context.setOffline(false);
    const again = await festival.open(context, festival.address('mesh="off" display-name="Ada"'));
    await again.ownAre('stored');
    await bob.sees('and then it crashed');
    assert.deepEqual(await bob.texts(), ['in a dead spot', 'and then it crashed']);
    assert.deepEqual(await again.texts(), ['in a dead spot', 'and then it crashed']);
  }));

/** A note of each transaction that writes messages. */
async function countWrites(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    window.writes = 0;
    const begin: IDBDatabase['transaction'] = Reflect.get(IDBDatabase.prototype, 'transaction');
    IDBDatabase.prototype.transaction = function (stores, mode, options) {
      if (mode === 'readwrite' && [stores].flat().includes('records')) window.writes += 1;
      return begin.call(this, stores, mode, options);
    };
  });
}

test('what others say is on the disk at once when there is no server, and written together when there is one', () =>
  Festival.hold(browser, async (festival) => {
    const [ada, bob] = (await festival.linked(['Ada', 'Bob'], countWrites)) as [Visitor, Visitor];
    const said = 6;
    const hear = async (about: string): Promise<{ writes: number; tookMs: number }> => {
      const before = await bob.page.evaluate(() => window.writes);
      const startedAtMs = performance.now();
      for (let number = 1; number <= said; number += 1) {
        const text = `${about} ${number}`;
        await ada.page.evaluate((said) => void document.querySelector('festival-chat')?.sendMessage(said), text);
      }
      await bob.sees(`${about} ${said}`);
      const writes = (await bob.page.evaluate(() => window.writes)) - before;
      return { writes, tookMs: performance.now() - startedAtMs };
    };
    const together = await hear('together');
    // One transaction for what comes within 400 ms.
    assert.ok(together.writes <= 1 + together.tookMs / 400, JSON.stringify(together));
    await ada.ownAre('stored');
    await festival.server.stop('SIGKILL');
    for (const visitor of [ada, bob]) await visitor.reaches('mesh-only', 1);
    const alone = await hear('alone');
    assert.ok(alone.writes >= said, JSON.stringify(alone));
  }));

test('a battery that runs low: one link, then none; the chat goes on, and links come back with the charger', () =>
  Festival.hold(browser, async (festival) => {
    const battery = async (context: BrowserContext): Promise<void> => {
      await context.addInitScript(() => {
        const state = Object.assign(new EventTarget(), { level: 0.9, charging: false });
        Reflect.set(navigator, 'getBattery', () => Promise.resolve(state));
        addEventListener('battery-test', (event) => {
          Object.assign(state, (event as CustomEvent<object>).detail);
          state.dispatchEvent(new Event('levelchange'));
        });
      });
    };
    const [ada, bob, cleo] = await festival.linked(['Ada', 'Bob', 'Cleo'], battery);
    assert.ok(ada && bob && cleo);
    const becomes = (detail: object): Promise<boolean> =>
      ada.page.evaluate((detail) => dispatchEvent(new CustomEvent('battery-test', { detail })), detail);
    const keeps = (links: number): Promise<unknown> =>
      ada.page.waitForFunction((links) => document.querySelector('festival-chat')?.status?.peers === links, links);
    await becomes({ level: 0.15 });
    await keeps(1);
    assert.equal((await ada.diagnostics()).power?.profile, 'saving');
    await says(ada, /spare your battery/);
    await becomes({ level: 0.05 });
    await keeps(0);
    assert.equal((await ada.diagnostics()).mesh.offBy, 'power');
    await ada.write('still here');
    await bob.sees('still here');
    await becomes({ level: 0.05, charging: true });
    await ada.reaches('online', 1);
    await cleo.sees('still here');
  }));

test('a page that was left comes back as it was, on a new socket, with what it missed', () =>
  Festival.hold(browser, async (festival) => {
    const [ada, bob] = await festival.linked(['Ada', 'Bob']);
    assert.ok(ada && bob);
    await ada.page.evaluate(() => Object.assign(window, { isTheSame: true }));
    await ada.page.goto('about:blank');
    // It says goodbye: nobody waits for it to answer.
    await bob.page.waitForFunction(() => document.querySelector('festival-chat')?.status?.peers === 0);
    await bob.write('while you were away');
    await ada.page.goBack({ waitUntil: 'commit' });
    assert.equal(await ada.page.evaluate(() => 'isTheSame' in window), true, 'the page was kept, not loaded anew');
    await ada.sees('while you were away');
    await ada.reaches('online', 1);
    await ada.write('back again');
    await bob.sees('back again');
    assert.deepEqual(await ada.texts(), ['while you were away', 'back again']);
  }));

test('a sign-in page in the server’s place is told from a server that is gone', () =>
  Festival.hold(browser, async (festival) => {
    const ada = await festival.visit('mesh="off" display-name="Ada"');
    await ada.reaches('online');
    const { port } = new URL(festival.server.url);
    await festival.server.stop('SIGKILL');
    const portal = createServer((_, response) => response.end('<html>Welcome to the Wi-Fi. Sign in.</html>'));
    await new Promise<void>((resolve) => portal.listen(Number(port), '127.0.0.1', resolve));
    try {
      await says(ada, /in place of the chat server/);
    } finally {
      portal.closeAllConnections();
      await new Promise((resolve) => portal.close(resolve));
    }
    await festival.server.start();
    await ada.reaches('online');
    await ada.page.locator('festival-chat fc-finding button').waitFor({ state: 'detached' });
  }));

test('a keyboard that a phone lays over the page: the composer stands above it, and below again when it is gone', () =>
  Festival.hold(browser, async (festival) => {
    const ada = await festival.visit('mesh="off" mode="fullscreen" display-name="Ada"');
    await ada.page.setViewportSize(PHONE);
    const field = ada.page.locator('fc-composer textarea');
    await field.focus();
    const endsAt = async (bottomPx: number): Promise<void> => {
      await ada.page.waitForFunction((wanted) => {
        const composer = document.querySelector('festival-chat')?.shadowRoot?.querySelector('fc-composer');
        return Math.abs((composer?.getBoundingClientRect().bottom ?? 0) - wanted) < 2;
      }, bottomPx);
    };
    await endsAt(PHONE.height);
    // Headless browsers have no keyboard; this is all that a page hears of one.
    await ada.page.evaluate((height) => {
      Object.defineProperty(visualViewport, 'height', { configurable: true, value: height });
      visualViewport?.dispatchEvent(new Event('resize'));
    }, PHONE.height - KEYBOARD_PX);
    await endsAt(PHONE.height - KEYBOARD_PX);
    await ada.page.evaluate(() => {
      Reflect.deleteProperty(visualViewport ?? {}, 'height');
      visualViewport?.dispatchEvent(new Event('resize'));
    });
    await endsAt(PHONE.height);
    // Smaller letters would make the phone zoom in.
    assert.ok((await field.evaluate((area) => parseFloat(getComputedStyle(area).fontSize))) >= 16);
  }));
