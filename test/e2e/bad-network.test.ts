// Networks that are there and do not work: sockets that bring nothing one way, two seconds of round trip, connections cut
// again and again, links that carry one way or are closed all the time. Real pages, through a network of their own each.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, BrowserContext } from 'playwright-core';
import { Festival } from '../support/festival.js';
import { PageServer } from '../support/page-server.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { until } from '../support/until.js';
import { startBrowser } from '../support/visitor.js';
import type { Visitor } from '../support/visitor.js';

declare global {
  interface Window {
    /** What this page says over its links is lost. */
    isMuteOnLinks: boolean;
    /** Every peer connection this page made. */
    dialled: RTCPeerConnection[];
    /** Every channel over which this page has said something. */
    channels: Set<RTCDataChannel>;
  }
}

let browser: Browser;
before(async () => {
  browser = await startBrowser();
});
after(() => browser.close());

interface Reached {
  readonly visitor: Visitor;
  readonly network: TcpProxy;
  /** Sockets the page has opened so far. */
  readonly sockets: () => number;
}

/** People whose way to the server is a network of their own, without links unless `attributes` say so. */
async function reaching(
  names: readonly string[],
  delayMs: number,
  run: (festival: Festival, people: readonly Reached[]) => Promise<void>,
): Promise<void> {
  const ended: (() => Promise<void>)[] = [];
  try {
    await Festival.hold(browser, async (festival) => {
      const people: Reached[] = [];
      for (const name of names) {
        const network = await TcpProxy.start([Number(new URL(festival.server.url).port)], 0, delayMs);
        const pages = await PageServer.start(`http://127.0.0.1:${network.port}`);
        ended.push(
          () => pages.stop(),
          () => network.end(),
        );
        const context = await browser.newContext();
        let sockets = 0;
        context.on('page', (page) => page.on('websocket', () => (sockets += 1)));
        const element = encodeURIComponent(`mesh="off" display-name="${name}"`);
        const visitor = await festival.open(context, `${pages.url}/?element=${element}`);
        people.push({ visitor, network, sockets: () => sockets });
      }
      for (const { visitor } of people) await visitor.reaches('online');
      await run(festival, people);
    });
  } finally {
    for (const end of ended) await end();
  }
}

/** All of them stand in everybody's list once, and the server has them. */
async function haveAllOnce(visitors: readonly Visitor[], texts: readonly string[]): Promise<void> {
  for (const visitor of visitors) for (const text of texts) await visitor.sees(text);
  for (const visitor of visitors) {
    await visitor.ownAre('stored');
    assert.deepEqual([...(await visitor.texts())].sort(), [...texts].sort());
  }
}

test('[S10] a socket that brings nothing one way is found out from either end, and nothing is lost', () =>
  reaching(['Ada', 'Bob'], 0, async (_festival, [ada, bob]) => {
    assert.ok(ada !== undefined && bob !== undefined);
    ada.network.muffle('near');
    await ada.visitor.write('does anybody hear me?');
    await bob.visitor.sees('does anybody hear me?');
    await ada.visitor.ownAre('stored');
    assert.equal(ada.sockets(), 2, 'over another socket');
    ada.network.muffle('far');
    await bob.visitor.write('Ada, do you?');
    // What is said into this silence brings the answer that the socket owes, and shows that it is deaf.
    await ada.visitor.write('it is so quiet');
    await haveAllOnce([ada.visitor, bob.visitor], ['does anybody hear me?', 'Ada, do you?', 'it is so quiet']);
    assert.equal(ada.sockets(), 3);
  }));

