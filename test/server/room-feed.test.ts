// Records are passed on once each and in the order of their places, in whatever order nodes store and news arrive.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { RoomFeed } from '../../server/room-feed.js';
import { MemoryStore } from '../../server/store/memory-store.js';
import type { PlacedRecord } from '../../server/store/store.js';
import { roomKey } from '../../src/protocol/ids.js';
import { Device } from '../support/device.js';

const ROOM = roomKey('default', 'lobby');
const NOBODY = { from: null, covered: new Set<never>() };

async function settle(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
}

async function stored(count: number): Promise<{ store: MemoryStore; items: PlacedRecord[] }> {
  const store = new MemoryStore(() => 1);
  const device = new Device();
  const items = await store.append(
    ROOM,
    Array.from({ length: count }, (_, index) => device.record(ROOM, `${index}`)),
  );
  return { store, items };
}

test('every record once and in order, whether this node stored it or another told of it', async () => {
  const { store, items } = await stored(12);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }),
      fc.shuffledSubarray([...items], { minLength: 12 }),
      async (isOwn, arrivals) => {
        const heard: number[] = [];
        const passOn = (passed: readonly PlacedRecord[]): void => void heard.push(...passed.map((item) => item.offset));
        const feed = new RoomFeed({ room: ROOM, store, passOn });
        feed.start(0);
        for (const item of arrivals) {
          if (isOwn[item.offset - 1] === true) feed.stored([item], NOBODY);
          else feed.reached({ head: item.offset, count: 1, covered: [] });
        }
        await settle();
        assert.deepEqual(
          heard,
          items.map((item) => item.offset),
        );
      },
    ),
  );
});

test('what was there before the start, and what retention dropped, is not passed on and holds nothing up', async () => {
  const { store } = await stored(10);
  await store.prune(0, 3);
  const heard: number[] = [];
  const feed = new RoomFeed({
    room: ROOM,
    store,
    passOn: (passed) => void heard.push(...passed.map((item) => item.offset)),
  });
  feed.start(4);
  feed.reached({ head: 10, count: 1, covered: [] });
  await settle();
  assert.deepEqual(heard, [8, 9, 10]);
  assert.equal(feed.head, 10);
});

test('a store that fails is read again with the next news', async () => {
  const { store, items } = await stored(2);
  let isAway = true;
  const range = store.range.bind(store);
  store.range = (...args) => (isAway ? Promise.reject(new Error('away')) : range(...args));
  const heard: number[] = [];
  const feed = new RoomFeed({
    room: ROOM,
    store,
    passOn: (passed) => void heard.push(...passed.map((item) => item.offset)),
  });
  feed.start(0);
  feed.reached({ head: 2, count: 1, covered: [] });
  await settle();
  assert.deepEqual(heard, []);
  isAway = false;
  feed.reached({ head: items.length, count: 0, covered: [] });
  await settle();
  assert.deepEqual(heard, [1, 2]);
});
