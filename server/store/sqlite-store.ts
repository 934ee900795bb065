// The embedded store: SQLite with a write-ahead log, flushed to the disk before a record counts as stored.
// Records that come within a few milliseconds share one transaction, because the flush is what costs. The driver
// blocks the event loop for the length of a transaction.

import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import type { RecordId, RoomKey } from '../../src/protocol/ids.js';
import { fromWire, idOf, toWire } from '../../src/protocol/record.js';
import type { SignedRecord, WireRecord } from '../../src/protocol/record.js';
import type { PlacedRecord, Store } from './store.js';

/** Raised by every change of the tables; a database of a later version is refused. */
const SCHEMA_VERSION = 1;
/** Records are gathered this long before they are written: most of a flush's cost is shared, nobody notices the wait. */
const COMMIT_WINDOW_MS = 4;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS rooms (
    room TEXT PRIMARY KEY, head INTEGER NOT NULL, floor INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS records (
    room TEXT NOT NULL, offset INTEGER NOT NULL, id TEXT NOT NULL, storedAtMs INTEGER NOT NULL, wire TEXT NOT NULL,
    PRIMARY KEY (room, offset)
  ) WITHOUT ROWID;
  CREATE UNIQUE INDEX IF NOT EXISTS recordsById ON records (room, id);
  CREATE INDEX IF NOT EXISTS recordsByAge ON records (storedAtMs);
`;

interface Row {
  readonly offset: number;
  readonly storedAtMs: number;
  readonly wire: string;
}

interface Pending {
  readonly room: RoomKey;
  readonly records: readonly SignedRecord[];
  readonly resolve: (placed: PlacedRecord[]) => void;
  readonly reject: (error: Error) => void;
}

export class SqliteStore implements Store {
  readonly epoch: string;
  readonly #database: Database.Database;
  readonly #now: () => number;
  readonly #statements: ReturnType<typeof prepare>;
  #pending: Pending[] = [];
  #timer: NodeJS.Timeout | null = null;

  /** @throws {Error} in one line when the folder cannot be used, or another process or a later version holds it */
  constructor(folder: string, now: () => number) {
    this.#now = now;
    try {
      mkdirSync(folder, { recursive: true });
      this.#database = new Database(join(folder, 'festival-chat.db'), { timeout: 500 });
      this.#database.exec('PRAGMA locking_mode = EXCLUSIVE');
      this.#database.exec('PRAGMA journal_mode = WAL');
      this.#database.exec('PRAGMA synchronous = FULL');
      this.#database.exec('PRAGMA secure_delete = ON');
      this.#database.exec(SCHEMA);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const isTaken = /locked|busy/i.test(reason);
      throw new Error(
        isTaken
          ? `the database in ${folder} is in use by another process`
          : `the database in ${folder} cannot be opened: ${reason}`,
        { cause: error },
      );
    }
    this.#checkVersion(folder);
    this.#statements = prepare(this.#database);
    this.epoch = this.#fact('epoch', () => randomBytes(12).toString('base64url'));
  }

  append(room: RoomKey, records: readonly SignedRecord[]): Promise<PlacedRecord[]> {
    return new Promise((resolve, reject) => {
      this.#pending.push({ room, records, resolve, reject });
      this.#timer ??= setTimeout(() => this.#commit(), COMMIT_WINDOW_MS);
    });
  }

  byIds(room: RoomKey, ids: readonly RecordId[]): PlacedRecord[] {
    return ids.flatMap((id) => {
      const row = this.#statements.byId.get(room, id) as Row | undefined;
      return row === undefined ? [] : [placedOf(room, row)];
    });
  }

  range(room: RoomKey, after: number, limit: number): PlacedRecord[] {
    return (this.#statements.range.all(room, after, limit) as Row[]).map((row) => placedOf(room, row));
  }

  head(room: RoomKey): number {
    return this.#room(room).head;
  }

  floor(room: RoomKey): number {
    return this.#room(room).floor;
  }

  prune(olderThanMs: number, recordsMax: number): number {
    let dropped = 0;
    this.#transaction(() => {
      for (const { room } of this.#statements.rooms.all() as { room: RoomKey }[]) {
        const byAge = this.#statements.newestOlderThan.get(room, olderThanMs) as { offset: number | null };
        const byCount = this.#statements.overCount.get(room, recordsMax) as { offset: number } | undefined;
        const floor = Math.max(byAge.offset ?? 0, byCount?.offset ?? 0);
        if (floor === 0) continue;
        dropped += this.#statements.drop.run(room, floor).changes;
        this.#statements.setFloor.run(floor, room);
      }
    });
    return dropped;
  }

  close(): Promise<void> {
    this.#commit();
    // The driver closes for good only when its statements are collected, so the lock is given back before; with a
    // write-ahead log that has been exclusive from the start this takes leaving that mode first.
    this.#database.exec('PRAGMA journal_mode = DELETE');
    this.#database.exec('PRAGMA locking_mode = NORMAL');
    this.#statements.rooms.all();
    this.#database.close();
    return Promise.resolve();
  }

  #commit(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const batch = this.#pending;
    this.#pending = [];
    if (batch.length === 0) return;
    let placed: PlacedRecord[][];
    try {
      placed = this.#transaction(() => batch.map(({ room, records }) => this.#insert(room, records)));
    } catch (error) {
      const failure = error instanceof Error ? error : new Error(String(error));
      for (const { reject } of batch) reject(failure);
      return;
    }
    batch.forEach(({ resolve }, index) => resolve(placed[index] ?? []));
  }

  #insert(room: RoomKey, records: readonly SignedRecord[]): PlacedRecord[] {
    let { head } = this.#room(room);
    const { floor } = this.#room(room);
    const placed = records.map((record) => {
      const id = idOf(record);
      const known = this.#statements.byId.get(room, id) as Row | undefined;
      if (known !== undefined) return placedOf(room, known);
      head += 1;
      const storedAtMs = this.#now();
      this.#statements.insert.run(room, head, id, storedAtMs, JSON.stringify(toWire(record)));
      return { record, offset: head, storedAtMs };
    });
    this.#statements.setRoom.run(room, head, floor);
    return placed;
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

  #room(room: RoomKey): { head: number; floor: number } {
    return (this.#statements.room.get(room) as { head: number; floor: number } | undefined) ?? { head: 0, floor: 0 };
  }

  #checkVersion(folder: string): void {
    const version = Number(this.#fact('schema', () => String(SCHEMA_VERSION)));
    if (version <= SCHEMA_VERSION) return;
    this.#database.close();
    throw new Error(`the database in ${folder} was written by a later version of festival-chat (schema ${version})`);
  }

  #fact(name: string, initial: () => string): string {
    const row = this.#database.prepare('SELECT value FROM facts WHERE name = ?').get(name) as
      { value: string } | undefined;
    if (row !== undefined) return row.value;
    const value = initial();
    this.#database.prepare('INSERT INTO facts (name, value) VALUES (?, ?)').run(name, value);
    return value;
  }
}

function prepare(database: Database.Database) {
  const sql = (text: string): Database.Statement => database.prepare(text);
  return {
    byId: sql('SELECT offset, storedAtMs, wire FROM records WHERE room = ? AND id = ?'),
    range: sql('SELECT offset, storedAtMs, wire FROM records WHERE room = ? AND offset > ? ORDER BY offset LIMIT ?'),
    room: sql('SELECT head, floor FROM rooms WHERE room = ?'),
    rooms: sql('SELECT room FROM rooms'),
    setRoom: sql('INSERT OR REPLACE INTO rooms (room, head, floor) VALUES (?, ?, ?)'),
    setFloor: sql('UPDATE rooms SET floor = ? WHERE room = ?'),
    insert: sql('INSERT INTO records (room, offset, id, storedAtMs, wire) VALUES (?, ?, ?, ?, ?)'),
    newestOlderThan: sql('SELECT MAX(offset) AS offset FROM records WHERE room = ? AND storedAtMs < ?'),
    overCount: sql('SELECT offset FROM records WHERE room = ? ORDER BY offset DESC LIMIT 1 OFFSET ?'),
    drop: sql('DELETE FROM records WHERE room = ? AND offset <= ?'),
  };
}

function placedOf(room: RoomKey, row: Row): PlacedRecord {
  return { record: fromWire(room, JSON.parse(row.wire) as WireRecord), offset: row.offset, storedAtMs: row.storedAtMs };
}
