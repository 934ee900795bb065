// The server by the protocol's rules: a real one in this process, real sockets, real keys.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { joinBytes } from '../../src/protocol/canonical.js';
import { idOf, tagOf, toWire } from '../../src/protocol/record.js';
import type { SignedRecord } from '../../src/protocol/record.js';
import { roomKey } from '../../src/protocol/ids.js';
import type { RecordId } from '../../src/protocol/ids.js';
import { RATES } from '../../server/limits.js';
import { Device, RawClient } from '../support/device.js';
import { liveHeap } from '../support/live-heap.js';
import { running } from '../support/running-server.js';
import { until } from '../support/until.js';

test(
  '[S1] a record is placed for its publisher and goes to the others with its place',
  running(async ({ join }) => {
    const [ada, bob] = [await join(), await join()];
    const record = ada.device.record(ada.room, 'hello');
    ada.publish([record]);
    assert.deepEqual((await ada.next('placed')).places, [[idOf(record), 1, tagOf(record), null]]);
    const { records, places } = await bob.next('records');
    assert.deepEqual(records, [toWire(record)]);
    assert.deepEqual(places?.offsets, [1]);
  }),
);

test(
  '[S1] covered members get the place and not the record',
  running(async ({ join }) => {
    const [ada, bob, cleo] = [await join(), await join(), await join()];
    const record = ada.device.record(ada.room, 'over peers');
    ada.publish([record], { covered: [bob.device.peer] });
    await cleo.next('records');
    assert.deepEqual((await bob.next('placed')).places, [[idOf(record), 1, tagOf(record), null]]);
    assert.ok(bob.received.every((frame) => frame.type !== 'records'));
  }),
);

test(
  '[S2] publishing again gives the same place again, and nobody hears it twice',
  running(async ({ join }) => {
    const [ada, bob] = [await join(), await join()];
    const record = ada.device.record(ada.room, 'once');
    ada.publish([record]);
    await ada.next('placed');
    ada.publish([record]);
    assert.deepEqual((await ada.next('placed')).places, [[idOf(record), 1, tagOf(record), null]]);
    await bob.next('records');
    await bob.settled();
    assert.ok(bob.received.every((frame) => frame.type !== 'records'));
  }),
);

test(
  '[S4] [S5] a newcomer is sent the history, and pages on request, each with the range it covers',
  running(async ({ join }) => {
    const ada = await join();
    for (let batch = 0; batch < 10; batch += 1) {
      const carried = new Device();
      ada.publish(Array.from({ length: 10 }, (_, index) => carried.record(ada.room, `${batch}.${index}`)));
      await ada.next('placed');
    }
    const late = await join();
    const first = await late.next('records');
    assert.deepEqual(first.places?.range, { after: 0, through: 64 });
    late.send({ type: 'want-range', room: late.room, epoch: first.places.epoch, after: 64 });
    const second = await late.next('records');
    assert.deepEqual(second.places?.range, { after: 64, through: 100 });
    assert.equal(first.records.length + second.records.length, 100);
  }),
);

test(
  '[S7] offered records are asked for when they are lacking and placed when they are not',
  running(async ({ join }) => {
    const ada = await join();
    const [known, carried] = [ada.device.record(ada.room, 'known'), new Device().record(ada.room, 'carried')];
    ada.publish([known]);
    await ada.next('placed');
    ada.send({ type: 'have', room: ada.room, ids: [idOf(known), idOf(carried)] });
    assert.deepEqual((await ada.next('want')).ids, [idOf(carried)]);
    assert.deepEqual((await ada.next('placed')).places, [[idOf(known), 1, tagOf(known), null]]);
  }),
);

test(
  '[P3] a delivery asked for before the record came is made when it comes',
  running(async ({ join }) => {
    const [ada, bob] = [await join(), await join()];
    const record = ada.device.record(ada.room, 'late');
    ada.send({ type: 'deliver', room: ada.room, ids: [idOf(record)], to: [bob.device.peer] });
    ada.publish([record], { covered: [bob.device.peer] });
    assert.deepEqual((await bob.next('records')).records, [toWire(record)]);
  }),
);

test(
  '[P3] others’ records are delivered to nobody by one’s asking, now or later',
  running(async ({ join }) => {
    const [ada, bob, cleo] = [await join(), await join(), await join()];
    const [here, late] = [cleo.device.record(cleo.room, 'here'), cleo.device.record(cleo.room, 'late')];
    const covered = [bob.device.peer];
    cleo.publish([here], { covered });
    await cleo.next('placed');
    ada.send({ type: 'deliver', room: ada.room, ids: [idOf(here), idOf(late)], to: covered });
    await ada.settled();
    cleo.publish([late], { covered });
    await cleo.next('placed');
    await bob.settled();
    assert.ok(bob.received.every(({ type }) => type !== 'records'));
  }),
);

