// Between this replica and its linked peers: pushing, acknowledging, hedging, carrying, comparing, answering.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { beginSync } from '../../src/core/reconcile.js';
import { OrderedKeys } from '../../src/core/order.js';
import type { SignedKey } from '../../src/core/order.js';
import { encodeFrameText } from '../../src/protocol/decode.js';
import type { FrameOf } from '../../src/protocol/frames.js';
import type { DialId, PeerId, RecordId } from '../../src/protocol/ids.js';

import { LIMITS } from '../../src/protocol/limits.js';
import { idOf, tagOf } from '../../src/protocol/record.js';
import type { SignedRecord } from '../../src/protocol/record.js';
import { DrivenRoom, membersInOrder, recordOf, ROOM, START_MS } from './driven-room.js';

const [LOW, SELF, HIGH, TOP] = membersInOrder(4).map((member) => member.peer) as [PeerId, PeerId, PeerId, PeerId];
const MEMBERS = membersInOrder(4);

interface Linked {
  readonly driven: DrivenRoom;
  readonly low: DialId;
  readonly high: DialId;
}

/** A room with the server and two peers. */
function linked(): Linked {
  const driven = new DrivenRoom(SELF);
  driven.joined(MEMBERS);
  return { driven, low: driven.link(LOW), high: driven.link(HIGH) };
}

function sync(driven: DrivenRoom, from: DialId, records: readonly SignedRecord[]): void {
  const keys = new OrderedKeys<SignedKey>();
  for (const record of records) keys.insert({ time: record.time, id: idOf(record), signature: record.signature });
  const frame = { type: 'sync', room: ROOM, salt: 7, floor: null, ranges: beginSync(keys, 7, null) } as const;
  driven.feed({ type: 'frame', link: from, frame });
}

test('[P1] an own record goes over every link and to the server once, which is told whom it went to', () => {
  const { driven, low, high } = linked();
  const id = driven.write('hello');
  const pushed = [low, high].flatMap((dial) => driven.sent(dial, 'records'));
  assert.equal(pushed.length, 2);
  for (const frame of pushed) assert.deepEqual([frame.hops, frame.isCarried], [[0], undefined]);
  const published = driven.sent('server', 'records');
  assert.equal(published.length, 1);
  assert.deepEqual(new Set(published[0]?.covered), new Set([LOW, HIGH]));
  assert.equal(driven.room.decisions()[0]?.id, id);
});

test('[P1] without a chosen link the server is told of nobody', () => {
  const driven = new DrivenRoom(SELF);
  driven.joined(MEMBERS);
  driven.write('hello');
  assert.equal(driven.sent('server', 'records')[0]?.covered, undefined);
});

test('[P2] what its author pushes is acknowledged each time, what others pass on is not', () => {
  const { driven, low, high } = linked();
  const record = recordOf(LOW, 1);
  driven.push(low, [record]);
  driven.push(low, [record]);
  assert.deepEqual(
    driven.sent(low, 'ack').map((frame) => frame.ids),
    [[idOf(record)], [idOf(record)]],
  );
  driven.push(high, [record, recordOf(LOW, 2)], { hops: [1, 1] });
  assert.deepEqual(driven.sent(high, 'ack'), []);
  assert.equal(driven.texts().length, 2);
});

test('[P2] sent is what peers have acknowledged, each counted once', () => {
  const { driven, low, high } = linked();
  const id = driven.write('hello');
  const delivery = () => driven.room.message(id)?.delivery;
  assert.deepEqual(delivery(), { state: 'queued', acknowledgedBy: 0 });
  driven.feed({ type: 'frame', link: low, frame: { type: 'ack', room: ROOM, ids: [id] } });
  driven.feed({ type: 'frame', link: low, frame: { type: 'ack', room: ROOM, ids: [id] } });
  assert.deepEqual(delivery(), { state: 'sent', acknowledgedBy: 1 });
  driven.feed({ type: 'frame', link: high, frame: { type: 'ack', room: ROOM, ids: [id] } });
  assert.deepEqual(delivery(), { state: 'sent', acknowledgedBy: 2 });
});

