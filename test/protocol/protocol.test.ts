// The protocol's forms: ids, text, records, frames, and what is refused.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { joinBytes, linkBytes, recordBytes } from '../../src/protocol/canonical.js';
import { decodeFrame, decodeFrameText, encodeFrameText } from '../../src/protocol/decode.js';
import { REFUSALS } from '../../src/protocol/errors.js';
import type { DialId } from '../../src/protocol/ids.js';
import { roomKey } from '../../src/protocol/ids.js';
import { LIMITS } from '../../src/protocol/limits.js';
import { fromWire, idOf, isName, isText, toWire } from '../../src/protocol/record.js';
import type { RecordDraft } from '../../src/protocol/record.js';
import { encodeUtf8, normalizeName, normalizeText, utf8Length } from '../../src/protocol/text.js';
import { seededRandom } from '../simulation/random.js';
import { toyAuthor, toySession, toySign } from '../simulation/toy-signatures.js';

const random = seededRandom(1);
const ROOM = roomKey('default', 'lobby');
const CREW_ROOM = roomKey('default', `crew.${'B'.repeat(42)}A`);
const SEALED = { kind: 'sealed', key: 'k'.repeat(12), nonce: 'n'.repeat(16), data: 'd'.repeat(200) } as const;
const DRAFT: RecordDraft = {
  room: ROOM,
  author: toyAuthor(random),
  session: toySession(random),
  seq: 1,
  time: 1024,
  body: { kind: 'message', name: 'Ada', text: 'hello' },
};

test('[R1] an id is author, session and seq, and survives the wire', () => {
  const record = toySign(DRAFT);
  const again = fromWire(ROOM, JSON.parse(JSON.stringify(toWire(record))) as ReturnType<typeof toWire>);
  assert.equal(idOf(again), `${DRAFT.author}.${DRAFT.session}.1`);
  assert.deepEqual(again, record);
});

test('[R2] [R3] every field of a record changes its canonical form', () => {
  const other = seededRandom(2);
  const changes: Partial<RecordDraft>[] = [
    { room: roomKey('default', 'other') },
    { room: roomKey('other', 'lobby') },
    { author: toyAuthor(other) },
    { session: toySession(other) },
    { seq: 2 },
    { time: 1025 },
    { body: { kind: 'message', name: 'Ada', text: 'hellp' } },
    { body: { kind: 'message', name: 'Adahello', text: '' } },
    { body: { kind: 'message', name: 'Ada', text: 'hello', replyTo: idOf(DRAFT) } },
    { body: SEALED },
    { body: { ...SEALED, key: SEALED.key.replace('k', 'l') } },
    { body: { ...SEALED, nonce: SEALED.nonce.replace('n', 'm') } },
    { body: { ...SEALED, data: `${SEALED.data}A` } },
    { body: { kind: 'retract', target: idOf(DRAFT) } },
    { body: { kind: 'reaction', target: idOf(DRAFT), emoji: '🎉', isOn: true } },
    { body: { kind: 'reaction', target: idOf(DRAFT), emoji: '🎉', isOn: false } },
  ];
  const forms = [DRAFT, ...changes.map((change) => ({ ...DRAFT, ...change }))].map((draft) => hex(recordBytes(draft)));
  assert.equal(new Set(forms).size, forms.length);
});

test('[R4] a signature for one purpose is none for another', () => {
  const peer = `${DRAFT.author}.${DRAFT.session}` as Parameters<typeof joinBytes>[1];
  const binding = { from: 'a', to: 'b' };
  const forms = [
    recordBytes(DRAFT),
    joinBytes(ROOM, peer, 'nonce'),
    linkBytes({ room: ROOM, from: peer, to: peer, dial: 'dial0000' as DialId, binding }),
  ].map(hex);
  assert.equal(new Set(forms).size, 3);
});

test('[X1] text is normalised by writers and refused by readers when it is not', () => {
  const table: readonly (readonly [written: string, normal: string])[] = [
    ['  hello \r\n there ', 'hello \n there'],
    ['a\u0000b\u0007', 'ab'],
    ['lone \ud800 surrogate', 'lone \ufffd surrogate'],
    ['👨‍👩‍👧‍👦', '👨‍👩‍👧‍👦'],
  ];
  for (const [written, normal] of table) {
    assert.equal(normalizeText(written), normal);
    assert.ok(isText(normal));
    if (written !== normal) assert.ok(!isText(written));
  }
  for (const empty of ['', ' ', '\u200b', '\u2800', '\u3164', '\u200f'])
    assert.ok(!isText(empty), JSON.stringify(empty));
  assert.ok(isText('é'.repeat(LIMITS.textBytesMax / 2)));
  assert.ok(!isText('é'.repeat(LIMITS.textBytesMax / 2 + 1)));
});

