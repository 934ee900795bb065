// Records of one room that were passed on although the store could not write them (rule S12). Their authors hold them
// and send them again; they are remembered here so that nobody is sent one twice, and for those who join meanwhile.

import type { RecordId } from '../src/protocol/ids.js';
import { idOf } from '../src/protocol/record.js';
import type { SignedRecord } from '../src/protocol/record.js';
import { SERVER_LIMITS } from './limits.js';

export class UnstoredRecords {
  /** In order of arrival; the oldest is forgotten when full. */
  readonly #records = new Map<RecordId, SignedRecord>();
  readonly #isGone: (record: SignedRecord) => boolean;

  /** @param isGone true for what the organiser has erased since it was passed on */
  constructor(isGone: (record: SignedRecord) => boolean) {
    this.#isGone = isGone;
  }

  /** Returns those that were not there yet. */
  add(records: readonly SignedRecord[]): SignedRecord[] {
    const fresh = records.filter((record) => !this.#records.has(idOf(record)));
    for (const record of fresh) this.#records.set(idOf(record), record);
    for (const oldest of this.#records.keys()) {
      if (this.#records.size <= SERVER_LIMITS.unstoredPerRoomMax) break;
      this.#records.delete(oldest);
    }
    return fresh;
  }

  stored(ids: Iterable<RecordId>): void {
    for (const id of ids) this.#records.delete(id);
  }

  has(id: RecordId): boolean {
    return this.#standing(id).length > 0;
  }

  byIds(ids: readonly RecordId[]): SignedRecord[] {
    return ids.flatMap((id) => this.#standing(id));
  }

  all(): SignedRecord[] {
    return this.byIds([...this.#records.keys()]);
  }

  /** The record, unless it was erased. */
  #standing(id: RecordId): SignedRecord[] {
    const record = this.#records.get(id);
    if (record === undefined) return [];
    if (!this.#isGone(record)) return [record];
    this.#records.delete(id);
    return [];
  }
}
