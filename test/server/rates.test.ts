// Who does too much is slowed, told when to go on, and in the end cut; the others do not notice.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Allowance } from '../../server/allowance.js';
import { RATES } from '../../server/limits.js';
import { Rates } from '../../server/rates.js';
import { LIMITS } from '../../src/protocol/limits.js';
import { idOf } from '../../src/protocol/record.js';
import { Device } from '../support/device.js';
import { running } from '../support/running-server.js';

const ended = (client: { socket: { once(event: 'disconnect', done: () => void): void } }): Promise<void> =>
  new Promise((resolve) => client.socket.once('disconnect', resolve));

test('whoever is over the own limit takes nothing from a shared one', async () => {
  const rates = new Rates();
  const { points } = RATES.signalsPerAuthor;
  for (let count = 0; count < RATES.signalsPerRoom.points; count += 1) {
    await rates.spend(['signalsPerAuthor', 'flooder', 1], ['signalsPerRoom', 'room', 1]);
  }
  assert.ok((await rates.spend(['signalsPerAuthor', 'flooder', 1])) > 0);
  assert.equal(await rates.spend(['signalsPerAuthor', 'visitor', 1], ['signalsPerRoom', 'room', 1]), 0);
  assert.equal(await rates.spend(['signalsPerRoom', 'room', RATES.signalsPerRoom.points - points - 1]), 0);
  assert.ok((await rates.spend(['signalsPerRoom', 'room', 1])) > 0, 'the room’s own account ends as well');
});

test('a socket has its own allowance back when the window is over, whatever it asked for meanwhile', () => {
  const allowance = new Allowance({ points: 3, durationSeconds: 10 });
  assert.deepEqual([allowance.spend(2, 1_000), allowance.spend(1, 5_000)], [0, 0]);
  assert.deepEqual([allowance.spend(1, 6_000), allowance.spend(1, 10_999)], [5_000, 1]);
  assert.equal(allowance.spend(3, 11_000), 0);
});

test('a wait is never nothing, and nothing is charged for nothing', async () => {
  const rates = new Rates();
  assert.equal(await rates.spend(['recordsPerAuthor', 'ada', 0]), 0);
  assert.equal(await rates.spend(['recordsPerAuthor', 'ada', RATES.recordsPerAuthor.points]), 0);
  assert.ok((await rates.spend(['recordsPerAuthor', 'ada', 1])) >= 100);
});

test(
  'messages of one identity are counted across its sockets',
  running(async ({ join, connect }) => {
    const first = await join();
    const second = connect({}, 'elsewhere');
    Object.assign(second, { device: first.device });
    await second.join();
    for (let count = 0; count < RATES.recordsPerAuthor.points; count += 1) {
      first.publish([first.device.record(first.room, `${count}`)]);
    }
    await first.settled();
    second.publish([first.device.record(second.room, 'one more')]);
    assert.equal((await second.next('refused')).code, 'rate-limited');
  }),
);

test(
  'a thousand frames at once: who sent them is told when to go on, and the others chat on',
  running(async ({ join, admin }) => {
    const [flooder, ada, bob] = [await join(), await join(), await join()];
    for (let nonce = 0; nonce < 1_000; nonce += 1) flooder.send({ type: 'ping', room: flooder.room, nonce });
    const refused = await flooder.next('refused');
    assert.equal(refused.code, 'rate-limited');
    assert.ok((refused.retryAfterMs ?? 0) > 0);
    ada.publish([ada.device.record(ada.room, 'still here')]);
    await bob.next('records');
    const { body } = await admin('analytics');
    assert.ok((body['refused'] as { 'rate-limited': number })['rate-limited'] >= 1);
    assert.equal(flooder.socket.connected, true, 'a burst is slowed, not cut');
  }),
);

test(
  'whoever goes on flooding is cut',
  running(async ({ join, admin }) => {
    const flooder = await join();
    const cut = ended(flooder);
    const flood = setInterval(() => {
      for (let nonce = 0; nonce < 500; nonce += 1) flooder.send({ type: 'ping', room: flooder.room, nonce });
    }, 20);
    await cut;
    clearInterval(flood);
    assert.deepEqual((await admin('analytics')).body['ended'], { flooding: 1 });
  }),
);

test(
  'signals of one socket beyond its rate are refused and reach nobody',
  running(async ({ join }) => {
    const [ada, bob] = [await join(), await join()];
    const { points } = RATES.signalsPerSocket;
    const signal = { type: 'signal', room: ada.room, peer: bob.device.peer, dial: 'dial0000', data: 'knock' };
    for (let count = 0; count < points + 10; count += 1) ada.send(signal);
    assert.equal((await ada.next('refused')).code, 'rate-limited');
    await ada.settled();
    await bob.settled();
    assert.equal(bob.received.filter(({ type }) => type === 'signal').length, points);
  }),
);

test(
  '[P3] deliveries are charged by how many records to how many members, and beyond the rate nobody gets them',
  running(async ({ join }) => {
    const [ada, bob] = [await join(), await join()];
    const record = ada.device.record(ada.room, 'for Bob');
    ada.publish([record], { covered: [bob.device.peer] });
    await ada.next('placed');
    const to = [bob.device.peer, ...Array.from({ length: LIMITS.peersPerFrameMax - 1 }, () => new Device().peer)];
    const deliver = { type: 'deliver', room: ada.room, ids: [idOf(record)], to };
    const fitting = Math.floor(RATES.deliveriesPerSocket.points / to.length);
    for (let count = 0; count < fitting + 5; count += 1) ada.send(deliver);
    await ada.settled();
    assert.equal(ada.received.filter((frame) => frame.type === 'refused' && frame.code === 'rate-limited').length, 5);
    await bob.settled();
    assert.equal(bob.received.filter(({ type }) => type === 'records').length, fitting);
  }),
);

test(
  'joining again and again is slowed',
  running(async ({ join }) => {
    const ada = await join();
    for (let count = 0; count < RATES.joinsPerSocket.points; count += 1) ada.rejoin(`Ada ${count}`);
    const refused = await ada.next('refused');
    assert.deepEqual([refused.code, refused.room], ['rate-limited', ada.room]);
  }),
);

test(
  'a client that does not read is cut at about a mebibyte, and what it cost is given back',
  running(async ({ join, admin }) => {
    const [stalled, reader] = [await join(), await join()];
    const { engine } = stalled.socket.io as unknown as {
      engine: { transport: { ws: { _socket: { pause(): void } } } };
    };
    engine.transport.ws._socket.pause();
    const text = 'x'.repeat(3_900);
    // Carried records: what members hand over after an outage, from enough hands to stay within every rate.
    for (let hand = 0; ; hand += 1) {
      const carrier = await join();
      const written = new Device();
      for (let frame = 0; frame < 60; frame += 1) {
        carrier.publish(Array.from({ length: 5 }, () => written.record(carrier.room, text)));
        await carrier.next('placed');
      }
      carrier.close();
      const { body } = await admin('analytics');
      const { slow = 0 } = body['ended'] as { slow?: number };
      if (slow > 0) {
        assert.equal(slow, 1, 'only the one that does not read');
        break;
      }
      assert.ok(hand < 30, 'cut after 36 MB at the latest');
    }
    assert.equal(reader.socket.connected, true);
    assert.equal((await admin('rooms/default%2Flobby')).status, 200);
    stalled.close();
  }),
);
