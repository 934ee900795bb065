// Storage of a crew room: sealed on the device as on the wire, opened when it is read.

import type { KeptRecord, ServerPosition } from '../../core/room-io.js';
import type { RecordId, RoomKey } from '../../protocol/ids.js';
import { fromWire, toWire } from '../../protocol/record.js';
import type { SignedRecord } from '../../protocol/record.js';
import type { DeviceKey } from '../crypto-suite.js';
import type { ChatStorage, Facts } from '../storage.js';

export interface SealedStorageHost {
  /** As far as they can be opened, in the same order. */
  open(records: readonly SignedRecord[]): Promise<SignedRecord[]>;
  /** It is durable here. */
  saved(record: SignedRecord): void;
}

export class SealedStorage implements ChatStorage {
  readonly #inner: ChatStorage;
  readonly #host: SealedStorageHost;

  constructor(inner: ChatStorage, host: SealedStorageHost) {
    this.#inner = inner;
    this.#host = host;
  }

  get kind(): ChatStorage['kind'] {
    return this.#inner.kind;
  }

  deviceKey(fresh: DeviceKey): Promise<DeviceKey> {
    return this.#inner.deviceKey(fresh);
  }

  fact<Name extends keyof Facts>(name: Name): Promise<Facts[Name] | undefined> {
    return this.#inner.fact(name);
  }

  keepFact<Name extends keyof Facts>(name: Name, value: Facts[Name]): Promise<void> {
    return this.#inner.keepFact(name, value);
  }

  async load(room: RoomKey): ReturnType<ChatStorage['load']> {
    const { records, position } = await this.#inner.load(room);
    const opened = await this.#host.open(records.map(({ record }) => record));
    return { records: records.map((kept, index) => ({ ...kept, record: opened[index] ?? kept.record })), position };
  }

  async save(kept: KeptRecord, isUrgent: boolean): Promise<void> {
    const record = asKept(kept.record);
    await this.#inner.save({ ...kept, record }, isUrgent);
    this.#host.saved(record);
  }

  savePosition(room: RoomKey, position: ServerPosition): Promise<void> {
    return this.#inner.savePosition(room, position);
  }

  forget(room: RoomKey, ids: readonly RecordId[]): Promise<void> {
    return this.#inner.forget(room, ids);
  }

  close(): void {
    this.#inner.close();
  }
}

/** As it is signed, kept and passed on. */
export function asKept(record: SignedRecord): SignedRecord {
  return fromWire(record.room, toWire(record));
}
