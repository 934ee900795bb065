// One client floods: what the others notice of it, and what it is told (Q7).

import { setTimeout as pause } from 'node:timers/promises';
import { io } from 'socket.io-client';
import { BareCrowd } from '../crowds/bare-crowd.js';
import { OurCrowd } from '../crowds/our-crowd.js';
import { distribution, round } from '../report.js';
import type { Cell, Report, Row } from '../report.js';
import type { Scale } from '../scenario.js';
import { RawClient } from '../../support/device.js';

/** In one room with the flooder; each says something every two seconds. */
const VISITORS = 20;
const EVERY_MS = 2_000;
const FLOOD_PER_SECOND = 1_000;
/** A flood comes in bursts of a timer's tick. */
const TICK_MS = 10;

interface Visitors {
  /** Each visitor says something once in two seconds, for so long; milliseconds until another one has it. */
  talk(seconds: number): Promise<number[]>;
  flood(): Flood;
  end(): Promise<void>;
}

interface Flood {
  /** What the flooder was told, by kind, and how often it was cut off. */
  stop(): { readonly sent: number; readonly told: string };
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
    about: `${VISITORS} visitors of a room each say something every ${EVERY_MS / 1_000} s for ${seconds} s; then again while another member sends ${FLOOD_PER_SECOND} messages a second, on a new socket whenever it is cut off. From the visitor that says to one that hears, in ms.`,
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
    const flood = visitors.flood();
    const during = distribution(await visitors.talk(seconds));
    const { sent, told } = flood.stop();
    return {
      'before ms': before,
      'during ms': during,
      'p99 during ÷ before': before === null || during === null ? null : round(during.p99 / before.p99),
      'flooder sent': sent,
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

/** Calls so often a second until it is stopped. */
function repeatedly(send: () => void): () => void {
  const timer = setInterval(() => {
    for (let burst = 0; burst < (FLOOD_PER_SECOND * TICK_MS) / 1_000; burst += 1) send();
  }, TICK_MS);
  return () => clearInterval(timer);
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
    flood: () => flooderOfOurs(crowd.url),
    async end() {
      listener.close();
      await crowd.end();
    },
  };
}

function flooderOfOurs(url: string): Flood {
  const told = new Map<string, number>();
  const note = (what: string): void => void told.set(what, (told.get(what) ?? 0) + 1);
  let sent = 0;
  let isOver = false;
  let client: RawClient;
  const open = (): void => {
    client = new RawClient(url, 'room-0');
    const { socket } = client;
    socket.on('frame', (frame: { type: string; code?: string; retryAfterMs?: number }) => {
      if (frame.type === 'refused')
        note(`${frame.code ?? ''}${frame.retryAfterMs === undefined ? '' : ' with a time'}`);
    });
    const lost = (): void => {
      if (isOver) return;
      note('cut off');
      setTimeout(open, 100);
    };
    socket.once('disconnect', lost);
    socket.once('connect_error', lost);
    void client.join();
  };
  open();
  const stop = repeatedly(() => {
    if (!client.socket.connected) return;
    sent += 1;
    client.publish([client.device.record(client.room, 'flood')]);
  });
  return {
    stop() {
      isOver = true;
      stop();
      client.close();
      return { sent, told: [...told].map(([what, count]) => `${what} × ${count}`).join(', ') };
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
    flood() {
      const socket = io(crowd.url, { forceNew: true, transports: ['websocket'] });
      socket.on('connect', () => socket.emit('join', 'room-0'));
      let sent = 0;
      const stop = repeatedly(() => {
        sent += 1;
        socket.emit('say', { text: 'flood'.padEnd(480, 'x') });
      });
      return {
        stop() {
          stop();
          socket.disconnect();
          return { sent, told: 'nothing' };
        },
      };
    },
    end: () => crowd.end(),
  };
}
