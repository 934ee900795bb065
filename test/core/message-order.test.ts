// The order in which messages are shown, and what stands of them when records came in any order (rules T3, R6, R7).

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Replica } from '../../src/core/replica.js';
import type { KeptRecord } from '../../src/core/room-io.js';
import { FUTURE_ORDER_MAX_MS } from '../../src/protocol/limits.js';
import type { PeerId, RecordId } from '../../src/protocol/ids.js';
import { authorOf, recordId, roomKey } from '../../src/protocol/ids.js';
import { idOf } from '../../src/protocol/record.js';
import type { RecordBody, SignedRecord } from '../../src/protocol/record.js';
import { DrivenRoom, EPOCH, membersInOrder, placedFrame, recordOf, START_MS } from './driven-room.js';

const [SELF, BOB, CLEO] = membersInOrder(3).map((member) => member.peer) as [PeerId, PeerId, PeerId];

function message(peer: PeerId, seq: number, text: string, timeMs: number): SignedRecord {
  return recordOf(peer, seq, { time: timeMs * 1024 + seq, body: { kind: 'message', name: 'Bob', text } });
}

function joinedRoom(): DrivenRoom {
  const driven = new DrivenRoom(SELF);
  driven.joined(membersInOrder(3));
  return driven;
}

test('[T3] records are shown by time, then author, whatever the order of arrival; old ones are taken in', () => {
  const records = [
    message(BOB, 1, 'a year ago', START_MS - 365 * 24 * 3_600_000),
    message(BOB, 2, 'before', START_MS - 1_000),
    recordOf(BOB, 3, { time: START_MS * 1024, body: { kind: 'message', name: 'Bob', text: 'lower author' } }),
    recordOf(CLEO, 1, { time: START_MS * 1024, body: { kind: 'message', name: 'Cleo', text: 'higher author' } }),
    message(BOB, 4, 'now', START_MS),
  ];
  fc.assert(
    fc.property(fc.shuffledSubarray(records, { minLength: records.length }), (shuffled) => {
      const driven = joinedRoom();
      const dial = driven.link(BOB);
      for (const record of shuffled) driven.push(dial, [record]);
      assert.deepEqual(driven.texts(), ['a year ago', 'before', 'lower author', 'higher author', 'now']);
    }),
    { numRuns: 30 },
  );
});

test('[T3] records of one time are ordered by the characters of their ids', () => {
  const driven = joinedRoom();
  const dial = driven.link(BOB);
  const at = (seq: number) => recordOf(BOB, seq, { time: START_MS * 1024 });
  driven.push(dial, [at(9), at(10), at(1)]);
  assert.deepEqual(driven.texts(), ['message 1', 'message 10', 'message 9']);
});

test('[T3] a record from the future is shown as of its arrival here, until the server says when it arrived there', () => {
  const driven = joinedRoom();
  const dial = driven.link(BOB);
  const future = message(BOB, 1, 'from 2099', Date.UTC(2099, 0));
  driven.push(dial, [future]);
  driven.nowMs += 1_000;
  driven.push(dial, [message(BOB, 2, 'soon after', driven.nowMs)]);
  assert.deepEqual(driven.texts(), ['from 2099', 'soon after']);
  driven.server(placedFrame([future], { first: 1, storedAtMs: START_MS + 2_000 }));
  assert.deepEqual(driven.texts(), ['soon after', 'from 2099']);

  const late = joinedRoom();
  late.nowMs += 3_600_000;
  late.server(placedFrame([future], { first: 1, storedAtMs: START_MS + 2_000 }));
  late.server(placedFrame([message(BOB, 2, 'soon after', START_MS + 1_000)], { first: 2 }));
  late.server(placedFrame([message(BOB, 3, 'later', START_MS + 3_000)], { first: 3 }));
  assert.deepEqual(late.texts(), ['soon after', 'from 2099', 'later'], 'the same for whoever comes late');
});

