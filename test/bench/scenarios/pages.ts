// Rooms of more and more real pages, with links and without, and the simulator's figures for the same room.

import { setTimeout as pause } from 'node:timers/promises';
import { CROWD } from '../../../src/core/crowd/crowd-limits.js';
import { fanOut } from '../../simulation/compare/fan-out.js';
import { ours } from '../../simulation/compare/ours.js';
import { DEFAULTS } from '../../simulation/compare/scenario.js';
import type { Row as SimulatedRow, Strategy } from '../../simulation/compare/scenario.js';
import { within } from '../../support/until.js';
import { OURS } from '../contenders.js';
import { Meeting, distinct } from '../meeting.js';
import { cpuSecondsOf, usageOf } from '../process-usage.js';
import { distribution, round, sum } from '../report.js';
import type { Cell, Report, Row } from '../report.js';
import type { Scale } from '../scenario.js';

const SIZES = [2, 5, 10, 20, 40];
/** Messages a second in the whole room: as many in a room of 2 as in one of 40. */
const ROOM_MESSAGES_PER_SECOND = 2;
/** A page is in the mesh when it has these links, or all there can be: a leaf's two parents. */
const LINKS = 2;
/** A page with code to load, on two cores that it shares with thirty-nine others. */
const JOIN_MAX_MS = 60_000;
/** From the first join on: a minute until members may serve others, then fifty dials of 50 ms of CPU each, and more. */
const LINKED_MAX_MS = CROWD.presentMs + 120_000;
const SERVED_MAX_MS = 60_000;
/** Looking at forty pages is work for them. */
const LOOK_EVERY_MS = 1_000;
/** What follows a link: exchanges, reports, links that are let go. */
const SETTLE_MS = 5_000;

interface Measured {
  /** Null: not all of them were within `LINKED_MAX_MS`. */
  readonly linkedSeconds: number | null;
  /** Pages without a role of server for others whose links are those to two parents; null where there are no roles. */
  readonly served: string | null;
  readonly delaysMs: readonly number[];
  readonly heardShare: number;
  readonly egressBytes: number;
  readonly serverCpuMs: number;
  readonly browserCpuMs: number;
}

export async function pages({ isQuick, sizes }: Scale): Promise<Report> {
  const seconds = isQuick ? 15 : 40;
  const rows: Row[] = [];
  for (const size of sizes ?? (isQuick ? SIZES.slice(0, 3) : SIZES)) {
    const hybrid = await measured(size, true, seconds);
    const serverOnly = await measured(size, false, seconds);
    rows.push({ name: `${size} pages`, cells: cellsOf(size, hybrid, serverOnly) });
  }
  return {
    scenario: 'pages',
    title: 'Rooms of real pages, with links and over the server only',
    about: `So many pages of one machine, each a device of its own; together they say ${ROOM_MESSAGES_PER_SECOND} messages of 60 letters a second for ${seconds} s. Hybrid, and with the mesh off. Bytes and CPU are for one message, what a silent room costs taken off; bytes are what the server sends. Linked: seconds from the first join until each page has ${LINKS} links or all there are; rooms of ${CROWD.fromMembers} and more are measured when some serve the others, which takes a minute. Served: pages whose links are those to their two parents, of all but the supernodes. Saved: of the server’s bytes, beside the mesh switched off. Simulated: the same core in the simulator, links of 1 ms, beside plain fan-out there.`,
    isQuick,
    main: 'saved %',
    axis: '% of the server’s bytes for a message saved by links',
    rows,
  };
}

/** What was not measured is an empty cell, and why stands in the last one. */
function cellsOf(size: number, hybrid: Measured | Error, serverOnly: Measured | Error): Record<string, Cell> {
  const [inSimulator, fannedOut] = [simulated(ours, size), simulated(fanOut, size)];
  const saved = (bytes: number, of: number): number => round((1 - bytes / of) * 100);
  const of = (side: Measured | Error, cell: (side: Measured) => Cell): Cell =>
    side instanceof Error ? null : cell(side);
  const problems = [hybrid, serverOnly].flatMap((side, index) =>
    side instanceof Error ? `${index === 0 ? 'hybrid' : 'server'}: ${side.message}` : [],
  );
  return {
    'linked s': of(hybrid, ({ linkedSeconds }) => linkedSeconds),
    served: of(hybrid, ({ served }) => served),
    'ms hybrid': of(hybrid, ({ delaysMs }) => distribution(delaysMs)),
    'ms server': of(serverOnly, ({ delaysMs }) => distribution(delaysMs)),
    'heard % hybrid': of(hybrid, ({ heardShare }) => round(heardShare * 100)),
    'heard % server': of(serverOnly, ({ heardShare }) => round(heardShare * 100)),
    'bytes hybrid': of(hybrid, ({ egressBytes }) => round(egressBytes)),
    'bytes server': of(serverOnly, ({ egressBytes }) => round(egressBytes)),
    'saved %': of(hybrid, (with_) => of(serverOnly, (without) => saved(with_.egressBytes, without.egressBytes))),
    'simulated: saved %': saved(inSimulator.serverEgressBytes, fannedOut.serverEgressBytes),
    'simulated: median ms': round(inSimulator.p50Ms),
    'server CPU ms hybrid': of(hybrid, ({ serverCpuMs }) => round(serverCpuMs)),
    'server CPU ms server': of(serverOnly, ({ serverCpuMs }) => round(serverCpuMs)),
    'pages’ CPU ms hybrid': of(hybrid, ({ browserCpuMs }) => round(browserCpuMs)),
    'pages’ CPU ms server': of(serverOnly, ({ browserCpuMs }) => round(browserCpuMs)),
    'not measured': problems.length === 0 ? null : problems.join('; '),
  };
}

