// What was written here and how far it has got. A record leaves the outbox when the server has placed it,
// or refused it for good; acknowledgements of peers are counted but release nothing.

import type { PeerId, RecordId } from '../protocol/ids.js';
import type { ChatDelivery } from './chat-view.js';
import type { KeptRecord } from './room-io.js';

/** Records published and not answered at one time; the rest follow as answers come. */
const IN_FLIGHT_MAX = 32;
/** Rule S9: unanswered publishing is repeated after 5 s, doubling up to 20 s. */
const REPEAT_MS = 5_000;
const REPEAT_MAX_MS = 20_000;
const EARLY_REPEATS_MAX = 3;

interface Waiting {
  /** When to publish (again). */
  dueAtMs: number;
  isInFlight: boolean;
  attempts: number;
  sentAtMs: number;
  /** Sent back because the room is slow (rule O6). */
  isHeld: boolean;
}

export class Outbox {
  /** In the order of writing. */
  readonly #waiting = new Map<RecordId, Waiting>();
  readonly #acknowledged = new Map<RecordId, Set<PeerId>>();
  #isOpen = false;
  /** Nothing is published before this: the server asked for a pause. */
  #pausedUntilMs = 0;
  /** Until when the slow room last held something back; what it held counts as written then. */
  heldUntilMs = 0;

  get size(): number {
    return this.#waiting.size;
  }

  /** Something waits, and all of it for the slow room. */
  get isHeld(): boolean {
    return this.size > 0 && [...this.#waiting.values()].every((entry) => entry.isHeld);
  }

  has(id: RecordId): boolean {
    return this.#waiting.has(id);
  }

  nextWakeMs(): number {
    if (!this.#isOpen) return Infinity;
    let inFlight = 0;
    let unansweredMs = Infinity;
    let freshMs = Infinity;
    for (const entry of this.#waiting.values()) {
      if (entry.isInFlight) {
        inFlight += 1;
        unansweredMs = Math.min(unansweredMs, entry.dueAtMs);
      } else freshMs = Math.min(freshMs, entry.dueAtMs);
    }
    // With the window full, what is fresh waits for an answer and not for a time.
    return Math.max(this.#pausedUntilMs, inFlight >= IN_FLIGHT_MAX ? unansweredMs : Math.min(unansweredMs, freshMs));
  }

  add(id: RecordId, nowMs: number): void {
    this.#waiting.set(id, { dueAtMs: nowMs, isInFlight: false, attempts: 0, sentAtMs: 0, isHeld: false });
  }

  /** The room is joined: everything is due. Before this nothing is published (rule J1). */
  open(nowMs: number): void {
    this.#isOpen = true;
    this.#pausedUntilMs = 0;
    for (const id of this.#waiting.keys()) this.add(id, nowMs);
  }

  close(): void {
    this.#isOpen = false;
  }

  /** Ids to publish now; they count as in flight from here on. */
  takeDue(nowMs: number): RecordId[] {
    if (!this.#isOpen || nowMs < this.#pausedUntilMs) return [];
    let inFlight = 0;
    for (const entry of this.#waiting.values()) if (entry.isInFlight && entry.dueAtMs > nowMs) inFlight += 1;
    const due: RecordId[] = [];
    for (const [id, entry] of this.#waiting) {
      if (inFlight + due.length >= IN_FLIGHT_MAX) break;
      if (entry.dueAtMs > nowMs) continue;
      entry.isInFlight = true;
      entry.sentAtMs = nowMs;
      entry.dueAtMs = nowMs + Math.min(REPEAT_MAX_MS, REPEAT_MS * 2 ** entry.attempts);
      entry.attempts += 1;
      due.push(id);
    }
    return due;
  }

  /**
   * The server has answered something that was asked `beforeMs`: what was published earlier and not answered is lost.
   * Each record is sent again early a few times; after that the doubling wait holds, for a server slow to store.
   */
  hurry(beforeMs: number, nowMs: number): void {
    for (const entry of this.#waiting.values()) {
      if (entry.isInFlight && entry.attempts <= EARLY_REPEATS_MAX && entry.sentAtMs < beforeMs) entry.dueAtMs = nowMs;
    }
  }

  /** The server has it on disk, or will never take it. True when it was waiting. */
  release(id: RecordId): boolean {
    return this.#waiting.delete(id);
  }

  /** The server wants a pause of `afterMs` before these are sent again. */
  postpone(ids: readonly RecordId[], afterMs: number, nowMs: number): void {
    this.#pausedUntilMs = Math.max(this.#pausedUntilMs, nowMs + afterMs);
    for (const id of ids) {
      const entry = this.#waiting.get(id);
      if (entry !== undefined) Object.assign(entry, { dueAtMs: nowMs + afterMs, isInFlight: false });
    }
  }

  /** The room is slow: these wait for their turn, and nothing else waits with them. */
  hold(ids: readonly RecordId[], afterMs: number, nowMs: number): void {
    this.heldUntilMs = nowMs + afterMs;
    for (const id of ids) {
      const entry = this.#waiting.get(id);
      if (entry !== undefined) Object.assign(entry, { dueAtMs: nowMs + afterMs, isInFlight: false, isHeld: true });
    }
  }

  /** The pace of the room has changed: what was held back is due. Returns what was. */
  letGo(): RecordId[] {
    this.heldUntilMs = 0;
    const held = [...this.#waiting].filter(([, entry]) => entry.isHeld);
    for (const [, entry] of held) Object.assign(entry, { dueAtMs: 0, isHeld: false });
    return held.map(([id]) => id);
  }

  get isHolding(): boolean {
    for (const { isHeld } of this.#waiting.values()) if (isHeld) return true;
    return false;
  }

  /** True when this peer had not acknowledged it before. */
  acknowledge(id: RecordId, peer: PeerId): boolean {
    const peers = this.#acknowledged.get(id) ?? new Set<PeerId>();
    if (peers.has(peer)) return false;
    this.#acknowledged.set(id, peers.add(peer));
    return true;
  }

  acknowledgements(id: RecordId): number {
    return this.#acknowledged.get(id)?.size ?? 0;
  }

  forget(id: RecordId): void {
    this.#acknowledged.delete(id);
  }

  /** What is known about the way of a record. Others' records are stored, or carried by whoever has them. */
  deliveryOf(id: RecordId, kept: KeptRecord): ChatDelivery {
    const acknowledgedBy = this.acknowledgements(id);
    const { refusal, refusalCode: code } = kept;
    if (refusal !== undefined) {
      return { state: 'failed', acknowledgedBy, reason: refusal, ...(code === undefined ? {} : { code }) };
    }
    if (kept.offset !== null) return { state: 'stored', acknowledgedBy };
    const waiting = this.#waiting.get(id);
    const state = waiting !== undefined && acknowledgedBy === 0 ? 'queued' : 'sent';
    return { state, acknowledgedBy, ...(waiting?.isHeld === true ? { waitsFor: 'slow-mode' } : {}) };
  }
}
