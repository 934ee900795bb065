// What a page keeps where its browser keeps nothing: as much, and only as long as the page lives.

import type { KeptRecord, ServerPosition } from '../core/room-io.js';
import type { RecordId, RoomKey } from '../protocol/ids.js';
import { idOf } from '../protocol/record.js';
import type { DeviceKey } from './crypto-suite.js';
import { pageRegistry } from './page-registry.js';
import type { ChatStorage, Facts } from './storage.js';

interface Kept {
  readonly records: Map<RecordId, KeptRecord>;
  position: ServerPosition | null;
}

/** The page's memory of this name: an element that is removed and added again finds what it had. */
export function memoryStorage(name: string): MemoryStorage {
  const { memories } = pageRegistry();
  const memory = memories.get(name) ?? new MemoryStorage();
  memories.set(name, memory);
  return memory;
}

export class MemoryStorage implements ChatStorage {
  readonly kind = 'memory';
  #key: DeviceKey | null = null;
  #facts: Partial<Facts> = {};
  /** Bounded by the rooms' logs, which say what to forget. */
  readonly #rooms = new Map<RoomKey, Kept>();

  deviceKey(fresh: DeviceKey): Promise<DeviceKey> {
    this.#key ??= fresh;
    return Promise.resolve(this.#key);
  }

  fact<Name extends keyof Facts>(name: Name): Promise<Facts[Name] | undefined> {
    return Promise.resolve(this.#facts[name]);
  }

  keepFact<Name extends keyof Facts>(name: Name, value: Facts[Name]): Promise<void> {
    this.#facts = { ...this.#facts, [name]: value };
    return Promise.resolve();
  }

  load(room: RoomKey): ReturnType<ChatStorage['load']> {
    const { records, position } = this.#room(room);
    return Promise.resolve({ records: [...records.values()], position });
  }

  /** Hands over what is kept of a room, and keeps it no longer. */
  take(room: RoomKey): { readonly records: readonly KeptRecord[]; readonly position: ServerPosition | null } {
    const { records, position } = this.#room(room);
    this.#rooms.delete(room);
    return { records: [...records.values()], position };
  }

  save(kept: KeptRecord): Promise<void> {
    this.#room(kept.record.room).records.set(idOf(kept.record), kept);
    return Promise.resolve();
  }

  savePosition(room: RoomKey, position: ServerPosition): Promise<void> {
    this.#room(room).position = position;
    return Promise.resolve();
  }

  forget(room: RoomKey, ids: readonly RecordId[]): Promise<void> {
    for (const id of ids) this.#room(room).records.delete(id);
    return Promise.resolve();
  }

  /** All of it, for whoever uses it. */
  wipe(): Promise<void> {
    this.#key = null;
    this.#facts = {};
    this.#rooms.clear();
    return Promise.resolve();
  }

  close(): void {
    // Nothing is open.
  }

  #room(room: RoomKey): Kept {
    const kept = this.#rooms.get(room) ?? { records: new Map(), position: null };
    this.#rooms.set(room, kept);
    return kept;
  }
}
