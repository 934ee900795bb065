// When records went out to the supernodes, so that it is known how long one of them has owed what it has not reached
// (rule C8).

import { CROWD } from './crowd-limits.js';

/** Pushes of so short a time count as one, at its beginning: far less than anybody's patience. */
const GRAIN_MS = 20;
/** Whoever owes anything older is no supernode any more. */
const KEPT_MS = CROWD.reachPatienceMs + CROWD.suspectMaxMs;

export class PushLog {
  /** Oldest first; at most `KEPT_MS / GRAIN_MS` of them. */
  #pushes: { readonly atMs: number; through: number }[] = [];

  /** Records up to this offset go out now. */
  add(offset: number, nowMs: number): void {
    const last = this.#pushes.at(-1);
    if (last !== undefined && offset <= last.through) return;
    if (last !== undefined && nowMs - last.atMs < GRAIN_MS) {
      last.through = offset;
      return;
    }
    this.#pushes = this.#pushes.filter(({ atMs }) => nowMs - atMs <= KEPT_MS);
    this.#pushes.push({ atMs: nowMs, through: offset });
  }

  /** When the first record above this offset went out; null when none has. */
  sinceMs(offset: number): number | null {
    let since: number | null = null;
    for (let index = this.#pushes.length - 1; index >= 0; index -= 1) {
      const push = this.#pushes[index];
      if (push === undefined || push.through <= offset) break;
      since = push.atMs;
    }
    return since;
  }
}
