// What a device keeps: its key, its name, and each room's records and position. In IndexedDB where it may be used,
// otherwise in the page's memory, which the diagnosis tells.

import { deleteDB } from 'idb';
import type { AuthorId, RecordId, RoomKey } from '../protocol/ids.js';
import type { KeptRecord, ServerPosition } from '../core/room-io.js';
import type { KeptCrew } from './crew/kept-crews.js';
import type { DeviceKey } from './crypto-suite.js';
import { IndexedDbStorage } from './indexeddb-storage.js';
import type { KeptSchema, KeptTokens } from './kept-schema.js';
import { memoryStorage } from './memory-storage.js';
import { inTime, openDatabase } from './open-database.js';
import { photosOf } from './photos/database-name.js';

/** What is known beside the rooms. */
export interface Facts {
  /** How the visitor wants to be called. */
  readonly name: string;
  /** Authors the visitor has compared keys with, the latest last. */
  readonly trusted: readonly AuthorId[];
  /** Keys of crew rooms. */
  readonly crews: readonly KeptCrew[];
  readonly tokens: KeptTokens;
}

export interface ChatStorage {
  /** `memory`: nothing survives a reload. May change from `indexeddb` when the browser refuses to write. */
  readonly kind: 'indexeddb' | 'memory';
  /**
   * The key kept here, or this new one, if none was: two tabs that start at once end with the same. A kept key of another
   * suite is of no use any more, and the new one takes its place.
   */
  deviceKey(fresh: DeviceKey): Promise<DeviceKey>;
  /** Undefined when none is kept. */
  fact<Name extends keyof Facts>(name: Name): Promise<Facts[Name] | undefined>;
  keepFact<Name extends keyof Facts>(name: Name, value: Facts[Name]): Promise<void>;
  load(room: RoomKey): Promise<{ readonly records: readonly KeptRecord[]; readonly position: ServerPosition | null }>;
  /**
   * Urgent: resolves when it is on the disk, or when there is none. Otherwise it is written soon, together with what
   * else comes until then, and resolves at once. Writes end in the order in which they began.
   */
  save(kept: KeptRecord, isUrgent: boolean): Promise<void>;
  /** Written together with the records before it, so that it never counts one that is not kept. */
  savePosition(room: RoomKey, position: ServerPosition): Promise<void>;
  forget(room: RoomKey, ids: readonly RecordId[]): Promise<void>;
  close(): void;
}

/**
 * Opens the database of this server and festival; memory where that is refused.
 * @param wiped called when another chat or tab erases it: what comes from now on is kept nowhere
 */
export async function openStorage(name: string, wiped = (): void => undefined): Promise<ChatStorage> {
  const memory = memoryStorage(name);
  try {
    const database = await openDatabase<KeptSchema>(name, (fresh) => {
      for (const store of ['facts', 'records', 'positions'] as const) fresh.createObjectStore(store);
    });
    return new IndexedDbStorage(database, memory, wiped);
  } catch {
    return memory;
  }
}

/**
 * Erases the database of this server and festival; whoever has it open lets it go.
 * @throws {Error} when the browser refuses, or does not do it in time, as while another tab does not let go
 */
export async function wipeStorage(name: string): Promise<void> {
  await memoryStorage(name).wipe();
  let deleting: Promise<unknown>;
  try {
    deleting = Promise.all([deleteDB(name), deleteDB(photosOf(name))]);
  } catch {
    // Where a page may have no database, as in a frame without an origin, nothing is kept in one.
    return;
  }
  await inTime(deleting);
}
