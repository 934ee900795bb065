// This replica and the server's: offsets and gaps, epochs, handing over, publishing, and a server that is silent.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Outbox } from '../../src/core/outbox.js';
import type { FrameOf } from '../../src/protocol/frames.js';
import type { PeerId } from '../../src/protocol/ids.js';
import { FIRST_HISTORY_RECORDS } from '../../src/protocol/limits.js';
import { idOf } from '../../src/protocol/record.js';
import {
  DrivenRoom,
  EPOCH,
  membersInOrder,
  placedFrame,
  placesFrame,
  recordOf,
  ROOM,
  START_MS,
} from './driven-room.js';

const [LOW, SELF, HIGH] = membersInOrder(3).map((member) => member.peer) as [PeerId, PeerId, PeerId];
const [one, two, three] = [recordOf(HIGH, 1), recordOf(HIGH, 2), recordOf(HIGH, 3)] as const;

function joinedRoom(head = 0): DrivenRoom {
  const driven = new DrivenRoom(SELF);
  driven.joined([{ peer: HIGH, name: 'Bob' }], { head });
  return driven;
}

test('[S3] a gap below the head is asked for once after 400 ms, and again after 3 s', () => {
  const driven = joinedRoom();
  driven.server(placedFrame([one], { first: 1 }));
  driven.server(placedFrame([three], { first: 3 }));
  driven.passServed(399);
  assert.deepEqual(driven.sent('server', 'want-range'), []);
  driven.passServed(1);
  const question = { type: 'want-range', room: ROOM, epoch: EPOCH, after: 1 };
  assert.deepEqual(driven.sent('server', 'want-range'), [question]);
  driven.passServed(2_999);
  assert.equal(driven.sent('server', 'want-range').length, 1);
  driven.passServed(1);
  assert.deepEqual(driven.sent('server', 'want-range'), [question, question]);
});

test('[S3] offsets that come in any order leave no gap', () => {
  const driven = joinedRoom();
  driven.server(placedFrame([three], { first: 3 }));
  driven.server(placedFrame([one], { first: 1 }));
  driven.server(placedFrame([two], { first: 2 }));
  driven.passServed(10_000);
  assert.deepEqual(driven.sent('server', 'want-range'), []);
  assert.deepEqual(driven.room.joinPosition(), { epoch: EPOCH, offset: 3 });
});

test('[S3] a head heard of in a pong is a gap as well', () => {
  const driven = joinedRoom();
  driven.passServed(500, 2);
  assert.equal(driven.sent('server', 'want-range')[0]?.after, 0);
});

test('[S4] the pages of an answer are asked for one after the other, up to the head', () => {
  const driven = joinedRoom(3);
  driven.passServed(3_000);
  driven.take('server', 'want-range');
  driven.server(placedFrame([one, two], { first: 1, head: 3 }, { isRange: true }));
  assert.equal(driven.take('server', 'want-range')[0]?.after, 2, 'the next page, at once');
  driven.server(placedFrame([three], { first: 3 }, { isRange: true }));
  driven.passServed(10_000, 3);
  assert.deepEqual(driven.sent('server', 'want-range'), []);
});

test('[S4] a page that covers what the server no longer keeps closes the gap', () => {
  const driven = joinedRoom(3);
  const page = placedFrame([three], { first: 3 }, { isRange: true });
  driven.server({ ...page, places: { ...page.places, range: { after: 0, through: 3 } } as never });
  driven.passServed(10_000, 3);
  assert.deepEqual(driven.sent('server', 'want-range'), []);
  assert.equal(driven.room.joinPosition()?.offset, 3);
});

test('[S4] a place without its record is asked for by id after 400 ms, and no position goes past it', () => {
  const driven = joinedRoom();
  driven.server(placesFrame([one], { first: 1 }));
  assert.equal(driven.room.joinPosition()?.offset, 0);
  driven.passServed(399);
  assert.deepEqual(driven.sent('server', 'want'), []);
  driven.passServed(1);
  assert.deepEqual(driven.sent('server', 'want')[0]?.ids, [idOf(one)]);
  driven.server(placedFrame([one], { first: 1 }));
  assert.equal(driven.room.joinPosition()?.offset, 1);
});

