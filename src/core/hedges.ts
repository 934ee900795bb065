// Who has been pushed what and has not acknowledged it yet; when patience ends, the server is asked (rule P3).

import type { DialId, PeerId, RecordId } from '../protocol/ids.js';
import type { RouteQuality } from './chat-view.js';

const PATIENCE_MIN_MS = 120;
const PATIENCE_MAX_MS = 400;
/** Until a link's own round trips say better. */
const PATIENCE_DEFAULT_MS = 250;
const SAMPLES_MIN = 8;
/** Pushes waited for at one time; the oldest are given up, the reconciliation finds them. */
const PENDING_MAX = 2_000;

export interface PendingPush {
  readonly dial: DialId;
  readonly peer: PeerId;
  readonly id: RecordId;
  readonly sentAtMs: number;
  readonly dueAtMs: number;
}

export class Hedges {
  readonly #pending = new Map<string, PendingPush>();

  get size(): number {
    return this.#pending.size;
  }

  get nextWakeMs(): number {
    let nextMs = Infinity;
    for (const push of this.#pending.values()) nextMs = Math.min(nextMs, push.dueAtMs);
    return nextMs;
  }

  pushed(push: Omit<PendingPush, 'dueAtMs'>, quality: RouteQuality): void {
    const dueAtMs = push.sentAtMs + patienceMs(quality);
    this.#pending.set(keyOf(push.dial, push.id), { ...push, dueAtMs });
    if (this.#pending.size <= PENDING_MAX) return;
    for (const oldest of this.#pending.keys()) {
      this.#pending.delete(oldest);
      break;
    }
  }

  /** The round trip in milliseconds, or null when this was not waited for (any more). */
  acknowledged(dial: DialId, id: RecordId, nowMs: number): number | null {
    const push = this.#pending.get(keyOf(dial, id));
    if (push === undefined) return null;
    this.#pending.delete(keyOf(dial, id));
    return Math.max(0, nowMs - push.sentAtMs);
  }

  /** Takes out what has waited too long. */
  takeDue(nowMs: number): PendingPush[] {
    return this.#take((push) => push.dueAtMs <= nowMs);
  }

  /** Takes out everything on a link that is gone. */
  takeLink(dial: DialId): PendingPush[] {
    return this.#take((push) => push.dial === dial);
  }

  /** This device was suspended: nobody is late, everybody gets the whole patience again. */
  forgive(nowMs: number): void {
    for (const [key, push] of this.#pending) {
      const sentAtMs = nowMs;
      this.#pending.set(key, { ...push, sentAtMs, dueAtMs: sentAtMs + PATIENCE_MAX_MS });
    }
  }

  #take(isWanted: (push: PendingPush) => boolean): PendingPush[] {
    const taken = [...this.#pending.values()].filter(isWanted);
    for (const push of taken) this.#pending.delete(keyOf(push.dial, push.id));
    return taken;
  }
}

export function patienceMs(quality: RouteQuality): number {
  if (quality.p95Ms === null || quality.samples < SAMPLES_MIN) return PATIENCE_DEFAULT_MS;
  return Math.min(PATIENCE_MAX_MS, Math.max(PATIENCE_MIN_MS, quality.p95Ms));
}

function keyOf(dial: DialId, id: RecordId): string {
  return `${dial} ${id}`;
}
