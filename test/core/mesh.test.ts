// Which peers are dialled, kept and let go, and how a dead link is noticed.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RoomSettings } from '../../src/core/room-io.js';
import { KNOCK } from '../../src/protocol/frames.js';
import type { DialId, PeerId } from '../../src/protocol/ids.js';
import { DrivenRoom, membersInOrder, ROOM, START_MS } from './driven-room.js';

const MEMBERS = membersInOrder(3);
const [LOW, SELF, HIGH] = MEMBERS.map((member) => member.peer) as [PeerId, PeerId, PeerId];
const OFFER = '{"type":"offer"}';
const ANSWER = '{"type":"answer"}';

function signalled(driven: DrivenRoom, peer: PeerId, dial: string, data: string): void {
  driven.server({ type: 'signal', room: ROOM, peer, dial: dial as DialId, data });
}

test('[C2] the server is told the area that the page names, and at once when it is another', () => {
  const settings: RoomSettings = { preferredRoute: 'auto', mesh: 'auto', canDial: true };
  const driven = new DrivenRoom(SELF, { ...settings, location: 'camp' });
  driven.joined(MEMBERS);
  driven.feed({ type: 'wake' });
  const said = (): (string | undefined)[] => driven.sent('server', 'report').map(({ device }) => device.location);
  assert.deepEqual(said(), ['camp']);
  driven.passServed(2_000);
  driven.feed({ type: 'configure', settings: { ...settings, location: 'stage' } });
  driven.feed({ type: 'wake' });
  driven.passServed(2_000);
  driven.feed({ type: 'configure', settings });
  driven.feed({ type: 'wake' });
  const changes = said().filter((location, index, all) => location !== all[index - 1]);
  assert.deepEqual(changes, ['camp', 'stage', undefined]);
});

test('[M1] the lower id dials, the higher one knocks', () => {
  const driven = new DrivenRoom(SELF, { mesh: 'auto' });
  driven.joined(MEMBERS);
  assert.deepEqual(
    driven.noted('dial').map(({ peer, isInitiator }) => ({ peer, isInitiator })),
    [{ peer: HIGH, isInitiator: true }],
  );
  assert.deepEqual(
    driven.sent('server', 'signal').map(({ peer, data }) => ({ peer, data })),
    [{ peer: LOW, data: KNOCK }],
  );
});

test('[M1] a knock is answered by the lower id only, an offer taken by the higher one only', () => {
  const driven = new DrivenRoom(SELF);
  driven.joined(MEMBERS);
  signalled(driven, LOW, 'dial00000001', KNOCK);
  signalled(driven, HIGH, 'dial00000002', OFFER);
  assert.deepEqual(driven.noted('dial'), []);
  signalled(driven, HIGH, 'dial00000003', KNOCK);
  signalled(driven, LOW, 'dial00000004', OFFER);
  assert.deepEqual(
    driven.noted('dial').map(({ peer, isInitiator }) => ({ peer, isInitiator })),
    [
      { peer: HIGH, isInitiator: true },
      { peer: LOW, isInitiator: false },
    ],
  );
});

test('[M1] signals of an unknown or older dial, and of another peer’s, are ignored', () => {
  const driven = new DrivenRoom(SELF);
  driven.joined(MEMBERS);
  signalled(driven, LOW, 'dial00000001', ANSWER);
  signalled(driven, LOW, 'dial00000001', OFFER);
  signalled(driven, LOW, 'dial00000002', OFFER);
  signalled(driven, LOW, 'dial00000001', ANSWER);
  signalled(driven, HIGH, 'dial00000002', ANSWER);
  assert.deepEqual(
    driven.noted('signal').map(({ dial, data }) => [dial, data]),
    [
      ['dial00000001', OFFER],
      ['dial00000002', OFFER],
    ],
  );
  assert.deepEqual(
    driven.noted('hang-up').map(({ dial }) => dial),
    ['dial00000001'],
  );
});

test('[M3] a link that ends in an ordinary way is no failure, one that breaks is', () => {
  const waitMs = (isClean: boolean): number => {
    const driven = new DrivenRoom(SELF, { mesh: 'auto' });
    driven.joined([{ peer: HIGH, name: 'Bob' }]);
    const dial = driven.noted('dial')[0]?.dial as DialId;
    driven.feed({ type: 'peer-up', dial, peer: HIGH, name: 'Bob' });
    driven.feed({ type: 'peer-down', dial, isClean, reason: 'gone' });
    while (driven.noted('dial').length < 2) driven.passServed(100);
    return driven.nowMs - START_MS;
  };
  assert.ok(waitMs(true) <= 6_000);
  assert.ok(waitMs(false) >= 8_000);
});

