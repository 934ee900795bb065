// What a device keeps: its key, its name, and each room's records and position. IndexedDB where it may be used;
// otherwise memory, which the status tells. The room's log in memory stays whole either way.

import { deleteDB, openDB } from 'idb';
import type { DBSchema, IDBPDatabase } from 'idb';
import type { RecordId, RoomKey } from '../protocol/ids.js';
import { idOf } from '../protocol/record.js';
import type { KeptRecord, ServerPosition } from '../core/room-io.js';
import type { DeviceKey } from './crypto-suite.js';

export interface ChatStorage {
  /** `memory`: nothing survives a reload. May change from `indexeddb` when the browser refuses to write. */
  readonly kind: 'indexeddb' | 'memory';
  /** The key kept here, or this new one, if none was: two tabs that start at once end with the same. */
  deviceKey(fresh: DeviceKey): Promise<DeviceKey>;
  displayName(): Promise<string | null>;
  setDisplayName(name: string): Promise<void>;
  load(room: RoomKey): Promise<{ readonly records: KeptRecord[]; readonly position: ServerPosition | null }>;
  /**
   * Urgent: resolves when it is on the disk, or when there is none. Otherwise it is written within `GATHER_MS`, together
   * with what else comes until then. Writes end in the order in which they began.
   */
  save(kept: KeptRecord, isUrgent: boolean): Promise<void>;
  /** Written together with the records before it, so that it never counts one that is not kept. */
  savePosition(room: RoomKey, position: ServerPosition): void;
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

/**
 * What others wrote waits so long for more: a record and the place it gets are then one write instead of two, and many
 * records one transaction. Twice the 200 ms for which the server gathers places. A crash within that time loses nothing
 * that the others do not have.
 */
const GATHER_MS = 400;

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
  /** What is to be written with the next transaction: the latest of each record, and of each room's position. */
  readonly #records = new Map<string, KeptRecord>();
  readonly #positions = new Map<RoomKey, ServerPosition>();
  #timer: ReturnType<typeof setTimeout> | null = null;

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

  async displayName(): Promise<string | null> {
    const name = await this.#try(() => this.#database.get('facts', 'name'));
    return typeof name === 'string' ? name : null;
  }

  async setDisplayName(name: string): Promise<void> {
    await this.#try(() => this.#database.put('facts', name, 'name'));
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

  async save(kept: KeptRecord, isUrgent: boolean): Promise<void> {
    this.#records.set(keyOf(kept.record.room, idOf(kept.record)), kept);
    if (isUrgent) await this.#write('strict');
    else this.#writeSoon();
  }

  savePosition(room: RoomKey, position: ServerPosition): void {
    this.#positions.set(room, position);
    this.#writeSoon();
  }

  async forget(room: RoomKey, ids: readonly RecordId[]): Promise<void> {
    for (const id of ids) this.#records.delete(keyOf(room, id));
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
    // The browser ends what has begun before it closes.
    void this.#write('relaxed');
    this.#isBroken = true;
    this.#database.close();
  }

  #writeSoon(): void {
    this.#timer ??= setTimeout(() => void this.#write('relaxed'), GATHER_MS);
  }

  /** @param durability `strict`: complete when it is on the disk, not when the system has promised to write it */
  async #write(durability: 'strict' | 'relaxed'): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const [records, positions] = [[...this.#records.values()], [...this.#positions]];
    this.#records.clear();
    this.#positions.clear();
    if (records.length + positions.length === 0) return;
    await this.#try(async () => {
      const transaction = this.#database.transaction(['records', 'positions'], 'readwrite', { durability });
      const [kept, placed] = [transaction.objectStore('records'), transaction.objectStore('positions')];
      await Promise.all([
        ...records.map((one) => kept.put(one, [one.record.room, idOf(one.record)])),
        ...positions.map(([room, position]) => placed.put(position, room)),
        transaction.done,
      ]);
    });
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

function keyOf(room: RoomKey, id: RecordId): string {
  return `${room} ${id}`;
}

/** Keeps what must be answered later in the same page, and no more. */
export class MemoryStorage implements ChatStorage {
  readonly kind = 'memory';
  #key: DeviceKey | null = null;
  #name: string | null = null;

  deviceKey(fresh: DeviceKey): Promise<DeviceKey> {
    this.#key ??= fresh;
    return Promise.resolve(this.#key);
  }

  displayName(): Promise<string | null> {
    return Promise.resolve(this.#name);
  }

  setDisplayName(name: string): Promise<void> {
    this.#name = name;
    return Promise.resolve();
  }

  load(): Promise<{ records: KeptRecord[]; position: ServerPosition | null }> {
    return Promise.resolve({ records: [], position: null });
  }

  save(): Promise<void> {
    return Promise.resolve();
  }

  savePosition(): void {
    // Nothing is kept that a position could be of.
  }

  forget(): Promise<void> {
    return Promise.resolve();
  }

  wipe(): Promise<void> {
    this.#key = null;
    this.#name = null;
    return Promise.resolve();
  }

  close(): void {
    // Nothing is open.
  }
}
