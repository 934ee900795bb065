// Who is told that somebody writes, and how often.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { SERVER_LIMITS } from '../../server/limits.js';
import { Typing } from '../../server/typing.js';
import type { FrameOf } from '../../src/protocol/frames.js';
import type { PeerId } from '../../src/protocol/ids.js';
import { roomKey } from '../../src/protocol/ids.js';
import { LIMITS, TYPING_COUNTS_MS, TYPING_EVERY_MS } from '../../src/protocol/limits.js';
import { RawClient } from '../support/device.js';
import { TestServer } from '../support/start-server.js';

let server: TestServer;
before(async () => {
  server = await TestServer.start();
});
after(() => server.end());

/** Members who note what they are told, under a clock that the test moves. */
function room(size: number) {
  const peers = Array.from({ length: size }, (_, index) => `peer${index}` as PeerId);
  const told = new Map<PeerId, NonNullable<FrameOf<'typing'>['who']>[]>(peers.map((peer) => [peer, []]));
  let nowMs = 0;
  const here = (): Iterable<readonly [PeerId, { send(frame: FrameOf<'typing'>): void }]> =>
    peers.map((peer) => [peer, { send: ({ who }) => who !== undefined && told.get(peer)?.push(who) }] as const);
  const typing = new Typing(roomKey('default', 'lobby'), { count: size, here }, () => nowMs);
  const take = (index: number) => told.get(peers[index] as PeerId)?.splice(0) ?? [];
  return { typing, peers: peers as [PeerId, ...PeerId[]], take, pass: (ms: number) => (nowMs += ms) };
}

test('[W2] the others are told of a member who writes, by the server’s own word for it', async () => {
  const [writer, reader] = [await RawClient.join(server.url), await RawClient.join(server.url)];
  writer.send({ type: 'typing', room: writer.room, who: { peers: [reader.device.peer], count: 9 } });
  const { who } = await reader.next('typing');
  assert.deepEqual(who, { peers: [writer.device.peer], count: 1 });
  await writer.settled();
  assert.equal(writer.received.filter((frame) => frame.type === 'typing').length, 0, 'not of oneself');
  for (const client of [writer, reader]) client.close();
});

test('[W2] a burst is summed up: the latest by id, all by number, once a second', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { typing, peers, take, pass } = room(12);
  for (const peer of peers) typing.said(peer);
  assert.deepEqual(take(1), [{ peers: [peers[0]], count: 1 }], 'the first at once');
  pass(SERVER_LIMITS.typingEveryMs);
  t.mock.timers.tick(SERVER_LIMITS.typingEveryMs);
  assert.deepEqual(take(1), [{ peers: [peers[11], peers[10], peers[9]], count: 11 }]);
  assert.deepEqual(take(11), [
    { peers: [peers[0]], count: 1 },
    { peers: [peers[10], peers[9], peers[8]], count: 11 },
  ]);
  assert.equal(take(1).length, 0);
});

test('[W2] who repeats it too soon is not heard, who has stopped is not told of', () => {
  const { typing, peers, take, pass } = room(3);
  typing.said(peers[0]);
  pass(TYPING_EVERY_MS / 2 - 1);
  typing.said(peers[0]);
  assert.equal(take(1).length, 1);
  pass(TYPING_COUNTS_MS);
  typing.said(peers[1] as PeerId);
  assert.deepEqual(take(2).at(-1), { peers: [peers[1]], count: 1 });
  pass(TYPING_EVERY_MS);
  typing.forget(peers[1] as PeerId);
  typing.said(peers[2] as PeerId);
  assert.deepEqual(take(0).at(-1), { peers: [peers[2]], count: 1 }, 'a message was sent');
});

test('[W2] in a crowd nobody is told', () => {
  const { typing, peers, take } = room(LIMITS.membersPerFrameMax + 1);
  typing.said(peers[0]);
  assert.deepEqual(take(1), []);
});
