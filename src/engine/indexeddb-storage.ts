// What is kept in IndexedDB. When the browser refuses (quota, eviction, private mode) or another tab takes the database
// away, keeping goes on in memory: a refusal ends the keeping, never the chat.

import type { IDBPDatabase } from 'idb';
import type { KeptRecord, ServerPosition } from '../core/room-io.js';
import type { RecordId, RoomKey } from '../protocol/ids.js';
import { idOf } from '../protocol/record.js';
import type { DeviceKey } from './crypto-suite.js';
import type { KeptSchema } from './kept-schema.js';
import { MemoryStorage } from './memory-storage.js';
import { whenPageGoes } from './page-life.js';
import type { ChatStorage, Facts } from './storage.js';

/**
 * What the server holds waits so long for more: many records and places are then one transaction. Twice the 200 ms for
 * which the server gathers places. A crash within that time loses nothing that the server does not have.
 */
const GATHER_MS = 400;
export class IndexedDbStorage implements ChatStorage {
  readonly #database: IDBPDatabase<KeptSchema>;
  #memory: MemoryStorage;
  #isBroken = false;
  /** What is to be written with the next transaction: the latest of each record, and of each room's position. */
  readonly #records = new Map<string, KeptRecord>();
  readonly #positions = new Map<RoomKey, ServerPosition>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** A page that goes does not wait until it is time to write. */
  readonly #unwatch = whenPageGoes(() => void this.#write('strict'));

  /** @param memory takes over when the database is lost @param wiped called when another chat or tab erases it */
  constructor(database: IDBPDatabase<KeptSchema>, memory: MemoryStorage, wiped: () => void) {
    this.#database = database;
    this.#memory = memory;
    database.addEventListener('close', () => (this.#isBroken = true));
    // Others erase it, or a tab runs a later version: let them.
    database.addEventListener('versionchange', ({ newVersion }) => {
      if (newVersion === null) this.#forget();
      this.close();
      if (newVersion === null) wiped();
    });
  }

  get kind(): 'indexeddb' | 'memory' {
    return this.#isBroken ? 'memory' : 'indexeddb';
  }

  deviceKey(fresh: DeviceKey): Promise<DeviceKey> {
    return this.#try(
      async () => {
        const transaction = this.#database.transaction('facts', 'readwrite');
        const known = (await transaction.store.get('key')) as DeviceKey | undefined;
        const isUsable = known?.kind === fresh.kind;
        if (!isUsable) await transaction.store.put(fresh, 'key');
        await transaction.done;
        return isUsable ? known : fresh;
      },
      (memory) => memory.deviceKey(fresh),
    );
  }

  fact<Name extends keyof Facts>(name: Name): Promise<Facts[Name] | undefined> {
    return this.#try(
      () => this.#database.get('facts', name) as Promise<Facts[Name] | undefined>,
      (memory) => memory.fact(name),
    );
  }

  keepFact<Name extends keyof Facts>(name: Name, value: Facts[Name]): Promise<void> {
    return this.#try(
      async () => {
        await this.#database.put('facts', value, name);
      },
      (memory) => memory.keepFact(name, value),
    );
  }

  /** What went to memory when the database was lost earlier in this page's life is taken back into it. */
  async load(room: RoomKey): ReturnType<ChatStorage['load']> {
    const loaded = await this.#try(
      async () => {
        const transaction = this.#database.transaction(['records', 'positions']);
        const range = IDBKeyRange.bound([room], [room, []]);
        const records = await transaction.objectStore('records').getAll(range);
        const position = (await transaction.objectStore('positions').get(room)) ?? null;
        return { records, position };
      },
      (memory) => memory.load(room),
    );
    if (this.#isBroken) return loaded;
    const { records, position } = this.#memory.take(room);
    for (const kept of records) void this.save(kept, false);
    if (position !== null) void this.savePosition(room, position);
    await this.#write('strict');
    return { records: [...records, ...loaded.records], position: position ?? loaded.position };
  }

  save(kept: KeptRecord, isUrgent: boolean): Promise<void> {
    this.#records.set(keyOf(kept.record.room, idOf(kept.record)), kept);
    return isUrgent ? this.#write('strict') : this.#writeSoon();
  }

  savePosition(room: RoomKey, position: ServerPosition): Promise<void> {
    this.#positions.set(room, position);
    return this.#writeSoon();
  }

  forget(room: RoomKey, ids: readonly RecordId[]): Promise<void> {
    for (const id of ids) this.#records.delete(keyOf(room, id));
    return this.#try(
      async () => {
        const transaction = this.#database.transaction('records', 'readwrite');
        await Promise.all(ids.map((id) => transaction.store.delete([room, id])));
        await transaction.done;
      },
      (memory) => memory.forget(room, ids),
    );
  }

  close(): void {
    this.#unwatch();
    // The browser ends what has begun before it closes.
    void this.#write('relaxed');
    this.#isBroken = true;
    this.#database.close();
  }

  /** Also what a chat that ends has to say last: nobody opens that memory again. */
  #forget(): void {
    this.#records.clear();
    this.#positions.clear();
    void this.#memory.wipe();
    this.#memory = new MemoryStorage();
  }

  #writeSoon(): Promise<void> {
    if (this.#isBroken) return this.#write('relaxed');
    this.#timer ??= setTimeout(() => void this.#write('relaxed'), GATHER_MS);
    return Promise.resolve();
  }

  /** @param durability `strict`: complete when it is on the disk, not when the system has promised to write it */
  async #write(durability: 'strict' | 'relaxed'): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const [records, positions] = [[...this.#records.values()], [...this.#positions]];
    this.#records.clear();
    this.#positions.clear();
    if (records.length + positions.length === 0) return;
    await this.#try(
      async () => {
        const transaction = this.#database.transaction(['records', 'positions'], 'readwrite', { durability });
        const [kept, placed] = [transaction.objectStore('records'), transaction.objectStore('positions')];
        const puts = [
          ...records.map((one) => kept.put(one, [one.record.room, idOf(one.record)])),
          ...positions.map(([room, position]) => placed.put(position, room)),
        ];
        // Without it a page that goes would take its open transaction along.
        transaction.commit();
        await Promise.all([...puts, transaction.done]);
      },
      async (memory) => {
        for (const one of records) await memory.save(one);
        for (const [room, position] of positions) await memory.savePosition(room, position);
      },
    );
  }

  async #try<Result>(
    work: () => Promise<Result>,
    instead: (memory: MemoryStorage) => Promise<Result>,
  ): Promise<Result> {
    if (!this.#isBroken) {
      try {
        return await work();
      } catch {
        this.#isBroken = true;
      }
    }
    return instead(this.#memory);
  }
}

function keyOf(room: RoomKey, id: RecordId): string {
  return `${room} ${id}`;
}