test(
  '[R2] [R5] a changed byte, a foreign signature and another room are refused, counted and shown nowhere',
  running(async ({ server, join }) => {
    const [ada, bob] = [await join(), await join()];
    const good = ada.device.record(ada.room, 'good');
    const forgeries: SignedRecord[] = [
      { ...ada.device.record(ada.room, 'mine'), body: { kind: 'message', name: 'Device', text: 'mine!' } },
      { ...new Device().record(ada.room, 'theirs'), signature: good.signature },
      ada.device.record(roomKey('default', 'another-room'), 'replayed'),
      ada.device.record(roomKey('another-festival', 'lobby'), 'replayed'),
    ];
    ada.publish(forgeries);
    const refused = await ada.next('refused');
    assert.equal(refused.code, 'bad-record');
    assert.deepEqual(refused.ids, forgeries.map(idOf));
    ada.publish([good]);
    assert.deepEqual((await bob.next('records')).records, [toWire(good)]);
    assert.equal(server.administration.analytics().refused['bad-record'], forgeries.length);
  }),
);

test(
  '[R7] another record under a taken id is refused, and the first stays',
  running(async ({ join }) => {
    const ada = await join();
    const first = ada.device.record(ada.room, 'first');
    const twin = new Device();
    ada.publish([first]);
    await ada.next('placed');
    const second = { ...twin.record(ada.room, 'second'), author: first.author, session: first.session };
    ada.publish([second]);
    assert.equal((await ada.next('refused')).code, 'conflict');
  }),
);

test(
  '[L1] an oversize body is no frame, and the socket lives; an oversize frame ends it',
  running(async ({ server, join }) => {
    const ada = await join();
    ada.publish([ada.device.record(ada.room, 'x'.repeat(4_001))]);
    assert.equal((await ada.next('refused')).code, 'bad-frame');
    await ada.settled();
    const gone = new Promise((resolve) => ada.socket.once('disconnect', resolve));
    ada.send({ type: 'records', room: ada.room, records: ['x'.repeat(40_000)] });
    await gone;
    assert.ok((server.administration.analytics().refused['bad-frame'] ?? 0) >= 1);
  }),
);

/** As many as one socket may say before it is closed: each is read and refused. */
const { points: STRIKES } = RATES.strikesPerSocket;
const HOSTILE_SOCKETS = 100;
/** Half of what the frames below come to, 60 KB a socket: they are not kept. */
const HEAP_KEPT_BYTES_MAX = 3 * 1024 * 1024;

test(
  '[L1] two thousand malformed frames are each refused and counted, and leave the server serving and its memory as it was',
  running(async ({ server, join, url }) => {
    const [ada, bob] = [await join(), await join()];
    const long = 'x'.repeat(20_000);
    const nasty: unknown[] = [
      null,
      1,
      '',
      [],
      {},
      { type: 'join' },
      { type: '__proto__' },
      JSON.parse('{"__proto__":{"type":"ping"}}'),
      { type: 'records', room: ada.room, records: [[]] },
      { type: 'ping', room: ada.room, nonce: 2 ** 53 },
      { type: 'ack', room: ada.room, ids: [] },
      { type: 'ping', room: ada.room, nonce: 1, constructor: 1 },
      long,
      { type: long },
      { type: 'records', room: ada.room, records: [long] },
    ];
    const isHostile = async (): Promise<void> => {
      const hostile = new RawClient(url);
      try {
        await hostile.next('welcome');
        for (let count = 0; count < STRIKES; count += 1) hostile.send(nasty[count % nasty.length]);
        for (let count = 0; count < STRIKES; count += 1) {
          assert.equal((await hostile.next('refused')).code, 'bad-frame');
        }
      } finally {
        hostile.close();
      }
    };
    // What the first of all makes the process load and keep is no leak.
    for (let count = 0; count < 20; count += 1) await isHostile();
    const [heapBefore, refusedBefore] = [liveHeap(), server.administration.analytics().refused['bad-frame'] ?? 0];
    for (let count = 0; count < HOSTILE_SOCKETS; count += 1) await isHostile();
    const refused = server.administration.analytics().refused['bad-frame'] ?? 0;
    assert.equal(refused - refusedBefore, HOSTILE_SOCKETS * STRIKES);
    // A closed socket is held for the closing handshake.
    await until(() => liveHeap() < heapBefore + HEAP_KEPT_BYTES_MAX);
    const record = ada.device.record(ada.room, 'still here');
    ada.publish([record]);
    assert.deepEqual((await bob.next('records')).records, [toWire(record)]);
    assert.equal((await fetch(`${url}/healthz`)).status, 200);
    assert.equal(({} as Record<string, unknown>)['type'], undefined);
  }),
);

