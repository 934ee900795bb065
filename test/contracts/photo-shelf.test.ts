// What every shelf of photos promises, shown for each of them.

import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { silentLogger } from '../../server/log.js';
import { PhotoFolder } from '../../server/photos/photo-folder.js';
import { PhotoMemory } from '../../server/photos/photo-memory.js';
import { PhotoRedis } from '../../server/photos/photo-redis.js';
import { NoSpace } from '../../server/photos/photo-shelf.js';
import type { PhotoKey, PhotoShelf } from '../../server/photos/photo-shelf.js';
import { RedisConnection } from '../../server/store/redis-connection.js';
import { RedisServer } from '../support/redis-server.js';

const BYTES_MAX = 1_000;
const ONE: PhotoKey = 'default/lobby ../../one';
const TWO: PhotoKey = 'default/lobby two';

interface Opened {
  readonly shelf: PhotoShelf;
  readonly end: () => Promise<void>;
}

const KINDS: readonly { readonly name: string; readonly open: (now: () => number) => Promise<Opened> }[] = [
  {
    name: 'memory',
    open: (now) => Promise.resolve({ shelf: new PhotoMemory(BYTES_MAX, now), end: () => Promise.resolve() }),
  },
  {
    name: 'folder',
    open: (now) => {
      const folder = mkdtempSync(join(tmpdir(), 'festival-chat-photos-'));
      const shelf = new PhotoFolder(join(folder, 'photos'), BYTES_MAX, now);
      return Promise.resolve({ shelf, end: () => rm(folder, { recursive: true, force: true }) });
    },
  },
  {
    name: 'Redis',
    open: async (now) => {
      const redis = await RedisServer.start();
      const connection = new RedisConnection(redis.url, silentLogger);
      await connection.open();
      const end = async (): Promise<void> => {
        connection.close();
        await redis.end();
      };
      return { shelf: new PhotoRedis(connection, BYTES_MAX, now), end };
    },
  },
];

const bytes = (...values: readonly number[]): Uint8Array => Uint8Array.from(values);

for (const { name, open } of KINDS) {
  test(`${name}: what is added is there, and only at the end of what was there`, async () => {
    const { shelf, end } = await open(() => 0);
    try {
      await shelf.open();
      assert.equal(await shelf.size(ONE), 0);
      assert.equal(await shelf.append(ONE, 0, bytes(1, 200, 0)), 3);
      assert.equal(await shelf.append(ONE, 3, bytes(13, 10)), 5);
      assert.equal(await shelf.append(ONE, 3, bytes(9)), 5, 'it does not end there');
      assert.equal(await shelf.append(ONE, 8, bytes(9)), 5);
      assert.deepEqual([...(await shelf.read(ONE, 0, 5))], [1, 200, 0, 13, 10]);
      assert.deepEqual([...(await shelf.read(ONE, 2, 4))], [0, 13]);
      assert.deepEqual([...(await shelf.read(TWO, 0, 4))], []);
    } finally {
      await end();
    }
  });

  test(`${name}: there is no more than fits, and what is dropped makes room`, async () => {
    const { shelf, end } = await open(() => 0);
    try {
      await shelf.open();
      await shelf.append(ONE, 0, new Uint8Array(600));
      await assert.rejects(shelf.append(TWO, 0, new Uint8Array(401)), NoSpace);
      await shelf.drop(ONE);
      await shelf.drop(ONE);
      assert.equal(await shelf.size(ONE), 0);
      assert.equal(await shelf.append(TWO, 0, new Uint8Array(BYTES_MAX)), BYTES_MAX);
    } finally {
      await end();
    }
  });

  test(`${name}: what was last added to too long ago is dropped, but for what is to stay`, async () => {
    let nowMs = 1_800_000_000_000;
    const { shelf, end } = await open(() => nowMs);
    try {
      await shelf.open();
      await shelf.append(ONE, 0, bytes(1));
      await shelf.append(TWO, 0, bytes(1));
      nowMs += 60_000;
      assert.equal(await shelf.prune(nowMs - 1_000, new Set([ONE, TWO])), 0);
      await shelf.append(TWO, 1, bytes(2));
      assert.equal(await shelf.prune(nowMs - 1_000, new Set()), 1);
      assert.deepEqual([await shelf.size(ONE), await shelf.size(TWO)], [0, 2]);
      assert.equal(await shelf.prune(Infinity, new Set()), 1, 'everything, of whatever age');
      assert.equal(await shelf.size(TWO), 0);
    } finally {
      await end();
    }
  });
}

test('folder: what it has counts again after a restart', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'festival-chat-photos-'));
  try {
    await new PhotoFolder(folder, BYTES_MAX, () => 0).append(ONE, 0, new Uint8Array(900));
    const again = new PhotoFolder(folder, BYTES_MAX, () => 0);
    await again.open();
    await assert.rejects(again.append(TWO, 0, new Uint8Array(200)), NoSpace);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
