// A room too large for everybody to be linked to everybody, at real pages: two members serve the others.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createServer } from '../../server/server.js';
import { CROWD } from '../../src/core/crowd/crowd-limits.js';
import { PageServer } from '../support/page-server.js';
import { until } from '../support/until.js';
import { Visitor, startBrowser } from '../support/visitor.js';

const MEMBERS = 7;
const SUPERNODES = 2;

test('[C3] [C7] two members serve five others, and go on doing so when the server is gone', async () => {
  // Supernodes are chosen from those who have been there for a minute, which the server's clock lets pass at once.
  let aheadMs = 0;
  const server = createServer({ port: 0, data: ':memory:', now: () => Date.now() + aheadMs });
  const { url } = await server.listen();
  const pages = await PageServer.start(url);
  const browser = await startBrowser();
  try {
    const members: Visitor[] = [];
    const come = async (): Promise<void> => {
      const element = `display-name="Member ${members.length}"`;
      const address = `${pages.url}/?element=${encodeURIComponent(element)}`;
      members.push(await Visitor.open(await browser.newContext(), address));
    };
    while (members.length < MEMBERS - 1) await come();
    for (const member of members) await member.reaches('online');
    aheadMs = CROWD.presentMs + 1_000;
    await come();
    const leaves = MEMBERS - SUPERNODES;
    const peersOf = (): Promise<number[]> =>
      Promise.all(members.map(async (member) => (await member.status())?.peers ?? 0));
    // Before there were roles a small room linked itself: the two who serve may be linked to each other still.
    const isServing = (peers: readonly number[]): boolean =>
      peers.filter((count) => count >= leaves).length === SUPERNODES &&
      peers.filter((count) => count === SUPERNODES).length === leaves;
    await until(async () => isServing(await peersOf()));
    const peers = await peersOf();

    for (const [index, member] of members.entries()) await member.write(`hello from ${index}`);
    for (const member of members) for (const index of members.keys()) await member.sees(`hello from ${index}`);
    for (const member of members) await member.ownAre('stored');

    await server.close();
    for (const member of members) await member.reaches('mesh-only', SUPERNODES);
    const leaf = members[peers.indexOf(SUPERNODES)];
    assert.ok(leaf);
    await leaf.write('the server is gone');
    for (const member of members) {
      await member.sees('the server is gone');
      assert.equal((await member.texts()).length, MEMBERS + 1);
    }
    for (const member of members) await member.hadNoProblems();
  } finally {
    await browser.close();
    await pages.stop();
    await server.close();
  }
});
