// What no single page can see: who comes back together, who sits on a link that is dead, who never comes to rest.

import type { Frame, FrameType } from '../../src/protocol/frames.js';
import type { VirtualClock } from './virtual-clock.js';

/** Tries to reach the server within this are one blow to it. */
const TOGETHER_MS = 5;
/** By chance so many of the room meet in `TOGETHER_MS` once in millions of tries. */
const TOGETHER_MIN = 5;
const TOGETHER_SHARE = 0.6;
/** Frames that repair or write; in a world that has been at rest for `QUIET_AFTER_MS` nobody needs any. */
const REPAIRS: ReadonlySet<FrameType> = new Set(['records', 'want', 'want-range', 'have', 'deliver', 'placed']);
const QUIET_AFTER_MS = 15_000;

export class Lookout {
  readonly violations: string[] = [];
  readonly #clock: VirtualClock;
  #triedAtMs: number[] = [];
  #quietFromMs = Infinity;
  /** Nobody has dropped anything: who holds as much as another holds the same. */
  #isWhole = true;

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

  converged(isWhole: boolean): void {
    this.#quietFromMs = this.#clock.nowMs + QUIET_AFTER_MS;
    this.#isWhole = isWhole;
  }

  /** Who holds the same has nothing to repair, and says so in one frame (rule Y5). */
  said(from: string, frame: Frame): void {
    if (this.#clock.nowMs < this.#quietFromMs) return;
    const isLong = this.#isWhole && frame.type === 'sync' && frame.ranges.length > 1;
    if (isLong || REPAIRS.has(frame.type)) this.report(`${from} says ${frame.type} in a world at rest`);
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
