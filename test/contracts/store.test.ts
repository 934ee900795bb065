// What every store promises, shown for each of them.

import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { silentLogger } from '../../server/log.js';
import { photoKey } from '../../server/photos/photo-shelf.js';
import { MemoryStore } from '../../server/store/memory-store.js';
import { RedisConnection } from '../../server/store/redis-connection.js';
import { RedisStore } from '../../server/store/redis-store.js';
import { SqliteStore } from '../../server/store/sqlite-store.js';
import type { Store } from '../../server/store/store.js';
import { roomKey } from '../../src/protocol/ids.js';
import { idOf } from '../../src/protocol/record.js';
import type { SignedRecord } from '../../src/protocol/record.js';
import { Device } from '../support/device.js';
import { PHOTO } from '../support/photo-requests.js';
import { RedisServer } from '../support/redis-server.js';

const ROOM = roomKey('default', 'lobby');
const OTHER = roomKey('default', 'other');

interface Opened {
  readonly store: Store;
  /** Ends what the store needed beside itself. */
  readonly end: () => Promise<void>;
}

const KINDS: readonly { readonly name: string; readonly open: (now: () => number) => Promise<Opened> }[] = [
  { name: 'memory', open: (now) => Promise.resolve({ store: new MemoryStore(now), end: () => Promise.resolve() }) },
  {
    name: 'SQLite',
    open: (now) => {
      const folder = mkdtempSync(join(tmpdir(), 'festival-chat-store-'));
      return Promise.resolve({
        store: new SqliteStore(folder, now),
        end: () => rm(folder, { recursive: true, force: true }),
      });
    },
  },
  {
    name: 'Redis',
    open: async (now) => {
      const redis = await RedisServer.start();
      const store = new RedisStore(new RedisConnection(redis.url, silentLogger), now, silentLogger);
      return { store, end: () => redis.end() };
    },
  },
];

for (const { name, open } of KINDS) {
  const inStore =
    (run: (store: Store, setNow: (ms: number) => void) => Promise<void>): (() => Promise<void>) =>
    async () => {
      let nowMs = 1_000;
      const { store, end } = await open(() => nowMs);
      try {
        await store.open();
        try {
          await run(store, (ms) => (nowMs = ms));
        } finally {
          await store.close();
        }
      } finally {
        await end();
      }
    };

  test(
    `${name}: dropping single records forgets them and nothing else, and their ids are free again`,
    inStore(async (store) => {
      const device = new Device();
      const records = ['a', 'b', 'c'].map((text) => device.record(ROOM, text));
      await store.append(ROOM, records);
      await store.drop(ROOM, [2, 77]);
      const offsets = (await store.range(ROOM, 0, 10)).map(({ offset }) => offset);
      assert.deepEqual(offsets, [1, 3]);
      assert.equal((await store.byIds(ROOM, records.map(idOf))).length, 2);
      assert.deepEqual(await store.marks(ROOM), { head: 3, floor: 0 });
      const [again] = await store.append(ROOM, records.slice(1, 2));
      assert.equal(again?.offset, 4);
      assert.deepEqual(await store.rooms(), [ROOM]);
    }),
  );

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
      assert.deepEqual(await store.marks(ROOM), { head: 3, floor: 0 });
      assert.deepEqual(await store.marks(roomKey('default', 'empty')), { head: 0, floor: 0 });
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
        (await store.range(ROOM, 1, 2)).map((placed) => placed.offset),
        [2, 3],
      );
      assert.deepEqual(await store.range(ROOM, 5, 2), []);
      assert.deepEqual(
        (await store.byIds(ROOM, records.slice(3).map(idOf))).map((placed) => placed.record),
        records.slice(3),
      );
      assert.deepEqual(await store.byIds(OTHER, records.map(idOf)), []);
    }),
  );

  test(
    `${name}: an id that is taken gives back what took it`,
    inStore(async (store) => {
      const record = new Device().record(ROOM, 'first');
      const twin = { ...record, body: { ...record.body, text: 'second' } } as SignedRecord;
      await Promise.all([store.append(ROOM, [record]), store.append(ROOM, [twin])]);
      assert.deepEqual(
        (await store.append(ROOM, [twin])).map(({ record, offset }) => ({ record, offset })),
        [{ record, offset: 1 }],
      );
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
      assert.deepEqual(await store.prune(0, 4), { records: 2, photos: [] });
      assert.deepEqual(await store.marks(ROOM), { head: 6, floor: 2 });
      setNow(5_000);
      await store.append(ROOM, [device.record(ROOM, 'new')]);
      assert.deepEqual(await store.prune(2_000, 100), { records: 4, photos: [] });
      assert.deepEqual(
        (await store.range(ROOM, 0, 10)).map((placed) => placed.offset),
        [7],
      );
      assert.deepEqual(await store.marks(ROOM), { head: 7, floor: 6 });
    }),
  );

  test(
    `${name}: what its author has taken back is known for as long as the retraction is kept, and nobody else’s word counts`,
    inStore(async (store) => {
      const [ada, bob] = [new Device(), new Device()];
      const [taken, other] = [ada.record(ROOM, 'taken back'), ada.record(ROOM, 'not by Bob')];
      const retraction = ada.says(ROOM, { kind: 'retract', target: idOf(taken) });
      await store.append(ROOM, [retraction, taken, other, bob.says(ROOM, { kind: 'retract', target: idOf(other) })]);
      assert.equal(await store.isRetracted(ROOM, idOf(taken)), true);
      assert.equal(await store.isRetracted(ROOM, idOf(other)), false);
      assert.equal(await store.isRetracted(OTHER, idOf(taken)), false);
      await store.append(ROOM, [ada.says(ROOM, { kind: 'retract', target: idOf(taken) })]);
      await store.prune(0, 4);
      assert.equal(await store.isRetracted(ROOM, idOf(taken)), true, 'by the other one');
      await store.drop(ROOM, [5]);
      assert.equal(await store.isRetracted(ROOM, idOf(taken)), false);
    }),
  );

  test(
    `${name}: retention names the photos whose messages it dropped`,
    inStore(async (store) => {
      const device = new Device();
      const [aged, kept] = [device.record(ROOM, '', { photo: PHOTO }), device.record(ROOM, '', { photo: PHOTO })];
      const text = device.record(ROOM, 'says "photo":{} and has none');
      await store.append(ROOM, [aged, text, kept]);
      assert.deepEqual(await store.prune(0, 1), { records: 2, photos: [photoKey(ROOM, idOf(aged))] });
    }),
  );
}
