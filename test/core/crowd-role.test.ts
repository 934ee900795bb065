// A member's part in a crowd: the leaf that links to its parents, the supernode that passes on to its leaves.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Member, Role } from '../../src/protocol/frames.js';
import type { DialId, PeerId } from '../../src/protocol/ids.js';
import { idOf } from '../../src/protocol/record.js';
import { DrivenRoom, membersInOrder, placedFrame, placesFrame, recordOf, ROOM, START_MS } from './driven-room.js';

const MEMBERS = membersInOrder(8);
const [SELF, PARENT, OTHER, NEXT, WRITER] = MEMBERS.map((member) => member.peer) as [
  PeerId,
  PeerId,
  PeerId,
  PeerId,
  PeerId,
];

function give(driven: DrivenRoom, role: Role, parents: readonly PeerId[] = []): void {
  driven.server({ type: 'role', room: ROOM, role, parents: parents.map((peer): Member => ({ peer, name: 'Bob' })) });
}

/** Links follow the roles: before the delay is over nobody without a role looks for any. */
function joinedRoom(): DrivenRoom {
  const driven = new DrivenRoom(SELF, { mesh: 'auto', maxPeers: 5, autoUpgradeDelayMs: 600_000 });
  driven.joined(MEMBERS);
  return driven;
}

/** Opens whatever link the room is dialling to this peer. */
function openDialled(driven: DrivenRoom, peer: PeerId): DialId {
  const dial = driven
    .noted('dial')
    .filter((output) => output.peer === peer)
    .at(-1)?.dial;
  assert.ok(dial, 'it is being dialled');
  driven.feed({ type: 'peer-up', dial, peer, name: 'Bob' });
  return dial;
}

/** Lets time pass while the server and every peer answer. */
function answering(driven: DrivenRoom, ms: number): void {
  for (let passed = 0; passed < ms; passed += 100) {
    for (const { dial, state } of driven.room.links(driven.nowMs)) {
      if (state === 'dialing') continue;
      for (const { nonce } of driven.take(dial, 'ping')) {
        driven.feed({ type: 'frame', link: dial, frame: { type: 'pong', room: ROOM, nonce } });
      }
    }
    driven.passServed(100);
  }
}

test('[C4] a leaf links to its parents and asks each to serve it, as first and as second', () => {
  const driven = joinedRoom();
  give(driven, 'leaf', [PARENT, OTHER]);
  const [first, second] = [openDialled(driven, PARENT), openDialled(driven, OTHER)];
  assert.deepEqual(driven.sent(first, 'attach'), [{ type: 'attach', room: ROOM, order: 1 }]);
  assert.deepEqual(driven.sent(second, 'attach'), [{ type: 'attach', room: ROOM, order: 2 }]);
  assert.deepEqual(
    new Set(driven.noted('dial').map((output) => output.peer)),
    new Set([PARENT, OTHER]),
    'and to nobody else',
  );
});

test('[C4] a former parent is let go only when the new ones are up', () => {
  const driven = joinedRoom();
  give(driven, 'leaf', [PARENT, OTHER]);
  const former = openDialled(driven, PARENT);
  openDialled(driven, OTHER);
  give(driven, 'leaf', [OTHER, NEXT]);
  answering(driven, 10_000);
  assert.deepEqual(driven.noted('hang-up'), []);
  openDialled(driven, NEXT);
  answering(driven, 3_000);
  assert.deepEqual(
    driven.noted('hang-up').map((output) => output.dial),
    [former],
  );
});

test('[C4] with a parent left, the next is dialled after a random wait of up to 2 s', () => {
  const waitsMs = Array.from({ length: 12 }, (_, index) => {
    const driven = new DrivenRoom(SELF, { mesh: 'auto', maxPeers: 5, autoUpgradeDelayMs: 600_000 }, { seed: index });
    driven.joined(MEMBERS);
    give(driven, 'leaf', [PARENT, OTHER]);
    openDialled(driven, PARENT);
    openDialled(driven, OTHER);
    answering(driven, 4_000);
    const fromMs = driven.nowMs;
    give(driven, 'leaf', [PARENT, NEXT]);
    while (!driven.noted('dial').some((output) => output.peer === NEXT)) answering(driven, 100);
    return driven.nowMs - fromMs;
  });
  assert.ok(Math.max(...waitsMs) <= 2_100, waitsMs.join());
  assert.ok(new Set(waitsMs).size > 5, waitsMs.join());
});

