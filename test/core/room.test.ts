// The room as a peer meets it: what is refused is counted and shown nowhere, what is good is shown once.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DialId, PeerId } from '../../src/protocol/ids.js';
import { roomKey } from '../../src/protocol/ids.js';
import { idOf } from '../../src/protocol/record.js';
import type { SignedRecord } from '../../src/protocol/record.js';
import { seededRandom } from '../simulation/random.js';
import { toyAuthor } from '../simulation/toy-signatures.js';
import { DrivenRoom, membersInOrder, recordOf } from './driven-room.js';

const MEMBERS = membersInOrder(2);
const [PEER, SELF] = MEMBERS.map((member) => member.peer) as [PeerId, PeerId];

/** A room with the server joined and one peer linked. */
function linkedRoom(): { driven: DrivenRoom; dial: DialId } {
  const driven = new DrivenRoom(SELF);
  driven.joined(MEMBERS);
  return { driven, dial: driven.link(PEER) };
}

function acknowledged({ driven, dial }: ReturnType<typeof linkedRoom>): string[] {
  return driven.sent(dial, 'ack').flatMap((frame) => frame.ids);
}

test('[R5] a peer’s good record is shown, acknowledged and kept; again, it is only acknowledged', () => {
  const linked = linkedRoom();
  const { driven, dial } = linked;
  const record = recordOf(PEER, 1);
  driven.push(dial, [record]);
  driven.push(dial, [record]);
  assert.deepEqual(driven.texts(), ['message 1']);
  assert.deepEqual(driven.room.messages()[0]?.path, { route: 'p2p', hops: 0 });
  assert.deepEqual(acknowledged(linked), [idOf(record), idOf(record)]);
  assert.equal(driven.room.stats().duplicatesFiltered, 1);
});

const ELSEWHERE = roomKey('default', 'elsewhere');
const good = recordOf(PEER, 1);
const FORGERIES: Readonly<Record<string, SignedRecord>> = {
  'a changed byte': { ...good, body: { kind: 'message', name: 'Bob', text: 'message 2' } },
  'a foreign signature': { ...good, signature: recordOf(PEER, 2).signature },
  'another author': { ...good, author: toyAuthor(seededRandom(11)) },
  'another time': { ...good, time: good.time + 1 },
  'a record of another room': recordOf(PEER, 1, { room: ELSEWHERE }),
  'a record of another festival': recordOf(PEER, 1, { room: roomKey('elsewhere', 'lobby') }),
};

for (const [what, forgery] of Object.entries(FORGERIES)) {
  test(`[R2] [R5] [D3] from a peer, ${what} is counted, shown nowhere, and hides nothing`, () => {
    const linked = linkedRoom();
    const { driven, dial } = linked;
    driven.push(dial, [forgery]);
    assert.deepEqual(driven.texts(), []);
    assert.deepEqual(acknowledged(linked), []);
    assert.deepEqual(driven.noted('save'), []);
    assert.equal(driven.room.stats().rejected, 1);
    driven.push(dial, [good]);
    assert.equal(driven.texts().length, 1);
  });
}

test('[L1] a frame of another room is counted, and a link that goes on with it is closed', () => {
  const { driven, dial } = linkedRoom();
  for (let count = 0; count < 21; count += 1) driven.push(dial, [good], { room: ELSEWHERE });
  assert.equal(driven.room.stats().rejected, 21);
  assert.deepEqual(driven.texts(), []);
  assert.equal(driven.noted('hang-up').length, 1);
  assert.equal(driven.room.status().peers, 0);
});

test('[J1] nothing is published before the room is joined', () => {
  const driven = new DrivenRoom(SELF, { mesh: 'off', canDial: false });
  const id = driven.write('early');
  driven.feed({ type: 'server-opening' });
  assert.equal(driven.room.message(id)?.delivery.state, 'queued');
  assert.deepEqual(driven.noted('send'), []);
  driven.joined();
  assert.equal(driven.sent('server', 'records').length, 1);
});
