// A visitor who walks from stage to stage: each room that is left closes what it opened, and the browser, which allows a
// page only so many peer connections, gets them back.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { build } from 'esbuild';
import type { Browser, BrowserContext } from 'playwright-core';
import type { OpenPeerLink, PeerLinkPort } from '../../src/engine/peer-link-port.js';
import { Festival } from '../support/festival.js';
import { until } from '../support/until.js';
import { startBrowser } from '../support/visitor.js';
import type { Visitor } from '../support/visitor.js';

declare global {
  interface Window {
    /** Peer connections the page has made, and those of them that are not closed. */
    connections: { made: number; open: () => number };
    openPeerLink: OpenPeerLink;
    opened: PeerLinkPort[];
  }
}

const OTHERS = 3;
const HOPS = 20;
/** With the 400 before them a page has made more than Chromium's 500. */
const MORE = 101;

let browser: Browser;
before(async () => {
  browser = await startBrowser();
});
after(() => browser.close());

async function countConnections(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const made: WeakRef<RTCPeerConnection>[] = [];
    window.connections = {
      made: 0,
      open() {
        return made.filter((each) => (each.deref()?.connectionState ?? 'closed') !== 'closed').length;
      },
    };
    window.RTCPeerConnection = class extends RTCPeerConnection {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        window.connections.made += 1;
        made.push(new WeakRef(this));
      }
    };
  });
}

/** Peer connections that the browser still counts: closed ones until they are collected. */
async function counted({ page }: Visitor): Promise<number> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('HeapProfiler.collectGarbage');
  const { result: prototype } = await devtools.send('Runtime.evaluate', {
    expression: 'Object.getPrototypeOf(RTCPeerConnection).prototype',
  });
  const { objectId = '' } = prototype;
  const { objects } = await devtools.send('Runtime.queryObjects', { prototypeObjectId: objectId });
  const answer = await devtools.send('Runtime.callFunctionOn', {
    objectId: objects.objectId ?? '',
    functionDeclaration:
      'function () { return this.filter((each) => Object.hasOwn(each, "constructor") === false).length; }',
    returnByValue: true,
  });
  await devtools.detach();
  return Number(answer.result.value);
}

test('sixty links made and closed on a walk between two rooms: what is left is closed, and collected', (t) =>
  Festival.hold(browser, async (festival) => {
    const rooms = ['river-stage', 'tent'] as const;
    const element = (room: string, who: string): string =>
      `auto-upgrade-delay="0" location="${room}" room="${room}" display-name="${who}"`;
    for (let other = 0; other < OTHERS; other += 1) {
      const staying = await festival.visit(element(rooms[0], `Other ${other}`));
      await staying.page.evaluate((room) => {
        const second = document.querySelector('festival-chat')?.cloneNode();
        if (!(second instanceof HTMLElement)) return;
        for (const name of ['room', 'location']) second.setAttribute(name, room);
        document.body.append(second);
      }, rooms[1]);
    }
    const walker = await festival.visit(element(rooms[0], 'Walker'), countConnections);
    for (let hop = 1; hop <= HOPS; hop += 1) {
      await walker.page.waitForFunction((made) => window.connections.made >= made, hop * OTHERS);
      await walker.reaches('online', OTHERS);
      await walker.page.waitForFunction((open) => window.connections.open() === open, OTHERS);
      if (hop === HOPS) break;
      await walker.page.evaluate(
        (room) => {
          const chat = document.querySelector('festival-chat');
          chat?.setAttribute('location', room);
          chat?.setAttribute('room', room);
        },
        rooms[hop % 2] ?? '',
      );
    }
    const [last] = [rooms[(HOPS - 1) % 2]];
    await walker.write('so this is where the music is');
    for (const staying of festival.visitors.slice(0, OTHERS)) {
      await staying.sees('so this is where the music is', last === rooms[0] ? 0 : 1);
    }
    const made = await walker.page.evaluate(() => window.connections.made);
    assert.ok(made >= HOPS * OTHERS);
    await until(async () => (await counted(walker)) === OTHERS);
    t.diagnostic(`${made} connections made, ${await counted(walker)} counted`);
    await walker.page.evaluate(() => document.querySelector('festival-chat')?.remove());
    await walker.page.waitForFunction(() => window.connections.open() === 0);
    await until(async () => (await counted(walker)) === 0);
  }));

test('a page has 400 peer connections at most, and more again when those that are closed are gone', async () => {
  const code = await build({
    stdin: {
      contents:
        "import { openPeerLink } from './src/engine/peer-link.ts'; window.openPeerLink = openPeerLink; window.opened = [];",
      resolveDir: '.',
    },
    ...{ bundle: true, write: false, format: 'iife', define: { global: 'window' } },
  });
  const page = await (await browser.newContext()).newPage();
  try {
    await page.addScriptTag({ content: code.outputFiles[0]?.text ?? '' });
    // As many as it gets, up to the given number; returns why it got no more.
    const openMany = (count: number): Promise<string> =>
      page.evaluate((count) => {
        const events = { signal() {}, open() {}, text() {}, closed() {} };
        try {
          for (let made = 0; made < count; made += 1) {
            window.opened.push(window.openPeerLink({ isInitiator: true, iceServers: [], scope: 'any', events }));
          }
          return '';
        } catch (error) {
          return (error as Error).message;
        }
      }, count);
    assert.match(await openMany(450), /as many peer connections as it may/);
    assert.equal(await page.evaluate(() => window.opened.length), 400);
    await page.evaluate(() => {
      for (const link of window.opened.splice(0)) link.close();
    });
    const devtools = await page.context().newCDPSession(page);
    const said: string[] = [];
    // They go a few at a time.
    await until(async () => {
      await devtools.send('HeapProfiler.collectGarbage');
      const made = await page.evaluate(() => window.opened.length);
      const refusal = made < MORE ? await openMany(MORE - made) : '';
      if (refusal !== said.at(-1)) said.push(refusal);
      return refusal === '';
    }).catch(async (error: unknown) => {
      const made = await page.evaluate(() => window.opened.length);
      throw new Error(`${made} more, then ${said.join(', ')}`, { cause: error });
    });
  } finally {
    await page.close();
  }
});
