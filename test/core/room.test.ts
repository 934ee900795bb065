// The room as a peer meets it: what is refused is counted and shown nowhere, what is good is shown once.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordsFrame } from '../../src/core/record-frames.js';
import { createPeers } from '../../src/core/peer-side.js';
import { Room } from '../../src/core/room.js';
import type { RoomInput, RoomOutput } from '../../src/core/room-io.js';
import type { FrameOf } from '../../src/protocol/frames.js';
import type { DialId } from '../../src/protocol/ids.js';
import { peerId, roomKey } from '../../src/protocol/ids.js';
import { idOf, tagOf } from '../../src/protocol/record.js';
import type { RecordDraft, SignedRecord } from '../../src/protocol/record.js';
import { seededRandom } from '../simulation/random.js';
import { toyAuthor, toySession, toySign, toyVerify } from '../simulation/toy-signatures.js';

const NOW_MS = Date.UTC(2026, 6, 4);
const ROOM = roomKey('default', 'lobby');
const random = seededRandom(11);
const [HIGH, LOW] = [toyAuthor(random), toyAuthor(random)].sort().reverse() as [
  ReturnType<typeof toyAuthor>,
  ReturnType<typeof toyAuthor>,
];
const PEER = peerId(LOW, toySession(random));

/** A room with the server joined and one peer linked, which does the engine's part at once. */
class Linked {
  readonly outputs: RoomOutput[] = [];
  readonly room = new Room({
    peers: createPeers,
    room: ROOM,
    author: HIGH,
    session: toySession(random),
    name: 'Ada',
    settings: { preferredRoute: 'auto', mesh: 'manual', canDial: true },
    random: seededRandom(12),
  });
  readonly dial = 'dial0000' as DialId;

  constructor() {
    this.feed({ type: 'restored', records: [], position: null });
    const mesh = { isEnabled: true, maxPeers: 5, autoUpgradeDelayMs: 0 };
    const members = [{ peer: PEER, name: 'Bob' }];
    const head = { room: ROOM, epoch: 'epoch000', head: 0, floor: 0 };
    this.feed({ type: 'server-opening' });
    const joined: FrameOf<'joined'> = { type: 'joined', ...head, memberCount: 2, members, mesh, iceServers: [] };
    this.feed({ type: 'frame', link: 'server', frame: joined });
    const offer = { type: 'signal', room: ROOM, peer: PEER, dial: this.dial, data: '{"type":"offer"}' } as const;
    this.feed({ type: 'frame', link: 'server', frame: offer });
    this.feed({ type: 'peer-up', dial: this.dial, peer: PEER, name: 'Bob' });
  }

  feed(input: RoomInput): void {
    for (const output of this.room.handle(input, NOW_MS)) {
      this.outputs.push(output);
      if (output.type !== 'verify') continue;
      this.feed({
        type: 'verified',
        isReceiptGood: true,
        ticket: output.ticket,
        records: output.records.filter(toyVerify),
      });
    }
  }

  push(records: readonly SignedRecord[], room = ROOM): void {
    const frame = {
      ...recordsFrame(
        room,
        records.map((record) => ({ record })),
      ),
      hops: records.map(() => 0),
    };
    this.feed({ type: 'frame', link: this.dial, frame });
  }

  acknowledged(): string[] {
    return this.outputs.flatMap((output) =>
      output.type === 'send' && output.frame.type === 'ack' ? output.frame.ids : [],
    );
  }
}

function draft(seq: number, change: Partial<RecordDraft> = {}): RecordDraft {
  const body = { kind: 'message', name: 'Bob', text: `message ${seq}` } as const;
  const [author, session] = PEER.split('.') as [RecordDraft['author'], RecordDraft['session']];
  return { room: ROOM, author, session, seq, time: NOW_MS * 1024 + seq, body, ...change };
}

test('[R5] a peer’s good record is shown, acknowledged and kept; again, it is only acknowledged', () => {
  const linked = new Linked();
  const record = toySign(draft(1));
  linked.push([record]);
  linked.push([record]);
  assert.deepEqual(
    linked.room.messages().map((message) => message.text),
    ['message 1'],
  );
  assert.deepEqual(linked.room.messages()[0]?.path, { route: 'p2p', hops: 0 });
  assert.deepEqual(linked.acknowledged(), [idOf(record), idOf(record)]);
  assert.equal(linked.room.stats().duplicatesFiltered, 1);
});

