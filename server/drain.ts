// Lets everybody go in an orderly way: each is told when to return, and closed after what it said was answered.

import { setTimeout as pause } from 'node:timers/promises';
import { SERVER_LIMITS } from './limits.js';

interface Drainable {
  /** Resolves when the socket was answered and closed. */
  drain(retryAfterMs: number): Promise<void>;
}

export async function drain(sessions: ReadonlySet<Drainable>): Promise<void> {
  const { drainSlice } = SERVER_LIMITS;
  const spreadMs = returnWithinMs(sessions.size);
  const all = [...sessions];
  const ended: Promise<void>[] = [];
  for (let at = 0; at < all.length; at += drainSlice.sockets) {
    const slice = all.slice(at, at + drainSlice.sockets);
    ended.push(...slice.map((session) => session.drain(Math.floor(Math.random() * spreadMs))));
    await pause(drainSlice.pauseMs);
  }
  await Promise.all(ended);
}

/** Within which so many sockets should come back when they have lost this server (rule J8). */
export function returnWithinMs(sockets: number): number {
  const { returnsPerSecond, returnWithinMs: bounds } = SERVER_LIMITS;
  return Math.min(bounds.max, Math.max(bounds.min, Math.ceil((sockets / returnsPerSecond) * 1_000)));
}
