// Two and more people at real pages, with a real server that is killed and started again.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { Festival } from '../support/festival.js';
import { until } from '../support/until.js';
import { startBrowser } from '../support/visitor.js';
import type { Visitor } from '../support/visitor.js';

let browser: Browser;
before(async () => {
  browser = await startBrowser();
});
after(() => browser.close());

test('(a) two pages chat over the server; the name is asked for first', () =>
  Festival.hold(browser, async (festival) => {
    const ada = await festival.visit('mesh="off"');
    const bob = await festival.visit('mesh="off" display-name="Bob"');
    await ada.page.locator('fc-name-prompt input').fill('Ada');
    await ada.page.locator('fc-name-prompt input').press('Enter');
    // Who comes later gets it as history.
    await bob.reaches('online');
    await ada.write('Where do we meet?');
    await bob.sees('Where do we meet?');
    await bob.write('At the water tap');
    await ada.sees('At the water tap');
    await ada.ownAre('stored');
    const [first] = await bob.messages();
    assert.equal(first?.author.name, 'Ada');
    assert.equal(first.path.route, 'websocket');
  }));

test('(b) after the upgrade a message travels P2P, and the server’s figures agree', () =>
  Festival.hold(browser, async (festival) => {
    const ada = await festival.visit('mesh="manual" display-name="Ada"');
    const bob = await festival.visit('mesh="manual" display-name="Bob"');
    await ada.reaches('online');
    await bob.reaches('online');
    await ada.page.waitForFunction(() => document.querySelector('festival-chat')?.status?.members === 2);
    assert.deepEqual(await ada.upgrade(), { connected: 1, attempted: 1 });
    await bob.reaches('online', 1);
    await ada.write('over the grass');
    await bob.sees('over the grass');
    const [message] = await bob.messages();
    assert.deepEqual(message?.path, { route: 'p2p', hops: 0 });
    await ada.ownAre('stored');
    assert.equal((await ada.messages())[0]?.delivery.acknowledgedBy, 1);
    await until(async () => {
      const status = await festival.server.meshStatus();
      return status.activeP2PConnections === 1 && status.p2pMessageCount === 1;
    });
    const status = await festival.server.meshStatus();
    assert.equal(status.currentP2PUsers, 2);
    assert.equal(status.totalP2PAttempts, 1);
    assert.equal(status.successfulP2PConnections, 1);
    assert.equal(status.roomsWithMesh, 1);
    assert.equal(status.meshUpgradeRate, 1);
    const [link] = (await ada.diagnostics()).links;
    assert.ok(link?.quality.samples !== 0, 'the link was measured');
  }));

test('(c) the server dies and two linked pages go on; it comes back and has everything once', () =>
  Festival.hold(browser, async (festival) => {
    const ada = await festival.visit('auto-upgrade-delay="0" display-name="Ada"');
    const bob = await festival.visit('auto-upgrade-delay="0" display-name="Bob"');
    await ada.reaches('online', 1);
    await bob.reaches('online', 1);
    await ada.write('before');
    await bob.sees('before');
    await festival.server.stop('SIGKILL');
    await ada.reaches('mesh-only', 1);
    await bob.reaches('mesh-only', 1);
    await ada.isTold(/Mesh only/);
    await ada.write('the server is gone');
    await bob.sees('the server is gone');
    await bob.write('and we still talk');
    await ada.sees('and we still talk');
    await until(async () => (await bob.messages()).at(-1)?.delivery.state === 'sent');
    assert.equal((await bob.messages()).at(-1)?.delivery.acknowledgedBy, 1);
    await festival.server.start();
    await ada.reaches('online', 1);
    await bob.reaches('online', 1);
    await ada.ownAre('stored');
    await bob.ownAre('stored');
    const cleo = await festival.visit('mesh="off" display-name="Cleo"');
    await cleo.sees('and we still talk');
    for (const visitor of [ada, bob, cleo]) {
      assert.deepEqual(await visitor.texts(), ['before', 'the server is gone', 'and we still talk']);
    }
  }));

test('(d) written with no server and no peer, kept over a reload, delivered once when the server is back', () =>
  Festival.hold(browser, async (festival) => {
    const ada = await festival.visit('display-name="Ada"');
    const bob = await festival.visit('display-name="Bob" mesh="off"');
    await ada.reaches('online');
    await bob.reaches('online');
    await festival.server.stop('SIGKILL');
    await ada.reaches('offline');
    await ada.write('kept in my pocket');
    await ada.ownAre('queued');
    await ada.page.reload();
    await ada.sees('kept in my pocket');
    await ada.ownAre('queued');
    await festival.server.start();
    await bob.sees('kept in my pocket');
    await ada.ownAre('stored');
    assert.deepEqual(await ada.texts(), ['kept in my pocket']);
    assert.deepEqual(await bob.texts(), ['kept in my pocket']);
  }));

