// Coming back to the server: what a client says when it missed nothing, and what bounds dropped stays dropped.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KeptRecord } from '../../src/core/room-io.js';
import type { Frame } from '../../src/protocol/frames.js';
import type { PeerId } from '../../src/protocol/ids.js';
import { LIMITS } from '../../src/protocol/limits.js';
import { idOf } from '../../src/protocol/record.js';
import { DrivenRoom, EPOCH, membersInOrder, placedFrame, recordOf, START_MS } from './driven-room.js';

const MEMBERS = membersInOrder(2);
const [SELF, BOB] = MEMBERS.map((member) => member.peer) as [PeerId, PeerId];

/** A room that was reloaded with the latest of so many stored records. */
function reloaded(stored: number): DrivenRoom {
  const driven = new DrivenRoom(SELF);
  const count = Math.min(stored, LIMITS.clientRecordsMax);
  const records = Array.from({ length: count }, (_, index): KeptRecord => {
    const seq = stored - count + index + 1;
    return { record: recordOf(BOB, seq), arrivedAtMs: START_MS, route: 'history', hops: 0, offset: seq, epoch: EPOCH };
  });
  driven.feed({ type: 'restored', records, position: { epoch: EPOCH, offset: stored } });
  return driven;
}

/** Everything said to the server but its pings and reports, which come whether something was missed or not. */
function asked(driven: DrivenRoom): Frame[] {
  return driven.outputs.flatMap((output) => {
    if (output.type !== 'send' || output.link !== 'server') return [];
    return output.frame.type === 'ping' || output.frame.type === 'report' ? [] : [output.frame];
  });
}

for (const stored of [10, 1_000, 100_000]) {
  test(`[S5] [S7] back at ${stored} stored records with none missed, a client says its position and nothing more`, () => {
    const driven = reloaded(stored);
    assert.deepEqual(driven.room.joinPosition(), { epoch: EPOCH, offset: stored });
    for (let times = 0; times < 2; times += 1) {
      driven.joined(MEMBERS, { head: stored });
      driven.passServed(30_000, stored);
      driven.feed({ type: 'server-down' });
    }
    assert.deepEqual(asked(driven), []);
  });
}

test('[L3] what a client has dropped for its bound it does not ask the server for, nor does it move back', () => {
  const driven = new DrivenRoom(SELF);
  driven.joined(MEMBERS);
  const count = LIMITS.clientRecordsMax + 100;
  const records = Array.from({ length: count }, (_, index) => recordOf(BOB, index + 1));
  for (let at = 0; at < count; at += LIMITS.recordsPerFrameMax) {
    driven.server(placedFrame(records.slice(at, at + LIMITS.recordsPerFrameMax), { first: at + 1 }));
  }
  assert.equal(driven.room.sizes().records, LIMITS.clientRecordsMax);
  const shown = driven.texts();
  driven.feed({ type: 'server-down' });
  assert.deepEqual(driven.room.joinPosition(), { epoch: EPOCH, offset: count });
  driven.joined(MEMBERS, { head: count });
  driven.server(placedFrame(records.slice(0, 50), { first: 1, head: count }, { isRange: true }));
  driven.passServed(30_000, count);
  assert.deepEqual(asked(driven), []);
  assert.deepEqual(driven.texts(), shown);
});

test('[S7] what the server has dropped, by count or by age, is not offered to it again', () => {
  const driven = reloaded(100);
  driven.joined(MEMBERS, { head: 100, floor: 60 });
  driven.passServed(30_000, 100);
  assert.deepEqual(asked(driven), []);
  assert.ok(driven.room.message(idOf(recordOf(BOB, 1))), 'while this device still shows it');
});
