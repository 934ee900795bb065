// What a store promises. One suite of tests runs against every implementation.

import type { RecordId, RoomKey } from '../../src/protocol/ids.js';
import type { SignedRecord } from '../../src/protocol/record.js';
import type { PlacedRecord } from '../../src/core/record-frames.js';

export type { PlacedRecord };

export interface Store {
  /** Changes when the store is new or was restored; offsets mean something within one epoch only. */
  readonly epoch: string;
  /**
   * Gives each record the next offset of its room, in this order. Resolves after all of them are as durable as
   * this store can make them. A record whose id is already there keeps its place.
   * @throws {Error} when they could not be written; none of them was then
   */
  append(room: RoomKey, records: readonly SignedRecord[]): Promise<PlacedRecord[]>;
  byIds(room: RoomKey, ids: readonly RecordId[]): PlacedRecord[];
  /** At most `limit` records above offset `after`, in order. */
  range(room: RoomKey, after: number, limit: number): PlacedRecord[];
  /** Highest offset ever given in the room; 0 when none was. */
  head(room: RoomKey): number;
  /** Everything above this offset is still here. */
  floor(room: RoomKey): number;
  /** Drops what was stored before `olderThanMs`, and the oldest of each room above `recordsMax`. Returns how many. */
  prune(olderThanMs: number, recordsMax: number): number;
  close(): Promise<void>;
}
