// What a server makes of crew rooms: it takes what is sealed there and nothing else, and keeps it as it came.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createServer } from '../../server/server.js';
import type { ServerOptions } from '../../server/server.js';
import { crewKey, newSecret, sealed } from '../../src/engine/crew/sealing.js';
import { RawClient } from '../support/device.js';
import { RedisServer } from '../support/redis-server.js';

const ROOM = `crew.${'B'.repeat(42)}A`;
const BODY = { kind: 'message', name: 'Ada Lovelace', text: 'behind the blue flag' } as const;

async function withServer(options: ServerOptions, run: (url: string) => Promise<void>): Promise<void> {
  const server = createServer({ port: 0, host: '127.0.0.1', data: ':memory:', ...options });
  const { url } = await server.listen();
  try {
    await run(url);
  } finally {
    await server.close();
  }
}

test('[K1] a server refuses what is plain in a crew room, and what is sealed elsewhere', () =>
  withServer({}, async (url) => {
    const [crew, lobby] = [await RawClient.join(url, ROOM), await RawClient.join(url)];
    const key = await crewKey(newSecret());
    for (const [client, isTaken, isOther] of [
      [crew, await sealed(key, crew.sealer, BODY), BODY],
      [lobby, BODY, await sealed(key, lobby.sealer, BODY)],
    ] as const) {
      const [wrong, right] = [client.device.says(client.room, isOther), client.device.says(client.room, isTaken)];
      client.publish([wrong, right]);
      const refused = await client.next('refused');
      assert.equal(refused.code, 'bad-record');
      assert.deepEqual(refused.ids, [`${client.device.peer}.1`]);
      assert.deepEqual(
        (await client.next('placed')).places.map(([id]) => id),
        [`${client.device.peer}.2`],
      );
    }
    crew.close();
    lobby.close();
  }));

test('[K3] Redis holds the sealed form alone', async () => {
  const redis = await RedisServer.start();
  try {
    await withServer({ redisUrl: redis.url }, async (url) => {
      const client = await RawClient.join(url, ROOM);
      const body = await sealed(await crewKey(newSecret()), client.sealer, BODY);
      client.publish([client.device.says(client.room, body)]);
      await client.next('placed');
      client.close();
    });
    const stored = filesIn(redis.folder).join();
    assert.ok(stored.includes('"sealed"'));
    for (const said of ['Lovelace', 'flag']) assert.ok(!stored.includes(said), said);
  } finally {
    await redis.end();
  }
});

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'));
}