test('(d) a reload right after sending loses nothing', () =>
  Festival.hold(browser, async (festival) => {
    const ada = await festival.visit('display-name="Ada"');
    const bob = await festival.visit('display-name="Bob" mesh="off"');
    await ada.reaches('online');
    for (let round = 1; round <= 5; round += 1) {
      await ada.page
        .locator('festival-chat')
        .evaluate((chat: HTMLElementTagNameMap['festival-chat'], text) => chat.sendMessage(text), `round ${round}`);
      await ada.page.reload();
      await bob.sees(`round ${round}`);
    }
    assert.deepEqual(await bob.texts(), ['round 1', 'round 2', 'round 3', 'round 4', 'round 5']);
  }));

test('(e) a page that joins late gets the history', () =>
  Festival.hold(browser, async (festival) => {
    const ada = await festival.visit('display-name="Ada"');
    for (const text of ['one', 'two', 'three']) await ada.write(text);
    await ada.ownAre('stored');
    const late = await festival.visit('display-name="Late"');
    await late.sees('three');
    assert.deepEqual(await late.texts(), ['one', 'two', 'three']);
    assert.equal((await late.messages())[0]?.path.route, 'history');
  }));

test('(f) five pages form a full mesh; with a sixth everybody still hears everybody', () =>
  Festival.hold(browser, async (festival) => {
    const five: Visitor[] = [];
    for (const name of ['Ada', 'Bob', 'Cleo', 'Dan', 'Eve']) {
      five.push(await festival.visit(`auto-upgrade-delay="0" display-name="${name}"`));
    }
    for (const visitor of five) await visitor.reaches('online', 4);
    await until(async () => (await festival.server.meshStatus()).activeP2PConnections === 10);
    const sixth = await festival.visit('auto-upgrade-delay="0" display-name="Finn"');
    await sixth.reaches('online');
    const all = [...five, sixth];
    for (const [index, visitor] of all.entries()) await visitor.write(`hello from ${index}`);
    for (const visitor of all) {
      for (const index of all.keys()) await visitor.sees(`hello from ${index}`);
      assert.equal((await visitor.texts()).length, 6);
    }
    // Rule M7: a full mesh it is not, and alone nobody is.
    await sixth.reaches('online', 2);
  }));

test('(g) two tabs of one visitor are one author, and both show everything once', () =>
  Festival.hold(browser, async (festival) => {
    const first = await festival.visit('display-name="Ada" auto-upgrade-delay="0"');
    const second = await festival.visitAgain(first, 'display-name="Ada" auto-upgrade-delay="0"');
    await first.write('from the first tab');
    await second.sees('from the first tab');
    await second.write('from the second tab');
    await first.sees('from the second tab');
    for (const tab of [first, second]) {
      const messages = await tab.messages();
      assert.deepEqual(await tab.texts(), ['from the first tab', 'from the second tab']);
      assert.ok(messages.every((message) => message.mine));
    }
  }));

test('(g) two elements on one page share one socket, in two rooms and in the same', () =>
  Festival.hold(browser, async (festival) => {
    const ada = await festival.visit([
      'room="one" display-name="Ada" mesh="off"',
      'room="two" mesh="off"',
      'room="one" mesh="off"',
    ]);
    await ada.reaches('online');
    const sockets: string[] = [];
    ada.page.on('websocket', (socket) => sockets.push(socket.url()));
    await ada.page.reload();
    await ada.page.waitForFunction(() =>
      [...document.querySelectorAll('festival-chat')].every((chat) => chat.status?.connection === 'online'),
    );
    assert.equal(sockets.length, 1);
    await ada.write('in room one');
    await ada.sees('in room one', 2);
    assert.deepEqual(await ada.texts(1), []);
  }));

test('(h) mesh="off" never loads the mesh chunk; an upgrade does', () =>
  Festival.hold(browser, async (festival) => {
    const isMesh = (path: string): boolean => path.includes('peer-link');
    const ada = await festival.visit('mesh="off" display-name="Ada" auto-upgrade-delay="0"');
    const bob = await festival.visit('mesh="off" display-name="Bob" auto-upgrade-delay="0"');
    await ada.reaches('online');
    await ada.write('no mesh');
    await bob.sees('no mesh');
    assert.deepEqual(await ada.upgrade(), { connected: 0, attempted: 0 });
    assert.ok(!festival.requests.some(isMesh));
    await festival.visit('display-name="Cleo" auto-upgrade-delay="0"');
    const dan = await festival.visit('display-name="Dan" auto-upgrade-delay="0"');
    await dan.reaches('online', 1);
    assert.ok(festival.requests.some(isMesh));
  }));
