// Forms of crew rooms: names, invites, what is sealed and how it is padded.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { recordBytes } from '../../src/protocol/canonical.js';
import { decodeOpened } from '../../src/protocol/crew/crew-body.js';
import { CREW_FRAGMENT, inviteText, readInvite } from '../../src/protocol/crew/crew-invite.js';
import { padded, unpadded } from '../../src/protocol/crew/padding.js';
import { decodeFrame } from '../../src/protocol/decode.js';
import { roomKey } from '../../src/protocol/ids.js';
import { LIMITS } from '../../src/protocol/limits.js';
import { isCrewRoom, isMisplaced, toWire } from '../../src/protocol/record.js';
import type { RecordDraft, SealedBody } from '../../src/protocol/record.js';
import { seededRandom } from '../simulation/random.js';
import { toyAuthor, toyId, toySession, toySign } from '../simulation/toy-signatures.js';

const random = seededRandom(11);
const NAME = `crew.${toyId(random, 42)}A`;
const ROOM = roomKey('default', NAME);
const SEALED: SealedBody = {
  kind: 'sealed',
  key: toyId(random, 12),
  nonce: toyId(random, 16),
  data: toyId(random, 200),
};
const DRAFT: RecordDraft = {
  room: ROOM,
  author: toyAuthor(random),
  session: toySession(random),
  seq: 1,
  time: 1024,
  body: SEALED,
};

test('[K1] a crew room is known by its name, and takes what is sealed alone', () => {
  const hello = { kind: 'message', name: 'Ada', text: 'hello' } as const;
  assert.ok(isCrewRoom(ROOM) && isCrewRoom(NAME));
  for (const other of ['lobby', 'crew.lobby', `${NAME}x`, NAME.slice(1), `x${NAME}`])
    assert.ok(!isCrewRoom(other), other);
  assert.ok(!isMisplaced(DRAFT));
  assert.ok(isMisplaced({ ...DRAFT, body: hello }));
  assert.ok(isMisplaced({ ...DRAFT, room: roomKey('default', 'lobby') }));
  assert.ok(!isMisplaced({ ...DRAFT, room: roomKey('default', 'lobby'), body: hello }));
});

test('[K3] what is signed and sent is the sealed form, whatever was opened', () => {
  const record = toySign(DRAFT);
  const opened = { ...record, body: { kind: 'message', name: 'Ada', text: 'hello' }, sealed: SEALED } as const;
  assert.deepEqual(toWire(opened), toWire(record));
  assert.deepEqual(recordBytes(opened), recordBytes(record));
  assert.ok(!JSON.stringify(toWire(opened)).includes('hello'));
});

test('[L1] a sealed body of another form is none', () => {
  const [author, session, seq, time, , signature] = toWire(toySign(DRAFT));
  const frame = (body: unknown): unknown => ({
    type: 'records',
    room: ROOM,
    records: [[author, session, seq, time, body, signature]],
  });
  assert.ok(decodeFrame(frame(SEALED)).ok);
  const table: Readonly<Record<string, unknown>> = {
    'a short key id': { ...SEALED, key: 'short' },
    'a long nonce': { ...SEALED, nonce: toyId(random, 17) },
    'no data': { ...SEALED, data: '' },
    'data that is no base64url': { ...SEALED, data: 'a b' },
    'data beyond the limit': { ...SEALED, data: 'a'.repeat(LIMITS.sealedLengthMax + 1) },
    'more than it has': { ...SEALED, name: 'Ada' },
    'a card that is not sealed': { kind: 'card', name: 'Ada', key: toyId(random, 87) },
  };
  for (const [what, body] of Object.entries(table)) assert.ok(!decodeFrame(frame(body)).ok, what);
});

test('[K3] what was opened is decoded as strictly as what comes plainly, and nothing throws', () => {
  const member = toyAuthor(random);
  const good = [
    { kind: 'message', name: 'Ada', text: 'hello' },
    { kind: 'card', name: 'Ada', key: toyId(random, 87) },
    {
      kind: 'rotate',
      next: toyId(random, 12),
      from: toyId(random, 87),
      wraps: [[member, toyId(random, 64)]],
      removed: [],
    },
  ];
  for (const body of good) assert.deepEqual(decodeOpened(body), body);
  const bad = [
    { ...good[0], html: '<b>' },
    { ...good[0], text: ' x' },
    { ...good[1], name: '' },
    { ...good[1], key: 'short' },
    { ...good[2], wraps: Array.from({ length: LIMITS.crewMembersMax + 1 }, () => [member, toyId(random, 64)]) },
    { kind: 'clear' },
    { kind: 'announce', text: 'the organiser speaks plainly' },
    SEALED,
  ];
  for (const body of bad) assert.equal(decodeOpened(body), null, JSON.stringify(body).slice(0, 80));
  fc.assert(fc.property(fc.anything(), (input) => decodeOpened(input) === null));
});

test('[K3] sizes are few, the largest body fits, and padding comes off again', () => {
  const sizes = new Set<number>();
  for (let length = 0; length <= 4_000; length += 1) sizes.add(padded(new Uint8Array(length)).length);
  assert.deepEqual([...sizes], [128, 256, 512, 1_024, 2_048, 3_072, 4_096]);
  const largest = JSON.stringify({
    kind: 'message',
    name: '"'.repeat(LIMITS.nameLengthMax),
    text: '"'.repeat(LIMITS.textBytesMax),
    replyTo: 'x'.repeat(73),
  });
  const sealedBytes = padded(new TextEncoder().encode(largest)).length + 16;
  assert.ok(Math.ceil((sealedBytes * 4) / 3) <= LIMITS.sealedLengthMax);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 3_000 }), (bytes) => {
      assert.deepEqual(unpadded(padded(bytes)), new Uint8Array(bytes));
    }),
  );
  const wrong = padded(new Uint8Array(5));
  wrong[100] = 1;
  for (const bytes of [wrong, new Uint8Array(3), new Uint8Array(129), padded(new Uint8Array(900)).slice(0, 512)])
    assert.equal(unpadded(bytes), null);
});

test('[K2] an invite is read from its text and from a link, and from nothing else', () => {
  const invite = {
    salt: `${toyId(random, 21)}A`,
    founder: toyAuthor(random),
    secret: `${toyId(random, 42)}A`,
    check: toyId(random, 8),
  };
  const text = inviteText(invite);
  assert.deepEqual(readInvite(text), invite);
  assert.deepEqual(readInvite(` https://site.example/page?day=2${CREW_FRAGMENT}${text}\n`), invite);
  for (const other of [
    '',
    text.slice(1),
    `${text}x`,
    text.replaceAll('.', '-'),
    `${CREW_FRAGMENT}${NAME}`,
    '#fc-crew=',
  ])
    assert.equal(readInvite(other), null, other);
});
