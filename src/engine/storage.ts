// What a device keeps: its key, its name, and each room's records and position. IndexedDB where it may be used;
// otherwise memory, which the status tells. The room's log in memory stays whole either way.

import { deleteDB, openDB } from 'idb';
import type { DBSchema, IDBPDatabase } from 'idb';
import type { AuthorId, RecordId, RoomKey } from '../protocol/ids.js';
import { idOf } from '../protocol/record.js';
import type { KeptRecord, ServerPosition } from '../core/room-io.js';
import type { DeviceKey } from './crypto-suite.js';

/** What is known beside the rooms. */
export interface Facts {
  /** How the visitor wants to be called. */
  readonly name: string;
  /** Authors the visitor has compared keys with, the latest last. */
  readonly trusted: readonly AuthorId[];
}

export interface ChatStorage {
  /** `memory`: nothing survives a reload. May change from `indexeddb` when the browser refuses to write. */
  readonly kind: 'indexeddb' | 'memory';
  /** The key kept here, or this new one, if none was: two tabs that start at once end with the same. */
  deviceKey(fresh: DeviceKey): Promise<DeviceKey>;
  /** Undefined when none is kept. */
  fact<Name extends keyof Facts>(name: Name): Promise<Facts[Name] | undefined>;
  keepFact<Name extends keyof Facts>(name: Name, value: Facts[Name]): Promise<unknown>;
  load(room: RoomKey): Promise<{ readonly records: KeptRecord[]; readonly position: ServerPosition | null }>;
  /** Resolves when it is on the disk, or when there is none. Writes end in the order in which they began. */
  save(kept: KeptRecord): Promise<void>;
  savePosition(room: RoomKey, position: ServerPosition): Promise<void>;
  forget(room: RoomKey, ids: readonly RecordId[]): Promise<void>;
  wipe(): Promise<void>;
  close(): void;
}

interface Schema extends DBSchema {
  facts: { key: string; value: unknown };
  records: { key: [RoomKey, RecordId]; value: KeptRecord };
  positions: { key: RoomKey; value: ServerPosition };
}

const SCHEMA_VERSION = 1;
/** A blocked or hanging open (private mode of some browsers) is given up after this. */
const OPEN_MS = 3_000;

/** Opens the database of this server and festival; memory where that is refused. */
export async function openStorage(name: string): Promise<ChatStorage> {
  if (typeof indexedDB === 'undefined') return new MemoryStorage();
  try {
    const opening = openDB<Schema>(name, SCHEMA_VERSION, {
      upgrade(database) {
        database.createObjectStore('facts');
        database.createObjectStore('records');
        database.createObjectStore('positions');
      },
    });
    const database = await Promise.race([opening, rejectAfter(OPEN_MS)]);
    return new IndexedDbStorage(name, database);
  } catch {
    return new MemoryStorage();
  }
}

function rejectAfter(delayMs: number): Promise<never> {
  return new Promise((_resolve, reject) => {
    setTimeout(() => reject(new Error('the database does not open')), delayMs);
  });
}

class IndexedDbStorage implements ChatStorage {
  readonly #name: string;
  readonly #database: IDBPDatabase<Schema>;
  #isBroken = false;

  constructor(name: string, database: IDBPDatabase<Schema>) {
    this.#name = name;
    this.#database = database;
    database.addEventListener('close', () => (this.#isBroken = true));
    // Another tab wipes, or runs a later version: let it.
    database.addEventListener('versionchange', () => {
      this.#isBroken = true;
      database.close();
    });
  }

  get kind(): 'indexeddb' | 'memory' {
    return this.#isBroken ? 'memory' : 'indexeddb';
  }

  async deviceKey(fresh: DeviceKey): Promise<DeviceKey> {
    const key = await this.#try(async () => {
      const transaction = this.#database.transaction('facts', 'readwrite');
      const known = (await transaction.store.get('key')) as DeviceKey | undefined;
      const isUsable = known?.kind === fresh.kind;
      if (!isUsable) await transaction.store.put(fresh, 'key');
      await transaction.done;
      return isUsable ? known : fresh;
    });
    return key ?? fresh;
  }

  fact<Name extends keyof Facts>(name: Name): Promise<Facts[Name] | undefined> {
    return this.#try(async () => (await this.#database.get('facts', name)) as Facts[Name] | undefined);
  }

  keepFact<Name extends keyof Facts>(name: Name, value: Facts[Name]): Promise<unknown> {
    return this.#try(() => this.#database.put('facts', value, name));
  }

  async load(room: RoomKey): Promise<{ records: KeptRecord[]; position: ServerPosition | null }> {
    const loaded = await this.#try(async () => {
      const transaction = this.#database.transaction(['records', 'positions']);
      const range = IDBKeyRange.bound([room], [room, []]);
      const records = await transaction.objectStore('records').getAll(range);
      const position = (await transaction.objectStore('positions').get(room)) ?? null;
      return { records, position };
    });
    return loaded ?? { records: [], position: null };
  }

  async save(kept: KeptRecord): Promise<void> {
    await this.#try(async () => {
      // `strict`: the transaction is complete when it is on the disk, not when the system has promised to.
      const transaction = this.#database.transaction('records', 'readwrite', { durability: 'strict' });
      await transaction.store.put(kept, [kept.record.room, idOf(kept.record)]);
      await transaction.done;
    });
  }

  async savePosition(room: RoomKey, position: ServerPosition): Promise<void> {
    await this.#try(() => this.#database.put('positions', position, room));
  }

  async forget(room: RoomKey, ids: readonly RecordId[]): Promise<void> {
    await this.#try(async () => {
      const transaction = this.#database.transaction('records', 'readwrite');
      await Promise.all(ids.map((id) => transaction.store.delete([room, id])));
      await transaction.done;
    });
  }

  async wipe(): Promise<void> {
    this.close();
    await deleteDB(this.#name);
  }

  close(): void {
    this.#isBroken = true;
    this.#database.close();
  }

  /** A refusal (quota, eviction, private mode) ends the keeping, never the chat. */
  async #try<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
    if (this.#isBroken) return undefined;
    try {
      return await work();
    } catch {
      this.#isBroken = true;
      return undefined;
    }
  }
}

/** Keeps what must be answered later in the same page, and no more. */
export class MemoryStorage implements ChatStorage {
  readonly kind = 'memory';
  #key: DeviceKey | null = null;
  #facts: Partial<Facts> = {};

  deviceKey(fresh: DeviceKey): Promise<DeviceKey> {
    this.#key ??= fresh;
    return Promise.resolve(this.#key);
  }

  fact<Name extends keyof Facts>(name: Name): Promise<Facts[Name] | undefined> {
    return Promise.resolve(this.#facts[name]);
  }

  keepFact<Name extends keyof Facts>(name: Name, value: Facts[Name]): Promise<unknown> {
    this.#facts = { ...this.#facts, [name]: value };
    return Promise.resolve();
  }

  load(): Promise<{ records: KeptRecord[]; position: ServerPosition | null }> {
    return Promise.resolve({ records: [], position: null });
  }

  save(): Promise<void> {
    return Promise.resolve();
  }

  savePosition(): Promise<void> {
    return Promise.resolve();
  }

  forget(): Promise<void> {
    return Promise.resolve();
  }

  wipe(): Promise<void> {
    this.#key = null;
    this.#facts = {};
    return Promise.resolve();
  }

  close(): void {
    // Nothing is open.
  }
}
