// The server as a process: what it says at the start, how it ends, and what it keeps when it is killed.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { idOf } from '../../src/protocol/record.js';
import type { RecordId } from '../../src/protocol/ids.js';
import { RawClient } from '../support/device.js';
import { TestServer } from '../support/start-server.js';

const KILLS = 50;

test('[S1] killed fifty times under load, it has every record it has placed, once', async () => {
  const server = await TestServer.start();
  const placed = new Set<RecordId>();
  try {
    for (let round = 0; round < KILLS; round += 1) {
      const client = await RawClient.join(server.url);
      client.socket.on('frame', (frame: { type: string; places?: [RecordId, number][] }) => {
        if (frame.type === 'placed') for (const [id] of frame.places ?? []) placed.add(id);
      });
      for (let count = 0; count < 15; count += 1)
        client.publish([client.device.record(client.room, `${round}.${count}`)]);
      await client.next('placed');
      await server.stop('SIGKILL');
      client.close();
      await server.start();
    }
    const reader = await RawClient.join(server.url);
    const seen: RecordId[] = [];
    for (let through = 0; ;) {
      const { records, places } = await reader.next('records');
      seen.push(...records.map(([author, session, seq]) => `${author}.${session}.${seq}` as RecordId));
      through = places?.range?.through ?? 0;
      if (through >= (places?.head ?? 0)) break;
      reader.send({ type: 'want-range', room: reader.room, epoch: places?.epoch, after: through });
    }
    reader.close();
    assert.ok(placed.size >= KILLS, 'something was placed in each round');
    assert.equal(new Set(seen).size, seen.length, 'nothing twice');
    for (const id of placed) assert.ok(seen.includes(id), `${id} was placed and is gone`);
  } finally {
    await server.end();
  }
});

test('SIGTERM tells clients when to return and ends with 0', async () => {
  const server = await TestServer.start();
  try {
    const client = await RawClient.join(server.url);
    client.publish([client.device.record(client.room, 'last words')]);
    const ended = server.stop('SIGTERM');
    assert.ok((await client.next('closing')).retryAfterMs >= 0);
    assert.equal(await ended, 0);
    client.close();
    await server.start();
    const reader = await RawClient.join(server.url);
    const record = (await reader.next('records')).records[0];
    assert.equal(record?.[4].kind === 'message' && record[4].text, 'last words');
    reader.close();
  } finally {
    await server.end();
  }
});

test('a bad setting stops the start with one line that names it', () => {
  const table: readonly (readonly [variable: string, value: string])[] = [
    ['PORT', 'eighty'],
    ['FESTIVAL_CHAT_ORIGINS', 'https://festival.example/path'],
    ['FESTIVAL_CHAT_RETENTION_HOURS', '-1'],
    ['MESH_ENABLED', 'maybe'],
    ['P2P_MAX_PEERS', '9'],
    ['FESTIVAL_CHAT_ADMIN_TOKEN', 'short'],
    ['FESTIVAL_CHAT_REDIS_URL', 'http://localhost'],
  ];
  for (const [variable, value] of table) {
    try {
      execFileSync('node', ['dist/lib/server/main.js'], { env: { ...process.env, [variable]: value }, stdio: 'pipe' });
      assert.fail(`${variable}=${value} was taken`);
    } catch (error) {
      const { stderr, status } = error as { stderr: Buffer; status: number };
      assert.equal(status, 1);
      assert.match(stderr.toString(), new RegExp(`^festival-chat cannot start: ${variable} [^\n]*\n$`));
    }
  }
});

test('a second process on the same database refuses to start', async () => {
  const server = await TestServer.start();
  try {
    const env = { ...process.env, PORT: '0', FESTIVAL_CHAT_DATA: server.data };
    assert.throws(
      () => execFileSync('node', ['dist/lib/server/main.js'], { env, stdio: 'pipe' }),
      /in use by another process/,
    );
  } finally {
    await server.end();
  }
});

test('ids of records survive the database', async () => {
  const server = await TestServer.start();
  try {
    const client = await RawClient.join(server.url);
    const record = client.device.record(client.room, 'emoji family 👨‍👩‍👧‍👦 and بعض الكلمات');
    client.publish([record]);
    await client.next('placed');
    client.send({ type: 'want', room: client.room, ids: [idOf(record)] });
    const [wire] = (await client.next('records')).records;
    assert.deepEqual(wire?.[4], record.body);
    client.close();
  } finally {
    await server.end();
  }
});
