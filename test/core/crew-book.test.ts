// What a crew's records make of its room, whatever the order they come in.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CrewBook } from '../../src/core/crew/crew-book.js';
import type { OpenedBody } from '../../src/protocol/crew/crew-body.js';
import { roomKey } from '../../src/protocol/ids.js';
import type { AuthorId } from '../../src/protocol/ids.js';
import type { RecordDraft } from '../../src/protocol/record.js';
import { seededRandom } from '../simulation/random.js';
import { toyAuthor, toyId, toySession } from '../simulation/toy-signatures.js';

const random = seededRandom(21);
const ROOM = roomKey('default', `crew.${toyId(random, 42)}A`);
const [ADA, BOB, CLEO, DORA] = [toyAuthor(random), toyAuthor(random), toyAuthor(random), toyAuthor(random)] as const;
const SEALED = { kind: 'sealed', key: 'k', nonce: 'n', data: 'd' } as const;

interface Said {
  readonly record: RecordDraft;
  readonly keyId: string;
  readonly body: OpenedBody;
}

let seq = 0;
function said(author: AuthorId, time: number, keyId: string, body: OpenedBody): Said {
  seq += 1;
  return { record: { room: ROOM, author, session: toySession(random), seq, time, body: SEALED }, keyId, body };
}

const hello = { kind: 'message', name: 'x', text: 'hello' } as const;
const card = (author: AuthorId, time: number, keyId: string): Said =>
  said(author, time, keyId, { kind: 'card', name: `n${time}`, key: toyId(random, 87) });
const rotate = (time: number, keyId: string, next: string, given: readonly AuthorId[], removed: AuthorId[]): Said =>
  said(ADA, time, keyId, {
    kind: 'rotate',
    next,
    from: toyId(random, 87),
    wraps: given.map((author) => [author, toyId(random, 64)]),
    removed,
  });

const ROTATION = rotate(100, 'one', 'two', [ADA, BOB], [CLEO]);
const STORY = [
  card(ADA, 1, 'one'),
  card(BOB, 2, 'one'),
  card(CLEO, 3, 'one'),
  ROTATION,
  card(ADA, 101, 'two'),
  card(DORA, 102, 'two'),
  said(CLEO, 103, 'one', { kind: 'card', name: 'still here', key: toyId(random, 87) }),
];

/** The book of somebody who holds these keys, and heard all of it in this order. */
function bookOf(self: AuthorId, keys: readonly string[], story: readonly Said[]): CrewBook {
  const book = new CrewBook(self, ADA);
  for (const [index, key] of keys.entries()) book.hold(key, { time: index, id: '' });
  for (const { record, keyId, body } of story) {
    if (keys.includes(keyId)) book.add(record, keyId, body);
    else book.unopened(record);
  }
  return book;
}

const shuffled = <Item>(items: readonly Item[]): Item[] =>
  items
    .map((item) => [random(), item] as const)
    .sort(([a], [b]) => a - b)
    .map(([, item]) => item);

test('[K5] [K6] who holds what after somebody was removed, in any order of arrival', () => {
  for (let round = 0; round < 50; round += 1) {
    const story = shuffled(STORY);
    const bob = bookOf(BOB, ['one', 'two'], story);
    assert.deepEqual([bob.state, bob.current], ['open', 'two']);
    assert.deepEqual(bob.people.map(({ author }) => author).sort(), [ADA, BOB, DORA].sort());
    assert.equal(bookOf(CLEO, ['one'], story).state, 'removed');
    assert.equal(bookOf(DORA, ['one'], story).state, 'replaced');
    assert.deepEqual([bookOf(DORA, ['two'], story).state, bookOf(DORA, [], story).state], ['open', 'no-key']);
  }
});

test('[K6] nobody but the founder changes a key, and strangers close nobody out', () => {
  const forged = {
    ...rotate(50, 'one', 'three', [CLEO], [BOB]),
    record: { ...ROTATION.record, author: CLEO, seq: 900 },
  };
  const bob = bookOf(BOB, ['one'], [card(ADA, 1, 'one'), forged, said(CLEO, 200, 'nobody knows', hello)]);
  assert.deepEqual([bob.state, bob.current], ['open', 'one']);
});

test('[K6] a key that opens nothing of the others, or that the founder has left behind, closes the room', () => {
  const others = [said(ADA, 5, 'two', hello), said(CLEO, 6, 'two', hello)];
  assert.equal(bookOf(BOB, ['one'], others).state, 'unreadable');
  assert.equal(bookOf(BOB, ['one'], []).state, 'open');
  const behind = [card(ADA, 1, 'one'), said(BOB, 4, 'one', hello), ...others];
  assert.equal(bookOf(BOB, ['one'], shuffled(behind)).state, 'unreadable');
  assert.equal(bookOf(BOB, ['one', 'two'], shuffled(behind)).state, 'open');
});

test('[K7] under a replaced key only those are heard who were given the next one, or wrote before', () => {
  const bob = bookOf(BOB, ['one', 'two'], shuffled(STORY));
  assert.ok(bob.counts(said(CLEO, 99, 'one', hello).record, 'one'));
  assert.ok(!bob.counts(said(CLEO, 101, 'one', hello).record, 'one'));
  assert.ok(!bob.counts(said(DORA, 101, 'one', hello).record, 'one'));
  assert.ok(bob.counts(said(BOB, 101, 'one', hello).record, 'one'));
  assert.ok(bob.counts(said(ADA, 101, 'one', hello).record, 'one'));
  assert.ok(bob.counts(said(CLEO, 101, 'two', hello).record, 'two'));
});

test('[K5] of two changes of one key the later counts, and the removed stay named until they are let in again', () => {
  const later = rotate(110, 'one', 'three', [ADA, CLEO], [BOB]);
  const ada = bookOf(ADA, ['one', 'two', 'three'], shuffled([...STORY, later]));
  assert.equal(ada.current, 'three');
  assert.ok(ada.counts(said(CLEO, 120, 'one', hello).record, 'one'));
  const after = bookOf(ADA, ['one', 'two'], STORY).without([DORA]);
  assert.deepEqual(after.stay.map(({ author }) => author).sort(), [ADA, BOB].sort());
  assert.deepEqual([...after.removed].sort(), [CLEO, DORA].sort());
  const back = bookOf(ADA, ['one', 'two'], [...STORY, card(CLEO, 130, 'two')]).without([DORA]);
  assert.deepEqual([...back.removed], [DORA]);
});