test('[S4] a record whose wants were lost is asked for by range, and given up only when a range lacks it', () => {
  const driven = joinedRoom();
  driven.server(placesFrame([one], { first: 1 }));
  driven.passServed(400 + 2 * 3_000, 1);
  assert.equal(driven.sent('server', 'want').length, 3);
  assert.deepEqual(driven.take('server', 'want-range'), []);
  driven.passServed(3_000, 1);
  assert.equal(driven.sent('server', 'want').length, 3);
  assert.deepEqual(driven.take('server', 'want-range'), [{ type: 'want-range', room: ROOM, epoch: EPOCH, after: 0 }]);
  driven.passServed(3_000, 1);
  assert.equal(driven.take('server', 'want-range').length, 1, 'the range was lost as well');
  assert.equal(driven.room.joinPosition()?.offset, 0);
  const page = placedFrame([], { first: 1, head: 1 }, { isRange: true });
  driven.server({ ...page, places: { ...page.places, range: { after: 0, through: 1 } } as never });
  driven.passServed(10_000, 1);
  assert.deepEqual(driven.sent('server', 'want-range'), []);
  assert.equal(driven.room.joinPosition()?.offset, 1);
});

test('[S5] a client without a position expects the latest history only', () => {
  const driven = new DrivenRoom(SELF);
  assert.equal(driven.room.joinPosition(), undefined);
  driven.joined([], { head: 10_000 });
  driven.passServed(3_000, 10_000);
  assert.equal(driven.sent('server', 'want-range')[0]?.after, 10_000 - FIRST_HISTORY_RECORDS);
});

test('[S6] another epoch voids every place; what is here is offered, given and placed anew', () => {
  const driven = joinedRoom();
  const own = driven.write('mine');
  const mine = driven.noted('save').find((output) => idOf(output.kept.record) === own)?.kept.record;
  assert.ok(mine);
  driven.server(placedFrame([one], { first: 1 }));
  driven.server(placesFrame([mine], { first: 2 }));
  const stateOf = (id: typeof own) => driven.room.message(id)?.delivery.state;
  assert.deepEqual([stateOf(own), stateOf(idOf(one))], ['stored', 'stored']);

  driven.feed({ type: 'server-down' });
  driven.joined([], { epoch: 'epoch111', head: 0 });
  assert.deepEqual([stateOf(own), stateOf(idOf(one))], ['sent', 'sent']);
  driven.server(placedFrame([one], { first: 1 }));
  assert.equal(stateOf(idOf(one)), 'sent', 'a place of the old epoch means nothing');
  driven.passServed(2_000);
  const offered = driven.sent('server', 'have').flatMap((frame) => frame.ids);
  assert.deepEqual(new Set(offered), new Set([own, idOf(one)]));
  driven.server({ type: 'want', room: ROOM, ids: offered });
  assert.equal(driven.sent('server', 'records').at(-1)?.records.length, 2);
  driven.server(placedFrame([one], { first: 1, epoch: 'epoch111' }));
  assert.equal(stateOf(idOf(one)), 'stored');
});

test('[S7] own unplaced records are published right after joining, others’ are offered after the catch-up', () => {
  const driven = joinedRoom();
  const link = driven.link(HIGH);
  driven.feed({ type: 'server-down' });
  const own = driven.write('written without a server');
  driven.push(link, [one], { isCarried: true });
  driven.take('server', 'records');
  driven.joined([], { head: 2 });
  const published = driven.sent('server', 'records').flatMap((frame) => frame.records.map((wire) => wire[2]));
  assert.deepEqual(published, [1]);
  assert.equal(driven.room.message(own)?.delivery.state, 'queued');
  driven.passServed(2_500);
  assert.deepEqual(driven.sent('server', 'have'), [], 'not before the catch-up');
  const page = placedFrame([two, three], { first: 1 }, { isRange: true });
  driven.server(page);
  driven.passServed(2_000, 2);
  assert.deepEqual(driven.sent('server', 'have')[0]?.ids, [idOf(one)]);
  driven.server(placesFrame([one], { first: 3 }));
  driven.take('server', 'have');
  driven.passServed(20_000, 3);
  assert.deepEqual(driven.sent('server', 'have'), [], 'what is placed is offered no more');
});

