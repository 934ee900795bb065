// What an operator orders is done: on the server, for who is there, for who comes later, and over a restart.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ModerationBook } from '../../server/moderation/book.js';
import { FolderShelf } from '../../server/moderation/shelf.js';
import { createServer } from '../../server/server.js';
import type { FrameOf } from '../../src/protocol/frames.js';
import { roomKey } from '../../src/protocol/ids.js';
import type { RecordBody, SignedRecord } from '../../src/protocol/record.js';
import { idOf } from '../../src/protocol/record.js';
import { Device, RawClient } from '../support/device.js';
import { ADMIN_TOKEN, running } from '../support/running-server.js';

const ROOM = encodeURIComponent('default/lobby');

/** The next record of this kind that the server sends. */
async function ordered<Kind extends RecordBody['kind']>(
  client: RawClient,
  kind: Kind,
): Promise<Extract<RecordBody, { kind: Kind }>> {
  const is = (frame: FrameOf<'records'>): boolean => frame.records.some(([, , , , body]) => body.kind === kind);
  const frame = await client.next('records', is);
  return frame.records.find(([, , , , body]) => body.kind === kind)?.[4] as Extract<RecordBody, { kind: Kind }>;
}

async function stored(client: RawClient, ...texts: string[]): Promise<SignedRecord[]> {
  const records = texts.map((text) => client.device.record(client.room, text));
  client.publish(records);
  await client.next('placed');
  return records;
}

/** Texts a newcomer is given. */
async function history(client: RawClient): Promise<string[]> {
  await client.settled();
  const frames = client.received.filter((frame) => frame.type === 'records');
  return frames.flatMap(({ records }) => records.flatMap(([, , , , body]) => ('text' in body ? [body.text] : [])));
}

test(
  '[O3] a removed message is gone for who is there, for newcomers and from the store, and is not taken again',
  running(async ({ join: enter, admin }) => {
    const [ada, bob] = [await enter(), await enter()];
    const [bad, good] = await stored(ada, 'bad', 'good');
    assert.ok(bad && good);
    const edit = ada.device.says(ada.room, { kind: 'edit', target: idOf(bad), text: 'worse' });
    ada.publish([edit]);
    await ada.next('placed');
    const answer = await admin(`rooms/${ROOM}/messages/${idOf(bad)}/remove`, { reason: 'rude' });
    assert.equal(answer.status, 200);
    const order = await ordered(bob, 'remove');
    assert.deepEqual([order.target, order.reason, order.name], [idOf(bad), 'rude', 'Device']);
    ada.publish([bad, edit]);
    await ada.settled();
    assert.deepEqual(await history(await enter()), ['good']);
    assert.equal((await admin(`rooms/${ROOM}/messages/${idOf(bad)}/remove`, {})).status, 404);
  }),
);

test(
  '[O4] a cleared room is empty for everybody, and what was written before does not come back',
  running(async ({ join: enter, admin }) => {
    const ada = await enter();
    const before = await stored(ada, 'one', 'two');
    assert.equal((await admin(`rooms/${ROOM}/clear`, {})).status, 200);
    await ordered(ada, 'clear');
    ada.publish(before);
    ada.send({ type: 'have', room: ada.room, ids: before.map(idOf) });
    await ada.settled();
    await stored(ada, 'three');
    const late = await enter();
    assert.deepEqual(await history(late), ['three']);
  }),
);

test(
  '[O5] a muted author is refused with the reason and the time, until the mute is lifted',
  running(async ({ join: enter, admin }) => {
    const ada = await enter();
    const muted = await admin(`users/${ada.device.author}/mute`, { minutes: 10, reason: 'Cool down.' });
    assert.deepEqual(muted.body, { rooms: ['default/lobby'] });
    const record = ada.device.record(ada.room, 'but');
    ada.publish([record]);
    const refused = await ada.next('refused');
    assert.deepEqual([refused.code, refused.message, refused.ids], ['muted', 'Cool down.', [idOf(record)]]);
    assert.ok((refused.retryAfterMs ?? 0) > 9 * 60_000);
    const { body } = await admin('moderation');
    assert.equal((body['mutes'] as { author: string }[])[0]?.author, ada.device.author);
    await admin(`users/${ada.device.author}/mute`, { minutes: 0 });
    await stored(ada, 'thank you');
  }),
);

