// What the organiser's records do to a replica, in whatever order they come (rules O1 to O7).

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Replica } from '../../src/core/replica.js';
import type { KeptRecord } from '../../src/core/room-io.js';
import type { AuthorId, PeerId } from '../../src/protocol/ids.js';
import { authorOf, peerId, roomKey } from '../../src/protocol/ids.js';
import { LIMITS } from '../../src/protocol/limits.js';
import { idOf } from '../../src/protocol/record.js';
import type { OrganiserBody, RecordBody, SignedRecord } from '../../src/protocol/record.js';
import { seededRandom } from '../simulation/random.js';
import { toyAuthor, toySession } from '../simulation/toy-signatures.js';
import { DrivenRoom, ROOM, membersInOrder, placedFrame, recordOf, SERVER_KEY, START_MS } from './driven-room.js';

const [SELF, BOB, CLEO] = membersInOrder(3).map((member) => member.peer) as [PeerId, PeerId, PeerId];
const random = seededRandom(77);
const ORGANISER = peerId(SERVER_KEY, toySession(random));

function at(peer: PeerId, seq: number, second: number, body: RecordBody): SignedRecord {
  return recordOf(peer, seq, { time: (START_MS + second * 1_000) * 1024 + seq, body });
}

function said(peer: PeerId, seq: number, second: number, text = `message ${seq}`): SignedRecord {
  return at(peer, seq, second, { kind: 'message', name: 'Bob', text });
}

function order(seq: number, second: number, body: OrganiserBody): SignedRecord {
  return at(ORGANISER, seq, second, body);
}

const restrict = (author: AuthorId, level: 'none' | 'mute' | 'ban', untilSecond = 0): OrganiserBody => {
  return { kind: 'restrict', author, level, untilMs: START_MS + untilSecond * 1_000 };
};

const BAD = said(BOB, 1, 1, 'bad words');
const remove = (target: SignedRecord, second: number, seq = 50): SignedRecord =>
  order(seq, second, { kind: 'remove', target: idOf(target), name: 'Bob', at: target.time, reason: 'rude' });

/** Everything the organiser may do to a room, and what visitors write meanwhile. */
const STORY: readonly SignedRecord[] = [
  BAD,
  at(BOB, 2, 2, { kind: 'edit', target: idOf(BAD), text: 'worse words' }),
  at(CLEO, 1, 3, { kind: 'reaction', target: idOf(BAD), emoji: '🔥', isOn: true }),
  remove(BAD, 4),
  said(CLEO, 2, 5),
  order(2, 6, { kind: 'clear' }),
  said(CLEO, 3, 7, 'kept'),
  at(BOB, 3, 8, { kind: 'reaction', target: idOf(said(CLEO, 3, 7, 'kept')), emoji: '👍', isOn: true }),
  order(3, 9, restrict(authorOf(BOB), 'mute', 60)),
  said(BOB, 4, 10, 'muted'),
  at(BOB, 5, 11, { kind: 'reaction', target: idOf(said(CLEO, 3, 7, 'kept')), emoji: '👍', isOn: false }),
  order(4, 12, restrict(authorOf(BOB), 'none')),
  said(BOB, 6, 13, 'allowed again'),
  order(5, 14, restrict(authorOf(BOB), 'ban', 20)),
  said(BOB, 7, 15, 'banned'),
  said(BOB, 8, 25, 'the ban is over'),
  order(6, 26, { kind: 'announce', text: 'Gates close at ten.' }),
  order(7, 27, { kind: 'pin', target: idOf(said(CLEO, 3, 7, 'kept')) }),
  order(8, 28, { kind: 'pin' }),
  order(9, 29, { kind: 'pin', target: idOf(said(BOB, 6, 13, 'allowed again')) }),
  order(10, 30, { kind: 'slow', seconds: 30 }),
  order(11, 31, { kind: 'slow', seconds: 5 }),
];

function replicaAfter(records: readonly SignedRecord[]): Replica {
  const replica = new Replica(authorOf(SELF), roomKey('default', 'lobby'));
  replica.organisedBy(SERVER_KEY);
  for (const record of records) replica.takeIn(keptOf(record), { isKept: false });
  return replica;
}

function keptOf(record: SignedRecord): KeptRecord {
  return { record, arrivedAtMs: START_MS, route: 'p2p', hops: 0, offset: null, epoch: null };
}