test('[S7] the wait before an offer is random, so that not everybody offers the same', () => {
  const waitsMs = Array.from({ length: 20 }, (_, index) => {
    const self = membersInOrder(1, 100 + index)[0]?.peer;
    assert.ok(self);
    const driven = new DrivenRoom(self, {}, { seed: 100 + index });
    driven.joined();
    driven.server(placedFrame([one], { first: 1 }));
    driven.feed({ type: 'server-down' });
    driven.joined([], { epoch: 'epoch111' });
    driven.take('server', 'have');
    let waitedMs = 0;
    while (driven.sent('server', 'have').length === 0 && waitedMs <= 2_000) {
      driven.passServed(20);
      waitedMs += 20;
    }
    return waitedMs;
  });
  assert.ok(Math.max(...waitsMs) <= 2_000);
  assert.ok(new Set(waitsMs).size > 10, waitsMs.join());
});

test('[S8] what the server refuses for good fails with its words, and is not published again', () => {
  const driven = joinedRoom();
  const id = driven.write('too rude');
  driven.take('server', 'records');
  driven.server({ type: 'refused', room: ROOM, code: 'bad-record', message: 'Not like this.', ids: [id] });
  assert.deepEqual(driven.room.message(id)?.delivery, {
    state: 'failed',
    acknowledgedBy: 0,
    reason: 'Not like this.',
    code: 'bad-record',
  });
  driven.passServed(60_000);
  assert.deepEqual(driven.sent('server', 'records'), []);
  driven.feed({ type: 'retry', id });
  assert.equal(driven.sent('server', 'records').length, 1);
});

test('[S8] what may be tried again waits as long as the server says', () => {
  const driven = joinedRoom();
  const id = driven.write('too fast');
  driven.take('server', 'records');
  const retryAfterMs = 7_000;
  driven.server({ type: 'refused', room: ROOM, code: 'rate-limited', message: 'Slowly.', ids: [id], retryAfterMs });
  assert.equal(driven.room.message(id)?.delivery.state, 'queued');
  driven.write('nor this one before');
  driven.passServed(6_999);
  assert.deepEqual(driven.sent('server', 'records'), []);
  driven.passServed(1);
  assert.equal(driven.sent('server', 'records')[0]?.records.length, 2);
});

test('[S9] unanswered publishing is repeated after 5, 10 and 20 s, and every 20 s from then on', () => {
  const outbox = new Outbox();
  const id = idOf(one);
  outbox.add(id, 0);
  outbox.open(0);
  const sentAtMs: number[] = [];
  for (let nowMs = 0; nowMs <= 80_000; nowMs += 1_000) if (outbox.takeDue(nowMs).length > 0) sentAtMs.push(nowMs);
  assert.deepEqual(sentAtMs, [0, 5_000, 15_000, 35_000, 55_000, 75_000]);
});

test('[S9] it is repeated as soon as a ping sent 1 s later has been answered, and no sooner', () => {
  const driven = joinedRoom();
  const answer = (): void => {
    for (const { nonce } of driven.take('server', 'ping')) driven.server({ type: 'pong', room: ROOM, nonce });
  };
  driven.write('answered by nobody');
  driven.take('server', 'records');
  answer();
  assert.deepEqual(driven.sent('server', 'records'), [], 'that ping went with it');
  driven.write('neither');
  driven.take('server', 'records');
  driven.pass(1_500);
  assert.equal(driven.sent('server', 'ping').length, 1);
  answer();
  assert.equal(driven.sent('server', 'records')[0]?.records.length, 2);
});

test('[S9] so it is three times; then the doubling wait holds, for a server slow to store', () => {
  const outbox = new Outbox();
  outbox.add(idOf(one), 0);
  outbox.open(0);
  const sentAtMs: number[] = [];
  for (let nowMs = 0; nowMs <= 30_000; nowMs += 1_000) {
    outbox.hurry(nowMs, nowMs);
    if (outbox.takeDue(nowMs).length > 0) sentAtMs.push(nowMs);
  }
  assert.deepEqual(sentAtMs, [0, 1_000, 2_000, 3_000, 23_000]);
});