test(
  '[O5] who is banned is shown out, is not let in again, and is told why',
  running(async ({ join: enter, connect, admin }) => {
    const [ada, bob] = [await enter(), await enter()];
    const gone = new Promise<void>((resolve) => ada.socket.once('disconnect', () => resolve()));
    const banned = await admin(`users/${ada.device.author}/ban`, { minutes: 60, reason: 'Enough.' });
    assert.deepEqual(banned.body, { rooms: ['default/lobby'], disconnected: 1 });
    assert.equal((await ada.next('refused')).code, 'banned');
    await gone;
    assert.equal((await ordered(bob, 'restrict')).level, 'ban');
    const again = connect();
    Object.assign(again, { device: ada.device });
    await again.join({ name: 'Another name' });
    const refused = await again.next('refused');
    assert.deepEqual([refused.code, refused.message], ['banned', 'Enough.']);
    await admin(`users/${ada.device.author}/ban`, { minutes: 0 });
    const last = connect();
    Object.assign(last, { device: ada.device });
    assert.ok(await last.join());
  }),
);

test('[O6] in slow mode the second message waits, and the time is told', async () => {
  let nowMs = Date.now();
  await running(
    async ({ join: enter, admin }) => {
      const ada = await enter();
      await admin(`rooms/${ROOM}/slow-mode`, { seconds: 30 });
      await stored(ada, 'one');
      const second = ada.device.record(ada.room, 'two');
      ada.publish([second]);
      const refused = await ada.next('refused');
      assert.equal(refused.code, 'slow-mode');
      assert.ok((refused.retryAfterMs ?? 0) > 29_000 && (refused.retryAfterMs ?? 0) <= 30_000);
      nowMs += 30_000;
      ada.publish([second]);
      await ada.next('placed');
      nowMs += 30_000;
      const [third, fourth] = ['three', 'four'].map((text) => ada.device.record(ada.room, text));
      assert.ok(third && fourth);
      ada.publish([third, fourth]);
      assert.deepEqual((await ada.next('refused')).ids, [idOf(fourth)], 'one of a batch');
      await ada.next('placed', ({ places }) => places.some(([id]) => id === idOf(third)));
    },
    { now: () => nowMs },
  )();
});

test('[O5] orders that cannot be read when a room opens hold as soon as they can be; a damaged file is left alone', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'festival-chat-damaged-'));
  const options = { port: 0, host: '127.0.0.1', data: folder, adminToken: ADMIN_TOKEN };
  const file = join(folder, 'moderation', `${encodeURIComponent('orders default/lobby')}.json`);
  let good = '';
  let ada: RawClient | undefined;
  await running(async ({ join: enter, admin }) => {
    ada = await enter();
    await admin(`users/${ada.device.author}/mute`, { minutes: 10, reason: 'Cool down.' });
    good = readFileSync(file, 'utf8');
  }, options)();
  writeFileSync(file, '{');
  await running(async ({ connect }) => {
    const again = connect();
    Object.assign(again, { device: ada?.device });
    await again.join();
    await stored(again, 'nobody knows that I am muted');
    assert.equal(readFileSync(file, 'utf8'), '{');
    writeFileSync(file, good);
    again.publish([again.device.record(again.room, 'now they do')]);
    assert.equal((await again.next('refused')).message, 'Cool down.');
  }, options)();
  rmSync(folder, { recursive: true });
});

test(
  '[O2] an announcement reaches every room, signed by the key the server told, and pins itself',
  running(async ({ connect, admin }) => {
    const [ada, bob] = [connect(), connect({}, 'dance')];
    const joined = await ada.join();
    await bob.join();
    const { body } = await admin('broadcast', { text: 'Gates close at ten.', pin: true });
    assert.deepEqual(
      (body['announced'] as { room: string }[]).map(({ room }) => room),
      ['default/dance', 'default/lobby'],
    );
    const frame = await ada.next('records', ({ records }) =>
      records.some(([, , , , said]) => said.kind === 'announce'),
    );
    assert.equal(frame.records[0]?.[0], joined?.serverKey);
    assert.equal((await ordered(ada, 'pin')).target, (body['announced'] as { id: string }[])[1]?.id);
    assert.equal((await ordered(bob, 'announce')).text, 'Gates close at ten.');
  }),
);

test(
  '[O1] nobody else says what only the organiser may say',
  running(async ({ join: enter }) => {
    const ada = await enter();
    ada.publish([ada.device.says(ada.room, { kind: 'clear' })]);
    assert.equal((await ada.next('refused')).code, 'bad-record');
  }),
);

