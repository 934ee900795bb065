// The pairing code: what one device shows another (rules Q1, Q2).

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { roomKey } from '../../src/protocol/ids.js';
import { fromBase32, toBase32 } from '../../src/protocol/pairing/base32.js';
import type { HostCandidate } from '../../src/protocol/pairing/host-candidate.js';
import {
  COMMITMENT_BYTES,
  PAIRING_CODE_BYTES_MAX,
  PAIRING_TEXT_MAX,
  readCode,
  roomTag,
  writeCode,
} from '../../src/protocol/pairing/pairing-code.js';
import type { PairingCode } from '../../src/protocol/pairing/pairing-code.js';

const IPV4: HostCandidate = { address: '192.168.43.17', port: 54_321 };
const IPV6: HostCandidate = { address: 'fd00:0:0:0:a:bc:def:1234', port: 1 };
const HIDDEN: HostCandidate = { address: '1f4712db-ea17-4bcf-a596-105139dfd8bf.local', port: 65_535 };

const CODE: PairingCode = {
  roomTag: roomTag(roomKey('default', 'lobby')),
  madeAtS: 4_711,
  fingerprint: Uint8Array.from({ length: 32 }, (_, index) => index * 7),
  commitment: Uint8Array.from({ length: COMMITMENT_BYTES }, (_, index) => 255 - index),
  ufrag: 'Zx+/',
  pwd: 'KUO/s4I1J5aq9T+eunmWc+bG',
  candidates: [IPV4],
};

const FIREFOX = { ufrag: '9a3f07bc', pwd: '0123456789abcdef0123456789abcdef' };

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const bytes = fromBase32(text.slice(3));
  assert.ok(bytes);
  return bytes;
}

function read(text: string): PairingCode {
  const result = readCode(text);
  assert.ok(result.isOk, JSON.stringify(result));
  return result.code;
}

const characters = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');
const credential = (min: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...characters), minLength: min, maxLength: min + 15 });
const bytes = (length: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: length, maxLength: length });
const port = fc.integer({ min: 1, max: 65_535 });
const hex = (length: number): fc.Arbitrary<string> => bytes(length).map((raw) => Buffer.from(raw).toString('hex'));
const candidate: fc.Arbitrary<HostCandidate> = fc.record({
  address: fc.oneof(
    bytes(4).map((raw) => raw.join('.')),
    fc
      .array(fc.integer({ min: 0, max: 0xffff }), { minLength: 8, maxLength: 8 })
      .map((groups) => groups.map((group) => group.toString(16)).join(':')),
    fc.tuple(hex(4), hex(2), hex(2), hex(2), hex(6)).map((parts) => `${parts.join('-')}.local`),
  ),
  port,
});
const code: fc.Arbitrary<PairingCode> = fc.record({
  roomTag: fc.integer({ min: 0, max: 0xffffff }),
  madeAtS: fc.integer({ min: 0, max: 0xffff }),
  fingerprint: bytes(32),
  commitment: bytes(COMMITMENT_BYTES),
  ufrag: credential(4),
  pwd: credential(22),
  // The longest credentials leave room for IPv4 only.
  candidates: fc.array(candidate, { maxLength: 5 }).map((more) => [...more, IPV4]),
});

test('[Q1] a code survives its way, but for candidates that have no room', () => {
  fc.assert(
    fc.property(code, (made) => {
      const text = writeCode(made);
      assert.ok(text.length <= PAIRING_TEXT_MAX);
      assert.ok(bytesOf(text).length <= PAIRING_CODE_BYTES_MAX);
      const { candidates, ...rest } = read(text);
      const { candidates: all, ...wanted } = made;
      assert.deepEqual(rest, wanted);
      assert.ok(candidates.length >= 1 && candidates.length <= 4);
      assert.ok(
        candidates.every((kept) => all.some((each) => each.address === kept.address && each.port === kept.port)),
      );
      assert.equal(writeCode(read(text)), text, 'a code has one form');
    }),
    { numRuns: 500 },
  );
});

const SIZES = [
  { what: 'Chromium, IPv4', change: {}, size: 78 },
  { what: 'Chromium, IPv6', change: { candidates: [IPV6] }, size: 90 },
  { what: 'Chromium, address hidden', change: { candidates: [HIDDEN] }, size: 90 },
  { what: 'Chromium, IPv6 and two IPv4', change: { candidates: [IPV6, IPV4, { ...IPV4, port: 2 }] }, size: 104 },
  { what: 'Firefox, IPv6 and IPv4', change: { ...FIREFOX, candidates: [IPV6, IPV4] }, size: 106 },
  { what: 'Firefox, address hidden, and IPv4', change: { ...FIREFOX, candidates: [HIDDEN, IPV4] }, size: 106 },
] as const;
for (const { what, change, size } of SIZES) {
  test(`[Q1] a code takes ${size} bytes (${what})`, () => {
    const made = { ...CODE, ...change };
    const text = writeCode(made);
    assert.equal(bytesOf(text).length, size);
    assert.deepEqual(new Set(read(text).candidates), new Set(made.candidates));
  });
}