test('[T3] up to the bound a clock that is fast is believed', () => {
  const driven = joinedRoom();
  const dial = driven.link(BOB);
  driven.push(dial, [message(BOB, 1, 'fast', START_MS + FUTURE_ORDER_MAX_MS)]);
  driven.push(dial, [message(BOB, 2, 'too fast', START_MS + FUTURE_ORDER_MAX_MS + 1)]);
  assert.deepEqual(driven.texts(), ['too fast', 'fast']);
});

const TARGET = recordId(authorOf(BOB), BOB.slice(44) as never, 1);

function said(peer: PeerId, seq: number, time: number, body: RecordBody): SignedRecord {
  return recordOf(peer, seq, { time: START_MS * 1024 + time, body });
}

/** Everything one author and two others say about a message; some ids are used twice. */
const SAID: readonly SignedRecord[] = [
  said(BOB, 1, 1, { kind: 'message', name: 'Bob', text: 'first' }),
  said(BOB, 1, 2, { kind: 'message', name: 'Bob', text: 'another under its id' }),
  said(BOB, 2, 3, { kind: 'edit', target: TARGET, text: 'second' }),
  said(BOB, 2, 4, { kind: 'edit', target: TARGET, text: 'second, otherwise' }),
  said(BOB, 3, 3, { kind: 'edit', target: TARGET, text: 'third' }),
  said(BOB, 3, 5, { kind: 'reaction', target: TARGET, emoji: '🎪', isOn: true }),
  said(BOB, 4, 6, { kind: 'reaction', target: TARGET, emoji: '🎪', isOn: false }),
  said(CLEO, 1, 9, { kind: 'edit', target: TARGET, text: 'stolen' }),
  said(CLEO, 2, 7, { kind: 'reaction', target: TARGET, emoji: '🎉', isOn: true }),
  said(CLEO, 2, 8, { kind: 'reaction', target: TARGET, emoji: '🎉', isOn: false }),
  said(CLEO, 3, 7, { kind: 'retract', target: TARGET }),
  said(CLEO, 4, 6, { kind: 'reaction', target: TARGET, emoji: '🌧', isOn: false }),
  said(CLEO, 5, 7, { kind: 'reaction', target: TARGET, emoji: '🌧', isOn: true }),
  said(CLEO, 6, 8, { kind: 'reaction', target: TARGET, emoji: '☀️', isOn: true }),
  said(CLEO, 7, 9, { kind: 'reaction', target: TARGET, emoji: '☀️', isOn: false }),
  ...[6, 7, 8, 9].flatMap((seq) => [
    said(BOB, seq, 20 + seq, { kind: 'message', name: 'Bob', text: `a message, number ${seq}` }),
    said(BOB, seq, 20 + seq, { kind: 'edit', target: TARGET, text: `an edit, number ${seq}` }),
  ]),
  said(SELF, 1, 5, { kind: 'reaction', target: TARGET, emoji: '🎉', isOn: true }),
];
const RETRACTIONS = [
  said(BOB, 4, 2, { kind: 'retract', target: TARGET }),
  said(BOB, 5, 2, { kind: 'retract', target: TARGET }),
];

interface Arrival {
  readonly record: SignedRecord;
  readonly isPlaced: boolean;
}

/** What a replica shows after these arrivals. */
function shownAfter(arrivals: readonly Arrival[]) {
  const replica = new Replica(authorOf(SELF), roomKey('festival', 'stage'));
  replica.offsets.begin(EPOCH, 0, 0, START_MS);
  arrivals.forEach(({ record, isPlaced }, index) => {
    const place = isPlaced ? { offset: index + 1, epoch: EPOCH } : { offset: null, epoch: null };
    const kept: KeptRecord = { record, arrivedAtMs: START_MS, route: 'p2p', hops: 0, ...place };
    replica.takeIn(kept, { isKept: false });
    if (isPlaced) replica.place(idOf(record), EPOCH, index + 1, null);
  });
  const views = replica.views.list().map(({ id, text, edited, retracted, reactions }) => {
    const sorted = [...reactions].sort((a, b) => (a.emoji < b.emoji ? -1 : 1));
    return { id, text, edited, retracted, reactions: sorted };
  });
  return { views, log: replica.log.keySet.all.map(({ id, signature }) => `${id}~${signature}`) };
}

