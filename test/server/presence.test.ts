// Who hears of whom, and how often (rule J4), and within which time a crowd is asked back (rule J8).

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { returnWithinMs } from '../../server/drain.js';
import { SERVER_LIMITS } from '../../server/limits.js';
import { Presence } from '../../server/presence.js';
import type { FrameOf } from '../../src/protocol/frames.js';
import type { PeerId } from '../../src/protocol/ids.js';
import { roomKey } from '../../src/protocol/ids.js';
import { LIMITS } from '../../src/protocol/limits.js';
import { Device } from '../support/device.js';

type Change = FrameOf<'member-joined'> | FrameOf<'member-left'>;

/** @param elsewhere members at other nodes */
function room(members: number, elsewhere = 0) {
  const heard = new Map<PeerId, Change[]>();
  const here = new Map<PeerId, { connection: { send(frame: Change): void } }>();
  let toldAnew = 0;
  const presence = new Presence(here, () => (toldAnew += 1));
  const change = (type: 'member-joined' | 'member-left', peer: PeerId): Change =>
    type === 'member-left'
      ? { type, room: roomKey('default', 'lobby'), peer, memberCount: here.size + elsewhere }
      : {
          type,
          room: roomKey('default', 'lobby'),
          member: { peer, name: 'Member' },
          memberCount: here.size + elsewhere,
        };
  const enter = (): PeerId => {
    const { peer } = new Device();
    const frames: Change[] = [];
    heard.set(peer, frames);
    here.set(peer, { connection: { send: (frame) => frames.push(frame) } });
    presence.changed(change('member-joined', peer));
    return peer;
  };
  const leave = (peer: PeerId): void => {
    here.delete(peer);
    presence.changed(change('member-left', peer));
  };
  const first = enter();
  for (let count = 1; count < members; count += 1) enter();
  const hearing = (): Change[] => heard.get(first)?.splice(0) ?? [];
  return { presence, enter, leave, hearing, toldAnew: () => toldAnew };
}

test('[J4] up to membersPerFrameMax, everybody hears of everybody at once', () => {
  const { enter, leave, hearing } = room(LIMITS.membersPerFrameMax - 1);
  assert.equal(hearing().length, LIMITS.membersPerFrameMax - 2, 'the others, not oneself');
  const late = enter();
  leave(late);
  assert.deepEqual(
    hearing().map(({ type, memberCount }) => [type, memberCount]),
    [
      ['member-joined', LIMITS.membersPerFrameMax],
      ['member-left', LIMITS.membersPerFrameMax - 1],
    ],
  );
});

test('[J4] in a crowd, a thousand changes within a second are one frame with the last count', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { presence, enter, hearing } = room(LIMITS.membersPerFrameMax);
  hearing();
  for (let count = 0; count < 1_000; count += 1) enter();
  assert.deepEqual(hearing(), []);
  t.mock.timers.tick(SERVER_LIMITS.presenceEveryMs);
  assert.deepEqual(
    hearing().map(({ memberCount }) => memberCount),
    [LIMITS.membersPerFrameMax + 1_000],
  );
  t.mock.timers.tick(10 * SERVER_LIMITS.presenceEveryMs);
  assert.deepEqual(hearing(), [], 'nothing changed, nothing is said');
  enter();
  presence.close();
  t.mock.timers.tick(SERVER_LIMITS.presenceEveryMs);
  assert.deepEqual(hearing(), [], 'a closed room says nothing');
});

test('[J4] a room is a crowd by all its members, at whichever node they are', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { enter, leave, hearing } = room(2, LIMITS.membersPerFrameMax);
  hearing();
  leave(enter());
  assert.deepEqual(hearing(), []);
  t.mock.timers.tick(SERVER_LIMITS.presenceEveryMs);
  assert.deepEqual(
    hearing().map(({ type, memberCount }) => [type, memberCount]),
    [['member-left', LIMITS.membersPerFrameMax + 2]],
  );
});

test('[J4] when a crowd has thinned out its members are told all names once, and each change again', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { enter, leave, toldAnew } = room(LIMITS.membersPerFrameMax);
  const late = Array.from({ length: 50 }, enter);
  for (const peer of late) leave(peer);
  t.mock.timers.tick(SERVER_LIMITS.presenceEveryMs);
  assert.equal(toldAnew(), 0, 'a crowd still');
  const few = room(SERVER_LIMITS.namesAgainMembers);
  const crowd = Array.from({ length: LIMITS.membersPerFrameMax }, few.enter);
  for (const peer of crowd) few.leave(peer);
  few.hearing();
  t.mock.timers.tick(SERVER_LIMITS.presenceEveryMs);
  assert.equal(few.toldAnew(), 1);
  assert.deepEqual(few.hearing(), [], 'what they are told says all');
  few.leave(few.enter());
  assert.deepEqual(
    few.hearing().map(({ type }) => type),
    ['member-joined', 'member-left'],
  );
  t.mock.timers.tick(10 * SERVER_LIMITS.presenceEveryMs);
  assert.equal(few.toldAnew(), 1);
});

test('[J4] a crowd that thins out is not told an old count after a new one', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { enter, leave, hearing } = room(LIMITS.membersPerFrameMax);
  hearing();
  const late = enter();
  leave(late);
  t.mock.timers.tick(SERVER_LIMITS.presenceEveryMs);
  assert.deepEqual(
    hearing().map(({ type, memberCount }) => [type, memberCount]),
    [['member-left', LIMITS.membersPerFrameMax]],
  );
});

test('[J8] the time to come back grows with the sockets, within its bounds', () => {
  const { min, max } = SERVER_LIMITS.returnWithinMs;
  const table: readonly (readonly [sockets: number, withinMs: number])[] = [
    [0, min],
    [10, min],
    [2_000, 10_000],
    [5_000, 25_000],
    [1_000_000, max],
  ];
  for (const [sockets, withinMs] of table) assert.equal(returnWithinMs(sockets), withinMs, `${sockets} sockets`);
});