test(
  '[O8] a report reaches the operator once per visitor, and a word on the list is refused',
  running(
    async ({ join: enter, admin }) => {
      const [ada, bob] = [await enter(), await enter()];
      const [rude] = await stored(ada, 'rude');
      assert.ok(rude);
      for (const reason of ['insult', 'again']) {
        bob.send({ type: 'complain', room: bob.room, target: idOf(rude), reason });
        await bob.next('complained');
      }
      const { body } = await admin('reports');
      const [report] = body['reports'] as Record<string, unknown>[];
      assert.deepEqual([report?.['messageId'], report?.['reason'], report?.['count']], [idOf(rude), 'insult', 1]);
      for (const text of ['What a MÜMPITZ!', 'mump1tz']) {
        ada.publish([ada.device.record(ada.room, text)]);
        assert.equal((await ada.next('refused')).code, 'filtered');
      }
      await stored(ada, 'mumpitzig is another word');
    },
    { blockedWords: ['mumpitz'] },
  ),
);

test('[O8] of those who complain of one message at the same time each counts', async () => {
  const book = new ModerationBook(new FolderShelf(null), Date.now);
  const message = new Device().record(roomKey('default', 'lobby'), 'rude');
  const visitors = Array.from({ length: 5 }, () => new Device().author);
  await Promise.all(visitors.map((visitor) => book.report(message.room, idOf(message), '', visitor)));
  assert.deepEqual(
    (await book.reports()).map(({ count, by }) => [count, by]),
    [[visitors.length, visitors]],
  );
});

test('[O7] orders hold after a restart, and when retention has dropped their records', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'festival-chat-orders-'));
  const options = { port: 0, host: '127.0.0.1', data: folder, adminToken: ADMIN_TOKEN, historyMax: 5 };
  const post = (url: string, path: string, body: unknown): Promise<Response> =>
    fetch(`${url}/admin/${path}`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${ADMIN_TOKEN}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
  let server = createServer(options);
  try {
    let { url } = await server.listen();
    const ada = await RawClient.join(url);
    await stored(ada, 'before');
    assert.equal((await post(url, `rooms/${ROOM}/slow-mode`, { seconds: 60 })).status, 200);
    assert.equal((await post(url, 'database/wipe', { confirm: 'wipe' })).status, 200);
    const writers = await Promise.all(Array.from({ length: 8 }, () => RawClient.join(url)));
    for (const [index, writer] of writers.entries()) await stored(writer, `after ${index}`);
    for (const client of [ada, ...writers]) client.close();
    await server.close();
    // Pruning at the start leaves five records of the room, none of them an order.
    server = createServer(options);
    ({ url } = await server.listen());
    const late = await RawClient.join(url);
    await late.settled();
    const frames = late.received.filter((frame) => frame.type === 'records');
    const kinds = frames.flatMap(({ records }) => records.map(([, , , , body]) => body.kind));
    assert.ok(kinds.includes('slow') && kinds.includes('clear'), kinds.join());
    late.close();
  } finally {
    await server.close();
    rmSync(folder, { recursive: true });
  }
});

test('[O4] after a wipe a new room keeps what is written, over a restart, and takes nothing from before', async () => {
  const options = { data: mkdtempSync(join(tmpdir(), 'festival-chat-wiped-')) };
  let before: SignedRecord | undefined;
  await running(async ({ join: enter, admin }) => {
    const ada = await enter();
    before = ada.device.record(ada.room, 'before the wipe');
    ada.socket.close();
    assert.equal((await admin('database/wipe', { confirm: 'wipe' })).status, 200);
    await stored(await enter('of-today'), 'in a room of today');
    await stored(await enter(), 'after the wipe');
  }, options)();
  await running(async ({ join: enter }) => {
    assert.ok(before);
    assert.deepEqual(await history(await enter('of-today')), ['in a room of today']);
    const [bob, cleo] = [await enter(), await enter()];
    assert.deepEqual(await history(bob), ['after the wipe']);
    // A device that was away brings what it remembers, and is told.
    cleo.publish([before]);
    await Promise.all([ordered(bob, 'clear'), ordered(cleo, 'clear')]);
    assert.deepEqual(await history(await enter()), ['after the wipe']);
  }, options)();
  // Nothing is cleared a second time.
  await running(async ({ join: enter }) => {
    assert.deepEqual(await history(await enter()), ['after the wipe']);
  }, options)();
  rmSync(options.data, { recursive: true });
});

test(
  '[O5] a room in which nothing was written leaves no trace; bans hold there, and its members learn of them with the first message',
  running(async ({ join: enter, connect, admin }) => {
    const [ada, banned] = [await enter(), connect({}, 'empty')];
    await stored(ada, 'hello');
    await admin(`users/${banned.device.author}/ban`, { minutes: 60, reason: 'Enough.' });
    await banned.join({ name: 'Banned' });
    assert.equal((await banned.next('refused')).message, 'Enough.');
    const bob = await enter('empty');
    bob.send({ type: 'leave', room: bob.room });
    bob.send({ type: 'ping', room: bob.room, nonce: 1 });
    await bob.next('refused');
    const { items } = (await admin('rooms')).body as { items: { room: string }[] };
    assert.deepEqual(
      items.map(({ room }) => room),
      ['default/lobby'],
    );
    const [cleo, dan] = [await enter('empty'), await enter('empty')];
    await stored(cleo, 'first');
    const order = await ordered(dan, 'restrict');
    assert.deepEqual([order.level, order.author], ['ban', banned.device.author]);
    assert.deepEqual(await history(await enter('empty')), ['first']);
  }),
);

