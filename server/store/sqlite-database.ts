// The database itself: tables, statements, transactions. It blocks the thread it runs on for as long as the disk takes.

import { accessSync, constants, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { authorOf } from '../../src/protocol/ids.js';
import type { RecordId, RoomKey } from '../../src/protocol/ids.js';
import { photoKey } from '../photos/photo-shelf.js';
import type { PhotoKey } from '../photos/photo-shelf.js';
import { newEpoch } from './epoch.js';
import { fileMark, isSameFile } from './sqlite-file.js';
import { migrate } from './sqlite-schema.js';
import { PHOTO_IN_WIRE } from './store.js';
import type { Pruned, RoomMarks, StoredRow } from './store.js';

/** Another process may be closing the same database: wait for it this long. */
const LOCK_WAIT_MS = 500;

/** Records to be stored in one room, in this order. */
export interface Batch {
  readonly room: string;
  readonly storedAtMs: number;
  readonly rows: readonly { readonly id: string; readonly wire: string }[];
}

/** The place of a record; `wire` is there when its id was taken already, and says by what. */
export interface Placing {
  readonly offset: number;
  readonly storedAtMs: number;
  readonly wire?: string;
}

export class SqliteDatabase {
  readonly epoch: string;
  readonly #database: Database.Database;
  readonly #statements: ReturnType<typeof prepare>;

  /** @throws {Error} the file system's or the database's own */
  constructor(folder: string) {
    mkdirSync(folder, { recursive: true });
    // The driver says of a folder that cannot be written no more than "14".
    accessSync(folder, constants.W_OK);
    const path = join(folder, 'festival-chat.db');
    this.#database = new Database(path, { timeout: LOCK_WAIT_MS });
    try {
      for (const pragma of ['locking_mode = EXCLUSIVE', 'journal_mode = WAL', 'synchronous = FULL'])
        this.#database.exec(`PRAGMA ${pragma}`);
      this.#database.exec('PRAGMA secure_delete = ON');
      migrate(this.#database);
      this.#statements = prepare(this.#database);
      this.epoch = this.#epochOf(fileMark(path));
    } catch (error) {
      this.#database.close();
      throw error;
    }
  }

  /** All batches or none, in one transaction. */
  append(batches: readonly Batch[]): Placing[][] {
    return this.#transaction(() => batches.map((batch) => this.#insert(batch)));
  }

  byIds(room: string, ids: readonly string[]): StoredRow[] {
    return ids.flatMap((id) => (this.#statements.byId.get(room, id) as StoredRow | undefined) ?? []);
  }

  range(room: string, after: number, limit: number): StoredRow[] {
    return this.#statements.range.all(room, after, limit) as StoredRow[];
  }

  marks(room: string): RoomMarks {
    const { head = 0, floor = 0 } = (this.#statements.room.get(room) as RoomMarks | undefined) ?? {};
    return { head, floor };
  }

  isRetracted(room: string, id: RecordId): boolean {
    return this.#statements.retraction.get(room, id, authorOf(id)) !== undefined;
  }

  prune(olderThanMs: number, recordsMax: number): Pruned {
    const pruned = this.#transaction(() => {
      let records = 0;
      const photos: PhotoKey[] = [];
      for (const { room } of this.#statements.rooms.all() as { room: RoomKey }[]) {
        const byAge = this.#statements.newestOlderThan.get(room, olderThanMs) as { offset: number | null };
        const byCount = this.#statements.overCount.get(room, recordsMax) as { offset: number } | undefined;
        const floor = Math.max(byAge.offset ?? 0, byCount?.offset ?? 0);
        if (floor === 0) continue;
        const shown = this.#statements.photos.all(room, floor) as { id: RecordId }[];
        photos.push(...shown.map(({ id }) => photoKey(room, id)));
        records += this.#statements.drop.run(room, floor).changes;
        this.#statements.setFloor.run(floor, room);
      }
      return { records, photos };
    });
    // What was dropped is overwritten in the file; this removes it from the log beside the file too.
    if (pruned.records > 0) this.#database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get();
    return pruned;
  }

  /** What was dropped is overwritten in the file and gone from the log beside it. */
  drop(room: string, offsets: readonly number[]): void {
    this.#transaction(() => {
      for (const offset of offsets) this.#statements.dropOne.run(room, offset);
    });
    this.#database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get();
  }

  rooms(): string[] {
    return (this.#statements.rooms.all() as { room: string }[]).map(({ room }) => room);
  }

  close(): void {
    // The driver closes for good only when its statements are collected, so the lock is given back before; with a
    // write-ahead log that has been exclusive from the start this takes leaving that mode first.
    this.#database.exec('PRAGMA journal_mode = DELETE');
    this.#database.exec('PRAGMA locking_mode = NORMAL');
    this.#statements.rooms.all();
    this.#database.close();
  }

  #insert({ room, storedAtMs, rows }: Batch): Placing[] {
    const { head: headBefore, floor } = this.marks(room);
    let head = headBefore;
    const placings = rows.map(({ id, wire }): Placing => {
      const known = this.#statements.byId.get(room, id) as StoredRow | undefined;
      if (known !== undefined) return known;
      head += 1;
      this.#statements.insert.run(room, head, id, storedAtMs, wire);
      return { offset: head, storedAtMs };
    });
    if (head > headBefore) this.#statements.setRoom.run(room, head, floor);
    return placings;
  }

  #transaction<Result>(work: () => Result): Result {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.#database.exec('COMMIT');
      return result;
    } catch (error) {
      if (this.#database.inTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  /** A file that was copied back from a backup is another file: what was given out since is unknown to it. */
  #epochOf(file: string): string {
    const wasFile = this.#fact('file');
    let epoch = this.#fact('epoch');
    if (epoch === undefined || (wasFile !== undefined && !isSameFile(wasFile, file))) epoch = newEpoch();
    this.#setFact('epoch', epoch);
    this.#setFact('file', file);
    return epoch;
  }

  #fact(name: string): string | undefined {
    return (this.#statements.fact.get(name) as { value: string } | undefined)?.value;
  }

  #setFact(name: string, value: string): void {
    if (this.#fact(name) !== value) this.#statements.setFact.run(name, value);
  }
}

function prepare(database: Database.Database) {
  const sql = (text: string): Database.Statement => database.prepare(text);
  return {
    fact: sql('SELECT value FROM facts WHERE name = ?'),
    setFact: sql('INSERT OR REPLACE INTO facts (name, value) VALUES (?, ?)'),
    byId: sql('SELECT offset, storedAtMs, wire FROM records WHERE room = ? AND id = ?'),
    range: sql('SELECT offset, storedAtMs, wire FROM records WHERE room = ? AND offset > ? ORDER BY offset LIMIT ?'),
    room: sql('SELECT head, floor FROM rooms WHERE room = ?'),
    rooms: sql('SELECT room FROM rooms'),
    setRoom: sql('INSERT OR REPLACE INTO rooms (room, head, floor) VALUES (?, ?, ?)'),
    setFloor: sql('UPDATE rooms SET floor = ? WHERE room = ?'),
    insert: sql('INSERT INTO records (room, offset, id, storedAtMs, wire) VALUES (?, ?, ?, ?, ?)'),
    newestOlderThan: sql('SELECT MAX(offset) AS offset FROM records WHERE room = ? AND storedAtMs < ?'),
    overCount: sql('SELECT offset FROM records WHERE room = ? ORDER BY offset DESC LIMIT 1 OFFSET ?'),
    retraction: sql(
      // The planner would read the whole room.
      `SELECT 1 FROM records INDEXED BY retractions WHERE room = ? AND json_extract(wire, '$[4].kind') = 'retract'
         AND json_extract(wire, '$[4].target') = ? AND json_extract(wire, '$[0]') = ?`,
    ),
    photos: sql(`SELECT id FROM records WHERE room = ? AND offset <= ? AND instr(wire, '${PHOTO_IN_WIRE}') > 0`),
    dropOne: sql('DELETE FROM records WHERE room = ? AND offset = ?'),
    drop: sql('DELETE FROM records WHERE room = ? AND offset <= ?'),
  };
}