/** The content that every replica must end with under each id, if none is placed: the lower signature. */
function survivors(records: readonly SignedRecord[]): SignedRecord[] {
  const best = new Map<RecordId, SignedRecord>();
  for (const record of records) {
    const known = best.get(idOf(record));
    if (known === undefined || record.signature < known.signature) best.set(idOf(record), record);
  }
  return [...best.values()];
}

/** What is shown of the target, by the words of rule R6, given what stands under each id. */
function shownOfTarget(standing: readonly SignedRecord[]) {
  const aboutIt = standing.filter(({ body }) => 'target' in body && body.target === TARGET);
  const latestFirst = [...aboutIt].sort((a, b) => b.time - a.time || (idOf(a) < idOf(b) ? 1 : -1));
  const byBob = latestFirst.filter(({ author }) => author === authorOf(BOB));
  const edit = byBob.find(({ body }) => body.kind === 'edit')?.body as { text: string } | undefined;
  const retracted = byBob.some(({ body }) => body.kind === 'retract');
  const first = standing.find((record) => idOf(record) === TARGET)?.body as { text: string };
  const counts = new Map<string, number>();
  const settled = new Set<string>();
  for (const { author, body } of latestFirst) {
    if (body.kind !== 'reaction' || settled.has(`${author} ${body.emoji}`)) continue;
    settled.add(`${author} ${body.emoji}`);
    if (body.isOn) counts.set(body.emoji, (counts.get(body.emoji) ?? 0) + 1);
  }
  return { text: retracted ? '' : (edit?.text ?? first.text), retracted, counts: [...counts].sort() };
}

/** The same of what a replica shows. */
function targetOf(shown: ReturnType<typeof shownAfter>): ReturnType<typeof shownOfTarget> {
  const view = shown.views.find(({ id }) => id === TARGET);
  assert.ok(view);
  const counts = view.reactions.map(({ emoji, count }): [string, number] => [emoji, count]).sort();
  return { text: view.text, retracted: view.retracted, counts };
}

for (const [what, records] of [
  ['edits and reactions', SAID],
  ['retractions as well', [...SAID, ...RETRACTIONS]],
] as const) {
  test(`[R6] [R7] ${what} end the same in any order, also where an id was used twice`, () => {
    const unplaced = (list: readonly SignedRecord[]): Arrival[] => list.map((record) => ({ record, isPlaced: false }));
    const expected = shownAfter(unplaced(survivors(records)));
    assert.deepEqual(targetOf(expected), shownOfTarget(survivors(records)));
    fc.assert(
      fc.property(fc.shuffledSubarray([...records], { minLength: records.length }), (shuffled) => {
        assert.deepEqual(shownAfter(unplaced([...shuffled, ...shuffled])), expected);
      }),
      { numRuns: 300 },
    );
  });

  test(`[R7] ${what}: what the server has placed stands against the lower signature, whenever it comes`, () => {
    // The server keeps the first of each id it is given.
    const isFirst = (record: SignedRecord, index: number): boolean =>
      records.findIndex((other) => idOf(other) === idOf(record)) === index;
    const placed = records.filter(isFirst);
    const asPlaced = placed.map((record) => ({ record, isPlaced: true }));
    const expected = shownAfter(asPlaced);
    assert.deepEqual(targetOf(expected), shownOfTarget(placed));
    const arrivals = [...asPlaced, ...records.map((record) => ({ record, isPlaced: false }))];
    fc.assert(
      fc.property(fc.shuffledSubarray(arrivals, { minLength: arrivals.length }), (shuffled) => {
        assert.deepEqual(shownAfter(shuffled), expected);
      }),
      { numRuns: 300 },
    );
  });
}