function simulated(strategy: Strategy, nodes: number): SimulatedRow {
  return strategy({ ...DEFAULTS, seed: 1, nodes, crashShare: 0, linkMs: 1, everyMs: 1_000 / ROOM_MESSAGES_PER_SECOND });
}

/** The error where this machine could not do it: the other rooms are measured all the same. */
async function measured(size: number, mesh: boolean, seconds: number): Promise<Measured | Error> {
  const options = { pages: size, isGreeting: false, isTriedAgain: false };
  const startedAtMs = performance.now();
  try {
    return await Meeting.of({ ...OURS, mesh }, options, async (meeting) => {
      const joinedAtMs = performance.now();
      for (const page of meeting.pages) await within(JOIN_MAX_MS, 'a page joined', meeting.join(page));
      const linkedSeconds = mesh ? await linked(meeting, joinedAtMs) : null;
      const served = mesh && size >= CROWD.fromMembers ? await everyLeafServed(meeting, joinedAtMs) : null;
      await pause(SETTLE_MS);
      return { linkedSeconds, served, ...(await talked(meeting, seconds)) };
    });
  } catch (error) {
    return error as Error;
  } finally {
    const took = Math.round((performance.now() - startedAtMs) / 1_000);
    process.stderr.write(`${size} pages, ${mesh ? 'hybrid' : 'server only'}: ${took} s\n`);
  }
}

/** Seconds until each page has its links; null when they do not get them. */
async function linked(meeting: Meeting, joinedAtMs: number): Promise<number | null> {
  const links = Math.min(LINKS, meeting.pages.length - 1);
  const areLinked = async (): Promise<boolean> => (await linkCounts(meeting)).every((count) => count >= links);
  const isSo = await comes(areLinked, joinedAtMs + LINKED_MAX_MS);
  return isSo ? round((performance.now() - joinedAtMs) / 1_000) : null;
}

/** Waits until members may serve others and every leaf has its two parents and nobody else, or until it is too late. */
async function everyLeafServed(meeting: Meeting, joinedAtMs: number): Promise<string> {
  const size = meeting.pages.length;
  const leaves = size - Math.max(2, Math.ceil(size / (1 + CROWD.leavesAim)));
  const earliestMs = joinedAtMs + CROWD.presentMs;
  let served = 0;
  await comes(
    async () => {
      served = (await linkCounts(meeting)).filter((count) => count === LINKS).length;
      return served >= leaves && performance.now() > earliestMs;
    },
    Math.max(performance.now(), earliestMs) + SERVED_MAX_MS,
  );
  return `${served} of ${leaves}`;
}

function linkCounts(meeting: Meeting): Promise<number[]> {
  return within(
    JOIN_MAX_MS,
    'all pages said how many links they have',
    meeting.each(() => window.bench.links()),
  );
}

/** False when it did not come in time. */
async function comes(isSo: () => Promise<boolean>, untilMs: number): Promise<boolean> {
  while (!(await isSo())) {
    if (performance.now() > untilMs) return false;
    await pause(LOOK_EVERY_MS);
  }
  return true;
}

async function talked(meeting: Meeting, seconds: number): Promise<Omit<Measured, 'linkedSeconds' | 'served'>> {
  const size = meeting.pages.length;
  const everyMs = (size * 1_000) / ROOM_MESSAGES_PER_SECOND;
  const times = Math.max(1, Math.round((seconds * 1_000) / everyMs));
  const before = await reading(meeting);
  await pause(seconds * 500);
  const atRest = await reading(meeting);
  await within(2 * everyMs * times + JOIN_MAX_MS, 'all pages said what they had to say', meeting.talk(everyMs, times));
  await meeting.settle(times * (size - 1), 5_000);
  const after = await reading(meeting);
  const share = (after.atMs - atRest.atMs) / (atRest.atMs - before.atMs);
  const forMessage = (read: (at: Reading) => number): number =>
    (read(after) - read(atRest) - (read(atRest) - read(before)) * share) / (times * size);
  const heard = await meeting.heard();
  return {
    delaysMs: heard.flat().map(([, , saidAtMs, heardAtMs]) => heardAtMs - saidAtMs),
    heardShare: sum(heard.map(distinct)) / (times * size * (size - 1)),
    egressBytes: forMessage(({ bytes }) => bytes),
    serverCpuMs: forMessage(({ serverCpuMs }) => serverCpuMs),
    browserCpuMs: forMessage(({ browserCpuMs }) => browserCpuMs),
  };
}

interface Reading {
  readonly atMs: number;
  readonly bytes: number;
  readonly serverCpuMs: number;
  readonly browserCpuMs: number;
}

async function reading({ network, server, browser }: Meeting): Promise<Reading> {
  return {
    atMs: performance.now(),
    bytes: network.bytesFromTargets,
    serverCpuMs: usageOf(server.pid).cpuSeconds * 1_000,
    browserCpuMs: (await cpuSecondsOf(browser)) * 1_000,
  };
}
