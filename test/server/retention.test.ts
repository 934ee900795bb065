// What goes by its age or number, with all that belongs to it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLogger } from '../../server/log.js';
import { PhotoMemory } from '../../server/photos/photo-memory.js';
import { photoKey } from '../../server/photos/photo-shelf.js';
import { MemoryStore } from '../../server/store/memory-store.js';
import { startPruning } from '../../server/store/retention.js';
import { roomKey } from '../../src/protocol/ids.js';
import { idOf } from '../../src/protocol/record.js';
import { Device } from '../support/device.js';
import { PHOTO } from '../support/photo-requests.js';

const ROOM = roomKey('default', 'lobby');

test('[F9] [O7] a photo goes with the message that is dropped by number, and stays where the message is pinned', async () => {
  const now = (): number => 1_000;
  const [store, shelf, device] = [new MemoryStore(now), new PhotoMemory(1_000, now), new Device()];
  const records = ['pinned', 'dropped', 'kept'].map((text) => device.record(ROOM, text, { photo: PHOTO }));
  await store.append(ROOM, records);
  const keys = records.map((record) => photoKey(ROOM, idOf(record)));
  for (const key of keys) await shelf.append(key, 0, Uint8Array.of(1));
  let stop = (): void => undefined;
  await new Promise<void>((dropped) => {
    stop = startPruning(store, shelf, {
      ...{ retentionMs: 1_000, recordsMax: 1, now, logger: silentLogger, dropped },
      pinnedPhotos: () => Promise.resolve(new Set(keys.slice(0, 1))),
      erase: async (photos) => {
        for (const key of photos) await shelf.drop(key);
      },
    });
  });
  stop();
  assert.deepEqual(await Promise.all(keys.map((key) => shelf.size(key))), [1, 0, 1]);
});
