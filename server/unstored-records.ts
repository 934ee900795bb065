// Records of one room that were passed on although the store could not write them (rule S12). Their authors hold them
// and send them again; they are remembered here so that nobody is sent one twice, and for those who join meanwhile.

import type { RecordId } from '../src/protocol/ids.js';
import { idOf } from '../src/protocol/record.js';
import type { SignedRecord } from '../src/protocol/record.js';
import { SERVER_LIMITS } from './limits.js';

export class UnstoredRecords {
  /** In order of arrival; the oldest is forgotten when full. */
  readonly #records = new Map<RecordId, SignedRecord>();

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
    return this.#records.has(id);
  }

  byIds(ids: readonly RecordId[]): SignedRecord[] {
    return ids.flatMap((id) => this.#records.get(id) ?? []);
  }

  all(): SignedRecord[] {
    return [...this.#records.values()];
  }
}
