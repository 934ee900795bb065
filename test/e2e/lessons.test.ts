// What went wrong in other systems when it was measured, and must not here: a server that restarts, a newcomer during an
// outage, a page that hangs, a link that dies and is not dialled again.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, BrowserContext } from 'playwright-core';
import { Festival } from '../support/festival.js';
import { startBrowser } from '../support/visitor.js';
import type { Visitor } from '../support/visitor.js';

let browser: Browser;
before(async () => {
  browser = await startBrowser();
});
after(() => browser.close());

const NAMES = ['Ada', 'Bob', 'Cleo', 'Dan'];

/** The dials of a visitor's links: a link that was replaced has another. */
async function dialsOf(visitor: Visitor): Promise<string[]> {
  const { links } = await visitor.diagnostics();
  return links.map(({ dial }) => dial).sort();
}

async function duplicatesOf(visitors: readonly Visitor[]): Promise<number> {
  let sum = 0;
  for (const visitor of visitors) sum += (await visitor.diagnostics()).stats.duplicatesFiltered;
  return sum;
}

function knowsMembers(visitor: Visitor, members: number): Promise<unknown> {
  return visitor.page.waitForFunction(
    (members) => document.querySelector('festival-chat')?.status?.members === members,
    members,
  );
}

function hasLinks(visitor: Visitor, peers: number): Promise<unknown> {
  return visitor.page.waitForFunction(
    (peers) => document.querySelector('festival-chat')?.status?.peers === peers,
    peers,
  );
}

test('a server that restarts finds the mesh it left: no second link to anybody, nothing twice', () =>
  Festival.hold(browser, async (festival) => {
    const four = await festival.linked(NAMES);
    const dials = await Promise.all(four.map(dialsOf));
    await festival.server.stop('SIGTERM');
    for (const visitor of four) await visitor.reaches('mesh-only', NAMES.length - 1);
    await festival.server.start();
    for (const visitor of four) await visitor.reaches('online', NAMES.length - 1);
    assert.deepEqual(await Promise.all(four.map(dialsOf)), dials);
    const before = await duplicatesOf(four);
    for (const [index, visitor] of four.entries()) await visitor.write(`after the restart, ${NAMES[index] ?? ''}`);
    for (const visitor of four) {
      await visitor.ownAre('stored');
      for (const name of NAMES) await visitor.sees(`after the restart, ${name}`);
    }
    const deliveries = NAMES.length * (NAMES.length - 1);
    assert.ok((await duplicatesOf(four)) - before < deliveries, 'less than one copy too many of each');
    for (const visitor of four) assert.equal((await visitor.texts()).length, NAMES.length);
  }));

test('who opens the page during an outage writes at once, and gets in by itself when the server is back', () =>
  Festival.hold(browser, async (festival) => {
    const [ada, bob] = await festival.linked(['Ada', 'Bob']);
    assert.ok(ada && bob);
    await ada.write('before');
    await ada.ownAre('stored');
    await festival.server.stop('SIGKILL');
    await ada.reaches('mesh-only', 1);
    const cleo = await festival.visit('auto-upgrade-delay="0" display-name="Cleo"');
    await cleo.reaches('offline');
    await cleo.write('is anybody there?');
    await ada.write('we are');
    await festival.server.start();
    await cleo.reaches('online', 2);
    for (const visitor of [ada, bob, cleo]) {
      for (const text of ['before', 'is anybody there?', 'we are']) await visitor.sees(text);
      await visitor.ownAre('stored');
      assert.equal((await visitor.texts()).length, 3);
    }
  }));

test('a page that hangs until the server gives it up comes back by itself, and the others keep their links', () =>
  Festival.hold(browser, async (festival) => {
    const [ada, bob, cleo] = await festival.linked(['Ada', 'Bob', 'Cleo']);
    assert.ok(ada && bob && cleo);
    const toBob = async (): Promise<string | undefined> =>
      (await ada.diagnostics()).links.find(({ name }) => name === 'Bob')?.dial;
    const before = await toBob();
    const goOn = await cleo.hang();
    for (const visitor of [ada, bob]) await knowsMembers(visitor, 2);
    await ada.write('while Cleo hangs');
    await bob.sees('while Cleo hangs');
    assert.ok(before !== undefined && before === (await toBob()), 'Ada and Bob are linked as before');
    await goOn();
    await cleo.sees('while Cleo hangs');
    await cleo.reaches('online', 2);
    await cleo.write('I am back');
    for (const visitor of [ada, bob]) {
      await visitor.sees('I am back');
      await visitor.reaches('online', 2);
    }
  }));

/** Links that can die without a word. */
async function withDeadlyLinks(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    window.areLinksDead = false;
    const send = Reflect.get(RTCDataChannel.prototype, 'send') as (data: string) => void;
    RTCDataChannel.prototype.send = function (data: unknown) {
      if (!window.areLinksDead) send.call(this, data as string);
    };
  });
}

test('links that died without a word are given up, and dialled again when that can succeed', () =>
  Festival.hold(browser, async (festival) => {
    const three = await festival.linked(['Ada', 'Bob', 'Cleo'], withDeadlyLinks);
    const [ada, bob, cleo] = three;
    assert.ok(ada && bob && cleo);
    const dead = await dialsOf(cleo);
    await cleo.page.evaluate(() => (window.areLinksDead = true));
    for (const visitor of [ada, bob]) await hasLinks(visitor, 1);
    await cleo.write('over the server');
    for (const visitor of [ada, bob]) await visitor.sees('over the server');
    await cleo.page.evaluate(() => (window.areLinksDead = false));
    for (const visitor of three) await visitor.reaches('online', 2);
    assert.deepEqual(
      (await dialsOf(cleo)).filter((dial) => dead.includes(dial)),
      [],
      'new links',
    );
  }));
