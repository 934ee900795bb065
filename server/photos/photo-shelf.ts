// Where the bytes of photos are kept. One suite of tests runs against every implementation.

import type { RecordId, RoomKey } from '../../src/protocol/ids.js';

/** `room` and record id of the message that shows it. */
export type PhotoKey = `${string} ${string}`;

export function photoKey(room: RoomKey, record: RecordId): PhotoKey {
  return `${room} ${record}`;
}

/** There is no room for more bytes now. */
export class NoSpace extends Error {}

export interface PhotoShelf {
  open(): Promise<void>;
  /** Bytes here, from the beginning on; 0 when there is none. */
  size(key: PhotoKey): Promise<number>;
  /**
   * Adds bytes where those that are here end; resolves with the bytes here then. Where they end elsewhere than at `at`
   * nothing is added. @throws {NoSpace}
   */
  append(key: PhotoKey, at: number, bytes: Uint8Array): Promise<number>;
  /** From `from` up to `to`, exclusive; fewer where there are no more. */
  read(key: PhotoKey, from: number, to: number): Promise<Uint8Array>;
  drop(key: PhotoKey): Promise<void>;
  /** Drops what was last added to before `olderThanMs`, but for those that stay. Resolves with how many. */
  prune(olderThanMs: number, staying: ReadonlySet<PhotoKey>): Promise<number>;
}