test('[C6] places from a peer are believed with the server’s receipt, and only with it', () => {
  const record = recordOf(WRITER, 1);
  const stateAfter = (change: (frame: ReturnType<typeof placedFrame>) => typeof frame): string | undefined => {
    const driven = joinedRoom();
    const dial = driven.link(PARENT);
    const frame = change(placedFrame([record], { first: 1 }, { hasProof: true }));
    driven.feed({ type: 'frame', link: dial, frame: { ...frame, hops: [1] } });
    return driven.room.message(idOf(record))?.delivery.state;
  };
  assert.equal(
    stateAfter((frame) => frame),
    'stored',
  );
  const changed = (places: object) =>
    stateAfter((frame) => ({ ...frame, places: { ...frame.places, ...places } as typeof frame.places }));
  assert.equal(changed({ proof: undefined }), 'sent');
  assert.equal(changed({ offsets: [2] }), 'sent');
  assert.equal(changed({ head: 9 }), 'sent');
  assert.equal(changed({ epoch: 'epoch111' }), 'sent');
});

test('[C6] places alone need the receipt as well, and a false one is counted', () => {
  const record = recordOf(WRITER, 1);
  const driven = joinedRoom();
  const dial = driven.link(PARENT);
  driven.push(dial, [record]);
  const good = placesFrame([record], { first: 1 }, { hasProof: true });
  const state = () => driven.room.message(idOf(record))?.delivery.state;
  driven.feed({ type: 'frame', link: dial, frame: placesFrame([record], { first: 1 }) });
  driven.feed({ type: 'frame', link: dial, frame: { ...good, head: 5 } });
  assert.deepEqual([state(), driven.room.stats().rejected], ['sent', 1]);
  driven.feed({ type: 'frame', link: dial, frame: good });
  assert.equal(state(), 'stored');
});

interface Supernode {
  readonly driven: DrivenRoom;
  readonly leaves: readonly [DialId, DialId, DialId];
}

/** A supernode with three leaves: two whose first parent it is, and one whose second. */
function supernode(): Supernode {
  const driven = joinedRoom();
  give(driven, 'supernode');
  const leaves = [PARENT, OTHER, NEXT].map((peer, index) => {
    const dial = driven.link(peer);
    driven.feed({ type: 'frame', link: dial, frame: { type: 'attach', room: ROOM, order: index === 2 ? 2 : 1 } });
    return dial;
  });
  return { driven, leaves: leaves as [DialId, DialId, DialId] };
}

test('[C7] what the server pushes with a receipt goes on to the leaves as it is, except to its author', () => {
  const { driven, leaves } = supernode();
  const frame = placedFrame([recordOf(OTHER, 1)], { first: 1 }, { hasProof: true });
  driven.server(frame);
  const passedOn = leaves.map((dial) => driven.sent(dial, 'records')[0]);
  assert.deepEqual(passedOn, [{ ...frame, hops: [1] }, undefined, { ...frame, hops: [1] }]);
});

test('[C7] what a leaf pushes goes on with one hop more, except to its author, the sender and those covered', () => {
  const { driven, leaves } = supernode();
  const [sender, other, covered] = leaves;
  driven.push(sender, [recordOf(PARENT, 1)], { covered: [NEXT] });
  assert.deepEqual(driven.sent(other, 'records')[0]?.hops, [1]);
  assert.deepEqual([driven.sent(sender, 'records'), driven.sent(covered, 'records')], [[], []]);
  driven.push(sender, [recordOf(OTHER, 1)], { hops: [3] });
  assert.equal(driven.sent(other, 'records').length, 1, 'its author has it');
  assert.deepEqual(driven.sent(covered, 'records')[0]?.hops, [4]);
});

