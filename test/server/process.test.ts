// The server as a process: what it says at the start, how it ends, and what it keeps when it is killed.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { idOf } from '../../src/protocol/record.js';
import { recordId } from '../../src/protocol/ids.js';
import type { RecordId } from '../../src/protocol/ids.js';
import { RATES } from '../../server/limits.js';
import { RawClient } from '../support/device.js';
import { TestServer } from '../support/start-server.js';

const KILLS = 50;

/** Who publish at once; each sends what one author may say at once. */
const PUBLISHERS = 4;
const RECORDS_EACH = RATES.recordsPerAuthor.points;

// The kernel outlives the process, and what was written with it; that each commit is flushed is shown in
// sqlite-store.test.ts.
test('[S1] killed fifty times while four clients publish, it has every record it has placed, once', async () => {
  const server = await TestServer.start({ FESTIVAL_CHAT_HISTORY_MAX: String(KILLS * PUBLISHERS * RECORDS_EACH) });
  const placed = new Set<RecordId>();
  try {
    for (let round = 0; round < KILLS; round += 1) {
      const clients = await Promise.all(Array.from({ length: PUBLISHERS }, () => RawClient.join(server.url)));
      for (const { socket } of clients) {
        socket.on('frame', (frame: { type: string; places?: [RecordId, number][] }) => {
          if (frame.type === 'placed') for (const [id] of frame.places ?? []) placed.add(id);
        });
      }
      for (let count = 0; count < RECORDS_EACH; count += 1) {
        for (const client of clients) client.publish([client.device.record(client.room, `${round}.${count}`)]);
      }
      // The others' records are on their way, in the store, or answered.
      await clients[round % PUBLISHERS]?.next('placed');
      await server.stop('SIGKILL');
      for (const client of clients) client.close();
      await server.start();
    }
    const seen = await everything(server);
    assert.ok(placed.size >= KILLS, 'something was placed in each round');
    assert.equal(new Set(seen).size, seen.length, 'nothing twice');
    assert.deepEqual(
      [...placed].filter((id) => !seen.includes(id)),
      [],
      'placed and gone',
    );
  } finally {
    await server.end();
  }
});

/** The ids of all records of the room, asked for from the first on, page by page. */
async function everything({ url }: TestServer): Promise<RecordId[]> {
  const reader = new RawClient(url);
  const joined = await reader.join();
  const seen: RecordId[] = [];
  for (let after = 0; after < (joined?.head ?? 0);) {
    reader.send({ type: 'want-range', room: reader.room, epoch: joined?.epoch, after });
    // A newcomer is also sent the latest, which nobody asked for.
    const { records, places } = await reader.next('records', (frame) => frame.places?.range?.after === after);
    seen.push(...records.map(([author, session, seq]) => recordId(author, session, seq)));
    after = places?.range?.through ?? Infinity;
  }
  reader.close();
  return seen;
}

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
