// What nodes share beside rooms: the operator's flags, the accounts of identities and rooms, and photos.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Redis } from 'ioredis';
import { createServer } from '../../server/server.js';
import type { CompanionServer } from '../../server/server.js';
import { KEYS, channelsOf } from '../../server/store/redis-scripts.js';
import { roomKey } from '../../src/protocol/ids.js';
import { idOf } from '../../src/protocol/record.js';
import { RawClient } from '../support/device.js';
import { PICTURE, ask, handIn, post } from '../support/photo-requests.js';
import { RedisServer } from '../support/redis-server.js';
import { ADMIN_TOKEN } from '../support/running-server.js';
import { until } from '../support/until.js';

interface Started {
  readonly server: CompanionServer;
  readonly url: string;
}

async function withNodes(run: (redis: RedisServer, start: () => Promise<Started>) => Promise<void>): Promise<void> {
  const redis = await RedisServer.start();
  const servers: CompanionServer[] = [];
  try {
    await run(redis, async () => {
      const server = createServer({ port: 0, host: '127.0.0.1', redisUrl: redis.url, adminToken: ADMIN_TOKEN });
      servers.push(server);
      return { server, url: (await server.listen()).url };
    });
  } finally {
    await Promise.all(servers.map((server) => server.close()));
    await redis.end();
  }
}

test('flags changed at one node reach visitors at the other, and hold for a node that starts later', () =>
  withNodes(async (_, start) => {
    const [one, two] = [await start(), await start()];
    const bob = await RawClient.join(two.url);
    await one.server.administration.setFlags({ enabled: false });
    assert.equal((await bob.next('mesh-changed')).mesh.isEnabled, false);
    assert.equal(two.server.administration.flags().enabled, false);
    const three = await start();
    assert.equal(three.server.administration.flags().enabled, false);
    bob.close();
  }));

test('flags changed while Redis is away are said not to be kept', () =>
  withNodes(async (redis, start) => {
    const { url } = await start();
    await redis.kill();
    const answer = await fetch(`${url}/admin/mesh`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${ADMIN_TOKEN}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ enabled: false }),
    });
    assert.equal(answer.status, 500);
    assert.equal(((await answer.json()) as { code: string }).code, 'not-kept');
  }));

test('flags that are damaged in Redis are as none, and end no node', () =>
  withNodes(async (redis, start) => {
    const { server } = await start();
    const other = new Redis(redis.url);
    await other.set(KEYS.flags, '{ damaged');
    await other.publish(channelsOf(0).flags, '');
    const two = await start();
    assert.equal(two.server.administration.flags().enabled, true);
    await two.server.administration.setFlags({ enabled: false });
    await until(() => !server.administration.flags().enabled);
    other.disconnect();
  }));

test('a node that has nobody in a room counts who is there at the others', () =>
  withNodes(async (_, start) => {
    const [one, two] = [await start(), await start()];
    const ada = await RawClient.join(one.url);
    assert.deepEqual(await two.server.administration.countElsewhere([ada.room, roomKey('default', 'empty')]), [1, 0]);
    ada.close();
  }));

test('who is over the limit at one node is over it at the other', () =>
  withNodes(async (_, start) => {
    const [one, two] = [await start(), await start()];
    const ada = await RawClient.join(one.url);
    ada.publish(Array.from({ length: 20 }, (_item, index) => ada.device.record(ada.room, `${index}`)));
    await ada.next('placed');
    const moved = new RawClient(two.url);
    Object.assign(moved, { device: ada.device });
    await moved.join();
    moved.publish([moved.device.record(moved.room, 'one too many')]);
    assert.equal((await moved.next('refused')).code, 'rate-limited');
    for (const client of [ada, moved]) client.close();
  }));

test('[F7] [F9] a photo handed in at one node is given at the other, and erased at both', () =>
  withNodes(async (_, start) => {
    const [one, two] = [await start(), await start()];
    const [ada, bob] = [await RawClient.join(one.url), await RawClient.join(two.url)];
    const id = idOf(post(ada));
    await ada.next('placed');
    await bob.next('records');
    assert.equal((await handIn(one.url, ada, id)).status, 200);
    const given = await ask(two.url, bob, id, {});
    assert.deepEqual(new Uint8Array(await given.arrayBuffer()), PICTURE);
    // Her page may ask a node on which it has no socket: proxies spread requests.
    const rest = await ask(two.url, ada, id, { headers: { Range: 'bytes=99000-' } });
    assert.deepEqual(new Uint8Array(await rest.arrayBuffer()), PICTURE.slice(99_000));
    ada.publish([ada.device.says(ada.room, { kind: 'retract', target: id })]);
    for (const [{ url }, client] of [
      [one, ada],
      [two, bob],
    ] as const) {
      await until(async () => (await ask(url, client, id, {})).status === 404);
    }
    for (const client of [ada, bob]) client.close();
  }));

