// What every store promises, shown for each of them.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { MemoryStore } from '../../server/store/memory-store.js';
import { SqliteStore } from '../../server/store/sqlite-store.js';
import type { Store } from '../../server/store/store.js';
import { roomKey } from '../../src/protocol/ids.js';
import { idOf } from '../../src/protocol/record.js';
import { Device } from '../support/device.js';

const ROOM = roomKey('default', 'lobby');
const OTHER = roomKey('default', 'other');

interface Kind {
  readonly name: string;
  open(folder: string, now: () => number): Store;
}

const KINDS: readonly Kind[] = [
  { name: 'memory', open: (_folder, now) => new MemoryStore(now) },
  { name: 'SQLite', open: (folder, now) => new SqliteStore(folder, now) },
];

async function withFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'festival-chat-store-'));
  try {
    await run(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

for (const { name, open } of KINDS) {
  const inStore =
    (run: (store: Store, setNow: (ms: number) => void) => Promise<void>): (() => Promise<void>) =>
    () =>
      withFolder(async (folder) => {
        let nowMs = 1_000;
        const store = open(folder, () => nowMs);
        await run(store, (ms) => (nowMs = ms));
        await store.close();
      });

  test(
    `${name}: offsets count from 1 in each room, and a known record keeps its own`,
    inStore(async (store) => {
      const device = new Device();
      const [a, b] = [device.record(ROOM, 'a'), device.record(ROOM, 'b')];
      assert.deepEqual(
        (await store.append(ROOM, [a, b])).map((placed) => placed.offset),
        [1, 2],
      );
      assert.deepEqual(
        (await store.append(ROOM, [b, device.record(ROOM, 'c')])).map((placed) => placed.offset),
        [2, 3],
      );
      assert.deepEqual(
        (await store.append(OTHER, [device.record(OTHER, 'd')])).map((placed) => placed.offset),
        [1],
      );
      assert.equal(store.head(ROOM), 3);
    }),
  );

  test(
    `${name}: appends at one time get different offsets`,
    inStore(async (store) => {
      const device = new Device();
      const all = await Promise.all(
        Array.from({ length: 20 }, (_, i) => store.append(ROOM, [device.record(ROOM, `${i}`)])),
      );
      assert.equal(new Set(all.flat().map((placed) => placed.offset)).size, 20);
    }),
  );

  test(
    `${name}: ranges are in order and bounded, ids find what is there`,
    inStore(async (store) => {
      const device = new Device();
      const records = Array.from({ length: 5 }, (_, index) => device.record(ROOM, `${index}`));
      await store.append(ROOM, records);
      assert.deepEqual(
        store.range(ROOM, 1, 2).map((placed) => placed.offset),
        [2, 3],
      );
      assert.deepEqual(store.range(ROOM, 5, 2), []);
      assert.deepEqual(
        store.byIds(ROOM, records.slice(3).map(idOf)).map((placed) => placed.record),
        records.slice(3),
      );
      assert.deepEqual(store.byIds(OTHER, records.map(idOf)), []);
    }),
  );

  test(
    `${name}: retention by count and by age moves the floor, and offsets go on`,
    inStore(async (store, setNow) => {
      const device = new Device();
      await store.append(
        ROOM,
        Array.from({ length: 6 }, (_, index) => device.record(ROOM, `${index}`)),
      );
      assert.equal(store.prune(0, 4), 2);
      assert.equal(store.floor(ROOM), 2);
      setNow(5_000);
      await store.append(ROOM, [device.record(ROOM, 'new')]);
      assert.equal(store.prune(2_000, 100), 4);
      assert.deepEqual(
        store.range(ROOM, 0, 10).map((placed) => placed.offset),
        [7],
      );
      assert.equal(store.floor(ROOM), 6);
      assert.equal(store.head(ROOM), 7);
    }),
  );
}

test('SQLite: what was placed is there after reopening, in the same epoch', () =>
  withFolder(async (folder) => {
    const device = new Device();
    const record = device.record(ROOM, 'kept');
    const first = new SqliteStore(folder, () => 1);
    await first.append(ROOM, [record]);
    await first.close();
    const second = new SqliteStore(folder, () => 2);
    assert.equal(second.epoch, first.epoch);
    assert.deepEqual(second.range(ROOM, 0, 10), [{ record, offset: 1, storedAtMs: 1 }]);
    await second.close();
  }));

test('SQLite: a folder that cannot be used is a sentence', () => {
  assert.throws(
    () => new SqliteStore('/dev/null/nowhere', () => 1),
    /the database in \/dev\/null\/nowhere cannot be opened/,
  );
});