const good = toySign(draft(1));
const FORGERIES: Readonly<Record<string, SignedRecord>> = {
  'a changed byte': { ...good, body: { kind: 'message', name: 'Bob', text: 'message 2' } },
  'a foreign signature': { ...good, signature: toySign(draft(2)).signature },
  'another author': { ...good, author: toyAuthor(random) },
  'another time': { ...good, time: good.time + 1 },
  'a record of another room': toySign(draft(1, { room: roomKey('default', 'elsewhere') })),
  'a record of another festival': toySign(draft(1, { room: roomKey('elsewhere', 'lobby') })),
};

for (const [what, forgery] of Object.entries(FORGERIES)) {
  test(`[R2] [R5] [D3] from a peer, ${what} is counted, shown nowhere, and hides nothing`, () => {
    const linked = new Linked();
    linked.push([forgery]);
    assert.deepEqual(linked.room.messages(), []);
    assert.deepEqual(linked.acknowledged(), []);
    assert.ok(linked.outputs.every((output) => output.type !== 'save'));
    assert.equal(linked.room.stats().rejected, 1);
    linked.push([good]);
    assert.equal(linked.room.messages().length, 1);
  });
}

test('[L1] a frame of another room is counted, and a link that goes on with it is closed', () => {
  const linked = new Linked();
  for (let count = 0; count < 21; count += 1) linked.push([good], roomKey('default', 'elsewhere'));
  assert.equal(linked.room.stats().rejected, 21);
  assert.deepEqual(linked.room.messages(), []);
  assert.ok(linked.outputs.some((output) => output.type === 'hang-up'));
  assert.equal(linked.room.status().peers, 0);
});

test('[J1] nothing is published before the room is joined', () => {
  const room = new Room({
    peers: createPeers,
    room: ROOM,
    author: HIGH,
    session: toySession(random),
    name: 'Ada',
    settings: { preferredRoute: 'auto', mesh: 'off', canDial: false },
    random: seededRandom(13),
  });
  const sent: string[] = [];
  const feed = (input: RoomInput): void => {
    for (const output of room.handle(input, NOW_MS)) {
      if (output.type === 'send') sent.push(output.frame.type);
      if (output.type === 'sign') feed({ type: 'signed', record: toySign(output.draft) });
      if (output.type === 'save') feed({ type: 'saved', id: idOf(output.kept.record) });
    }
  };
  feed({ type: 'write', body: { kind: 'message', name: 'Ada', text: 'early' } });
  feed({ type: 'server-opening' });
  assert.equal(room.messages()[0]?.delivery.state, 'queued');
  assert.deepEqual(sent, []);
});

test('[S12] a server that cannot store is told as such while own messages wait for it', () => {
  const linked = new Linked();
  linked.feed({ type: 'write', body: { kind: 'message', name: 'Ada', text: 'hello' } });
  const [sign] = linked.outputs.filter((output) => output.type === 'sign');
  assert.ok(sign);
  const record = toySign(sign.draft);
  linked.feed({ type: 'signed', record });
  linked.feed({ type: 'saved', id: idOf(record) });
  assert.equal(linked.room.status().reason, 'connected');
  const refusal = { type: 'refused', room: ROOM, code: 'not-stored', message: 'no space' } as const;
  linked.feed({ type: 'frame', link: 'server', frame: { ...refusal, ids: [idOf(record)], retryAfterMs: 3_000 } });
  const { connection, reason, queued } = linked.room.status();
  assert.deepEqual({ connection, reason, queued }, { connection: 'online', reason: 'not-stored', queued: 1 });
  const placed = {
    type: 'placed',
    room: ROOM,
    epoch: 'epoch000',
    head: 1,
    places: [[idOf(record), 1, tagOf(record), null]],
  } as const;
  linked.feed({
    type: 'frame',
    link: 'server',
    frame: { ...placed, places: [[idOf(record), 1, tagOf(record), null]] },
  });
  assert.equal(linked.room.status().reason, 'connected');
});