test('[M3] whoever leaves says goodbye on every link', () => {
  const driven = new DrivenRoom(SELF);
  driven.joined(MEMBERS);
  const dials = [driven.link(LOW), driven.link(HIGH)];
  driven.feed({ type: 'leave', reason: 'closing the page' });
  for (const dial of dials) assert.equal(driven.sent(dial, 'bye')[0]?.reason, 'closing the page');
  assert.equal(driven.noted('hang-up').length, 2);
});

test('[M5] a dial that is not up after 15 s has failed, and the next waits longer', () => {
  const driven = new DrivenRoom(SELF, { mesh: 'auto' });
  driven.joined([{ peer: HIGH, name: 'Bob' }]);
  driven.passServed(14_999);
  assert.deepEqual(driven.noted('hang-up'), []);
  driven.passServed(1);
  assert.equal(driven.noted('hang-up').length, 1);
  driven.passServed(7_999);
  assert.equal(driven.noted('dial').length, 1);
  driven.passServed(4_001);
  assert.equal(driven.noted('dial').length, 2);
});

test('[M5] success clears the count of failures', () => {
  const driven = new DrivenRoom(SELF, { mesh: 'auto' });
  driven.joined([{ peer: HIGH, name: 'Bob' }]);
  const fail = (): void => {
    const dial = driven.noted('dial').at(-1)?.dial as DialId;
    driven.feed({ type: 'peer-down', dial, isClean: false, reason: 'failed' });
  };
  const nextDialMs = (): number => {
    const [count, fromMs] = [driven.noted('dial').length, driven.nowMs];
    while (driven.noted('dial').length === count) driven.passServed(100);
    return driven.nowMs - fromMs;
  };
  fail();
  assert.ok(nextDialMs() >= 8_000);
  fail();
  assert.ok(nextDialMs() >= 16_000);
  driven.feed({ type: 'peer-up', dial: driven.noted('dial').at(-1)?.dial as DialId, peer: HIGH, name: 'Bob' });
  fail();
  assert.ok(nextDialMs() <= 12_100);
});

/** Lets the latest dial fail at once, and so on until two minutes bring no other; how many there were. */
function dialsUntilRest(driven: DrivenRoom): number {
  const dials = (): number => driven.noted('dial').length;
  for (let before = 0; dials() > before;) {
    before = dials();
    failLatest(driven);
    for (let step = 0; step < 120 && dials() === before; step += 1) driven.passServed(1_000);
  }
  return dials();
}

function failLatest(driven: DrivenRoom): void {
  const dial = driven.noted('dial').at(-1)?.dial as DialId;
  driven.feed({ type: 'peer-down', dial, isClean: false, reason: 'failed' });
}

test('[M12] three dials that fail in a row while no link is up: nobody is dialled for ten minutes, then again', () => {
  const driven = new DrivenRoom(SELF, { mesh: 'auto', autoUpgradeDelayMs: 0 });
  driven.joined([{ peer: HIGH, name: 'Bob' }]);
  assert.equal(dialsUntilRest(driven), 3);
  assert.equal(driven.sent('server', 'report').at(-1)?.device.canDial, false);
  driven.passServed(479_000);
  assert.equal(driven.noted('dial').length, 3);
  driven.passServed(1_000);
  assert.equal(driven.noted('dial').length, 4);
  failLatest(driven);
  driven.passServed(599_000);
  assert.equal(driven.noted('dial').length, 4, 'one more that fails, and it rests again');
  driven.passServed(1_000);
  assert.equal(driven.noted('dial').length, 5);
});

test('[M12] a device that rests answers, and a link that opens ends the rest', () => {
  const driven = new DrivenRoom(SELF, { mesh: 'auto', autoUpgradeDelayMs: 0 });
  driven.joined([{ peer: HIGH, name: 'Bob' }]);
  dialsUntilRest(driven);
  signalled(driven, LOW, 'dial00000001', OFFER);
  driven.feed({ type: 'peer-up', dial: 'dial00000001' as DialId, peer: LOW, name: 'Ann' });
  driven.passServed(20_000);
  assert.ok(driven.noted('dial').filter(({ peer }) => peer === HIGH).length > 3);
  assert.equal(driven.sent('server', 'report').at(-1)?.device.canDial, true);
});

