// What a chat message costs the server: frames and bytes of its sockets, and its CPU.

import { setTimeout as pause } from 'node:timers/promises';
import { CONTENDERS } from '../contenders.js';
import { Meeting } from '../meeting.js';
import { usageOf } from '../process-usage.js';
import { round } from '../report.js';
import type { Report, Row } from '../report.js';
import type { Scale } from '../scenario.js';

const EVERY_MS = 1_000;

export async function serverCost({ isQuick, contenders }: Scale): Promise<Report> {
  const seconds = isQuick ? 10 : 30;
  const rows: Row[] = [];
  for (const entry of contenders(CONTENDERS)) {
    const cells = await Meeting.orNull(entry, {}, (meeting) => cost(meeting, seconds));
    rows.push({ name: entry.name, cells: cells ?? {} });
  }
  return {
    scenario: 'server-cost',
    title: 'What a message costs the server',
    about: `Five pages are silent for ${seconds} s, then each says 60 letters a second for as long. Frames and bytes on the server's sockets, both ways, for one message in a room of five; what a silent room costs is taken off.`,
    isQuick,
    main: 'bytes a message',
    axis: 'bytes through the server for a message',
    rows,
  };
}

async function cost(meeting: Meeting, seconds: number): Promise<Row['cells']> {
  await meeting.assemble();
  // What follows a join: reports, statistics, first exchanges.
  await pause(5_000);
  const [atFirst, atRest] = [reading(meeting), await readingAfter(meeting, () => pause(seconds * 1_000))];
  const atEnd = await readingAfter(meeting, async () => {
    await meeting.talk(EVERY_MS, seconds);
    await meeting.settle(seconds * (meeting.pages.length - 1), 5_000);
  });
  const messages = seconds * meeting.pages.length;
  const forTalk = (read: (at: Reading) => number): number => {
    const share = (atEnd.atMs - atRest.atMs) / (atRest.atMs - atFirst.atMs);
    return round(Math.max(0, read(atEnd) - read(atRest) - (read(atRest) - read(atFirst)) * share) / messages);
  };
  return {
    'frames a message': forTalk(({ frames }) => frames),
    'bytes a message': forTalk(({ bytes }) => bytes),
    'server CPU ms a message': forTalk(({ cpuMs }) => cpuMs),
    'bytes a second, silent': round((atRest.bytes - atFirst.bytes) / ((atRest.atMs - atFirst.atMs) / 1_000)),
  };
}

interface Reading {
  readonly atMs: number;
  readonly frames: number;
  readonly bytes: number;
  readonly cpuMs: number;
}

function reading({ socketFrames, network, server }: Meeting): Reading {
  return {
    atMs: performance.now(),
    frames: socketFrames,
    bytes: network.bytes,
    cpuMs: usageOf(server.pid).cpuSeconds * 1_000,
  };
}

async function readingAfter(meeting: Meeting, work: () => Promise<unknown>): Promise<Reading> {
  await work();
  return reading(meeting);
}