test('[X2] a name is one line of 1 to 40 code points without bidirectional controls', () => {
  assert.equal(normalizeName(' Ada \u202e evil\nline '), 'Ada evil line');
  assert.ok(isName('🦀'.repeat(40)));
  for (const bad of ['', '   ', 'x'.repeat(41), 'a\u202eb', 'a\nb', '\u200b'])
    assert.ok(!isName(bad), JSON.stringify(bad));
});

test('UTF-8 is written as the platform writes it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      assert.deepEqual(encodeUtf8(text), new TextEncoder().encode(text));
      assert.equal(utf8Length(text), new TextEncoder().encode(text).length);
    }),
  );
});

test('[L1] a frame comes back from text as it was', () => {
  const frame = { type: 'records', room: ROOM, records: [toWire(toySign(DRAFT))], hops: [0], covered: [] } as const;
  const decoded = decodeFrameText(JSON.stringify(frame));
  assert.ok(decoded.ok);
  assert.deepEqual(JSON.parse(encodeFrameText(decoded.frame)), frame);
});

test('[L1] what is not exactly a frame is none', () => {
  const wire = toWire(toySign(DRAFT));
  const [author, session, seq, time, body, signature] = wire;
  const records = (...list: unknown[]): unknown => ({ type: 'records', room: ROOM, records: list });
  const table: Readonly<Record<string, unknown>> = {
    'no object': 7,
    'an unknown type': { type: 'hack' },
    'an unknown field': { type: 'ping', room: ROOM, nonce: 1, extra: 1 },
    'a polluting field': JSON.parse(`{"type":"ping","room":"${ROOM}","nonce":1,"__proto__":{"x":1}}`) as unknown,
    'a constructor field': { type: 'ping', room: ROOM, nonce: 1, constructor: {} },
    'a room with a slash too many': { type: 'ping', room: 'a/b/c', nonce: 1 },
    'a record too short': records([author, session, seq]),
    'seq 0': records([author, session, 0, time, body, signature]),
    'seq 2^53': records([author, session, 2 ** 53, time, body, signature]),
    'time NaN': records([author, session, seq, NaN, body, signature]),
    'a time before 1970': records([author, session, seq, -1, body, signature]),
    'a key of another spelling': records([`${author.slice(0, 42)}B`, session, seq, time, body, signature]),
    'an oversize text': records([author, session, seq, time, { ...body, text: 'x'.repeat(4_001) }, signature]),
    'a body with more': records([author, session, seq, time, { ...body, html: '<b>' }, signature]),
    'a text that is not normal': records([author, session, seq, time, { ...body, text: ' x' }, signature]),
    'too many records': records(...Array.from({ length: LIMITS.recordsPerFrameMax + 1 }, () => wire)),
  };
  for (const [what, input] of Object.entries(table)) assert.ok(!decodeFrame(input).ok, what);
  assert.equal(({} as Record<string, unknown>)['x'], undefined);
});

test('[L1] a hundred thousand mutations of frames never throw, and what passes passes again', () => {
  const frames = [
    { type: 'records', room: ROOM, records: [toWire(toySign(DRAFT))], hops: [3] },
    { type: 'records', room: CREW_ROOM, records: [toWire(toySign({ ...DRAFT, room: CREW_ROOM, body: SEALED }))] },
    { type: 'sync', room: ROOM, salt: 1, floor: null, ranges: [{ upTo: null, content: [1, 2, 3] }] },
    { type: 'ack', room: ROOM, ids: [idOf(DRAFT)] },
  ].map((frame) => JSON.stringify(frame));
  const mutate = seededRandom(3);
  let accepted = 0;
  for (let count = 0; count < 100_000; count += 1) {
    const text = frames[count % frames.length] ?? '';
    const at = Math.floor(mutate() * text.length);
    const changed =
      text.slice(0, at) + String.fromCharCode(Math.floor(mutate() * 128)) + text.slice(at + Math.floor(mutate() * 3));
    const decoded = decodeFrameText(changed);
    if (!decoded.ok) continue;
    accepted += 1;
    assert.ok(decodeFrameText(encodeFrameText(decoded.frame)).ok);
  }
  assert.ok(accepted > 0, 'some mutations leave a frame a frame');
});

test('[L1] every length around the limit of a frame is refused or taken, never thrown', () => {
  assert.ok(!decodeFrameText('"'.padEnd(LIMITS.frameBytesMax + 1, 'x')).ok);
  assert.ok(!decodeFrameText('['.repeat(10_000)).ok);
  assert.ok(!decodeFrameText(undefined).ok);
});

test('PROTOCOL.md lists every refusal code, and no other', () => {
  const text = readFileSync('src/protocol/PROTOCOL.md', 'utf8');
  const listed = [...text.matchAll(/^\| `([a-z-]+)` \| (yes|no) \| \S/gm)].map(([, code, retry]) => [
    code,
    retry === 'yes',
  ]);
  const coded = Object.entries(REFUSALS).map(([code, { isRetryable }]) => [code, isRetryable]);
  assert.deepEqual(listed.sort(), coded.sort());
});

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