test('[Q1] IPv4 is kept before a hidden name, that before IPv6, and short forms of IPv6 are understood', () => {
  const short = { address: 'fe80::1', port: 9 };
  const { candidates } = read(writeCode({ ...CODE, candidates: [short, HIDDEN, IPV4] }));
  assert.deepEqual(candidates, [IPV4, HIDDEN]);
  assert.deepEqual(read(writeCode({ ...CODE, candidates: [short] })).candidates, [
    { address: 'fe80:0:0:0:0:0:0:1', port: 9 },
  ]);
});

const UNFIT: Readonly<Record<string, Partial<PairingCode>>> = {
  'a short ufrag': { ufrag: 'abc' },
  'a long pwd': { pwd: 'a'.repeat(38) },
  'a strange character': { ufrag: 'ab-c' },
  'no candidate': { candidates: [] },
  'candidates of no known kind': {
    candidates: [
      { address: 'example.org', port: 1 },
      { address: '1::2::3', port: 1 },
    ],
  },
  'another fingerprint': { fingerprint: new Uint8Array(20) },
};
for (const [what, change] of Object.entries(UNFIT)) {
  test(`[Q1] no code is written with ${what}`, () => {
    assert.throws(() => writeCode({ ...CODE, ...change }), RangeError);
  });
}

test('[Q1] copied by hand it may be in small letters and in lines', () => {
  const text = writeCode(CODE);
  const lines = text.toLowerCase().replace(/.{20}/g, (line) => `${line}\n `);
  assert.deepEqual(read(` ${lines} `), CODE);
});

test('[Q2] other text is no code, another version is told', () => {
  for (const text of ['', 'https://festival.example', 'FC', 'WIFI:S:x;;', 'x'.repeat(100_000)]) {
    assert.deepEqual(readCode(text), { isOk: false, problem: 'not-a-code' });
  }
  const next = bytesOf(writeCode(CODE));
  next[0] = 2;
  assert.deepEqual(readCode(`FC:${toBase32(next)}`), { isOk: false, problem: 'other-version' });
});

test('[Q2] every changed, missing or added letter is noticed', () => {
  const text = writeCode({ ...CODE, ...FIREFOX, candidates: [HIDDEN, IPV4] });
  for (let at = 5; at < text.length; at += 1) {
    const other = text[at] === 'A' ? 'B' : 'A';
    for (const edited of [
      text.slice(0, at) + other + text.slice(at + 1),
      text.slice(0, at) + text.slice(at + 1),
      text.slice(0, at),
      `${text.slice(0, at)}${other}${text.slice(at)}`,
      `${text.slice(0, at)}!${text.slice(at + 1)}`,
    ]) {
      if (edited !== text) assert.deepEqual(readCode(edited), { isOk: false, problem: 'damaged' }, `at ${at}`);
    }
  }
});

/** The same content under a checksum that is right: what only whoever means harm would make. */
function sealed(content: Uint8Array): string {
  let value = 0x811c9dc5;
  for (const byte of content) value = Math.imul(value ^ byte, 0x01000193);
  const folded = ((value >>> 16) ^ value) & 0xff_ff;
  return `FC:${toBase32(Uint8Array.from([...content, folded >> 8, folded & 0xff]))}`;
}

test('[Q2] whatever bytes stand under a right checksum, they are read as a code that can be written, or refused', () => {
  const changed = fc
    .tuple(code, fc.array(fc.tuple(fc.nat(PAIRING_CODE_BYTES_MAX), fc.nat(0xff)), { maxLength: 3 }))
    .map(([made, changes]) => {
      const content = bytesOf(writeCode(made)).slice(0, -2);
      for (const [at, byte] of changes) if (at > 0 && at < content.length) content[at] = byte;
      return content;
    });
  const random = fc
    .uint8Array({ minLength: 1, maxLength: PAIRING_CODE_BYTES_MAX })
    .map((raw) => Uint8Array.from([1, ...raw]));
  const counts = { read: 0, refused: 0 };
  fc.assert(
    fc.property(fc.oneof(changed, random), (content) => {
      const result = readCode(sealed(content));
      counts[result.isOk ? 'read' : 'refused'] += 1;
      if (result.isOk) assert.equal(writeCode(read(writeCode(result.code))), writeCode(result.code));
      else assert.equal(result.problem, 'damaged');
    }),
    { numRuns: 5_000 },
  );
  assert.ok(counts.read > 500 && counts.refused > 500, JSON.stringify(counts));
});

test('[Q1] rooms are told apart by their tags', () => {
  const rooms = ['lobby', 'main-stage', 'lobby.', 'Lobby'].flatMap((room) => [
    roomKey('default', room),
    roomKey('b', room),
  ]);
  assert.equal(new Set(rooms.map(roomTag)).size, rooms.length);
});
