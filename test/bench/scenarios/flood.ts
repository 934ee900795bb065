// One client floods: what the others notice of it, and what it is told.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { endProcess } from '../../support/end-process.js';
import { BareCrowd } from '../crowds/bare-crowd.js';
import { FLOOD_PER_SECOND } from '../crowds/flooder.js';
import type { Flooded } from '../crowds/flooder.js';
import { OurCrowd } from '../crowds/our-crowd.js';
import { distribution, round } from '../report.js';
import type { Cell, Report, Row } from '../report.js';
import type { Scale } from '../scenario.js';
import { RawClient } from '../../support/device.js';

/** In one room with the flooder; few, for this process hears the flood once for each where the server lets it through. */
const VISITORS = 5;
const EVERY_MS = 1_000;

interface Visitors {
  /** Each visitor says something every second, for so long; milliseconds until another one has it. */
  talk(seconds: number): Promise<number[]>;
  flood(): Promise<Flood>;
  end(): Promise<void>;
}

interface Flood {
  stop(): Promise<Flooded>;
}

export async function flood({ isQuick }: Scale): Promise<Report> {
  const seconds = isQuick ? 8 : 30;
  const rows: Row[] = [];
  for (const [name, start] of [
    ['festival-chat', ourVisitors],
    ['bare socket.io', bareVisitors],
  ] as const) {
    rows.push({ name, cells: await flooded(await start(), seconds) });
  }
  return {
    scenario: 'flood',
    title: 'One client sends a thousand messages a second',
    about: `${VISITORS} visitors of a room each say something every ${EVERY_MS / 1_000} s for ${seconds} s; then again while another member, in a process of its own, sends ${FLOOD_PER_SECOND} messages a second, on a new socket whenever it is cut off. From the visitor that says to one that hears, in ms.`,
    isQuick,
    main: 'p99 during ÷ before',
    axis: 'p99 of the visitors’ latency during the flood ÷ before it',
    rows,
  };
}

async function flooded(visitors: Visitors, seconds: number): Promise<Record<string, Cell>> {
  try {
    await visitors.talk(4);
    const before = distribution(await visitors.talk(seconds));
    const flood = await visitors.flood();
    const during = distribution(await visitors.talk(seconds));
    const { perSecond, told } = await flood.stop();
    return {
      'before ms': before,
      'during ms': during,
      'p99 during ÷ before': before === null || during === null ? null : round(during.p99 / before.p99),
      'flooder sent a second': round(perSecond),
      'flooder was told': told,
    };
  } finally {
    await visitors.end();
  }
}

/** Says something on behalf of each visitor in turn, and gathers how long each took. */
async function talked(seconds: number, delays: number[], say: (visitor: number) => void): Promise<number[]> {
  delays.length = 0;
  const turns = (seconds * 1_000 * VISITORS) / EVERY_MS;
  for (let turn = 0; turn < turns; turn += 1) {
    say(turn % VISITORS);
    await pause(EVERY_MS / VISITORS);
  }
  await pause(1_000);
  return [...delays];
}

function stamp(): string {
  return `said|${performance.now()}|`;
}

function hear(text: string, delays: number[]): void {
  const [kind, saidAtMs] = text.split('|');
  if (kind === 'said') delays.push(performance.now() - Number(saidAtMs));
}

/** The flooder hears what it is told in a process of its own: parsing is no work of the visitors'. */
async function startFlood(kind: 'ours' | 'bare', url: string): Promise<Flood> {
  const child = fork('test/bench/crowds/flooder.ts', [kind, url], { execArgv: ['--import', 'tsx'] });
  await once(child, 'message');
  return {
    async stop() {
      child.send('stop');
      const [flooded] = (await once(child, 'message')) as [Flooded];
      await endProcess(child);
      return flooded;
    },
  };
}

async function ourVisitors(): Promise<Visitors> {
  const crowd = await OurCrowd.start(VISITORS);
  await crowd.assemble(VISITORS);
  const listener = await RawClient.join(crowd.url, 'room-0');
  const delays: number[] = [];
  listener.socket.on('frame', (frame: { type: string; records?: readonly (readonly unknown[])[] }) => {
    for (const record of frame.records ?? []) hear((record[4] as { text: string }).text, delays);
  });
  return {
    talk: (seconds) => talked(seconds, delays, (visitor) => crowd.members[visitor]?.say(stamp())),
    flood: () => startFlood('ours', crowd.url),
    async end() {
      listener.close();
      await crowd.end();
    },
  };
}

async function bareVisitors(): Promise<Visitors> {
  const crowd = await BareCrowd.start(VISITORS);
  await crowd.assemble(VISITORS);
  const delays: number[] = [];
  const [, listener] = crowd.sockets;
  listener?.on('say', ({ text }: { text: string }) => hear(text, delays));
  return {
    talk: (seconds) =>
      talked(seconds, delays, (visitor) => {
        // The listener does not hear itself.
        if (visitor !== 1) crowd.sockets[visitor]?.emit('say', { text: stamp().padEnd(480, 'x') });
      }),
    flood: () => startFlood('bare', crowd.url),
    end: () => crowd.end(),
  };
}
