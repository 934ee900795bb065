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
/** Whoever answers later was away, which says nothing about the way: forgotten at the next wake-up after this. */
const LATE_MAX_MS = 2_000;

export interface PendingPush {
  readonly dial: DialId;
  readonly peer: PeerId;
  readonly id: RecordId;
  readonly sentAtMs: number;
  readonly dueAtMs: number;
}

export class Hedges {
  /** Those that are late stay for a while, due never: they may still be acknowledged. */
  readonly #pending = new Map<string, PendingPush>();

  /** Pushes that are waited for. */
  get size(): number {
    return [...this.#pending.values()].filter((push) => !isLate(push)).length;
  }

  get nextWakeMs(): number {
    let nextMs = Infinity;
    for (const push of this.#pending.values()) nextMs = Math.min(nextMs, push.dueAtMs);
    return nextMs;
  }

  pushed(push: Omit<PendingPush, 'dueAtMs'>, quality: RouteQuality): void {
    const dueAtMs = push.sentAtMs + patienceMs(quality);
    this.#pending.set(keyOf(push), { ...push, dueAtMs });
    const [oldest = ''] = this.#pending.keys();
    if (this.#pending.size > PENDING_MAX) this.#pending.delete(oldest);
  }

  /**
   * Undefined when this was not waited for, or not any more. One that is late is told as well: if only those in time
   * counted, a way that has become slow would look as fast as before, and be hedged for ever.
   */
  acknowledged(dial: DialId, id: RecordId): PendingPush | undefined {
    const key = keyOf({ dial, id });
    const push = this.#pending.get(key);
    this.#pending.delete(key);
    return push;
  }

  /** Those that have waited too long, once. */
  takeDue(nowMs: number): PendingPush[] {
    const due: PendingPush[] = [];
    for (const [key, push] of this.#pending) {
      if (push.dueAtMs <= nowMs) {
        due.push(push);
        this.#pending.set(key, { ...push, dueAtMs: Infinity });
      } else if (nowMs - push.sentAtMs > LATE_MAX_MS) this.#pending.delete(key);
    }
    return due;
  }

  /** Takes out everything on a link that is gone. */
  takeLink(dial: DialId): PendingPush[] {
    const taken = [...this.#pending.values()].filter((push) => push.dial === dial);
    for (const push of taken) this.#pending.delete(keyOf(push));
    return taken.filter((push) => !isLate(push));
  }

  /** This device was suspended: nobody is late, everybody gets the whole patience again. */
  forgive(nowMs: number): void {
    for (const [key, push] of this.#pending) {
      if (isLate(push)) this.#pending.delete(key);
      else this.#pending.set(key, { ...push, sentAtMs: nowMs, dueAtMs: nowMs + PATIENCE_MAX_MS });
    }
  }
}

export function patienceMs(quality: RouteQuality): number {
  if (quality.p95Ms === null || quality.samples < SAMPLES_MIN) return PATIENCE_DEFAULT_MS;
  return Math.min(PATIENCE_MAX_MS, Math.max(PATIENCE_MIN_MS, quality.p95Ms));
}

/** The server has been asked. */
export function isLate({ dueAtMs }: PendingPush): boolean {
  return dueAtMs === Infinity;
}

function keyOf({ dial, id }: Pick<PendingPush, 'dial' | 'id'>): string {
  return `${dial} ${id}`;
}
