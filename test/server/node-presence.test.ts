// Who is at which node when two nodes claim the same peer, news overtake each other, and nodes fall silent (rule J9).

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { RoomPresence } from '../../server/nodes/presence.js';
import type { PeerId } from '../../src/protocol/ids.js';

const ADA = 'ada' as PeerId;
const BOB = 'bob' as PeerId;

test('the later claim wins, whichever is heard first, also before the own one is known', () => {
  for (const [own, rival, isHere] of [
    [5, 6, false],
    [6, 5, true],
  ] as const) {
    for (const order of ['rival first', 'own first']) {
      const presence = new RoomPresence();
      presence.joinHere(ADA, 'Ada');
      const hear = () => presence.heard(ADA, { node: 'two', name: 'Ada', claim: rival });
      const learn = () => presence.claimed(ADA, 'Ada', own);
      const changes = order === 'own first' ? [learn(), hear()] : [hear(), learn()];
      assert.deepEqual(changes, ['none', isHere ? 'none' : 'moved-away'], order);
      assert.equal(presence.here.has(ADA), isHere);
      assert.equal(presence.elsewhere.has(ADA), !isHere);
    }
  }
});

test('a departure from a node that the peer has left before changes nothing', () => {
  const presence = new RoomPresence();
  presence.heard(ADA, { node: 'one', name: 'Ada', claim: 1 });
  assert.equal(presence.heard(ADA, { node: 'two', name: 'Ada', claim: 2 }), 'none');
  assert.equal(presence.heard(ADA, { node: 'one', name: 'Ada', claim: 1 }), 'none', 'old news');
  assert.equal(presence.left(ADA, 'one'), false);
  assert.equal(presence.nodeOf(ADA), 'two');
  assert.equal(presence.left(ADA, 'two'), true);
});

test('a listing takes out who is not in it, except who was heard of since it was asked for', () => {
  const presence = new RoomPresence();
  presence.heard(ADA, { node: 'one', name: 'Ada', claim: 1 });
  presence.beginListing();
  presence.heard(BOB, { node: 'one', name: 'Bob', claim: 2 });
  assert.deepEqual(presence.endListing(new Set()), [ADA]);
  assert.deepEqual([...presence.elsewhere.keys()], [BOB]);
});

test('a node that is gone takes its members, and nobody else', () => {
  const presence = new RoomPresence();
  presence.heard(ADA, { node: 'one', name: 'Ada', claim: 1 });
  presence.heard(BOB, { node: 'two', name: 'Bob', claim: 2 });
  assert.deepEqual(presence.nodeGone('one'), [ADA]);
  assert.deepEqual([...presence.elsewhere], [[BOB, 'Bob']]);
});

test('two nodes that claim a peer agree where it is, in whatever order they hear', () => {
  const claims = fc.uniqueArray(fc.record({ claim: fc.integer({ min: 1, max: 50 }), isOne: fc.boolean() }), {
    selector: ({ claim }) => claim,
    minLength: 1,
    maxLength: 6,
  });
  fc.assert(
    fc.property(claims, fc.array(fc.nat(), { minLength: 6, maxLength: 6 }), (made, delays) => {
      const nodes = { one: new RoomPresence(), two: new RoomPresence() };
      const inOrder = [...made].sort((a, b) => a.claim - b.claim);
      for (const { isOne, claim } of inOrder) {
        const own = nodes[isOne ? 'one' : 'two'];
        own.joinHere(ADA, 'Ada');
        own.claimed(ADA, 'Ada', claim);
      }
      const news = made.map((one, index) => ({ ...one, at: delays[index] ?? 0 })).sort((a, b) => a.at - b.at);
      for (const { isOne, claim } of news)
        nodes[isOne ? 'two' : 'one'].heard(ADA, { node: isOne ? 'one' : 'two', name: 'Ada', claim });
      const last = inOrder.at(-1)?.isOne === true ? 'one' : 'two';
      assert.deepEqual([nodes.one.here.has(ADA), nodes.two.here.has(ADA)], [last === 'one', last === 'two']);
    }),
  );
});
