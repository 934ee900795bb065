// What the core makes of two devices that have paired: a link like any other, without a server (rules Q7, M9).

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPeers } from '../../src/core/peer-side.js';
import { Room } from '../../src/core/room.js';
import type { RoomOutput } from '../../src/core/room-io.js';
import type { Member } from '../../src/protocol/frames.js';
import type { AuthorId, DialId, SessionId } from '../../src/protocol/ids.js';
import { authorOf } from '../../src/protocol/ids.js';
import { seededRandom } from '../simulation/random.js';
import { DrivenRoom, membersInOrder, recordOf, ROOM, START_MS } from './driven-room.js';

const [LOW, SELF, HIGH] = membersInOrder(3) as [Member, Member, Member];
const DIAL = 'paired000001' as DialId;
const OTHER = 'paired000002' as DialId;

/** A page that has never reached a server, paired with the higher peer. */
function paired(): DrivenRoom {
  const driven = new DrivenRoom(SELF.peer, { mesh: 'auto' });
  driven.feed({ type: 'server-down' });
  driven.feed({ type: 'paired', dial: DIAL, peer: HIGH.peer });
  driven.feed({ type: 'peer-up', dial: DIAL, peer: HIGH.peer, name: 'Bob' });
  return driven;
}

test('[Q7] a paired channel is asked for as a dial, and is a link when its greeting was good', () => {
  const driven = paired();
  const [dial] = driven.noted('dial');
  assert.deepEqual([dial?.dial, dial?.peer, dial?.iceServers], [DIAL, HIGH.peer, []]);
  const { connection, peers, members } = driven.room.status();
  assert.deepEqual([connection, peers, members], ['mesh-only', 1, 2]);
});

test('[Q7] what was written before the pairing and after it goes over the pair, to be carried to a server', () => {
  const driven = new DrivenRoom(SELF.peer, { mesh: 'auto' });
  driven.feed({ type: 'server-down' });
  driven.write('written alone');
  driven.feed({ type: 'paired', dial: DIAL, peer: HIGH.peer });
  driven.feed({ type: 'peer-up', dial: DIAL, peer: HIGH.peer, name: 'Bob' });
  assert.equal(driven.sent(DIAL, 'sync').length, 1, 'the lower peer compares logs at once');
  const id = driven.write('written together');
  const [pushed] = driven.sent(DIAL, 'records').filter((frame) => frame.isCarried);
  assert.equal(pushed?.records.length, 1);
  driven.feed({ type: 'frame', link: DIAL, frame: { type: 'ack', room: ROOM, ids: [id] } });
  assert.deepEqual(driven.room.message(id)?.delivery, { state: 'sent', acknowledgedBy: 1 });
});

test('[Q7] two that paired with a third are told of each other, though no server was ever there', () => {
  const driven = paired();
  driven.pass(2_000);
  driven.feed({ type: 'paired', dial: OTHER, peer: LOW.peer });
  driven.feed({ type: 'peer-up', dial: OTHER, peer: LOW.peer, name: 'Cleo' });
  driven.pass(2_000);
  const told = driven.sent(DIAL, 'neighbours').at(-1);
  assert.deepEqual(told?.members.map(({ peer }) => peer).sort(), [LOW.peer, HIGH.peer].sort());
});

test('[Q7] a server that stays away ends no pairing that is being greeted', () => {
  const driven = new DrivenRoom(SELF.peer);
  driven.feed({ type: 'server-down' });
  driven.feed({ type: 'paired', dial: DIAL, peer: HIGH.peer });
  driven.feed({ type: 'server-down' });
  assert.deepEqual(driven.noted('hang-up'), []);
});

test('[Q7] a channel to oneself, and one where the mesh is off, become no links', () => {
  const driven = new DrivenRoom(SELF.peer);
  driven.feed({ type: 'paired', dial: DIAL, peer: SELF.peer });
  const off = new DrivenRoom(SELF.peer, { mesh: 'off' });
  off.feed({ type: 'paired', dial: DIAL, peer: HIGH.peer });
  for (const each of [driven, off]) {
    assert.deepEqual(each.noted('dial'), []);
    const told = each.noted('notify').flatMap(({ event }) => (event.type === 'peer' ? [event.change.state] : []));
    assert.deepEqual(told, ['failed']);
  }
});

test('[Q7] a pairing waits for the mesh to be loaded, whatever becomes of the server meanwhile', () => {
  const [author, session] = SELF.peer.split('.') as [AuthorId, SessionId];
  const settings = { preferredRoute: 'auto', mesh: 'manual', canDial: true } as const;
  const room = new Room({ room: ROOM, author, session, name: 'Ada', settings, random: seededRandom(3) });
  const types = (outputs: readonly RoomOutput[]): string[] => outputs.map(({ type }) => type);
  assert.ok(types(room.handle({ type: 'paired', dial: DIAL, peer: HIGH.peer }, START_MS)).includes('load-peers'));
  room.handle({ type: 'server-down' }, START_MS);
  assert.ok(types(room.handle({ type: 'peers-loaded', create: createPeers }, START_MS)).includes('dial'));
});

test('an upgrade waits for the mesh to be loaded, and ends whatever becomes of the server meanwhile', () => {
  const [author, session] = SELF.peer.split('.') as [AuthorId, SessionId];
  const settings = { preferredRoute: 'auto', mesh: 'manual', canDial: true } as const;
  const room = new Room({ room: ROOM, author, session, name: 'Ada', settings, random: seededRandom(3) });
  room.handle({ type: 'upgrade' }, START_MS);
  room.handle({ type: 'upgrade' }, START_MS);
  room.handle({ type: 'server-down' }, START_MS);
  const ended = room
    .handle({ type: 'peers-loaded', create: createPeers }, START_MS)
    .filter((output) => output.type === 'notify' && output.event.type === 'upgrade-ended');
  assert.equal(ended.length, 1);
});

test('the mark of compared keys follows the key: on members, and on messages of before and after', () => {
  const driven = paired();
  driven.push(DIAL, [recordOf(HIGH.peer, 1)]);
  driven.feed({ type: 'trust', authors: [authorOf(HIGH.peer)] });
  driven.push(DIAL, [recordOf(HIGH.peer, 2), recordOf(LOW.peer, 1)]);
  assert.deepEqual(
    driven.room.messages().map((message) => [message.author.id === authorOf(HIGH.peer), message.author.verified]),
    driven.room
      .messages()
      .map((message) => [message.author.id === authorOf(HIGH.peer), message.author.id === authorOf(HIGH.peer)]),
  );
  assert.equal(driven.room.messages().filter((message) => message.author.verified).length, 2);
  assert.deepEqual(
    driven.room.members().map((member) => [member.mine, member.author.verified]),
    [
      [true, false],
      [false, true],
    ],
  );
  assert.ok(driven.noted('notify').some(({ event }) => event.type === 'message-changed'));
});