test('[C7] nothing is passed on unverified, nor to those who are no leaves, nor in answer to a question', () => {
  const { driven, leaves } = supernode();
  const [sender, other] = leaves;
  const stranger = driven.link(WRITER);
  const good = recordOf(PARENT, 1);
  driven.push(sender, [{ ...good, signature: recordOf(PARENT, 2).signature }]);
  assert.deepEqual(driven.sent(other, 'records'), []);
  driven.push(sender, [good]);
  assert.equal(driven.sent(other, 'records').length, 1);
  assert.deepEqual(driven.sent(stranger, 'records'), []);
  driven.push(sender, [recordOf(PARENT, 3)], { hops: undefined });
  assert.equal(driven.sent(other, 'records').length, 1);
});

test('[C7] of a frame in which nothing is new the receipt alone is passed on', () => {
  const { driven, leaves } = supernode();
  const record = recordOf(PARENT, 1);
  driven.push(leaves[0], [record]);
  driven.take(leaves[1], 'records');
  driven.server(placedFrame([record], { first: 1 }, { hasProof: true }));
  assert.deepEqual(driven.sent(leaves[1], 'records'), []);
  assert.deepEqual(driven.sent(leaves[1], 'placed'), [placesFrame([record], { first: 1 }, { hasProof: true })]);
});

test('[C1] what the server has made of this device is told as long as it holds', () => {
  const driven = joinedRoom();
  assert.equal(driven.room.mesh().isSupernode, false);
  give(driven, 'supernode');
  assert.equal(driven.room.mesh().isSupernode, true);
  give(driven, 'leaf', [PARENT, OTHER]);
  assert.equal(driven.room.mesh().isSupernode, false);
});

test('[C8] a supernode says what it has reached, at most every 100 ms', () => {
  const { driven } = supernode();
  driven.take('server', 'reached');
  for (let seq = 1; seq <= 20; seq += 1) {
    driven.server(placedFrame([recordOf(WRITER, seq)], { first: seq }));
    driven.passServed(10, seq);
  }
  driven.passServed(100, 20);
  const reached = driven.sent('server', 'reached').map((frame) => frame.offset);
  assert.ok(reached.length <= 4, reached.join());
  assert.equal(reached.at(-1), 20);
});

test('[C8] it does not say so of a place whose record it lacks', () => {
  const { driven } = supernode();
  driven.server(placesFrame([recordOf(WRITER, 1)], { first: 1 }));
  driven.passServed(300);
  assert.ok(driven.sent('server', 'reached').every((frame) => frame.offset === 0));
});

/** Pushes that many records of different authors within one second. */
function flood(driven: DrivenRoom, count: number): void {
  const writers = membersInOrder(count, 77);
  writers.forEach(({ peer }, index) => {
    const record = recordOf(peer, 1, { time: START_MS * 1024 + index + 1 });
    driven.server(placedFrame([record], { first: index + 1 }, { hasProof: true }));
  });
}

test('[C9] above twenty records a second a second parent sends ids, a first parent goes on with records', () => {
  const { driven, leaves } = supernode();
  flood(driven, 30);
  assert.deepEqual([driven.sent(leaves[0], 'records').length, driven.sent(leaves[2], 'records').length], [30, 20]);
  assert.deepEqual(driven.sent(leaves[2], 'have'), []);
  driven.passServed(100, 30);
  assert.equal(driven.sent(leaves[2], 'have')[0]?.ids.length, 10);
  driven.passServed(1_000, 30);
  driven.server(placedFrame([recordOf(WRITER, 1)], { first: 31 }, { hasProof: true }));
  assert.equal(driven.sent(leaves[2], 'records').length, 21, 'in the quiet it sends records again');
});

test('[C9] so it does while 64 KiB wait in the link', () => {
  const { driven, leaves } = supernode();
  driven.feed({ type: 'link-queued', dial: leaves[2], bytes: 64 * 1024 });
  flood(driven, 1);
  assert.equal(driven.take(leaves[2], 'records').length, 1);
  driven.feed({ type: 'link-queued', dial: leaves[2], bytes: 64 * 1024 + 1 });
  driven.server(placedFrame([recordOf(WRITER, 1)], { first: 2 }, { hasProof: true }));
  assert.deepEqual(driven.sent(leaves[2], 'records'), []);
});

