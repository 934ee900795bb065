// Reading back to before what a replica was given when it joined.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createBeside } from '../../src/core/beside.js';
import type { PeerId } from '../../src/protocol/ids.js';
import { FIRST_HISTORY_RECORDS, LIMITS } from '../../src/protocol/limits.js';
import type { SignedRecord } from '../../src/protocol/record.js';
import { DrivenRoom, EPOCH, membersInOrder, placedFrame, recordOf, ROOM } from './driven-room.js';

const [SELF, HIGH] = membersInOrder(2).map((member) => member.peer) as [PeerId, PeerId];
const HEAD = 300;
/** The lowest offset that a newcomer is given, minus one. */
const BOTTOM = HEAD - FIRST_HISTORY_RECORDS;
const PAGE = LIMITS.recordsPerFrameMax;

/** What the server holds, by offset. */
const all: readonly SignedRecord[] = Array.from({ length: HEAD + 1 }, (_, offset) => recordOf(HIGH, offset));

/** The server's answer: the records above `after`, up to `through`. */
function page(driven: DrivenRoom, after: number, through: number): void {
  const records = all.slice(after + 1, through + 1);
  driven.server(placedFrame(records, { first: after + 1, head: HEAD }, { isRange: true }));
}

/** A newcomer that was given the latest history. */
function newcomer(floor = 0): DrivenRoom {
  const driven = new DrivenRoom(SELF);
  driven.joined([{ peer: HIGH, name: 'Bob' }], { head: HEAD, floor });
  page(driven, BOTTOM, HEAD);
  driven.take('server', 'want-range');
  return driven;
}

const history = (driven: DrivenRoom): string => driven.room.status().history;

test('[S14] nothing earlier is asked for before somebody reads back', () => {
  const driven = newcomer();
  assert.equal(history(driven), 'more');
  driven.passServed(10_000, HEAD);
  assert.deepEqual(driven.sent('server', 'want-range'), []);
});

test('[S14] who reads back asks once for a page that ends where its records begin', () => {
  const driven = newcomer();
  driven.feed({ type: 'read-back' });
  driven.feed({ type: 'read-back' });
  const question = { type: 'want-range', room: ROOM, epoch: EPOCH, after: BOTTOM - PAGE };
  assert.deepEqual(driven.take('server', 'want-range'), [question]);
  assert.equal(history(driven), 'loading');
  page(driven, BOTTOM - PAGE, BOTTOM);
  assert.equal(history(driven), 'more');
  assert.equal(driven.texts()[0], `message ${BOTTOM - PAGE + 1}`);
  driven.passServed(10_000, HEAD);
  assert.deepEqual(driven.sent('server', 'want-range'), [], 'one page for one question');
});

test('[S14] short pages are asked for until they meet what is here', () => {
  const driven = newcomer();
  driven.feed({ type: 'read-back' });
  driven.take('server', 'want-range');
  page(driven, BOTTOM - PAGE, BOTTOM - 20);
  assert.equal(driven.take('server', 'want-range')[0]?.after, BOTTOM - 20);
  assert.equal(history(driven), 'loading');
  page(driven, BOTTOM - 20, BOTTOM + 44);
  assert.equal(history(driven), 'more');
  assert.equal(driven.texts().length, FIRST_HISTORY_RECORDS + PAGE);
});

test('[S14] a question without an answer is asked again after 3 s', () => {
  const driven = newcomer();
  driven.feed({ type: 'read-back' });
  driven.passServed(2_999, HEAD);
  assert.equal(driven.sent('server', 'want-range').length, 1);
  driven.passServed(1, HEAD);
  assert.equal(driven.sent('server', 'want-range').length, 2);
});

test('[S14] it ends at the floor of what the server keeps', () => {
  const driven = newcomer(BOTTOM - 10);
  driven.feed({ type: 'read-back' });
  assert.equal(driven.take('server', 'want-range')[0]?.after, BOTTOM - 10);
  page(driven, BOTTOM - 10, BOTTOM + 54);
  assert.equal(history(driven), 'complete');
  driven.feed({ type: 'read-back' });
  assert.deepEqual(driven.sent('server', 'want-range'), []);
});

test('[S14] without a server nothing is asked; with it again, from where it stood', () => {
  const driven = newcomer();
  driven.feed({ type: 'read-back' });
  driven.take('server', 'want-range');
  driven.feed({ type: 'server-down' });
  assert.equal(history(driven), 'more');
  driven.feed({ type: 'read-back' });
  driven.joined([], { head: HEAD });
  assert.deepEqual(driven.sent('server', 'want-range'), []);
  driven.feed({ type: 'read-back' });
  assert.equal(driven.sent('server', 'want-range')[0]?.after, BOTTOM - PAGE);
});

test('[S14] what the device kept of an earlier visit is not asked for again', () => {
  const before = newcomer();
  const records = before.noted('save').map(({ kept }) => kept);
  const driven = new DrivenRoom(SELF);
  driven.feed({ type: 'restored', records, position: { epoch: EPOCH, offset: HEAD } });
  driven.joined([], { head: HEAD });
  driven.feed({ type: 'read-back' });
  assert.equal(driven.sent('server', 'want-range')[0]?.after, BOTTOM - PAGE);
});

test('[S14] what reads back and tells who writes may come after the room was joined', () => {
  const driven = new DrivenRoom(SELF, {}, { isBesideLate: true });
  driven.joined([{ peer: HIGH, name: 'Bob' }], { head: HEAD, floor: 0 });
  page(driven, BOTTOM, HEAD);
  driven.take('server', 'want-range');
  driven.server({ type: 'typing', room: ROOM, who: { peers: [HIGH], count: 1 } });
  driven.feed({ type: 'read-back' });
  assert.equal(history(driven), 'unknown');
  assert.equal(driven.room.typing().count, 0);
  driven.feed({ type: 'beside-loaded', create: createBeside });
  assert.equal(history(driven), 'more');
  driven.server({ type: 'typing', room: ROOM, who: { peers: [HIGH], count: 1 } });
  assert.equal(driven.room.typing().count, 1);
  driven.feed({ type: 'read-back' });
  const question = { type: 'want-range', room: ROOM, epoch: EPOCH, after: BOTTOM - PAGE };
  assert.deepEqual(driven.take('server', 'want-range'), [question]);
});
