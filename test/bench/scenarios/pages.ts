// Rooms of more and more real pages, with links and without, and the simulator's figures for the same room.

import { setTimeout as pause } from 'node:timers/promises';
import { CROWD } from '../../../src/core/crowd/crowd-limits.js';
import { fanOut } from '../../simulation/compare/fan-out.js';
import { ours } from '../../simulation/compare/ours.js';
import { DEFAULTS } from '../../simulation/compare/scenario.js';
import type { Row as SimulatedRow, Strategy } from '../../simulation/compare/scenario.js';
import { until } from '../../support/until.js';
import { OURS } from '../contenders.js';
import { Meeting } from '../meeting.js';
import { cpuSecondsOf, usageOf } from '../process-usage.js';
import { distribution, round } from '../report.js';
import type { Cell, Report, Row } from '../report.js';
import type { Scale } from '../scenario.js';

const SIZES = [2, 5, 10, 20, 40];
/** Messages a second in the whole room: as many in a room of 2 as in one of 40. */
const ROOM_MESSAGES_PER_SECOND = 2;
/** A page is in the mesh when it has these links, or all there can be: a leaf's two parents. */
const LINKS = 2;

interface Measured {
  readonly linkedSeconds: number | null;
  readonly delaysMs: readonly number[];
  readonly heardShare: number;
  readonly egressBytes: number;
  readonly serverCpuMs: number;
  readonly browserCpuMs: number;
}

export async function pages({ isQuick }: Scale): Promise<Report> {
  const sizes = isQuick ? SIZES.slice(0, 3) : SIZES;
  const seconds = isQuick ? 15 : 40;
  const rows: Row[] = [];
  for (const size of sizes) {
    const hybrid = await measured(size, true, seconds);
    const serverOnly = await measured(size, false, seconds);
    rows.push({ name: `${size} pages`, cells: cellsOf(hybrid, serverOnly, simulated(ours, size)) });
  }
  return {
    scenario: 'pages',
    title: 'Rooms of real pages, with links and over the server only',
    about: `So many pages of one machine, each a device of its own; together they say ${ROOM_MESSAGES_PER_SECOND} messages of 60 letters a second for ${seconds} s. Hybrid, and with the mesh off. Bytes and CPU are for one message, what a silent room costs taken off; bytes are what the server sends. Linked: seconds from the first join until each page has ${LINKS} links or all there are; rooms of ${CROWD.fromMembers} and more are measured when some serve the others, a minute later. Saved: of the server's bytes, beside the mesh switched off. Simulated: the same core in the simulator, links of 1 ms, beside plain fan-out there.`,
    isQuick,
    main: 'saved %',
    axis: '% of the server’s bytes for a message saved by links',
    rows,
  };
}

function cellsOf(hybrid: Measured, serverOnly: Measured, inSimulator: SimulatedRow): Record<string, Cell> {
  const fannedOut = simulated(fanOut, inSimulator.nodes);
  const saved = (bytes: number, of: number): number => round((1 - bytes / of) * 100);
  return {
    'linked s': hybrid.linkedSeconds,
    'ms hybrid': distribution(hybrid.delaysMs),
    'ms server': distribution(serverOnly.delaysMs),
    'heard %': round(Math.min(hybrid.heardShare, serverOnly.heardShare) * 100),
    'bytes hybrid': round(hybrid.egressBytes),
    'bytes server': round(serverOnly.egressBytes),
    'saved %': saved(hybrid.egressBytes, serverOnly.egressBytes),
    'simulated: saved %': saved(inSimulator.serverEgressBytes, fannedOut.serverEgressBytes),
    'simulated: median ms': round(inSimulator.p50Ms),
    'server CPU ms hybrid': round(hybrid.serverCpuMs),
    'server CPU ms server': round(serverOnly.serverCpuMs),
    'pages’ CPU ms hybrid': round(hybrid.browserCpuMs),
    'pages’ CPU ms server': round(serverOnly.browserCpuMs),
  };
}

function simulated(strategy: Strategy, nodes: number): SimulatedRow {
  return strategy({ ...DEFAULTS, seed: 1, nodes, crashShare: 0, linkMs: 1, everyMs: 1_000 / ROOM_MESSAGES_PER_SECOND });
}

function measured(size: number, mesh: boolean, seconds: number): Promise<Measured> {
  return Meeting.of({ ...OURS, mesh }, { pages: size, isGreeting: false }, async (meeting) => {
    const startedAtMs = performance.now();
    for (const page of meeting.pages) await meeting.join(page);
    const links = mesh ? Math.min(LINKS, size - 1) : 0;
    await until(async () => {
      const all = await meeting.each(() => window.bench.links());
      return all.every((count) => count >= links);
    }, CROWD.presentMs + 120_000);
    const linkedSeconds = mesh ? round((performance.now() - startedAtMs) / 1_000) : null;
    // What follows a link: exchanges, reports, links that are let go; in a crowd, roles, which nobody has before a minute.
    await pause(5_000 + (mesh && size >= CROWD.fromMembers ? CROWD.presentMs : 0));
    return { linkedSeconds, ...(await talked(meeting, seconds)) };
  });
}

async function talked(meeting: Meeting, seconds: number): Promise<Omit<Measured, 'linkedSeconds'>> {
  const size = meeting.pages.length;
  const everyMs = (size * 1_000) / ROOM_MESSAGES_PER_SECOND;
  const times = Math.max(1, Math.round((seconds * 1_000) / everyMs));
  const before = await reading(meeting);
  await pause(seconds * 500);
  const atRest = await reading(meeting);
  await meeting.talk(everyMs, times);
  await meeting.settle(times * (size - 1), 5_000);
  const after = await reading(meeting);
  const share = (after.atMs - atRest.atMs) / (atRest.atMs - before.atMs);
  const forMessage = (read: (at: Reading) => number): number =>
    (read(after) - read(atRest) - (read(atRest) - read(before)) * share) / (times * size);
  const heard = (await meeting.heard()).flat();
  return {
    delaysMs: heard.map(([, , saidAtMs, heardAtMs]) => heardAtMs - saidAtMs),
    heardShare: heard.length / (times * size * (size - 1)),
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
