// The embedded store's own promises: what survives, what is migrated, what is refused, and a disk that takes nothing.

import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import Database from 'libsql';
import { SqliteDatabase } from '../../server/store/sqlite-database.js';
import { isSameFile } from '../../server/store/sqlite-file.js';
import { SCHEMA_VERSION } from '../../server/store/sqlite-schema.js';
import { SqliteStore } from '../../server/store/sqlite-store.js';
import { roomKey } from '../../src/protocol/ids.js';
import { idOf, toWire } from '../../src/protocol/record.js';
import { Device } from '../support/device.js';

/** `PRAGMA synchronous`: with a write-ahead log each commit is followed by a flush. Source: sqlite.org/pragma.html. */
const FULL = 2;

const ROOM = roomKey('default', 'lobby');

/** The tables of the first version, with one record in them. */
const VERSION_1 = `
  CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE rooms (room TEXT PRIMARY KEY, head INTEGER NOT NULL, floor INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE records (
    room TEXT NOT NULL, offset INTEGER NOT NULL, id TEXT NOT NULL, storedAtMs INTEGER NOT NULL, wire TEXT NOT NULL,
    PRIMARY KEY (room, offset)
  ) WITHOUT ROWID;
  CREATE UNIQUE INDEX recordsById ON records (room, id);
  CREATE INDEX recordsByAge ON records (storedAtMs);
  INSERT INTO facts VALUES ('schema', '1'), ('epoch', 'epochOfVersion1');
`;

async function withFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'festival-chat-store-'));
  try {
    await run(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function opened(folder: string): Promise<SqliteStore> {
  const store = new SqliteStore(folder, () => 1);
  await store.open();
  return store;
}

function inDatabase(folder: string, work: (database: Database.Database) => void): void {
  const database = new Database(join(folder, 'festival-chat.db'));
  work(database);
  database.close();
}

test('what was placed is there after reopening, in the same epoch', () =>
  withFolder(async (folder) => {
    const record = new Device().record(ROOM, 'kept');
    const first = await opened(folder);
    await first.append(ROOM, [record]);
    await first.close();
    const second = await opened(folder);
    assert.equal(second.epoch, first.epoch);
    assert.deepEqual(
      (await second.range(ROOM, 0, 10)).map(({ record, offset }) => ({ record, offset })),
      [{ record, offset: 1 }],
    );
    await second.close();
  }));

test('each commit is flushed to the disk before it returns: the log beside the file, with `synchronous = FULL`', (t: TestContext) =>
  withFolder((folder) => {
    // Both are asked of the connection the store writes through: another one has its own.
    const exec = t.mock.method(Database.prototype, 'exec');
    const store = new SqliteDatabase(folder);
    const connection = exec.mock.calls[0]?.this as Database.Database;
    const ask = (name: string): unknown =>
      (connection.prepare(`PRAGMA ${name}`).get() as Record<string, unknown>)[name];
    assert.equal(ask('journal_mode'), 'wal');
    assert.equal(ask('synchronous'), FULL);
    store.close();
    return Promise.resolve();
  }));

test('a database of the first version is migrated, and keeps its records, places and epoch', () =>
  withFolder(async (folder) => {
    const device = new Device();
    const record = device.record(ROOM, 'from before');
    inDatabase(folder, (database) => {
      database.exec(VERSION_1);
      database.prepare('INSERT INTO rooms VALUES (?, 7, 6)').run(ROOM);
      const wire = JSON.stringify(toWire(record));
      database.prepare('INSERT INTO records VALUES (?, 7, ?, 1, ?)').run(ROOM, idOf(record), wire);
    });
    const store = await opened(folder);
    assert.equal(store.epoch, 'epochOfVersion1');
    assert.deepEqual(
      (await store.range(ROOM, 0, 10)).map(({ record, offset }) => ({ record, offset })),
      [{ record, offset: 7 }],
    );
    const [next] = await store.append(ROOM, [device.record(ROOM, 'from now')]);
    assert.equal(next?.offset, 8);
    await store.close();
    inDatabase(folder, (database) => {
      const row = database.prepare("SELECT value FROM facts WHERE name = 'schema'").get() as { value: string };
      assert.equal(row.value, String(SCHEMA_VERSION));
    });
  }));

test('a database of a later version is refused in one line, and left as it is', () =>
  withFolder(async (folder) => {
    await (await opened(folder)).close();
    inDatabase(folder, (database) => database.exec("UPDATE facts SET value = '99' WHERE name = 'schema'"));
    await assert.rejects(opened(folder), (error: Error) => {
      assert.match(
        error.message,
        /^the database in .* cannot be opened: .* later version of festival-chat \(schema 99\)$/,
      );
      return true;
    });
    inDatabase(folder, (database) =>
      database.exec(`UPDATE facts SET value = '${SCHEMA_VERSION}' WHERE name = 'schema'`),
    );
    await (await opened(folder)).close();
  }));

/** A stopped store of two records, and a copy of its file from when there was one. */
async function backedUp(folder: string): Promise<{ readonly path: string; readonly backup: string; epoch: string }> {
  const [path, backup, device] = [join(folder, 'festival-chat.db'), join(folder, 'backup'), new Device()];
  const first = await opened(folder);
  await first.append(ROOM, [device.record(ROOM, 'in the backup')]);
  await first.close();
  copyFileSync(path, backup);
  const second = await opened(folder);
  await second.append(ROOM, [device.record(ROOM, 'newer')]);
  await second.close();
  return { path, backup, epoch: second.epoch };
}

const RESTORES: readonly (readonly [how: string, restore: (path: string, backup: string) => void])[] = [
  // ext4 gives the number of the inode that has just become free to the next file.
  [
    'where the old file was deleted',
    (path, backup) => {
      rmSync(path);
      copyFileSync(backup, path);
    },
  ],
  ['over the old file', (path, backup) => renameSync(backup, path)],
];

for (const [how, restore] of RESTORES) {
  test(`a backup put ${how} begins a new epoch`, () =>
    withFolder(async (folder) => {
      const { path, backup, epoch } = await backedUp(folder);
      restore(path, backup);
      const store = await opened(folder);
      assert.notEqual(store.epoch, epoch);
      assert.equal((await store.range(ROOM, 0, 10)).length, 1);
      await store.close();
      const again = await opened(folder);
      assert.equal(again.epoch, store.epoch, 'and only one');
      await again.close();
    }));
}

test('a file whose birth is not known is told by its number', () => {
  assert.equal(isSameFile('7 100', '7 100'), true);
  assert.equal(isSameFile('7 100', '7 200'), false);
  assert.equal(isSameFile('7 100', '8 100'), false);
  assert.equal(isSameFile('7', '7 100'), true, 'written by a version that did not ask');
  assert.equal(isSameFile('7 100', '7'), true);
  assert.equal(isSameFile('7', '8 100'), false);
});

test('a folder that cannot be one is a sentence', async () => {
  await assert.rejects(opened('/dev/null/nowhere'), /^Error: the database in \/dev\/null\/nowhere cannot be opened: /);
});
