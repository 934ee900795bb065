// What no single page can see: who comes back together, and who sits on a link that is dead.

import type { VirtualClock } from './virtual-clock.js';

/** Tries to reach the server within this are one blow to it. */
const TOGETHER_MS = 5;
/** By chance so many of the room meet in `TOGETHER_MS` once in millions of tries. */
const TOGETHER_MIN = 5;
const TOGETHER_SHARE = 0.6;

export class Lookout {
  readonly violations: string[] = [];
  readonly #clock: VirtualClock;
  #triedAtMs: number[] = [];

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  /** A page tries to open its socket; a room of `members` must not do so as one. */
  tried(members: number): void {
    const { nowMs } = this.#clock;
    this.#triedAtMs = this.#triedAtMs.filter((atMs) => nowMs - atMs <= TOGETHER_MS);
    this.#triedAtMs.push(nowMs);
    const count = this.#triedAtMs.length;
    if (count >= TOGETHER_MIN && count >= TOGETHER_SHARE * members) {
      this.report(`${String(count)} of ${String(members)} try the server at the same moment`);
    }
  }

  /** Looks again after a while whether something still is as it must not be. */
  expectEnd(afterMs: number, what: string, isStill: () => boolean): void {
    this.#clock.after(afterMs, () => {
      if (isStill()) this.report(what);
    });
  }

  report(what: string): void {
    if (this.violations.length < 20) this.violations.push(what);
  }
}
