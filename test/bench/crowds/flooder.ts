// One client that floods a room, as a process of its own: `flooder.ts ours|bare URL`. It says that it has begun, floods
// until it is told to stop, and then says what came of it.

import { io } from 'socket.io-client';
import { RawClient } from '../../support/device.js';

export const FLOOD_PER_SECOND = 1_000;
/** A flood comes in bursts of a timer's tick. */
const TICK_MS = 10;

export interface Flooded {
  /** Messages that it sent really. */
  readonly perSecond: number;
  /** What it was told, by kind, and how often it was cut off. */
  readonly told: string;
}

interface Flooder {
  /** False while there is no socket. */
  send(): boolean;
  told(): string;
  end(): void;
}

/** On a new socket whenever it is cut off. */
function ofOurs(url: string): Flooder {
  const told = new Map<string, number>();
  const note = (what: string): void => void told.set(what, (told.get(what) ?? 0) + 1);
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
  return {
    send() {
      if (!client.socket.connected) return false;
      client.publish([client.device.record(client.room, 'flood')]);
      return true;
    },
    told: () => [...told].map(([what, count]) => `${what} × ${count}`).join(', '),
    end() {
      isOver = true;
      client.close();
    },
  };
}

function ofBare(url: string): Flooder {
  const socket = io(url, { forceNew: true, transports: ['websocket'] });
  socket.on('connect', () => socket.emit('join', 'room-0'));
  return {
    send() {
      if (!socket.connected) return false;
      socket.emit('say', { text: 'flood'.padEnd(480, 'x') });
      return true;
    },
    told: () => 'nothing',
    end: () => socket.disconnect(),
  };
}

function flood([kind = '', url = '']: readonly string[]): void {
  const flooder = kind === 'ours' ? ofOurs(url) : ofBare(url);
  const beganAtMs = performance.now();
  let due = 0;
  let sent = 0;
  const timer = setInterval(() => {
    const elapsed = (performance.now() - beganAtMs) / 1_000;
    for (; due < elapsed * FLOOD_PER_SECOND; due += 1) if (flooder.send()) sent += 1;
  }, TICK_MS);
  process.once('message', () => {
    clearInterval(timer);
    const flooded: Flooded = { perSecond: (sent * 1_000) / (performance.now() - beganAtMs), told: flooder.told() };
    flooder.end();
    process.send?.(flooded);
  });
  process.send?.('begun');
}

if (process.send !== undefined && process.argv[1]?.endsWith('flooder.ts') === true) flood(process.argv.slice(2));