function stateOf(replica: Replica) {
  return {
    log: replica.log.keySet.all.map(({ id }) => id),
    shown: replica.views.list().map(({ kind, text, removed, reactions }) => ({ kind, text, removed, reactions })),
    pinned: replica.moderation.pinned,
    slow: replica.moderation.slowSeconds,
  };
}

test('[O2] [O3] [O4] [O5] removals, clears, restrictions, pins and slow mode commute', () => {
  const expected = stateOf(replicaAfter(STORY));
  assert.deepEqual(
    expected.shown.map(({ text }) => text),
    ['kept', 'allowed again', 'the ban is over', 'Gates close at ten.'],
  );
  assert.deepEqual(expected.shown[0]?.reactions, [{ emoji: '👍', count: 1, mine: false }]);
  assert.equal(expected.slow, 5);
  assert.deepEqual(expected.pinned, [idOf(said(BOB, 6, 13))]);
  const orders = fc.shuffledSubarray([...STORY], { minLength: STORY.length, maxLength: STORY.length });
  fc.assert(
    fc.property(orders, fc.array(fc.nat(STORY.length - 1), { maxLength: 10 }), (records, again) => {
      const repeated = again.flatMap((index) => STORY[index] ?? []);
      assert.deepEqual(stateOf(replicaAfter([...records, ...repeated])), expected);
    }),
    { numRuns: 300 },
  );
});

test('[O3] a removed message leaves its trace, and nothing of its words', () => {
  const replica = replicaAfter([BAD, remove(BAD, 4), said(CLEO, 1, 9, 'later')]);
  const [trace, later] = replica.views.list();
  assert.deepEqual(
    [trace?.id, trace?.text, trace?.removed, trace?.author.name],
    [idOf(BAD), '', { reason: 'rude' }, 'Bob'],
  );
  assert.equal(later?.text, 'later');
  assert.equal(replica.log.get(idOf(BAD)), undefined);
});

test('[O1] what others say as the organiser is no order, and what the organiser says as a visitor is no message', () => {
  const driven = new DrivenRoom(SELF);
  driven.joined();
  const stranger = peerId(toyAuthor(random), toySession(random));
  driven.server(placedFrame([said(CLEO, 1, 1)], { first: 1 }));
  driven.server(placedFrame([at(stranger, 1, 2, { kind: 'clear' }), said(ORGANISER, 1, 3, 'hello')], { first: 2 }));
  assert.deepEqual(
    driven.room.messages().map(({ text }) => text),
    ['message 1'],
  );
  assert.equal(driven.room.stats().rejected, 2);
});

test('[O1] orders from a peer are obeyed once the key is known, and not before', () => {
  const driven = new DrivenRoom(SELF);
  driven.joined([], { serverKey: undefined });
  const dial = driven.link(BOB);
  driven.push(dial, [BAD]);
  driven.push(dial, [remove(BAD, 4)], { hops: [1] });
  assert.equal(driven.room.messages()[0]?.text, 'bad words');
  assert.equal(driven.room.stats().rejected, 0);
  driven.joined([{ peer: BOB, name: 'Bob' }]);
  driven.push(dial, [remove(BAD, 4)], { hops: [1] });
  assert.deepEqual(driven.room.messages()[0]?.removed, { reason: 'rude' });
});

test('[O1] another key of the server makes void what was said under the former', () => {
  const replica = replicaAfter([said(CLEO, 1, 1), order(1, 2, restrict(authorOf(CLEO), 'mute', 60)), said(CLEO, 2, 3)]);
  assert.equal(replica.log.size, 2);
  replica.organisedBy(toyAuthor(random));
  assert.equal(replica.moderation.restriction(authorOf(CLEO), START_MS + 5_000), null);
  assert.equal(replica.log.size, 1);
});

test('[O5] links to whom the organiser bans are ended, with no server there', () => {
  const driven = new DrivenRoom(SELF);
  driven.joined([{ peer: BOB, name: 'Bob' }]);
  const dial = driven.link(BOB);
  driven.feed({ type: 'server-down' });
  driven.push(dial, [order(1, 0, restrict(authorOf(BOB), 'ban', 3_600))], { hops: [1] });
  assert.ok(driven.outputs.some((output) => output.type === 'hang-up' && output.dial === dial));
});