test('[M12] another socket may mean another network: dialling begins anew', () => {
  const driven = new DrivenRoom(SELF, { mesh: 'auto', autoUpgradeDelayMs: 0 });
  driven.joined([{ peer: HIGH, name: 'Bob' }]);
  dialsUntilRest(driven);
  driven.feed({ type: 'server-down' });
  driven.joined([{ peer: HIGH, name: 'Bob' }]);
  driven.passServed(300_000);
  assert.ok(driven.noted('dial').length > 3);
});

test('[M12] a peer that fails while others are linked is no network’s doing', () => {
  const driven = new DrivenRoom(SELF, { mesh: 'auto', autoUpgradeDelayMs: 0 });
  driven.joined(MEMBERS);
  driven.link(LOW);
  while (driven.noted('dial').filter(({ peer }) => peer === HIGH).length < 5) driven.passServed(60_000);
});

test('[M6] an idle link is pinged every 2.5 s', () => {
  const driven = new DrivenRoom(SELF);
  driven.joined(MEMBERS);
  const dial = driven.link(HIGH);
  const pingedAtMs: number[] = [];
  while (driven.nowMs < START_MS + 10_000) {
    for (const { nonce } of driven.take(dial, 'ping')) {
      pingedAtMs.push(driven.nowMs - START_MS);
      driven.feed({ type: 'frame', link: dial, frame: { type: 'pong', room: ROOM, nonce } });
    }
    driven.passServed(100);
  }
  assert.deepEqual(pingedAtMs, [2_500, 5_000, 7_500]);
});

/** Two messages that a peer does not acknowledge, at the moment when both are hedged. */
function suspected(): { driven: DrivenRoom; dial: DialId } {
  const driven = new DrivenRoom(SELF, { mesh: 'auto' });
  driven.joined([{ peer: HIGH, name: 'Bob' }]);
  const dial = driven.noted('dial')[0]?.dial as DialId;
  driven.feed({ type: 'peer-up', dial, peer: HIGH, name: 'Bob' });
  driven.write('one');
  driven.write('two');
  driven.passServed(249);
  assert.equal(driven.room.links(driven.nowMs)[0]?.state, 'up');
  driven.passServed(1);
  assert.equal(driven.room.links(driven.nowMs)[0]?.state, 'suspect');
  return { driven, dial };
}

test('[M6] two hedges in a row bring three pings 150 ms apart, and without an answer the end 750 ms later', () => {
  const { driven, dial } = suspected();
  const pingedAfterMs: number[] = [];
  const fromMs = driven.nowMs;
  while (driven.noted('hang-up').length === 0) {
    if (driven.take(dial, 'ping').length > 0) pingedAfterMs.push(driven.nowMs - fromMs);
    driven.passServed(50);
  }
  assert.deepEqual(pingedAfterMs, [0, 150, 300]);
  assert.equal(driven.nowMs - fromMs, 750);
  driven.passServed(12_000);
  assert.equal(driven.noted('dial').length, 2, 'and it is dialled again');
});

test('[M6] time in which the page itself was held up counts against nobody', () => {
  const { driven, dial } = suspected();
  driven.nowMs += 700;
  driven.feed({ type: 'wake' });
  assert.equal(driven.sent(dial, 'ping').length, 2, 'the second ping goes out late');
  driven.passServed(500);
  assert.deepEqual(driven.noted('hang-up'), [], 'an answer may wait behind what held the page up');
  driven.passServed(250);
  assert.equal(driven.noted('hang-up').length, 1);
});

test('[M6] any answer ends the suspicion', () => {
  const { driven, dial } = suspected();
  driven.passServed(700);
  const nonce = driven.sent(dial, 'ping').at(-1)?.nonce ?? 0;
  driven.feed({ type: 'frame', link: dial, frame: { type: 'pong', room: ROOM, nonce } });
  driven.passServed(500);
  assert.equal(driven.room.links(driven.nowMs)[0]?.state, 'up');
  assert.deepEqual(driven.noted('hang-up'), []);
});