test('[P3] the server is asked to deliver to the peer that has not acknowledged in 250 ms', () => {
  const { driven, low } = linked();
  const id = driven.write('hello');
  driven.feed({ type: 'frame', link: low, frame: { type: 'ack', room: ROOM, ids: [id] } });
  driven.pass(249);
  assert.deepEqual(driven.sent('server', 'deliver'), []);
  driven.pass(1);
  assert.deepEqual(driven.sent('server', 'deliver'), [{ type: 'deliver', room: ROOM, ids: [id], to: [HIGH] }]);
});

test('[P3] a way that has become slow is waited for longer, though its acknowledgements come when they are not waited for', () => {
  const { driven, low, high } = linked();
  const asked = (): number => driven.take('server', 'deliver').length;
  const acknowledgedAfter = (id: RecordId, ms: number): void => {
    driven.feed({ type: 'frame', link: high, frame: { type: 'ack', room: ROOM, ids: [id] } });
    driven.pass(ms);
    driven.feed({ type: 'frame', link: low, frame: { type: 'ack', room: ROOM, ids: [id] } });
  };
  for (let count = 0; count < 8; count += 1) acknowledgedAfter(driven.write(`fast ${count}`), 10);
  assert.equal(asked(), 0);
  acknowledgedAfter(driven.write('slow'), 200);
  assert.equal(asked(), 1);
  acknowledgedAfter(driven.write('as slow'), 199);
  assert.equal(asked(), 0);
});

test('[P4] without a server what is pushed says so; whoever takes it in passes it on to those not served yet', () => {
  const { driven, low, high } = linked();
  const top = driven.link(TOP);
  driven.feed({ type: 'server-down' });
  driven.write('mine');
  assert.equal(driven.sent(low, 'records').at(-1)?.isCarried, true);
  for (const dial of [low, high, top]) driven.take(dial, 'records');

  const record = recordOf(LOW, 1);
  driven.push(low, [record], { isCarried: true, covered: [SELF, HIGH] });
  assert.deepEqual([driven.sent(low, 'records'), driven.sent(high, 'records')], [[], []]);
  const passedOn = driven.sent(top, 'records')[0];
  assert.deepEqual([passedOn?.hops, passedOn?.isCarried], [[1], true]);
  assert.deepEqual(new Set(passedOn?.covered), new Set([SELF, HIGH, TOP]));
  driven.push(high, [record], { isCarried: true, hops: [1] });
  assert.equal(driven.sent(top, 'records').length, 1, 'what was here already is not passed on again');
});

test('[P4] a carried record that reaches somebody with a server is handed to it', () => {
  const { driven, low } = linked();
  const record = recordOf(LOW, 1);
  driven.push(low, [record], { isCarried: true });
  driven.passServed(300);
  assert.deepEqual(driven.sent('server', 'have')[0]?.ids, [idOf(record)]);
});

test('[M4] hops are clamped, raised by each relay, and a record at the bound goes no further', () => {
  const { driven, low, high } = linked();
  driven.feed({ type: 'server-down' });
  driven.push(low, [recordOf(LOW, 1)], { isCarried: true, hops: [LIMITS.hopsMax - 1] });
  assert.deepEqual(driven.take(high, 'records')[0]?.hops, [LIMITS.hopsMax]);
  driven.push(low, [recordOf(LOW, 2)], { isCarried: true, hops: [LIMITS.hopsMax] });
  driven.push(low, [recordOf(LOW, 3)], { isCarried: true, hops: [2 ** 53 - 1] });
  assert.deepEqual(driven.sent(high, 'records'), []);
  const hops = driven.room.messages().map((message) => message.path.hops);
  assert.deepEqual(hops, [LIMITS.hopsMax - 1, LIMITS.hopsMax, LIMITS.hopsMax]);
});

test('[M4] answers to want and sync say no hops', () => {
  const { driven, low, high } = linked();
  const [one, two] = [recordOf(LOW, 1), recordOf(LOW, 2)];
  driven.push(low, [one, two]);
  driven.feed({ type: 'frame', link: high, frame: { type: 'want', room: ROOM, ids: [idOf(one)] } });
  const item = `${idOf(two)}~${tagOf(two)}` as never;
  const ranges = [{ upTo: null, content: [item] }];
  driven.feed({ type: 'frame', link: high, frame: { type: 'sync', room: ROOM, salt: 1, floor: null, ranges } });
  const answers = driven.sent(high, 'records');
  assert.deepEqual(
    answers.map((frame) => [frame.records[0]?.[2], frame.hops]),
    [
      [1, undefined],
      [1, undefined],
    ],
  );
});