test('[C9] a leaf asks for what has not come in 300 ms', () => {
  const driven = joinedRoom();
  give(driven, 'leaf', [PARENT, OTHER]);
  const [first, second] = [openDialled(driven, PARENT), openDialled(driven, OTHER)];
  const [coming, lost] = [recordOf(WRITER, 1), recordOf(WRITER, 2)];
  driven.feed({ type: 'frame', link: second, frame: { type: 'have', room: ROOM, ids: [idOf(coming), idOf(lost)] } });
  driven.push(first, [coming], { hops: [1] });
  driven.passServed(299);
  assert.deepEqual(driven.sent(second, 'want'), []);
  driven.passServed(1);
  assert.deepEqual(driven.sent(second, 'want'), [{ type: 'want', room: ROOM, ids: [idOf(lost)] }]);
});

test('[C10] more than thirty records of one author in ten seconds are kept and not passed on', () => {
  const { driven, leaves } = supernode();
  const push = (seq: number): void => driven.push(leaves[0], [recordOf(PARENT, seq)]);
  for (let seq = 1; seq <= 40; seq += 1) push(seq);
  assert.equal(driven.texts().length, 40);
  assert.equal(driven.sent(leaves[1], 'records').length, 30);
  driven.push(leaves[0], [recordOf(WRITER, 1)], { hops: [1] });
  assert.equal(driven.sent(leaves[1], 'records').length, 31, 'others are not held back');
  driven.nowMs += 9_999;
  push(41);
  assert.equal(driven.sent(leaves[1], 'records').length, 31);
  driven.nowMs += 1;
  push(42);
  assert.equal(driven.sent(leaves[1], 'records').length, 32);
});

/** A leaf of two parents that have been linked for a while; the first tells it of a record each second. */
function leafOfTwo(): {
  driven: DrivenRoom;
  first: DialId;
  second: DialId;
  hear: (seconds: number, told?: Told) => void;
} {
  const driven = joinedRoom();
  give(driven, 'leaf', [PARENT, OTHER]);
  const [first, second] = [openDialled(driven, PARENT), openDialled(driven, OTHER)];
  answering(driven, 5_000);
  let placed = 0;
  const hear = (seconds: number, told: Told = () => undefined): void => {
    for (let second = 0; second < seconds; second += 1) {
      placed += 1;
      const records = [recordOf(WRITER, placed)];
      const at = { first: placed };
      driven.feed({
        type: 'frame',
        link: first,
        frame: { ...placedFrame(records, at, { hasProof: true }), hops: [1] },
      });
      told(records, at);
      answering(driven, 1_000);
    }
  };
  return { driven, first, second, hear };
}

type Told = (records: Parameters<typeof placesFrame>[0], at: { readonly first: number }) => void;

function named(driven: DrivenRoom): (PeerId[] | undefined)[] {
  return driven.sent('server', 'report').map(({ silent }) => silent);
}

test('[C11] a parent that passes nothing on is asked to serve once more, then named to the server', () => {
  const { driven, second, hear } = leafOfTwo();
  hear(10);
  assert.equal(driven.sent(second, 'attach').length, 1);
  hear(5);
  assert.equal(driven.sent(second, 'attach').length, 2, 'it may have forgotten');
  assert.deepEqual(named(driven).filter(Boolean), []);
  hear(20);
  assert.deepEqual(named(driven).at(-1), [OTHER]);
  assert.equal(driven.room.stats().silentParents, 1);
  give(driven, 'leaf', [PARENT, NEXT]);
  answering(driven, 2_000);
  openDialled(driven, NEXT);
  answering(driven, 4_000);
  assert.equal(named(driven).at(-1), undefined, 'with other parents nobody owes anything');
});

const PASSED_ON: Readonly<Record<string, (driven: DrivenRoom, second: DialId) => Told>> = {
  'the record': (driven, second) => (records, at) => {
    const frame = { ...placedFrame(records, at, { hasProof: true }), hops: [1] };
    driven.feed({ type: 'frame', link: second, frame });
  },
  'its id': (driven, second) => (records) => {
    driven.feed({ type: 'frame', link: second, frame: { type: 'have', room: ROOM, ids: records.map(idOf) } });
  },
  'the place of what is here': (driven, second) => (records, at) => {
    driven.feed({ type: 'frame', link: second, frame: placesFrame(records, at, { hasProof: true }) });
  },
};

