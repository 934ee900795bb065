// Two sets of records made equal by fingerprints of ranges, and what that costs. Bytes and rounds are counted,
// so they may be asserted; how they grow is told by the test.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { OrderedKeys } from '../../src/core/order.js';
import type { SignedKey } from '../../src/core/order.js';
import { answerSync, beginSync } from '../../src/core/reconcile.js';
import { decodeFrameText, encodeFrameText } from '../../src/protocol/decode.js';
import type { SyncBound, SyncRange } from '../../src/protocol/frames.js';
import type { RecordId } from '../../src/protocol/ids.js';
import { idOfItem, recordId, roomKey } from '../../src/protocol/ids.js';
import { LIMITS } from '../../src/protocol/limits.js';
import { seededRandom } from '../simulation/random.js';
import { toyAuthor, toyId, toySession } from '../simulation/toy-signatures.js';

const random = seededRandom(7);
const AUTHOR = toyAuthor(random);
const SESSION = toySession(random);
const ROOM = roomKey('default', 'lobby');
const SALT = 2 ** 32 - 12_345;
const START = Date.UTC(2026, 6, 4) * 1024;
const id = (seq: number): RecordId => recordId(AUTHOR, SESSION, seq);
const signature = toyId(random, 86);

function keysOf(
  count: number,
  skip: (seq: number) => boolean = () => false,
  timeOf = (seq: number): number => START + seq * 1024,
): OrderedKeys<SignedKey> {
  const keys = new OrderedKeys<SignedKey>();
  for (let seq = 1; seq <= count; seq += 1) if (!skip(seq)) keys.insert({ time: timeOf(seq), id: id(seq), signature });
  return keys;
}

interface Cost {
  readonly bytes: number;
  readonly rounds: number;
  /** Records and places of records that were named as lacking, on either side. */
  readonly given: RecordId[];
  readonly wanted: RecordId[];
}

/** One exchange, to its end: each round answers the frames of the round before. */
function exchange(a: OrderedKeys<SignedKey>, b: OrderedKeys<SignedKey>, floor: SyncBound | null = null): Cost {
  let frames = [beginSync(a, SALT, floor)];
  let [from, to] = [a, b];
  let [bytes, rounds] = [0, 0];
  const [given, wanted]: [RecordId[], RecordId[]] = [[], []];
  while (frames.length > 0) {
    rounds += 1;
    assert.ok(rounds < 100, 'an exchange ends');
    const next: SyncRange[][] = [];
    const answers = frames.map((ranges) => {
      const text = encodeFrameText({ type: 'sync', room: ROOM, salt: SALT, floor, ranges });
      bytes += text.length;
      assert.ok(text.length <= LIMITS.frameBytesMax, `${text.length} bytes in one frame`);
      assert.ok(decodeFrameText(text).ok);
      return answerSync(to, ranges, SALT, floor);
    });
    for (const answer of answers) {
      next.push(...answer.frames);
      move(to, from, answer.lackedByOther);
      move(from, to, answer.lackedHere.map(idOfItem));
      given.push(...answer.lackedByOther);
      wanted.push(...answer.lackedHere.map(idOfItem));
    }
    frames = next;
    [from, to] = [to, from];
  }
  return { bytes, rounds, given, wanted };
}

/** Brings records from one set to the other. */
function move(from: OrderedKeys<SignedKey>, to: OrderedKeys<SignedKey>, ids: readonly RecordId[]): void {
  if (ids.length === 0) return;
  const wanted = new Set(ids);
  for (const key of to.all) wanted.delete(key.id);
  for (const key of from.all) if (wanted.has(key.id)) to.insert(key);
}

test('[Y3] any two sets end equal in one exchange', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1_500 }), fc.func(fc.constantFrom('a', 'b', 'both')), (count, whose) => {
      const a = keysOf(count, (seq) => whose(seq) === 'b');
      const b = keysOf(count, (seq) => whose(seq) === 'a');
      exchange(a, b);
      assert.deepEqual(a.all, b.all);
      assert.equal(a.all.length, count);
    }),
    { numRuns: 40 },
  );
});

