// A room on a device that spares its battery: how many links it keeps, what it leaves unanswered, what it reports.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { govern } from '../../src/core/device-governor.js';
import type { DeviceFacts } from '../../src/core/device-governor.js';
import type { RoomSettings } from '../../src/core/room-io.js';
import { KNOCK } from '../../src/protocol/frames.js';
import type { DialId, PeerId } from '../../src/protocol/ids.js';
import { DrivenRoom, membersInOrder, ROOM } from './driven-room.js';

const MEMBERS = membersInOrder(4);
const [LOW, SELF, HIGH, HIGHEST] = MEMBERS.map((member) => member.peer) as [PeerId, PeerId, PeerId, PeerId];

function settings(device: Partial<DeviceFacts>): RoomSettings {
  const well: DeviceFacts = { isVisible: true, battery: 1, isCharging: null, saveData: null, networkSpeed: null };
  const { rules } = govern({ ...well, ...device }, 'auto');
  return { preferredRoute: 'auto', mesh: 'auto', canDial: true, power: rules };
}

/** A room with a link to each of the three others. */
function linked(): { readonly driven: DrivenRoom; readonly dials: readonly DialId[] } {
  const driven = new DrivenRoom(SELF, { mesh: 'auto' });
  driven.joined(MEMBERS, { mesh: { isEnabled: true, maxPeers: 5, autoUpgradeDelayMs: 60_000 } });
  const dials = [LOW, HIGH, HIGHEST].map((peer) => {
    const dial = driven.link(peer);
    driven.nowMs += 1;
    return dial;
  });
  return { driven, dials };
}

test('[M11] below 20 % the oldest link is kept and the others are let go in good order', () => {
  const { driven, dials } = linked();
  driven.feed({ type: 'configure', settings: settings({ battery: 0.15 }) });
  assert.deepEqual(
    driven.room.links(driven.nowMs).map((link) => link.peer),
    [LOW],
  );
  for (const dial of dials.slice(1)) assert.equal(driven.sent(dial, 'bye').length, 1);
  assert.equal(driven.noted('hang-up').length, 2);
});

test('[M11] a device with its one link leaves knocks and offers unanswered, and is not to be asked to link', () => {
  const { driven } = linked();
  driven.feed({ type: 'configure', settings: settings({ battery: 0.15 }) });
  const before = driven.noted('dial').length;
  driven.server({ type: 'signal', room: ROOM, peer: HIGH, dial: 'knocking0001' as DialId, data: KNOCK });
  driven.server({ type: 'signal', room: ROOM, peer: LOW, dial: 'offering0001' as DialId, data: '{"type":"offer"}' });
  driven.passServed(2_000);
  assert.equal(driven.noted('dial').length, before);
  assert.equal(driven.sent('server', 'report').at(-1)?.device.canDial, false);
});

test('[M11] below 10 % there is no link, and the view says that the battery is why', () => {
  const { driven, dials } = linked();
  driven.feed({ type: 'configure', settings: settings({ battery: 0.05 }) });
  for (const dial of dials) assert.equal(driven.sent(dial, 'bye').length, 1);
  assert.deepEqual(driven.room.links(driven.nowMs), []);
  assert.equal(driven.room.mesh().offBy, 'power');
  assert.equal(driven.room.status().mesh, 'off');
});

test('[M11] when it is charged again it links as before', () => {
  const { driven } = linked();
  driven.feed({ type: 'configure', settings: settings({ battery: 0.05 }) });
  driven.feed({ type: 'configure', settings: settings({ battery: 0.05, isCharging: true }) });
  driven.passServed(70_000);
  assert.equal(driven.room.mesh().offBy, null);
  assert.deepEqual(
    driven
      .noted('dial')
      .slice(-2)
      .map((dial) => dial.peer)
      .sort(),
    [HIGH, HIGHEST].sort(),
  );
});

test('[M11] a hidden page keeps its links, opens none, and takes those that others open', () => {
  const driven = new DrivenRoom(SELF, settings({ isVisible: false }));
  driven.joined(MEMBERS);
  driven.passServed(20_000);
  assert.deepEqual(driven.noted('dial'), []);
  driven.link(LOW);
  driven.link(HIGH);
  driven.feed({ type: 'configure', settings: settings({ isVisible: false }) });
  assert.equal(driven.room.links(driven.nowMs).length, 2);
});

test('[M11] one that saves asks the server where it stands once in half a minute', () => {
  const pings = (device: Partial<DeviceFacts>): number => {
    const driven = new DrivenRoom(SELF, { ...settings(device), mesh: 'off' });
    driven.joined(MEMBERS);
    let count = 0;
    for (let second = 0; second < 120; second += 1) {
      for (const { nonce } of driven.take('server', 'ping')) {
        count += 1;
        driven.server({ type: 'pong', room: ROOM, nonce, head: 0 });
      }
      driven.pass(1_000);
    }
    return count;
  };
  assert.ok(pings({ battery: 0.15 }) <= 6);
  assert.ok(pings({}) >= 10);
});