test('[Y1] the lower peer id compares when a link is up and every 10 s, the higher one waits to be asked', () => {
  const { driven, low, high } = linked();
  assert.equal(driven.sent(high, 'sync').length, 1);
  answering(driven, [low, high], 9_000);
  assert.equal(driven.sent(high, 'sync').length, 1);
  answering(driven, [low, high], 2_000);
  assert.equal(driven.sent(high, 'sync').length, 2);
  answering(driven, [low, high], 90_000);
  const count = driven.sent(high, 'sync').length;
  assert.ok(count >= 9 && count <= 12, String(count));
  assert.deepEqual(driven.sent(low, 'sync'), []);
  assert.deepEqual(driven.sent(high, 'sync')[0]?.ranges.length, 1, 'one fingerprint of everything');
});

test('[Y1] parent and leaf compare every 60 s while both have a server', () => {
  const { driven, low, high } = linked();
  driven.server({ type: 'role', room: ROOM, role: 'leaf', parents: [{ peer: HIGH, name: 'Bob' }] });
  answering(driven, [low, high], 20_000);
  driven.take(high, 'sync');
  answering(driven, [low, high], 120_000);
  const count = driven.sent(high, 'sync').length;
  assert.ok(count === 2 || count === 1, String(count));
});

test('[Y2] a fingerprint is the count and two sums of salted hashes, and the salt is fresh each time', () => {
  const { driven, low, high } = linked();
  const records = [recordOf(LOW, 1), recordOf(LOW, 2), recordOf(LOW, 3)];
  driven.push(low, records);
  driven.take(high, 'sync');
  answering(driven, [low, high], 24_000);
  const frames = driven.sent(high, 'sync');
  assert.ok(frames.length >= 2);
  for (const { salt, ranges } of frames) {
    const signed = records.map((record) => idOf(record) + record.signature);
    const sum = (seed: number): number => signed.reduce((total, text) => total + murmur3(text, seed), 0) % 2 ** 48;
    assert.deepEqual(ranges, [{ upTo: null, content: [3, sum(salt), sum((salt ^ 0x5bd1e995) >>> 0)] }]);
  }
  assert.equal(new Set(frames.map((frame) => frame.salt)).size, frames.length);
});

test('[Y2] every frame of an exchange repeats its salt', () => {
  const { driven, low } = linked();
  sync(driven, low, [recordOf(LOW, 1)]);
  assert.equal(driven.sent(low, 'sync')[0]?.salt, 7);
});

test('[Y4] [L3] what was dropped by the bound is not asked for, not compared and not shown again', () => {
  const { driven, low, high } = linked();
  const older = [recordOf(LOW, 1), recordOf(LOW, 2), recordOf(LOW, 3)];
  driven.push(low, older);
  fill(driven, low, LIMITS.clientRecordsMax, 4);
  assert.equal(driven.room.sizes().records, LIMITS.clientRecordsMax);
  assert.deepEqual(
    driven.noted('forget').flatMap((output) => output.ids),
    older.map(idOf),
  );
  const before = driven.texts();
  const saves = driven.noted('save').length;

  // A peer that still has everything compares, tells what it has, and gives what was dropped.
  driven.take(low, 'want');
  const items = older.map((record) => `${idOf(record)}~${tagOf(record)}`) as never;
  const last = recordOf(LOW, 4);
  const ranges = [
    { upTo: [last.time, idOf(last)] as [number, string], content: items },
    { upTo: null, content: null },
  ];
  driven.feed({ type: 'frame', link: low, frame: { type: 'sync', room: ROOM, salt: 7, floor: null, ranges } });
  driven.push(low, older, { hops: undefined });
  assert.deepEqual(driven.sent(low, 'want'), []);
  assert.deepEqual(driven.texts(), before);
  assert.equal(driven.noted('save').length, saves, 'it is known as seen');

  driven.take(high, 'sync');
  answering(driven, [low, high], 11_000);
  const dropped = older[2];
  assert.ok(dropped);
  assert.deepEqual(driven.sent(high, 'sync')[0]?.floor, [dropped.time, idOf(dropped)]);
});