test('[O4] a wipe goes on past a room that cannot be cleared, and says which are and which are not', async () => {
  const options = { data: mkdtempSync(join(tmpdir(), 'festival-chat-wiped-')) };
  const rooms = ['camping', 'lobby', 'stage'];
  await running(async ({ join: enter, admin }) => {
    for (const room of rooms) await stored(await enter(room), `in ${room}`);
    await admin(`rooms/${ROOM}/clear`, {});
  }, options)();
  writeFileSync(join(options.data, 'moderation', `${encodeURIComponent('orders default/lobby')}.json`), '{');
  await running(async ({ join: enter, admin }) => {
    const { status, body } = await admin('database/wipe', { confirm: 'wipe' });
    assert.deepEqual([status, body['code']], [503, 'not-stored']);
    assert.deepEqual([body['done'], body['left']], [['default/camping', 'default/stage'], ['default/lobby']]);
    assert.match(String(body['message']), /^Done in 2 of 3 rooms, not in default\/lobby: .*damaged/);
    for (const room of ['camping', 'stage']) assert.deepEqual(await history(await enter(room)), []);
    const one = await admin(`rooms/${ROOM}/clear`, {});
    assert.match(String(one.body['message']), /^Not done, or not all of it: .*damaged/);
  }, options)();
  rmSync(options.data, { recursive: true });
});

test('[O3] who offers or hands in what was removed is told of its removal, also when retention has dropped that', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'festival-chat-orders-'));
  const options = { data: folder, historyMax: 5 };
  let ada: RawClient['device'] | null = null;
  let rude: SignedRecord | undefined;
  await running(async ({ join: enter, admin }) => {
    const author = await enter();
    [rude] = await stored(author, 'rude');
    assert.ok(rude);
    assert.equal((await admin(`rooms/${ROOM}/messages/${idOf(rude)}/remove`, {})).status, 200);
    for (let index = 0; index < 8; index += 1) await stored(await enter(), `later ${index}`);
    ada = author.device;
  }, options)();
  // Pruning at the start leaves five records of the room, and no order.
  await running(async ({ join: enter }) => {
    assert.ok(ada && rude);
    const [bob, cleo, dan] = [await enter(), await enter(), await enter()];
    assert.deepEqual((await history(bob)).length, 5);
    bob.send({ type: 'have', room: bob.room, ids: [idOf(rude)] });
    assert.equal((await ordered(bob, 'remove')).target, idOf(rude));
    // It is in the log again, for everybody who is there, and is sent once more to whoever still does not know.
    assert.equal((await ordered(cleo, 'remove')).target, idOf(rude));
    await dan.settled();
    dan.received.length = 0;
    dan.publish([ada.says(dan.room, { kind: 'edit', target: idOf(rude), text: 'ruder' })]);
    assert.equal((await ordered(dan, 'remove')).target, idOf(rude));
    assert.equal((await history(await enter())).includes('rude'), false);
  }, options)();
  rmSync(folder, { recursive: true });
});

test(
  'what an operator sends wrong is answered with what is expected, and nothing is done',
  running(async ({ admin }) => {
    for (const [path, body] of [
      [`rooms/${ROOM}/slow-mode`, { seconds: -1 }],
      [`rooms/nonsense/clear`, {}],
      ['broadcast', { text: '  ' }],
      ['users/nobody/mute', { minutes: 5 }],
      ['database/wipe', { confirm: 'yes' }],
    ] as const) {
      const answer = await admin(path, body);
      assert.deepEqual([answer.status, answer.body['code']], [400, 'bad-request'], path);
    }
  }),
);

test('[S5] a room that is opened again has what was written in it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'festival-chat-again-'));
  const server = createServer({ port: 0, host: '127.0.0.1', data: folder });
  try {
    const { url } = await server.listen();
    const ada = await RawClient.join(url);
    await stored(ada, 'one');
    ada.send({ type: 'leave', room: ada.room });
    ada.close();
    assert.deepEqual(await history(await RawClient.join(url)), ['one']);
  } finally {
    await server.close();
    rmSync(folder, { recursive: true });
  }
});
