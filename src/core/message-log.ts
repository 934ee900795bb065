// The set of records this replica holds: deduplicated, in one order, bounded. Merging is adding;
// the same records in any order, by any route, any number of times, make the same log.

import type { RecordId } from '../protocol/ids.js';
import { LIMITS } from '../protocol/limits.js';
import { idOf } from '../protocol/record.js';
import type { KeptRecord } from './room-io.js';
import { compareKeys, OrderedKeys } from './order.js';
import type { OrderKey, SignedKey } from './order.js';
import { Seen } from './seen.js';

export class MessageLog {
  readonly #kept = new Map<RecordId, KeptRecord>();
  readonly #keys = new OrderedKeys<SignedKey>();
  readonly #seen = new Seen();
  /** What was erased counts as never seen: the organiser's records say what must not come back (rules O3, O4). */
  readonly #erased = new Set<RecordId>();
  readonly #recordsMax: number;
  /** The last key that was dropped for room: what is at or below it would be dropped again (rule L3). */
  #floor: OrderKey | null = null;

  constructor(recordsMax: number = LIMITS.clientRecordsMax) {
    this.#recordsMax = recordsMax;
  }

  get size(): number {
    return this.#kept.size;
  }

  /** All keys by (time, id), for comparing with another replica. */
  get keySet(): OrderedKeys<SignedKey> {
    return this.#keys;
  }

  /** Everything ordered after this is still here; null when nothing was ever dropped. */
  get floor(): OrderKey | null {
    return this.#floor;
  }

  has(id: RecordId): boolean {
    return !this.#erased.has(id) && this.#seen.has(id, (stored) => this.#kept.has(stored));
  }

  get(id: RecordId): KeptRecord | undefined {
    return this.#kept.get(id);
  }

  values(): IterableIterator<KeptRecord> {
    return this.#kept.values();
  }

  /** Takes a verified record in. False when it was here before, or lies below what is kept. */
  add(kept: KeptRecord): boolean {
    const id = idOf(kept.record);
    if (this.has(id)) return false;
    this.#seen.add(id);
    this.#erased.delete(id);
    const key = keyOf(kept);
    if (this.#floor !== null && compareKeys(key, this.#floor) <= 0 && kept.offset !== null) return false;
    this.#kept.set(id, kept);
    if (kept.refusal === undefined) this.#keys.insert(key);
    return true;
  }

  /** True when another content under this id is here (rule R7). */
  hasOther(id: RecordId, signature: string): boolean {
    const kept = this.#kept.get(id);
    return kept !== undefined && kept.record.signature !== signature;
  }

  /** Puts another content under an id that is here. */
  replace(kept: KeptRecord): void {
    const id = idOf(kept.record);
    const before = this.#kept.get(id);
    if (before === undefined) return;
    this.#keys.remove(keyOf(before));
    this.#keys.insert(keyOf(kept));
    this.#kept.set(id, kept);
  }

  /** Replaces what is known about a record, never what was signed. */
  update(id: RecordId, change: Partial<Omit<KeptRecord, 'record'>>): KeptRecord | undefined {
    const kept = this.#kept.get(id);
    if (kept === undefined) return undefined;
    const updated = { ...kept, ...change };
    this.#kept.set(id, updated);
    // What the server refused for good is kept for its author and is nobody else's concern.
    this.#keys.remove(keyOf(kept));
    if (updated.refusal === undefined) this.#keys.insert(keyOf(updated));
    return updated;
  }

  /** Drops one by the organiser's word. */
  erase(id: RecordId): void {
    this.#drop(id);
    this.#erased.add(id);
    const [oldest = id] = this.#erased;
    if (this.#erased.size > this.#recordsMax) this.#erased.delete(oldest);
  }

  /** Drops one that is of no use any more; it stays known as seen. */
  discard(id: RecordId): void {
    this.#drop(id);
  }

  /** Drops the oldest above the bound, never those `isNeeded`. Returns what was dropped. */
  trim(isNeeded: (kept: KeptRecord) => boolean): KeptRecord[] {
    const dropped: KeptRecord[] = [];
    for (const { id } of this.#keys.all) {
      if (this.#kept.size - dropped.length <= this.#recordsMax) break;
      const kept = this.#kept.get(id);
      if (kept && !isNeeded(kept)) dropped.push(kept);
    }
    for (const kept of dropped) {
      const key = keyOf(kept);
      this.#drop(key.id);
      if (this.#floor === null || compareKeys(this.#floor, key) < 0) this.#floor = key;
    }
    return dropped;
  }

  #drop(id: RecordId): void {
    const kept = this.#kept.get(id);
    if (kept === undefined) return;
    this.#kept.delete(id);
    this.#keys.remove(keyOf(kept));
  }
}

function keyOf({ record }: KeptRecord): SignedKey {
  return { time: record.time, id: idOf(record), signature: record.signature };
}