test('[M7] a room of at most maxPeers is linked by itself after the delay, a larger one is not without roles', () => {
  const dialled = (memberCount: number, passMs: number): number => {
    const driven = new DrivenRoom(SELF, { mesh: 'auto', maxPeers: 5, autoUpgradeDelayMs: 1_000 });
    driven.joined(MEMBERS, { memberCount });
    driven.passServed(passMs);
    return driven.noted('dial').length;
  };
  assert.deepEqual([dialled(5, 999), dialled(5, 1_000), dialled(21, 60_000)], [0, 1, 0]);
});

test('[M7] in a room of six to twenty a member without a role has two links by itself', () => {
  const crowd = membersInOrder(12);
  const [self] = crowd;
  assert.ok(self);
  const driven = new DrivenRoom(self.peer, { mesh: 'auto', maxPeers: 5, autoUpgradeDelayMs: 1_000 });
  driven.joined(crowd, { memberCount: crowd.length });
  driven.passServed(1_000);
  const dials = driven.noted('dial');
  assert.equal(dials.length, 2);
  for (const { dial, peer } of dials) driven.feed({ type: 'peer-up', dial, peer, name: 'Bob' });
  driven.passServed(3_000);
  assert.equal(driven.noted('dial').length, 2, 'and looks for no more');
});

test('[M7] mesh off, of the page or of the server, closes every link and takes no other', () => {
  const off = { isEnabled: false, maxPeers: 5, autoUpgradeDelayMs: 0 };
  const ways = {
    server: (driven: DrivenRoom) => driven.server({ type: 'mesh-changed', iceServers: [], room: ROOM, mesh: off }),
    page: (driven: DrivenRoom) =>
      driven.feed({ type: 'configure', settings: { preferredRoute: 'auto', mesh: 'off', canDial: true } }),
  };
  for (const [who, switchOff] of Object.entries(ways)) {
    const driven = new DrivenRoom(SELF);
    driven.joined(MEMBERS);
    const dial = driven.link(LOW);
    switchOff(driven);
    assert.deepEqual(
      driven.noted('hang-up').map((output) => output.dial),
      [dial],
      who,
    );
    signalled(driven, LOW, 'dial00000009', OFFER);
    signalled(driven, HIGH, 'dial00000008', KNOCK);
    assert.ok(
      driven.noted('dial').every((output) => output.dial === dial),
      who,
    );
  }
});

test('[C2] what counts as failed has counted as tried, whoever began it', () => {
  const driven = new DrivenRoom(SELF);
  driven.joined(MEMBERS);
  signalled(driven, LOW, 'dial00000001', OFFER);
  driven.feed({ type: 'peer-down', dial: 'dial00000001' as DialId, isClean: false, reason: 'failed' });
  signalled(driven, HIGH, 'dial00000002', KNOCK);
  failLatest(driven);
  driven.passServed(2_000);
  const { dials } = driven.room.mesh();
  assert.deepEqual([dials.tried, dials.failed], [2, 2]);
});

test('[M12] a dial that this device gives up is no failure of the network', () => {
  const driven = new DrivenRoom(SELF, { mesh: 'auto', autoUpgradeDelayMs: 0 });
  const settings: RoomSettings = { preferredRoute: 'auto', mesh: 'auto', canDial: true, autoUpgradeDelayMs: 0 };
  driven.joined(MEMBERS);
  assert.equal(driven.noted('dial').length, 1);
  driven.feed({ type: 'configure', settings: { ...settings, mesh: 'off' } });
  driven.feed({ type: 'configure', settings });
  driven.feed({ type: 'server-down' });
  assert.equal(driven.room.mesh().dials.failed, 0);
});

for (const [what, input] of Object.entries({
  'the server goes': { type: 'server-down' },
  'the page leaves': { type: 'leave', reason: 'closing the page' },
} as const)) {
  test(`an upgrade ends when ${what} while a peer is asked to dial`, () => {
    const driven = new DrivenRoom(SELF);
    driven.joined([{ peer: LOW, name: 'Ann' }]);
    driven.feed({ type: 'upgrade' });
    driven.feed(input);
    const ended = (): unknown[] =>
      driven.noted('notify').flatMap(({ event }) => (event.type === 'upgrade-ended' ? [event.connected] : []));
    assert.deepEqual(ended(), [0]);
    driven.joined([]);
    driven.feed({ type: 'upgrade' });
    assert.deepEqual(ended(), [0, 0], 'the next one waits for nobody of the last');
  });
}