test('[O5] what the visitor wrote under a mute fails with the reason, and goes out when the mute is lifted', () => {
  const driven = new DrivenRoom(SELF);
  driven.joined();
  const mute = { ...restrict(authorOf(SELF), 'mute', 3_600), reason: 'Mind your words.' } as OrganiserBody;
  driven.server(placedFrame([order(1, 0, mute)], { first: 1 }));
  driven.nowMs += 5_000;
  assert.deepEqual(driven.room.moderation(driven.nowMs).restriction?.level, 'mute');
  driven.write('I said');
  assert.deepEqual(driven.room.messages()[0]?.delivery, {
    state: 'failed',
    acknowledgedBy: 0,
    reason: 'Mind your words.',
    code: 'muted',
  });
  assert.equal(driven.room.status().queued, 0);
  driven.server(placedFrame([order(2, 4, restrict(authorOf(SELF), 'none'))], { first: 2 }));
  assert.equal(driven.room.messages()[0]?.delivery.state, 'queued');
});

test('[O4] [R7] what is said about a message stands beside its other content, when the first one was cleared', () => {
  const [first, other] = [said(CLEO, 5, 1, 'before'), said(CLEO, 5, 20, 'after')];
  const reaction = at(BOB, 1, 12, { kind: 'reaction', target: idOf(first), emoji: '🔥', isOn: true });
  const clear = order(1, 10, { kind: 'clear' });
  for (const records of [
    [first, reaction, clear, other],
    [clear, first, other, reaction],
    [other, reaction, clear],
  ]) {
    const shown = replicaAfter(records).views.get(idOf(other));
    assert.deepEqual([shown?.text, shown?.reactions[0]?.count], ['after', 1]);
  }
});

test('[O7] a client that is full drops messages and keeps the orders', () => {
  const orders = [order(1, 1, restrict(authorOf(BOB), 'mute', 100_000)), order(2, 2, { kind: 'slow', seconds: 9 })];
  const flood = Array.from({ length: LIMITS.clientRecordsMax + 50 }, (_, index) => said(CLEO, index + 1, 3 + index));
  const replica = replicaAfter([...orders, ...flood]);
  assert.equal(replica.log.size, LIMITS.clientRecordsMax);
  for (const record of orders) assert.ok(replica.log.get(idOf(record)));
});

test('[L3] [O3] however much was removed, what is said afterwards is kept, and what was removed does not come back', () => {
  const bad = Array.from({ length: LIMITS.clientRecordsMax + 50 }, (_, index) => said(BOB, index + 1, index));
  const removals = bad.map((target, index) => remove(target, LIMITS.clientRecordsMax + 100 + index, index + 1));
  const after = said(CLEO, 1, 3 * LIMITS.clientRecordsMax, 'sorry about them');
  const replica = replicaAfter([...removals, after]);
  assert.equal(replica.views.get(idOf(after))?.text, 'sorry about them');
  assert.equal(replica.log.size, LIMITS.clientRecordsMax);
  // Of a removal that was dropped the trace goes too; what it removed is older than it, and lies below what is kept.
  assert.equal(replica.views.list().length, LIMITS.clientRecordsMax);
  const [first] = bad as [SignedRecord];
  replica.takeIn(keptOf(first), { isKept: false });
  assert.equal(replica.log.get(idOf(first)), undefined);
});

test('[L3] [O3] what was removed, and what is about it, stays away when the removal is not kept any more', () => {
  const ofAFastClock = said(BOB, 1, 1_000_000, 'bad words');
  const flood = Array.from({ length: LIMITS.clientRecordsMax + 50 }, (_, index) => said(CLEO, index + 1, 10 + index));
  const edit = at(BOB, 2, 1_000_001, { kind: 'edit', target: idOf(ofAFastClock), text: 'worse words' });
  const replica = replicaAfter([ofAFastClock, remove(ofAFastClock, 5), ...flood]);
  assert.equal(replica.moderation.removal(idOf(ofAFastClock)), undefined);
  assert.equal(replica.lacks(idOf(ofAFastClock)), false);
  for (const record of [ofAFastClock, edit]) {
    replica.takeIn(keptOf(record), { isKept: false });
    assert.equal(replica.log.get(idOf(record)), undefined);
  }
});

test('[O7] a client that is full keeps what is pinned, and its edit', () => {
  const pinned = said(CLEO, 1, 1);
  const edit = at(CLEO, 2, 2, { kind: 'edit', target: idOf(pinned), text: 'Stage two, rather' });
  const pin = order(1, 3, { kind: 'pin', target: idOf(pinned) });
  const flood = Array.from({ length: LIMITS.clientRecordsMax + 50 }, (_, index) => said(CLEO, index + 3, 4 + index));
  const replica = replicaAfter([pinned, edit, pin, ...flood]);
  assert.equal(replica.views.get(idOf(pinned))?.text, 'Stage two, rather');
});