test('[O4] a wipe asked for at one node reaches a room that is open at the other only, with nothing stored', () =>
  withNodes(async (_, start) => {
    const [one, two] = [await start(), await start()];
    const [ada, bob] = [await RawClient.join(two.url), await RawClient.join(two.url)];
    const before = ada.device.record(ada.room, 'before the wipe');
    const wiped = await fetch(`${one.url}/admin/database/wipe`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${ADMIN_TOKEN}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ confirm: 'wipe' }),
    });
    assert.equal(wiped.status, 200);
    ada.publish([before]);
    const { records } = await bob.next('records');
    assert.deepEqual(
      records.map(([, , , , { kind }]) => kind),
      ['clear'],
    );
    const later = ada.device.record(ada.room, 'after the wipe');
    ada.publish([later]);
    assert.deepEqual((await ada.next('placed')).places[0]?.[0], idOf(later));
    for (const client of [ada, bob]) client.close();
  }));

test('[O2] what is said to all rooms at one node reaches a room that is open at the other only, with nothing stored', () =>
  withNodes(async (_, start) => {
    const [one, two] = [await start(), await start()];
    const bob = await RawClient.join(two.url);
    const order = async (path: string, body: object): Promise<Response> =>
      fetch(`${one.url}/admin/${path}`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${ADMIN_TOKEN}`, 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      });
    const listed = await fetch(`${one.url}/admin/rooms`, { headers: { Authorization: `Bearer ${ADMIN_TOKEN}` } });
    assert.deepEqual(
      ((await listed.json()) as { items: { room: string; members: number }[] }).items.map(({ room, members }) => [
        room,
        members,
      ]),
      [[bob.room, 1]],
    );
    const log = await fetch(`${one.url}/admin/rooms/${encodeURIComponent(bob.room)}/messages`, {
      headers: { Authorization: `Bearer ${ADMIN_TOKEN}` },
    });
    assert.equal(log.status, 200, 'somebody is there, at the other node');
    assert.equal((await order('broadcast', { text: 'A storm is coming.' })).status, 200);
    const { records } = await bob.next('records');
    assert.deepEqual(
      records.map(([, , , , { kind }]) => kind),
      ['announce'],
    );
    bob.close();
  }));

test('two servers with a database each of one Redis have nothing to do with each other', () =>
  withNodes(async (redis, start) => {
    const one = await start();
    const other = createServer({ port: 0, host: '127.0.0.1', redisUrl: `${redis.url}/1`, adminToken: ADMIN_TOKEN });
    try {
      const { url } = await other.listen();
      const [bob, cleo] = [await RawClient.join(one.url), await RawClient.join(one.url)];
      const stranger = await RawClient.join(url);
      stranger.publish([stranger.device.record(stranger.room, 'of another festival')]);
      await stranger.next('placed');
      const headers = { Authorization: `Bearer ${ADMIN_TOKEN}` };
      const { items } = (await (await fetch(`${url}/admin/rooms`, { headers })).json()) as {
        items: { members: number }[];
      };
      assert.deepEqual(
        items.map(({ members }) => members),
        [1],
      );
      bob.publish([bob.device.record(bob.room, 'ours')]);
      const { records } = await cleo.next('records');
      assert.deepEqual(
        records.map(([, , , , body]) => 'text' in body && body.text),
        ['ours'],
      );
      for (const client of [bob, cleo, stranger]) client.close();
    } finally {
      await other.close();
    }
  }));

test('while Redis is away each node keeps the limits by itself', () =>
  withNodes(async (redis, start) => {
    const one = await start();
    const ada = await RawClient.join(one.url);
    await redis.kill();
    for (let count = 0; count < 21; count += 1) ada.publish([ada.device.record(ada.room, `${count}`)]);
    await ada.next('refused', ({ code }) => code === 'not-stored');
    await ada.next('refused', ({ code }) => code === 'rate-limited');
    ada.close();
  }));