test('[Y4] what lies below the other’s floor is not given to it', () => {
  const { driven, low, high } = linked();
  const records = [recordOf(LOW, 1), recordOf(LOW, 2), recordOf(LOW, 3)] as const;
  driven.push(low, records);
  const floor: [number, string] = [records[1].time, idOf(records[1])];
  const ranges = [{ upTo: null, content: [] }];
  driven.feed({ type: 'frame', link: high, frame: { type: 'sync', room: ROOM, salt: 7, floor, ranges } });
  const given = driven.sent(high, 'records').flatMap((frame) => frame.records.map((wire) => wire[2]));
  assert.deepEqual(given, [3]);
});

test('[L3] own records that the server has not placed are never dropped', () => {
  const { driven, low } = linked();
  driven.feed({ type: 'server-down' });
  const own = driven.write('kept');
  driven.nowMs += 60_000;
  fill(driven, low, LIMITS.clientRecordsMax + 100, 1, 120_000);
  assert.ok(driven.room.message(own));
  assert.equal(driven.room.sizes().records, LIMITS.clientRecordsMax);
  assert.deepEqual(driven.texts()[0], 'kept');
});

test('[L2] one want is answered by a bounded number of bounded frames', () => {
  const { driven, low, high } = linked();
  const text = 'x'.repeat(LIMITS.textBytesMax);
  const large = range(100).map((seq) => recordOf(LOW, seq, { body: { kind: 'message', name: 'Bob', text } }));
  for (let at = 0; at < large.length; at += 5) driven.push(low, large.slice(at, at + 5));
  const answers = ask(driven, high, large.map(idOf));
  assert.equal(answers.length, LIMITS.answerFramesMax);
  for (const frame of answers) {
    assert.ok(encodeFrameText(frame).length <= LIMITS.frameBytesMax);
    assert.ok(JSON.stringify(frame.records).length <= LIMITS.recordsBytesPerFrame + 100);
  }
});

test('[L2] a frame has no more records than the bound, however small they are', () => {
  const { driven, low, high } = linked();
  fill(driven, low, 100);
  const answers = ask(
    driven,
    high,
    range(100).map((seq) => idOf(recordOf(LOW, seq))),
  );
  assert.deepEqual(
    answers.map((frame) => frame.records.length),
    [LIMITS.recordsPerFrameMax, 36],
  );
});

function ask(driven: DrivenRoom, dial: DialId, ids: RecordId[]): FrameOf<'records'>[] {
  driven.take(dial, 'records');
  driven.feed({ type: 'frame', link: dial, frame: { type: 'want', room: ROOM, ids } });
  return driven.sent(dial, 'records');
}

/** Pushes so many small records, each later than the one before. */
function fill(driven: DrivenRoom, dial: DialId, count: number, first = 1, laterMs = 0): void {
  const records = range(count).map((index) => {
    const seq = first + index - 1;
    return recordOf(LOW, seq, { time: (START_MS + laterMs) * 1024 + seq });
  });
  for (let at = 0; at < records.length; at += LIMITS.recordsPerFrameMax) {
    driven.push(dial, records.slice(at, at + LIMITS.recordsPerFrameMax));
  }
}

/** Lets time pass while the server and the peers answer every ping. */
function answering(driven: DrivenRoom, dials: readonly DialId[], ms: number): void {
  for (let passed = 0; passed < ms; passed += 500) {
    for (const dial of dials) {
      for (const { nonce } of driven.take(dial, 'ping')) {
        driven.feed({ type: 'frame', link: dial, frame: { type: 'pong', room: ROOM, nonce } });
      }
    }
    driven.passServed(500);
  }
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

/** MurmurHash3 x86 32 as published (A. Appleby), with UTF-16 units for blocks, in exact arithmetic. */
function murmur3(text: string, seed: number): number {
  const mask = 0xffffffffn;
  const rotate = (value: bigint, by: bigint): bigint => ((value << by) | (value >> (32n - by))) & mask;
  let hash = BigInt(seed);
  for (let index = 0; index < text.length; index += 1) {
    const block = (BigInt(text.charCodeAt(index)) * 0xcc9e2d51n) & mask;
    hash ^= (rotate(block, 15n) * 0x1b873593n) & mask;
    hash = (rotate(hash, 13n) * 5n + 0xe6546b64n) & mask;
  }
  hash ^= BigInt(text.length);
  hash ^= hash >> 16n;
  hash = (hash * 0x85ebca6bn) & mask;
  hash ^= hash >> 13n;
  hash = (hash * 0xc2b2ae35n) & mask;
  return Number(hash ^ (hash >> 16n));
}