test('[O2] three pins of different targets hold, the latest first, until one without a target', () => {
  const [first, second, third, fourth] = [1, 2, 3, 4].map((seq) => said(CLEO, seq, seq)) as [
    SignedRecord,
    SignedRecord,
    SignedRecord,
    SignedRecord,
  ];
  const pins = [first, second, third, fourth, second].map((target, index) =>
    order(60 + index, 10 + index, { kind: 'pin', target: idOf(target) }),
  );
  const held = (records: readonly SignedRecord[]) => replicaAfter(records).moderation.pinned;
  assert.deepEqual(held(pins), [second, fourth, third].map(idOf));
  assert.deepEqual(held([...pins].reverse()), [second, fourth, third].map(idOf));
  const unpin = at(ORGANISER, 70, 13, { kind: 'pin' });
  assert.deepEqual(held([...pins, unpin]), [second].map(idOf));
  assert.equal(replicaAfter(pins).moderation.inForce(START_MS).length, LIMITS.pinsMax);
});

test('[O6] what a slow room sends back waits for its turn, alone, and goes when the room is slow no more', () => {
  const driven = new DrivenRoom(SELF);
  driven.joined();
  driven.server(placedFrame([order(1, 0, { kind: 'slow', seconds: 60 })], { first: 1 }));
  const id = driven.write('too soon');
  driven.take('server', 'records');
  driven.server({
    ...{ type: 'refused', room: ROOM, code: 'slow-mode', message: 'slow', retryAfterMs: 40_000 },
    ids: [id],
  });
  assert.deepEqual(driven.room.message(id)?.delivery, { state: 'queued', acknowledgedBy: 0, waitsFor: 'slow-mode' });
  assert.equal(driven.room.moderation(driven.nowMs).slowWaitMs, 40_000);
  assert.equal(driven.room.status().reason, 'slow-mode');
  driven.feed({ type: 'write', body: { kind: 'reaction', target: id, emoji: '🔥', isOn: true } });
  assert.equal(driven.take('server', 'records').length, 1, 'a reaction waits for nothing');
  driven.server(placedFrame([order(2, 1, { kind: 'slow', seconds: 0 })], { first: 2 }));
  assert.equal(driven.take('server', 'records').length, 1);
  assert.equal(driven.room.message(id)?.delivery.waitsFor, undefined);
  assert.equal(driven.room.status().reason, 'connected');
  assert.equal(driven.room.moderation(driven.nowMs).slowWaitMs, 0);
});

test('[O6] the next message may go a while after the last one, by the pace that holds', () => {
  const driven = new DrivenRoom(SELF);
  driven.joined();
  const wait = (): number => driven.room.moderation(driven.nowMs).slowWaitMs;
  driven.write('first');
  assert.equal(wait(), 0);
  driven.server(placedFrame([order(1, 0, { kind: 'slow', seconds: 60 })], { first: 1 }));
  assert.equal(wait(), 60_000);
  driven.passServed(59_000);
  assert.equal(wait(), 1_000);
  driven.passServed(1_000);
  assert.equal(wait(), 0);
});

test('[S8] a refused message says what the server called it, and can be let go', () => {
  const driven = new DrivenRoom(SELF);
  driven.joined();
  const id = driven.write('a bad word');
  driven.server({ type: 'refused', room: ROOM, code: 'filtered', message: 'no', ids: [id] });
  const { state, code } = driven.room.message(id)?.delivery ?? {};
  assert.deepEqual([state, code], ['failed', 'filtered']);
  driven.feed({ type: 'discard', id });
  assert.deepEqual(driven.texts(), []);
  assert.deepEqual(driven.noted('forget').at(-1)?.ids, [id]);
});

test('[O5] whoever is turned away at the door knows until when, and that it is no fault of the network', () => {
  const driven = new DrivenRoom(SELF);
  driven.joined();
  driven.server({ type: 'refused', room: ROOM, code: 'banned', message: 'rude', retryAfterMs: 90_000 });
  driven.feed({ type: 'server-down' });
  assert.equal(driven.room.status().reason, 'banned');
  const { restriction } = driven.room.moderation(driven.nowMs);
  assert.deepEqual([restriction?.level, restriction?.endsInMs], ['ban', 90_000]);
  driven.joined();
  assert.equal(driven.room.moderation(driven.nowMs).restriction, null);
});
