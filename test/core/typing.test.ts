// Who is writing, as a replica says it and hears of it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PeerId } from '../../src/protocol/ids.js';
import { DrivenRoom, membersInOrder, placedFrame, recordOf, ROOM } from './driven-room.js';

const [LOW, SELF, HIGH] = membersInOrder(3).map((member) => member.peer) as [PeerId, PeerId, PeerId];
const BOB = { peer: HIGH, name: 'Bob' };

function joinedRoom(): DrivenRoom {
  const driven = new DrivenRoom(SELF);
  driven.joined([BOB]);
  return driven;
}

function namesAndCount({ room }: DrivenRoom): readonly [string, number] {
  const { members, count } = room.typing();
  return [members.map(({ author }) => author.name).join(), count];
}

test('[W1] who writes says so at once, then at most every 3 s, and at once again after a message', () => {
  const driven = joinedRoom();
  driven.feed({ type: 'typed' });
  driven.feed({ type: 'typed' });
  assert.deepEqual(driven.take('server', 'typing'), [{ type: 'typing', room: ROOM }]);
  driven.passServed(2_999);
  driven.feed({ type: 'typed' });
  assert.deepEqual(driven.take('server', 'typing'), []);
  driven.passServed(1);
  driven.feed({ type: 'typed' });
  assert.equal(driven.take('server', 'typing').length, 1);
  driven.write('done');
  driven.feed({ type: 'typed' });
  assert.equal(driven.take('server', 'typing').length, 1);
});

test('[W1] what was said counts for 6 s, and the page is told when it begins and when it ends', () => {
  const driven = joinedRoom();
  const told = (): number => driven.noted('notify').filter(({ event }) => event.type === 'typing').length;
  driven.server({ type: 'typing', room: ROOM, who: { peers: [HIGH], count: 1 } });
  assert.deepEqual(namesAndCount(driven), ['Bob', 1]);
  driven.passServed(3_000);
  driven.server({ type: 'typing', room: ROOM, who: { peers: [HIGH], count: 1 } });
  driven.passServed(5_999);
  assert.deepEqual([...namesAndCount(driven), told()], ['Bob', 1, 1]);
  driven.passServed(1);
  assert.deepEqual([...namesAndCount(driven), told()], ['', 0, 2]);
});

test('[W1] a message ends it for its author only', () => {
  const driven = joinedRoom();
  driven.server({ type: 'typing', room: ROOM, who: { peers: [HIGH, LOW], count: 7 } });
  assert.equal(driven.room.typing().count, 7);
  driven.server(placedFrame([recordOf(HIGH, 1)], { first: 1 }));
  assert.equal(driven.room.typing().count, 6);
  assert.deepEqual(
    driven.room.typing().members.map(({ id }) => id),
    [LOW],
  );
});

test('[W3] without a server the linked peers are told, and are believed of themselves only', () => {
  const driven = joinedRoom();
  const dial = driven.link(HIGH);
  driven.feed({ type: 'typed' });
  assert.deepEqual(driven.sent(dial, 'typing'), [], 'the server is there');
  driven.passServed(3_000);
  driven.feed({ type: 'server-down' });
  driven.feed({ type: 'typed' });
  assert.deepEqual(driven.sent(dial, 'typing'), [{ type: 'typing', room: ROOM }]);
  driven.feed({ type: 'frame', link: dial, frame: { type: 'typing', room: ROOM, who: { peers: [LOW], count: 5 } } });
  assert.deepEqual(namesAndCount(driven), ['Bob', 1]);
  driven.pass(6_000);
  assert.deepEqual(namesAndCount(driven), ['', 0]);
});
