// A store that forgets: for tests, and for an operator who asks for `:memory:`.

import type { RecordId, RoomKey } from '../../src/protocol/ids.js';
import { idOf } from '../../src/protocol/record.js';
import type { SignedRecord } from '../../src/protocol/record.js';
import { photoKey } from '../photos/photo-shelf.js';
import type { PhotoKey } from '../photos/photo-shelf.js';
import { photosIn, retractedIn } from '../photos/photos-in.js';
import { newEpoch } from './epoch.js';
import type { PlacedRecord, Pruned, RoomMarks, Store } from './store.js';

interface Row extends PlacedRecord {
  readonly storedAtMs: number;
}

interface RoomRows {
  rows: Row[];
  head: number;
  floor: number;
  readonly byId: Map<RecordId, Row>;
}

export class MemoryStore implements Store {
  readonly epoch = newEpoch();
  readonly #rooms = new Map<RoomKey, RoomRows>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  open(): Promise<void> {
    return Promise.resolve();
  }

  onEpochChange(): void {
    // A process that forgets everything at its end has one epoch.
  }

  append(room: RoomKey, records: readonly SignedRecord[]): Promise<PlacedRecord[]> {
    const held = this.#rooms.get(room) ?? { rows: [], head: 0, floor: 0, byId: new Map<RecordId, Row>() };
    this.#rooms.set(room, held);
    const placed = records.map((record) => {
      const known = held.byId.get(idOf(record));
      if (known !== undefined) return known;
      held.head += 1;
      const row = { record, offset: held.head, storedAtMs: this.#now() };
      held.rows.push(row);
      held.byId.set(idOf(record), row);
      return row;
    });
    return Promise.resolve(placed.map(placedOf));
  }

  byIds(room: RoomKey, ids: readonly RecordId[]): Promise<PlacedRecord[]> {
    const held = this.#rooms.get(room);
    return Promise.resolve(ids.flatMap((id) => held?.byId.get(id) ?? []).map(placedOf));
  }

  range(room: RoomKey, after: number, limit: number): Promise<PlacedRecord[]> {
    const rows = this.#rooms.get(room)?.rows ?? [];
    const start = rows.findIndex((row) => row.offset > after);
    return Promise.resolve(start < 0 ? [] : rows.slice(start, start + limit).map(placedOf));
  }

  marks(room: RoomKey): Promise<RoomMarks> {
    const { head = 0, floor = 0 } = this.#rooms.get(room) ?? {};
    return Promise.resolve({ head, floor });
  }

  isRetracted(room: RoomKey, id: RecordId): Promise<boolean> {
    return Promise.resolve(retractedIn(this.#rooms.get(room)?.rows ?? []).includes(id));
  }

  prune(olderThanMs: number, recordsMax: number): Promise<Pruned> {
    let records = 0;
    const photos: PhotoKey[] = [];
    for (const [room, held] of this.#rooms) {
      const tooOld = held.rows.findIndex((row) => row.storedAtMs >= olderThanMs);
      const count = Math.max(tooOld < 0 ? held.rows.length : tooOld, held.rows.length - recordsMax);
      const dropped = held.rows.splice(0, count);
      for (const row of dropped) {
        held.byId.delete(idOf(row.record));
        held.floor = row.offset;
      }
      records += dropped.length;
      photos.push(...photosIn(dropped.map(({ record }) => record)).map((id) => photoKey(room, id)));
    }
    return Promise.resolve({ records, photos });
  }

  drop(room: RoomKey, offsets: readonly number[]): Promise<void> {
    const held = this.#rooms.get(room);
    const dropped = new Set(offsets);
    for (const row of held?.rows ?? []) if (dropped.has(row.offset)) held?.byId.delete(idOf(row.record));
    if (held !== undefined) held.rows = held.rows.filter((row) => !dropped.has(row.offset));
    return Promise.resolve();
  }

  rooms(): Promise<RoomKey[]> {
    return Promise.resolve([...this.#rooms.keys()]);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

function placedOf({ record, offset, storedAtMs }: Row): PlacedRecord {
  return { record, offset, storedAtMs };
}
