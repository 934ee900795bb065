// What a connection and a delivery cost our server, beside a bare socket.io server that passes the same bytes on, and
// how both grow with their number. The clients are scripts in this process.

import { setTimeout as pause } from 'node:timers/promises';
import { BareCrowd, PAYLOAD_BYTES } from '../crowds/bare-crowd.js';
import { OurCrowd } from '../crowds/our-crowd.js';
import type { CrowdOptions, TalkingCrowd } from '../crowds/talking-crowd.js';
import { Probe } from '../probe.js';
import { usageOf } from '../process-usage.js';
import { distribution, round } from '../report.js';
import type { Cell, Report, Row } from '../report.js';
import type { Scale } from '../scenario.js';

/** As long as they talk: what is taken off is known as well as what it is taken off from. */
const IDLE_MS = 15_000;
const TALK_EVERY_MS = 500;

/** Sockets, and members of a room: what a message costs by itself, its signature and the disk, more of them share in a larger room. */
const SIZES: readonly (readonly [number, number])[] = [
  [100, 50],
  [1_000, 50],
  [3_000, 50],
  [3_000, 500],
  [10_000, 50],
  [10_000, 500],
];
const QUICK_SIZES: typeof SIZES = [
  [100, 50],
  [500, 250],
];

interface Measured {
  readonly 'RSS KB a socket': number;
  readonly 'heap KB a socket': number;
  readonly 'idle CPU %': number;
  readonly 'deliveries a CPU-second': number;
  readonly 'µs a delivery': number;
}

const CROWDS = { 'festival-chat': OurCrowd, 'bare socket.io': BareCrowd } as const;

export async function fanOut({ isQuick }: Scale): Promise<Report> {
  const talkSeconds = isQuick ? 5 : 15;
  const rows: Row[] = [];
  for (const [sockets, roomSize] of isQuick ? QUICK_SIZES : SIZES) {
    // Runs differ by a tenth; the largest take two minutes each.
    const repetitions = isQuick || sockets >= 10_000 ? 1 : 3;
    const measured = { 'festival-chat': [] as Measured[], 'bare socket.io': [] as Measured[] };
    for (let repetition = 0; repetition < repetitions; repetition += 1) {
      for (const name of ['festival-chat', 'bare socket.io'] as const) {
        measured[name].push(
          await costs(
            (count, environment) => CROWDS[name].start(count, { roomSize, environment }),
            sockets,
            talkSeconds,
          ),
        );
      }
    }
    for (const name of ['festival-chat', 'bare socket.io'] as const) {
      rows.push({
        name: `${name}, ${sockets} in rooms of ${roomSize}`,
        cells: { ...summary(measured[name]), ...ratios(measured, name) },
      });
    }
  }
  return {
    scenario: 'fan-out',
    title: 'A connection and a delivery, server beside server',
    about: `Sockets idle in rooms, then a member of each room says 100 letters every ${TALK_EVERY_MS} ms for ${talkSeconds} s: a signed record of ${PAYLOAD_BYTES} bytes, checked and stored by ours, passed on as it is by the bare one. “RSS” is what the process grew by, “heap” what of it was alive after its garbage was collected: the first depends on how much room the collector happens to keep. Idle CPU is looked at for ${IDLE_MS / 1_000} s, and taken off what a delivery costs; both ping each socket every 5 s. Medians.`,
    isQuick,
    main: 'heap KB a socket',
    axis: 'KB of live heap for an idle socket',
    rows,
  };
}

async function costs(
  start: (sockets: number, environment: CrowdOptions['environment'] & object) => Promise<TalkingCrowd>,
  sockets: number,
  talkSeconds: number,
): Promise<Measured> {
  const probe = new Probe();
  const crowd = await start(sockets, probe.environment);
  try {
    const { pid } = crowd;
    // Code that has run once, and what a first client leaves for ever, belong to no connection.
    await crowd.assemble(20);
    const before = await probe.read(pid);
    await crowd.assemble(sockets - 20);
    await pause(1_000);
    const idleFrom = usageOf(pid).cpuSeconds;
    await pause(IDLE_MS);
    const idleShare = (usageOf(pid).cpuSeconds - idleFrom) / (IDLE_MS / 1_000);
    const after = await probe.read(pid);
    const talkFrom = { cpu: usageOf(pid).cpuSeconds, deliveries: crowd.deliveries, atMs: performance.now() };
    for (let turn = 0; turn < (talkSeconds * 1_000) / TALK_EVERY_MS; turn += 1) {
      crowd.talk(turn);
      await pause(TALK_EVERY_MS);
    }
    const seconds = (performance.now() - talkFrom.atMs) / 1_000;
    const cpu = Math.max(0.001, usageOf(pid).cpuSeconds - talkFrom.cpu - idleShare * seconds);
    const deliveries = crowd.deliveries - talkFrom.deliveries;
    const perSocket = (bytes: number): number => round(bytes / 1_024 / (sockets - 20));
    return {
      'RSS KB a socket': perSocket(after.rss - before.rss),
      'heap KB a socket': perSocket(after.heapUsed + after.external - before.heapUsed - before.external),
      'idle CPU %': round(idleShare * 100),
      'deliveries a CPU-second': round(deliveries / cpu),
      'µs a delivery': round((cpu / deliveries) * 1e6),
    };
  } finally {
    await crowd.end();
    probe.end();
  }
}

function median(all: readonly Measured[], column: keyof Measured): number {
  return distribution(all.map((one) => one[column]))?.median ?? 0;
}

function summary(all: readonly Measured[]): Record<keyof Measured, Cell> {
  const columns = Object.keys(all[0] ?? {}) as (keyof Measured)[];
  return Object.fromEntries(columns.map((column) => [column, median(all, column)])) as Record<keyof Measured, Cell>;
}

/** Goals: memory at most 1.2, deliveries at least 0.9 of the bare server’s. */
function ratios(
  all: Readonly<Record<keyof typeof CROWDS, readonly Measured[]>>,
  name: keyof typeof CROWDS,
): Row['cells'] {
  const ratio = (column: keyof Measured): number =>
    round(median(all[name], column) / median(all['bare socket.io'], column));
  return {
    '× bare, RSS': ratio('RSS KB a socket'),
    '× bare, heap': ratio('heap KB a socket'),
    '× bare, deliveries': ratio('deliveries a CPU-second'),
  };
}
