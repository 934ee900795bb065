// Time of records: never behind what this replica has written or read, close to the corrected clock (rules T1, T2).

import { CLOCK_LEAD_MAX_MS } from '../protocol/limits.js';

/** Ticks within one millisecond. 2^53 ÷ 1024 ms is the year 2255. */
const TICKS_PER_MS = 1024;

export class HybridClock {
  #latest = 0;

  /** The time for a new record: greater than any before. `nowMs` is the corrected clock. */
  next(nowMs: number): number {
    this.#latest = Math.max(this.#latest + 1, packTime(nowMs));
    return this.#latest;
  }

  /** Takes note of a record's time, but follows it at most `CLOCK_LEAD_MAX_MS` ahead of `nowMs`. */
  observe(time: number, nowMs: number): void {
    this.#latest = Math.max(this.#latest, Math.min(time, packTime(nowMs + CLOCK_LEAD_MAX_MS)));
  }
}

export function packTime(ms: number): number {
  return Math.max(1, Math.floor(ms)) * TICKS_PER_MS;
}

/** Milliseconds since 1970 of a packed time. */
export function unpackMs(time: number): number {
  return Math.floor(time / TICKS_PER_MS);
}
