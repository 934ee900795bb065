// The server is killed for a minute in a room of twelve pages: what is said meanwhile reaches all, and the mesh heals itself.

import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { after, before, test } from 'node:test';
import type { TestContext } from 'node:test';
import type { Browser } from 'playwright-core';
import { CROWD } from '../../src/core/crowd/crowd-limits.js';
import { Festival } from '../support/festival.js';
import { until } from '../support/until.js';
import { startBrowser } from '../support/visitor.js';
import type { Visitor } from '../support/visitor.js';
import { quantiles } from './talk.js';

let browser: Browser;
before(async () => {
  browser = await startBrowser();
});
after(() => browser.close());

const MEMBERS = 12;
const AWAY_S = 60;
/** Each page writes this often, in seconds. */
const EVERY_S = 6;

/** A festival where everybody has two links. */
async function linked(festival: Festival): Promise<Visitor[]> {
  const members: Visitor[] = [];
  while (members.length < MEMBERS) members.push(await festival.visit(`display-name="Member ${members.length}"`));
  for (const member of members) {
    member.page.setDefaultTimeout(120_000);
    await member.reaches('online', 2);
  }
  return members;
}

interface Talk {
  readonly texts: readonly string[];
  readonly delaysMs: readonly number[];
}

/** Everybody writes now and then for as long, and has it all, and what was there before. Delays of what others heard, in milliseconds. */
async function talk(members: readonly Visitor[], seconds: number, before = 0): Promise<Talk> {
  const texts: string[] = [];
  const rounds = seconds / EVERY_S;
  for (let round = 1; round <= rounds; round += 1) {
    for (const { page } of members) {
      const text = `${await page.evaluate(() => document.querySelector('festival-chat')?.displayName ?? '')} ${before + round}`;
      texts.push(text);
      await page.evaluate((text) => document.querySelector('festival-chat')?.sendMessage(text), text);
      await pause((EVERY_S * 1_000) / members.length);
    }
  }
  for (const member of members) await hasAll(member, before + texts.length);
  const messages = (await Promise.all(members.map((member) => member.messages()))).flat();
  const heard = messages.filter(({ mine, text }) => !mine && texts.includes(text));
  return { texts, delaysMs: heard.map(({ sentAtMs, receivedAtMs }) => receivedAtMs - sentAtMs) };
}

function hasAll({ page }: Visitor, count: number): Promise<unknown> {
  return page.waitForFunction(
    (count) => (document.querySelector('festival-chat')?.messages.length ?? 0) >= count,
    count,
  );
}

async function linkCounts(members: readonly Visitor[]): Promise<number[]> {
  return Promise.all(members.map(async (member) => (await member.status())?.peers ?? 0));
}

async function mergesWith(festival: Festival, members: readonly Visitor[], texts: readonly string[]): Promise<void> {
  for (const member of members) await member.ownAre('stored');
  const late = await festival.visit('mesh="off" display-name="Late"');
  for (const member of [...members, late]) {
    await hasAll(member, texts.length);
    assert.deepEqual((await member.texts()).sort(), [...texts].sort());
  }
}

test(`the server is killed for ${AWAY_S} s in a room of ${MEMBERS}; who serves the others goes too: all hear all, before it is back and after`, (t: TestContext) =>
  Festival.hold(browser, async (festival) => {
    const all = await linked(festival);
    // Until two of them serve all the others, which nobody does before a minute has passed.
    const isServed = async (): Promise<boolean> =>
      (await linkCounts(all)).filter((links) => links >= MEMBERS - 2).length === 2;
    await until(isServed, CROWD.presentMs + 60_000);
    const counts = await linkCounts(all);
    t.diagnostic(`links by role: ${counts.join(' ')}`);
    await festival.server.stop('SIGKILL');
    const first = await talk(all, AWAY_S / 2);
    for (const member of all) assert.equal((await member.status())?.connection, 'mesh-only');
    t.diagnostic(`without a server: ${quantiles(first.delaysMs)}`);

    // The member most are linked to leaves: those it served find others by way of neighbours.
    const hub = all[counts.indexOf(Math.max(...counts))];
    await hub?.page.close();
    const rest = all.filter((member) => member !== hub);
    const second = await talk(rest, AWAY_S / 2, first.texts.length);
    t.diagnostic(`and without the one most were linked to: ${quantiles(second.delaysMs)}`);
    t.diagnostic(`links then: ${(await linkCounts(rest)).join(' ')}`);

    await festival.server.start();
    const backAtMs = performance.now();
    await mergesWith(festival, rest, [...first.texts, ...second.texts]);
    t.diagnostic(`everything everywhere ${Math.round(performance.now() - backAtMs)} ms after the server's return`);
  }));

test('a page that has one link when the server dies is introduced to others by it; a server that comes back empty is filled', (t: TestContext) =>
  Festival.hold(browser, async (festival) => {
    const members = await linked(festival);
    const newcomer = await festival.visit('display-name="Newcomer"');
    await newcomer.reaches('online', 1);
    await festival.server.stop('SIGKILL');
    const all = [...members, newcomer];
    for (const member of all) await member.reaches('mesh-only', 1);
    await newcomer.reaches('mesh-only', 4);
    t.diagnostic(`links without a server: ${(await linkCounts(all)).join(' ')}`);
    const { texts, delaysMs } = await talk(all, 2 * EVERY_S);
    t.diagnostic(quantiles(delaysMs));
    rmSync(festival.server.data, { recursive: true });
    await festival.server.start();
    await mergesWith(festival, all, texts);
  }));
