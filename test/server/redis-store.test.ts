// What the Redis store promises beyond the contract: whom it refuses, what it warns of, and how it notices a loss.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Redis } from 'ioredis';
import { jsonLogger } from '../../server/log.js';
import { createServer } from '../../server/server.js';
import { RedisConnection } from '../../server/store/redis-connection.js';
import { KEYS } from '../../server/store/redis-scripts.js';
import { RedisStore } from '../../server/store/redis-store.js';
import { roomKey } from '../../src/protocol/ids.js';
import { Device } from '../support/device.js';
import { RedisServer } from '../support/redis-server.js';

const ROOM = roomKey('default', 'lobby');

interface Parts {
  readonly redis: RedisServer;
  readonly store: RedisStore;
  /** Somebody else at the same Redis. */
  readonly other: Redis;
  readonly lines: readonly string[];
}

function withRedis(run: (parts: Parts) => Promise<void>, options: { isDurable?: boolean } = {}): () => Promise<void> {
  return async () => {
    const redis = await RedisServer.start(options);
    const other = new Redis(redis.url);
    const lines: string[] = [];
    const logger = jsonLogger((line) => lines.push(line));
    const store = new RedisStore(new RedisConnection(redis.url, logger), () => 1, logger);
    try {
      await run({ redis, store, other, lines });
    } finally {
      await store.close();
      other.disconnect();
      await redis.end();
    }
  };
}

test(
  'what a later version wrote is refused in one line',
  withRedis(async ({ store, other }) => {
    await other.set(KEYS.schema, 99);
    await assert.rejects(store.open(), /^Error: what is in Redis was written by a later version .*\(schema 99\)$/);
  }),
);

test(
  'a Redis that may lose what it has answered is warned of',
  withRedis(
    async ({ store, lines }) => {
      await store.open();
      const { event, appendonly } = JSON.parse(lines[0] ?? '') as Record<string, unknown>;
      assert.deepEqual([event, appendonly], ['redis may lose what counts as stored', 'no']);
    },
    { isDurable: false },
  ),
);

test(
  'a durable one is not',
  withRedis(async ({ store, lines }) => {
    await store.open();
    assert.deepEqual(lines, []);
  }),
);

test(
  'a head that has gone back ends the epoch, for every node',
  withRedis(async ({ redis, store, other }) => {
    await store.open();
    const second = new RedisStore(new RedisConnection(redis.url, { log: () => undefined }), () => 1, {
      log: () => undefined,
    });
    await second.open();
    const epoch = store.epoch;
    assert.equal(second.epoch, epoch);
    const device = new Device();
    await store.append(ROOM, [device.record(ROOM, 'a'), device.record(ROOM, 'b')]);
    await other.hset(KEYS.marks(ROOM), 'head', 1);
    let changes = 0;
    store.onEpochChange(() => (changes += 1));
    await store.marks(ROOM);
    assert.notEqual(store.epoch, epoch);
    assert.equal(changes, 1);
    await other.del(KEYS.log(ROOM), KEYS.ids(ROOM), KEYS.marks(ROOM));
    await second.append(ROOM, [device.record(ROOM, 'c')]);
    assert.equal(second.epoch, store.epoch);
    await second.close();
  }),
);

test(
  'records that Redis has lost are noticed when something is stored, and by a node that has only read them',
  withRedis(async ({ redis, store, other }) => {
    const device = new Device();
    const open = async (): Promise<RedisStore> => {
      const quiet = { log: () => undefined };
      const opened = new RedisStore(new RedisConnection(redis.url, quiet), () => 1, quiet);
      await opened.open();
      return opened;
    };
    await store.open();
    const [reader, stranger] = [await open(), await open()];
    await store.append(ROOM, [device.record(ROOM, 'a'), device.record(ROOM, 'b')]);
    assert.equal((await reader.range(ROOM, 0, 10)).length, 2);
    const { epoch } = store;
    // As after a crash that its file did not survive.
    await other.del(KEYS.log(ROOM), KEYS.ids(ROOM), KEYS.marks(ROOM));
    const [placed] = await reader.append(ROOM, [device.record(ROOM, 'c')]);
    assert.equal(placed?.offset, 1);
    assert.notEqual(reader.epoch, epoch);
    // The others hear of it with the first thing they store.
    for (const node of [store, stranger]) {
      await node.append(ROOM, [device.record(ROOM, 'd')]);
      assert.equal(node.epoch, reader.epoch);
    }
    assert.equal((await store.marks(ROOM)).head, 3);
    for (const node of [reader, stranger]) await node.close();
  }),
);

test(
  'retention drops more than fits into one piece',
  withRedis(async ({ store }) => {
    await store.open();
    const device = new Device();
    for (let batch = 0; batch < 11; batch += 1) {
      await store.append(
        ROOM,
        Array.from({ length: 100 }, (_, index) => device.record(ROOM, `${batch}.${index}`)),
      );
    }
    assert.equal((await store.prune(0, 50)).records, 1_050);
    assert.deepEqual(await store.marks(ROOM), { head: 1_100, floor: 1_050 });
    assert.equal((await store.range(ROOM, 0, 100)).length, 50);
  }),
);

test('a Redis that is not there stops the start with one line, without its password', async () => {
  const server = createServer({ port: 0, redisUrl: 'redis://someone:a-secret@127.0.0.1:1' });
  await assert.rejects(server.listen(), (error: Error) => {
    assert.match(error.message, /^Redis at 127\.0\.0\.1:1 cannot be used: .*ECONNREFUSED/);
    assert.ok(!error.message.includes('a-secret'));
    return true;
  });
});