test('[Y3] so they do where all times are one, and no frame is over the limit', () => {
  const differ = seededRandom(8);
  for (const [share, timeOf] of [
    [0.5, () => START],
    [0.02, () => START],
    [0.5, (seq: number) => START + Math.floor(seq / 40)],
  ] as const) {
    const a = keysOf(2_000, () => differ() < share, timeOf);
    const b = keysOf(2_000, () => differ() < share, timeOf);
    exchange(a, b);
    assert.deepEqual(a.all, b.all);
  }
});

test('[R7] replicas that hold two contents under one id find out, and each gives the other its own', () => {
  const [a, b] = [keysOf(100), keysOf(100, (seq) => seq === 50)];
  b.insert({ time: START + 50 * 1024 + 7, id: id(50), signature: `T${signature.slice(1)}` });
  const { given, wanted } = exchange(a, b);
  assert.deepEqual([new Set(given), new Set(wanted)], [new Set([id(50)]), new Set([id(50)])]);
});

test('[Y4] records at or below the floor are neither compared nor given', () => {
  const [a, b] = [keysOf(100), keysOf(100, (seq) => seq <= 40 || seq === 70)];
  const { given, wanted } = exchange(a, b, [START + 40 * 1024, id(40)]);
  assert.deepEqual([new Set([...given, ...wanted]), b.all.length], [new Set([id(70)]), 60]);
});

for (const count of [10, 1_000, 100_000]) {
  test(`[Y5] equal replicas of ${count} records exchange one frame of at most 200 bytes`, (t) => {
    const { bytes, rounds } = exchange(keysOf(count), keysOf(count));
    t.diagnostic(`${count} records, nothing missed: ${bytes} bytes, ${rounds} round`);
    assert.equal(rounds, 1);
    assert.ok(bytes <= 200, `${bytes} bytes`);
  });
}

/** Bytes and rounds until a replica that missed `missed` of 100,000 records has them all. */
function costOf(missed: number, isMissing: (seq: number) => boolean): Cost {
  const [full, lacking] = [keysOf(100_000), keysOf(100_000, isMissing)];
  assert.equal(full.all.length - lacking.all.length, missed);
  const cost = exchange(full, lacking);
  assert.equal(lacking.all.length, 100_000);
  assert.equal(new Set(cost.given).size + new Set(cost.wanted).size, missed);
  return cost;
}

/** One more than the base-16 logarithm of 100,000, the list, and its answer. */
const ROUNDS_OF_ONE = 6;

test('[Y3] the latest k of 100,000 missed cost a few kilobytes and rounds that do not grow with k', (t) => {
  for (const missed of [1, 10, 100]) {
    const { bytes, rounds } = costOf(missed, (seq) => seq > 100_000 - missed);
    t.diagnostic(`the latest ${missed} missed: ${bytes} bytes, ${rounds} rounds`);
    assert.ok(rounds <= ROUNDS_OF_ONE, `${rounds} rounds for ${missed}`);
    assert.ok(bytes <= 6_000 + 100 * missed, `${bytes} bytes for ${missed}`);
  }
});

test('[Y3] k of 100,000 missed here and there cost k times that, and rounds that grow with the logarithm', (t) => {
  for (const missed of [10, 100]) {
    const { bytes, rounds } = costOf(missed, (seq) => seq % (100_000 / missed) === 7);
    t.diagnostic(`${missed} missed here and there: ${bytes} bytes, ${rounds} rounds`);
    assert.ok(rounds <= ROUNDS_OF_ONE + Math.ceil(Math.log2(missed)), `${rounds} rounds for ${missed}`);
    assert.ok(bytes <= 6_500 * missed, `${bytes} bytes for ${missed}`);
  }
});
