// The order of records, the same on every replica: by (time, id).

import type { RecordId } from '../protocol/ids.js';

/** A record's position in the order. The id breaks ties; it begins with author and session. */
export interface OrderKey {
  readonly time: number;
  readonly id: RecordId;
}

/** A key of the log: two replicas are equal when these are. */
export interface SignedKey extends OrderKey {
  readonly signature: string;
}

/** Negative when `a` comes first. */
export function compareKeys(a: { time: number; id: string }, b: { time: number; id: string }): number {
  if (a.time !== b.time) return a.time - b.time;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

/** Keys in order. New ones mostly belong at the end, so insertion is mostly an append. */
export class OrderedKeys<Key extends OrderKey = OrderKey> {
  readonly #keys: Key[] = [];

  get all(): readonly Key[] {
    return this.#keys;
  }

  insert(key: Key): void {
    this.#keys.splice(this.indexOf(key), 0, key);
  }

  remove(key: OrderKey): void {
    const index = this.indexOf(key);
    if (this.#keys[index]?.id === key.id) this.#keys.splice(index, 1);
  }

  /** Index of the first key that is not before `bound`. */
  indexOf(bound: { time: number; id: string }): number {
    let low = 0;
    let high = this.#keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const key = this.#keys[middle];
      if (key !== undefined && compareKeys(key, bound) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