for (const [what, passedOn] of Object.entries(PASSED_ON)) {
  test(`[C11] a parent that passes on ${what} is not named, nor where one in three comes`, () => {
    const { driven, second, hear } = leafOfTwo();
    hear(30, passedOn(driven, second));
    let heard = 0;
    hear(60, (records, at) => {
      heard += 1;
      if (heard % 3 === 0) passedOn(driven, second)(records, at);
    });
    assert.deepEqual([named(driven).filter(Boolean), driven.sent(second, 'attach').length], [[], 1]);
  });
}

test('[C11] a receipt without its record is nothing passed on', () => {
  const { driven, first, second } = leafOfTwo();
  for (let placed = 1; placed <= 30; placed += 1) {
    const records = [recordOf(WRITER, placed)];
    driven.feed({ type: 'frame', link: second, frame: placesFrame(records, { first: placed }, { hasProof: true }) });
    const frame = { ...placedFrame(records, { first: placed }, { hasProof: true }), hops: [1] };
    driven.feed({ type: 'frame', link: first, frame });
    answering(driven, 1_000);
  }
  assert.deepEqual(named(driven).at(-1), [OTHER]);
});

test('[C11] what no good receipt vouches for is expected of nobody', () => {
  const { driven, first } = leafOfTwo();
  for (let seq = 1; seq <= 30; seq += 1) {
    driven.push(first, [recordOf(WRITER, seq)], { hops: [1] });
    answering(driven, 1_000);
  }
  assert.deepEqual(named(driven).filter(Boolean), []);
});

test('[C11] a page that slept blames no parent for what it has not heard', () => {
  const { driven, second, hear } = leafOfTwo();
  for (let sleeps = 0; sleeps < 6; sleeps += 1) {
    hear(7);
    driven.nowMs += 30_000;
    driven.feed({ type: 'wake' });
    driven.joined(MEMBERS);
  }
  assert.equal(driven.sent(second, 'attach').length, 1);
});

test('[C4] [M9] without a server a leaf keeps the links that it makes beside those to its parents', () => {
  const driven = joinedRoom();
  give(driven, 'leaf', [PARENT, OTHER]);
  const [first] = [openDialled(driven, PARENT), openDialled(driven, OTHER)];
  answering(driven, 4_000);
  driven.feed({ type: 'server-down' });
  const members = [NEXT, WRITER].map((peer): Member => ({ peer, name: 'Bob' }));
  driven.feed({ type: 'frame', link: first, frame: { type: 'neighbours', room: ROOM, members } });
  answering(driven, 4_000);
  const dial = openDialled(driven, NEXT);
  answering(driven, 10_000);
  assert.deepEqual(
    driven.noted('hang-up').filter((output) => output.dial === dial),
    [],
  );
  driven.joined(MEMBERS);
  give(driven, 'leaf', [PARENT, OTHER]);
  answering(driven, 10_000);
  assert.equal(driven.noted('hang-up').filter((output) => output.dial === dial).length, 1, 'served by others again');
});

test('[C1] whoever joins anew has no role until the server gives one, and keeps its links', () => {
  const driven = joinedRoom();
  give(driven, 'leaf', [PARENT, OTHER]);
  const parent = openDialled(driven, PARENT);
  answering(driven, 4_000);
  driven.feed({ type: 'server-down' });
  const settings = { preferredRoute: 'auto', mesh: 'auto', canDial: true, maxPeers: 5, autoUpgradeDelayMs: 0 } as const;
  driven.feed({ type: 'configure', settings });
  driven.joined(MEMBERS.slice(0, 4));
  answering(driven, 4_000);
  assert.ok(
    driven.noted('dial').some(({ peer }) => peer === NEXT),
    'a room of four is a full mesh, whatever it was before',
  );
  assert.ok(driven.noted('hang-up').every(({ dial }) => dial !== parent));
});
