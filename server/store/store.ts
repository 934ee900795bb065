// What a store promises. One suite of tests runs against every implementation.

import type { RecordId, RoomKey } from '../../src/protocol/ids.js';
import type { SignedRecord } from '../../src/protocol/record.js';
import type { PlacedRecord } from '../../src/core/record-frames.js';
import type { PhotoKey } from '../photos/photo-shelf.js';

export type { PlacedRecord };

/** What a room's order spans. */
export interface RoomMarks {
  /** Highest offset ever given in the room; 0 when none was. */
  readonly head: number;
  /** Everything above this offset is still here. */
  readonly floor: number;
}

/** What retention has dropped. */
export interface Pruned {
  /** How many. */
  readonly records: number;
  /** Of those that showed one. */
  readonly photos: readonly PhotoKey[];
}

export interface Store {
  /**
   * Changes when the store is new, was restored, or lost what it had; offsets mean something within one epoch only.
   * Known once `open` has resolved.
   */
  readonly epoch: string;
  /**
   * Called once, before anything else. Where writing fails for a reason that can pass (disk full, folder read-only)
   * it resolves all the same, `append` rejects until the reason has gone, and the epoch changes then.
   * @throws {Error} in one line when the store cannot be used
   */
  open(): Promise<void>;
  /** Called whenever the epoch has changed after `open`. */
  onEpochChange(listener: () => void): void;
  /**
   * Gives each record the next offset of its room, in this order. Resolves after all of them are as durable as
   * this store can make them. Where an id is there already, what is there is returned, with its own place.
   * @throws {Error} when they could not be written; none of them counts as stored then
   */
  append(room: RoomKey, records: readonly SignedRecord[]): Promise<PlacedRecord[]>;
  byIds(room: RoomKey, ids: readonly RecordId[]): Promise<PlacedRecord[]>;
  /** At most `limit` records above offset `after`, in order. */
  range(room: RoomKey, after: number, limit: number): Promise<PlacedRecord[]>;
  marks(room: RoomKey): Promise<RoomMarks>;
  /** True when its author has taken it back, before or after it came (rule R6). */
  isRetracted(room: RoomKey, id: RecordId): Promise<boolean>;
  /** Drops what was stored before `olderThanMs`, and the oldest of each room above `recordsMax`. */
  prune(olderThanMs: number, recordsMax: number): Promise<Pruned>;
  /** Forgets single records; their offsets stay given. */
  drop(room: RoomKey, offsets: readonly number[]): Promise<void>;
  /** Those anything was ever stored in. */
  rooms(): Promise<RoomKey[]>;
  close(): Promise<void>;
}

/** A row as stores keep it: the record as it travels, without its room. */
export interface StoredRow {
  readonly offset: number;
  readonly storedAtMs: number;
  /** JSON of the record's wire form. */
  readonly wire: string;
}

/** Stands in the wire form of a message with a photo and of no other: within a text the quotes are escaped. */
export const PHOTO_IN_WIRE = '"photo":';