test('[S10] a server that owes an answer is pinged every 1.5 s and given up after 4 s, whatever it says unasked', () => {
  const driven = joinedRoom();
  const pingedAtMs: number[] = [];
  for (let step = 0; driven.noted('drop-server').length === 0 && step < 100; step += 1) {
    if (driven.take('server', 'ping').length > 0) pingedAtMs.push(driven.nowMs - START_MS);
    driven.server(placedFrame([recordOf(HIGH, step + 1)], { first: step + 1 }));
    driven.pass(100);
  }
  assert.equal(driven.nowMs - START_MS, 4_000);
  assert.deepEqual(pingedAtMs, [0, 1_500, 3_000]);
});

test('[S10] an awaited place is an answer, and so is a pong', () => {
  const driven = joinedRoom();
  driven.pass(3_000);
  driven.write('first');
  const own = driven.noted('save').at(-1)?.kept.record;
  assert.ok(own);
  driven.server(placesFrame([own], { first: 1 }));
  driven.pass(3_900);
  assert.deepEqual(driven.noted('drop-server'), []);
  driven.passServed(60_000, 1);
  assert.deepEqual(driven.noted('drop-server'), []);
});

test('[S10] a slow way gets three of its usual slowest round trips', () => {
  const driven = joinedRoom();
  const answer = (waitMs: number): void => {
    while (driven.sent('server', 'ping').length === 0) driven.pass(50);
    driven.pass(waitMs);
    for (const { nonce } of driven.take('server', 'ping')) driven.server({ type: 'pong', room: ROOM, nonce });
  };
  // Asked again after 1.5 s, the answer to the last question is the one that is measured.
  for (let pings = 0; pings < 8; pings += 1) answer(1_450);
  while (driven.sent('server', 'ping').length === 0) driven.pass(50);
  driven.pass(4_200);
  assert.deepEqual(driven.noted('drop-server'), []);
  driven.pass(300);
  assert.equal(driven.noted('drop-server').length, 1);
});

test('[J6] a join without an answer for 5 s was made on a dead socket', () => {
  const driven = new DrivenRoom(SELF);
  driven.feed({ type: 'server-opening' });
  driven.pass(4_999);
  assert.deepEqual(driven.noted('drop-server'), []);
  driven.pass(1);
  assert.equal(driven.noted('drop-server').length, 1);
});

test('[J6] who may come in later tries again then, on another socket; another room’s refusal is none of this one', () => {
  const refused = { type: 'refused', message: 'not now' } as const;
  const full = { code: 'room-full', room: ROOM, retryAfterMs: 30_000 } as const;
  const waiting = new DrivenRoom(SELF);
  waiting.feed({ type: 'server-opening' });
  waiting.server({ ...refused, ...full });
  const { connection, reason } = waiting.room.status();
  assert.deepEqual([connection, reason], ['offline', 'room-full'], 'who waits at the door is told why');
  const dropsAfter = (frame: Partial<FrameOf<'refused'>> & Pick<FrameOf<'refused'>, 'code'>, ms: number): number => {
    const driven = new DrivenRoom(SELF);
    driven.feed({ type: 'server-opening' });
    driven.pass(1_000);
    driven.server({ ...refused, ...frame });
    driven.pass(ms);
    return driven.noted('drop-server').length;
  };
  assert.deepEqual([dropsAfter(full, 34_999), dropsAfter(full, 35_000)], [0, 1]);
  assert.equal(dropsAfter({ code: 'bad-token', room: ROOM }, 3_600_000), 0, 'nothing would be another then');
  assert.equal(dropsAfter({ code: 'bad-frame' }, 4_000), 1);
});

test('[J4] a large room is known by its number, and a member the server drops stays while a link to it lives', () => {
  const driven = new DrivenRoom(SELF);
  driven.joined([{ peer: LOW, name: 'Low' }], { memberCount: 400 });
  assert.equal(driven.room.status().members, 400);
  driven.server({ type: 'pong', room: ROOM, nonce: 0, memberCount: 500 });
  assert.equal(driven.room.status().members, 500);
  const link = driven.link(LOW);
  driven.server({ type: 'member-left', room: ROOM, peer: LOW, memberCount: 1 });
  const isHere = (): boolean => driven.room.members().some((member) => member.id === LOW);
  assert.ok(isHere());
  assert.equal(driven.room.status().members, 2);
  driven.feed({ type: 'peer-down', dial: link, isClean: true, reason: 'closed' });
  assert.ok(!isHere());
});