test('two seconds of round trip: slow is not broken, one socket does for all of it', () =>
  reaching(['Ada', 'Bob'], 1_000, async (_festival, [ada, bob]) => {
    assert.ok(ada !== undefined && bob !== undefined);
    await ada.visitor.write('far away');
    await bob.visitor.write('and yet here');
    await haveAllOnce([ada.visitor, bob.visitor], ['far away', 'and yet here']);
    assert.deepEqual([ada.sockets(), bob.sockets()], [1, 1]);
    const measured = await ada.visitor.page.waitForFunction(
      () => document.querySelector('festival-chat')?.connectionQuality?.webSocket.latencyMs,
    );
    assert.ok(Number(await measured.jsonValue()) >= 2_000, 'measured, not assumed');
  }));

test('connections that are cut again and again: what is said between comes once', () =>
  reaching(['Ada', 'Bob'], 0, async (_festival, [ada, bob]) => {
    assert.ok(ada !== undefined && bob !== undefined);
    const texts: string[] = [];
    for (let round = 1; round <= 6; round += 1) {
      const before = ada.sockets();
      for (const [name, { visitor }] of Object.entries({ Ada: ada, Bob: bob })) {
        texts.push(`${name} ${round}`);
        await visitor.write(`${name} ${round}`);
      }
      for (const { network } of [ada, bob]) network.cut();
      texts.push(`Ada, cut off ${round}`);
      await ada.visitor.write(`Ada, cut off ${round}`);
      for (const { network } of [ada, bob]) network.heal();
      // The next cut meets it on its way back.
      await until(() => ada.sockets() > before);
    }
    await haveAllOnce([ada.visitor, bob.visitor], texts);
  }));

/** Links of this device can be closed, and made to lose what it says. */
async function withBadLinks(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    window.isMuteOnLinks = false;
    window.dialled = [];
    window.channels = new Set();
    const send = Reflect.get(RTCDataChannel.prototype, 'send') as (data: string) => void;
    RTCDataChannel.prototype.send = function (data: unknown) {
      window.channels.add(this);
      if (!window.isMuteOnLinks) send.call(this, data as string);
    };
    const Connection = RTCPeerConnection;
    window.RTCPeerConnection = class extends Connection {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        window.dialled.push(this);
      }
    };
  });
}

test('links that carry one way, and links that are closed all the time: everybody hears everything once', () =>
  Festival.hold(browser, async (festival) => {
    const three = await festival.linked(['Ada', 'Bob', 'Cleo'], withBadLinks);
    const [ada, bob] = three as [Visitor, Visitor, Visitor];
    const texts = ['before'];
    await ada.write('before');
    for (const visitor of three) await visitor.sees('before');
    await ada.page.evaluate(() => void (window.isMuteOnLinks = true));
    for (const [writer, text] of [
      [ada, 'Ada, whom no link carries'],
      [bob, 'Bob, who is not answered over his'],
    ] as const) {
      texts.push(text);
      await writer.write(text);
      for (const visitor of three) await visitor.sees(text);
    }
    await ada.page.evaluate(() => void (window.isMuteOnLinks = false));
    for (let round = 1; round <= 5; round += 1) {
      await ada.page.evaluate(() => {
        for (const connection of window.dialled.splice(0)) connection.close();
      });
      for (const [name, writer] of [
        ['Ada', ada],
        ['Bob', bob],
      ] as const) {
        texts.push(`${name} ${round}`);
        await writer.write(`${name} ${round}`);
      }
    }
    await haveAllOnce(three, texts);
    for (const visitor of three) await visitor.reaches('online', 2);
    await ada.write('linked again');
    await haveAllOnce(three, [...texts, 'linked again']);
  }));

test('what is to be said over a channel that is just closing stops nothing', () =>
  Festival.hold(browser, async (festival) => {
    const [ada, bob] = (await festival.linked(['Ada', 'Bob'], withBadLinks)) as [Visitor, Visitor];
    await ada.page.evaluate(() => {
      for (const channel of window.channels) channel.close();
      // The page says goodbye on its links at once, as it does when it is frozen.
      window.dispatchEvent(new Event('pagehide'));
    });
    await ada.write('still here');
    await bob.sees('still here');
    await ada.ownAre('stored');
  }));