test(
  '[J1] nothing is said in a room before it is joined',
  running(async ({ connect }) => {
    const ada = connect();
    await ada.next('welcome');
    ada.publish([ada.device.record(ada.room, 'too early')]);
    assert.equal((await ada.next('refused')).code, 'not-joined');
  }),
);

test(
  '[J2] a join captured on another socket, or of another key, is refused',
  running(async ({ connect }) => {
    const [ada, thief] = [connect(), connect()];
    const { nonce } = await ada.next('welcome');
    await thief.next('welcome');
    const proof = ada.device.sign(joinBytes(ada.room, ada.device.peer, nonce));
    const join = { type: 'join', version: 1, room: ada.room, peer: ada.device.peer, name: 'Thief', proof };
    thief.send(join);
    assert.equal((await thief.next('refused')).code, 'bad-proof');
    ada.send({ ...join, peer: thief.device.peer });
    assert.equal((await ada.next('refused')).code, 'bad-proof');
  }),
);

test(
  '[J3] the same peer on a new socket is still one member, and nobody is told',
  running(async ({ join, connect }) => {
    const [ada, bob] = [await join(), await join()];
    const again = connect();
    Object.assign(again, { device: ada.device });
    await again.join();
    ada.close();
    await bob.settled();
    assert.ok(bob.received.every((frame) => frame.type !== 'member-left'));
  }),
);

test(
  '[J6] joining again on the same socket renames, and is answered',
  running(async ({ join }) => {
    const [ada, bob] = [await join(), await join()];
    ada.rejoin('Ada of the dunes');
    assert.equal((await ada.next('joined')).memberCount, 2);
    const { member, memberCount } = await bob.next('member-joined');
    assert.deepEqual([member.peer, member.name, memberCount], [ada.device.peer, 'Ada of the dunes', 2]);
  }),
);

test(
  '[J3] a socket that joins as another device is a member as that one, also where nobody else is',
  running(async ({ join, server }) => {
    const ada = await join();
    Object.assign(ada, { device: new Device() });
    ada.rejoin('Device');
    assert.equal((await ada.next('joined')).memberCount, 1);
    ada.publish([ada.device.record(ada.room, 'still here')]);
    ada.send({ type: 'leave', room: ada.room });
    ada.rejoin('Device');
    await ada.next('joined');
    assert.deepEqual(
      ada.received.map(({ type }) => type),
      ['placed', 'records'],
    );
    ada.close();
    await until(() => server.administration.rooms().length === 0);
  }),
);

test(
  '[M8] signals go only to members of the room, under the sender’s own id',
  running(async ({ join }) => {
    const [ada, bob, far] = [await join(), await join(), await join('elsewhere')];
    const signal = { type: 'signal', room: ada.room, dial: 'dial0000', data: 'knock' };
    ada.send({ ...signal, peer: bob.device.peer });
    assert.equal((await bob.next('signal')).peer, ada.device.peer);
    ada.send({ ...signal, peer: far.device.peer });
    assert.equal((await ada.next('refused')).code, 'no-such-peer');
    ada.send({ ...signal, peer: ada.device.peer });
    assert.equal((await ada.next('refused')).code, 'no-such-peer');
    await far.settled();
    assert.ok(far.received.every((frame) => frame.type !== 'signal'));
  }),
);

test(
  '[V1] another version is told so',
  running(async ({ connect }) => {
    const ada = connect();
    await ada.join({ version: 2 });
    assert.equal((await ada.next('refused')).code, 'version');
  }),
);

test(
  'too many messages at once are refused with a time to wait, and each is either placed or refused',
  running(async ({ join }) => {
    const ada = await join();
    const records = Array.from({ length: 30 }, (_, index) => ada.device.record(ada.room, `flood ${index}`));
    for (const record of records) ada.publish([record]);
    const [placed, refused]: [RecordId[], RecordId[]] = [[], []];
    for (let count = 0; count < records.length - RATES.recordsPerAuthor.points; count += 1) {
      const answer = await ada.next('refused');
      assert.equal(answer.code, 'rate-limited');
      assert.ok((answer.retryAfterMs ?? 0) > 0);
      refused.push(...(answer.ids ?? []));
    }
    while (placed.length < RATES.recordsPerAuthor.points) {
      placed.push(...(await ada.next('placed')).places.map(([id]) => id));
    }
    assert.deepEqual([...placed, ...refused], records.map(idOf));
  }),
);

test(
  'files are served from their folders and from nowhere else',
  running(async ({ url }) => {
    assert.equal((await fetch(`${url}/`)).status, 200);
    assert.equal((await fetch(`${url}/readyz`)).status, 200);
    for (const path of ['/demo/..%2fserver.ts', '/demo/%2e%2e/main.ts', '/chunks/..%2f..%2fpackage.json', '/nothing']) {
      assert.equal((await fetch(url + path)).status, 404, path);
    }
  }),
);
