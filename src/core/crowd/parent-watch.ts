// Does each parent of a leaf pass on what the other one does (rule C11)? Only what a good receipt vouches for is
// expected of anybody, so no parent can make another look silent.

import type { PeerId, RecordId } from '../../protocol/ids.js';
import { peerOf } from '../../protocol/ids.js';
import { CROWD } from './crowd-limits.js';

/** Records waited for at one time; the oldest are not judged. Twenty a second for `passPatienceMs`, and a burst. */
const EXPECTED_MAX = 500;

interface Expected {
  readonly dueAtMs: number;
  readonly saidBy: Set<PeerId>;
  /** The server has given it a place, as one parent has shown. */
  isPlaced: boolean;
}

interface Debt {
  owed: number;
  sinceMs: number;
  /** It was asked once more to serve this leaf. */
  isReminded: boolean;
}

export class ParentWatch {
  readonly #self: PeerId;
  readonly #expected = new Map<RecordId, Expected>();
  readonly #debts = new Map<PeerId, Debt>();
  readonly #silent = new Set<PeerId>();

  constructor(self: PeerId) {
    this.#self = self;
  }

  /** Parents that were reminded and pass on nothing all the same. */
  get silent(): readonly PeerId[] {
    return [...this.#silent];
  }

  /** Other parents, or a page that slept: nobody owes anything. */
  startOver(): void {
    this.#expected.clear();
    this.#debts.clear();
    this.#silent.clear();
  }

  /** A parent has given this record, or its id, or the place of what is here. */
  said(parent: PeerId, id: RecordId, nowMs: number): void {
    this.#entry(id, nowMs)?.saidBy.add(parent);
  }

  /** A good receipt shows that the server has placed this record, and so has told every supernode. */
  placed(id: RecordId, nowMs: number): void {
    const entry = this.#entry(id, nowMs);
    if (entry !== undefined) entry.isPlaced = true;
  }

  /**
   * Judges what is due.
   * @param linked parents whose links have been up for longer than anything that is due now
   * @returns parents to be asked once more to serve this leaf
   */
  wake(linked: readonly PeerId[], nowMs: number): PeerId[] {
    const reminded: PeerId[] = [];
    for (const [id, { dueAtMs, saidBy, isPlaced }] of this.#expected) {
      if (dueAtMs > nowMs) break;
      this.#expected.delete(id);
      if (!isPlaced) continue;
      for (const parent of linked) {
        if (parent === peerOf(id)) continue;
        if (saidBy.has(parent)) this.#gave(parent);
        else if (this.#owes(parent, nowMs)) reminded.push(parent);
      }
    }
    return reminded;
  }

  nextWakeMs(): number {
    for (const { dueAtMs } of this.#expected.values()) return dueAtMs;
    return Infinity;
  }

  #entry(id: RecordId, nowMs: number): Expected | undefined {
    if (peerOf(id) === this.#self) return undefined;
    const known = this.#expected.get(id);
    if (known !== undefined) return known;
    const entry = { dueAtMs: nowMs + CROWD.passPatienceMs, saidBy: new Set<PeerId>(), isPlaced: false };
    this.#expected.set(id, entry);
    const oldest = this.#expected.size > EXPECTED_MAX ? this.#expected.keys().next().value : undefined;
    if (oldest !== undefined) this.#expected.delete(oldest);
    return entry;
  }

  #gave(parent: PeerId): void {
    const debt = this.#debts.get(parent);
    if (debt === undefined) return;
    debt.owed -= CROWD.silentPardon;
    if (debt.owed <= 0) this.#debts.delete(parent);
  }

  /** True when the parent is to be reminded. */
  #owes(parent: PeerId, nowMs: number): boolean {
    const debt = this.#debts.get(parent) ?? { owed: 0, sinceMs: nowMs, isReminded: false };
    this.#debts.set(parent, debt);
    debt.owed += 1;
    if (debt.owed < CROWD.silentRecords || nowMs - debt.sinceMs < CROWD.silentMs) return false;
    if (debt.isReminded) {
      this.#silent.add(parent);
      return false;
    }
    this.#debts.set(parent, { owed: 0, sinceMs: nowMs, isReminded: true });
    return true;
  }
}
