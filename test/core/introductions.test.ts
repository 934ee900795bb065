// Peers without a server introduce each other (rule M9).

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Member } from '../../src/protocol/frames.js';
import type { DialId } from '../../src/protocol/ids.js';
import { DrivenRoom, membersInOrder, ROOM } from './driven-room.js';

const MEMBERS = membersInOrder(9);
const [LOWEST, LOW, SELF, HIGH, TOP, ...OTHERS] = MEMBERS as [Member, Member, Member, Member, Member, ...Member[]];

/** Without a server, linked to the lower and the higher neighbour. */
function alone(): { driven: DrivenRoom; low: DialId; high: DialId } {
  const driven = new DrivenRoom(SELF.peer, { mesh: 'auto', maxPeers: 2, autoUpgradeDelayMs: 0 });
  driven.joined(MEMBERS);
  const [low, high] = [driven.link(LOW.peer), driven.link(HIGH.peer)];
  driven.feed({ type: 'server-down' });
  return { driven, low, high };
}

function tell(driven: DrivenRoom, dial: DialId, members: Member[]): void {
  driven.feed({ type: 'frame', link: dial, frame: { type: 'neighbours', room: ROOM, members } });
}

test('[M9] neighbours are told at once when the server is gone, and after changes at most every 2 s', () => {
  const { driven, low, high } = alone();
  const told = (dial: DialId) => driven.take(dial, 'neighbours').map((frame) => frame.members.map(({ peer }) => peer));
  assert.deepEqual(told(low), [[LOW.peer, HIGH.peer]]);
  assert.deepEqual(told(high), [[LOW.peer, HIGH.peer]]);
  driven.pass(500);
  driven.feed({ type: 'peer-down', dial: high, isClean: true, reason: 'gone' });
  driven.pass(1_499);
  assert.deepEqual(told(low), []);
  driven.pass(1);
  assert.deepEqual(told(low), [[LOW.peer]]);
  driven.pass(10_000);
  assert.deepEqual(told(low), [], 'without a change nothing is said');
});

test('[M9] with a server nobody is told', () => {
  const driven = new DrivenRoom(SELF.peer);
  driven.joined(MEMBERS);
  const dial = driven.link(LOW.peer);
  driven.passServed(10_000);
  assert.deepEqual(driven.sent(dial, 'neighbours'), []);
});

test('[M9] neighbours of neighbours are dialled by signals that the common neighbour carries', () => {
  const { driven, low } = alone();
  tell(driven, low, [LOWEST, TOP, SELF]);
  driven.pass(4_000);
  const dialled = driven.noted('dial').find((output) => output.peer === TOP.peer);
  assert.equal(dialled?.isInitiator, true);
  driven.feed({ type: 'signal-made', dial: dialled.dial, data: 'an offer' });
  const [knock, offer] = [LOWEST, TOP].map(({ peer }) => driven.sent(low, 'relay').find((frame) => frame.to === peer));
  assert.deepEqual([knock?.from, knock?.data], [SELF.peer, 'knock']);
  assert.deepEqual([offer?.from, offer?.dial, offer?.data], [SELF.peer, dialled.dial, 'an offer']);
});

test('[M9] with five links nobody else is looked for', () => {
  const { driven, low } = alone();
  tell(driven, low, [TOP, ...OTHERS]);
  for (let round = 0; round < 5; round += 1) {
    for (const { dial, peer } of driven.noted('dial')) {
      if (!driven.room.links(driven.nowMs).some((link) => link.dial === dial && link.state === 'dialing')) continue;
      driven.feed({ type: 'peer-up', dial, peer, name: 'Bob' });
    }
    driven.pass(2_100);
  }
  assert.equal(driven.room.sizes().links, 5);
});

test('[M9] a relay passes on what comes from the link of its sender and goes to a linked peer', () => {
  const { driven, low, high } = alone();
  const relay = (link: DialId, from: Member, to: Member): void => {
    const frame = {
      type: 'relay',
      room: ROOM,
      from: from.peer,
      to: to.peer,
      dial: 'dial00000001' as DialId,
      data: 'x',
    };
    driven.feed({ type: 'frame', link, frame: frame as never });
  };
  relay(low, TOP, HIGH);
  relay(low, LOW, TOP);
  assert.deepEqual([driven.sent(low, 'relay'), driven.sent(high, 'relay')], [[], []]);
  relay(low, LOW, HIGH);
  assert.deepEqual(driven.take(high, 'relay')[0]?.from, LOW.peer);
  for (let count = 1; count < 100; count += 1) relay(low, LOW, HIGH);
  assert.equal(driven.take(high, 'relay').length, 59, 'sixty in ten seconds');
  driven.nowMs += 10_000;
  relay(low, LOW, HIGH);
  assert.equal(driven.take(high, 'relay').length, 1);
});

test('[M9] a carried offer opens a link as the server’s would', () => {
  const { driven, high } = alone();
  tell(driven, high, [LOWEST]);
  const frame = {
    type: 'relay',
    room: ROOM,
    from: LOWEST.peer,
    to: SELF.peer,
    dial: 'dial00000001' as DialId,
    data: '{"type":"offer"}',
  } as const;
  driven.feed({ type: 'frame', link: high, frame });
  const answered = driven.noted('dial').find((output) => output.peer === LOWEST.peer);
  assert.deepEqual([answered?.dial, answered?.isInitiator], ['dial00000001', false]);
  driven.feed({ type: 'signal-made', dial: frame.dial, data: 'an answer' });
  assert.deepEqual(driven.sent(high, 'relay').at(-1)?.to, LOWEST.peer);
});

test('[M9] what a neighbour without a server has told holds when the own server has come and gone', () => {
  const { driven, low } = alone();
  tell(driven, low, [TOP]);
  driven.joined([]);
  driven.feed({ type: 'server-down' });
  driven.pass(4_000);
  assert.ok(driven.noted('dial').some(({ peer }) => peer === TOP.peer));
});
