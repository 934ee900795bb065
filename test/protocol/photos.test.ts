// Photos on the wire: in records, and on the bulk channel between peers.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordBytes } from '../../src/protocol/canonical.js';
import { decodeFrame } from '../../src/protocol/decode.js';
import { roomKey } from '../../src/protocol/ids.js';
import { LIMITS } from '../../src/protocol/limits.js';
import { decodeBulk, encodeBulk, hashText } from '../../src/protocol/photos/bulk-message.js';
import type { BulkMessage } from '../../src/protocol/photos/bulk-message.js';
import { PHOTO_LIMITS } from '../../src/protocol/photos/photo-limits.js';
import { readClaim, writeClaim } from '../../src/protocol/request-claim.js';
import { readPictureHeader } from '../../src/protocol/photos/picture-header.js';
import { toWire } from '../../src/protocol/record.js';
import type { RecordBody } from '../../src/protocol/record.js';
import { Device } from '../support/device.js';
import { jpeg, photoOf } from '../support/pictures.js';

const ROOM = roomKey('default', 'lobby');
const PHOTO = photoOf(jpeg(64, 48));
const device = new Device();

function isFrame(body: unknown): boolean {
  const records = [toWire(device.says(ROOM, body as RecordBody))];
  return decodeFrame({ type: 'records', room: ROOM, records }).ok;
}

test('[F1] a message may have a photo, and no caption then', () => {
  const message = { kind: 'message', name: 'Ada', text: '', photo: PHOTO };
  assert.ok(isFrame(message));
  assert.ok(isFrame({ ...message, text: 'The sunset' }));
  assert.ok(isFrame({ ...message, photo: { ...PHOTO, bytes: LIMITS.photoBytesMax } }));
  assert.ok(!isFrame({ kind: 'message', name: 'Ada', text: '' }), 'without a photo a text is needed');
});

test('[F1] what is no photo makes it no frame', () => {
  const wrong: readonly Record<string, unknown>[] = [
    { hash: 'short' },
    { hash: `${PHOTO.hash}A` },
    { bytes: 0 },
    { bytes: LIMITS.photoBytesMax + 1 },
    { bytes: 1.5 },
    { width: 0 },
    { height: LIMITS.photoSideMax + 1 },
    { type: 'image/svg+xml' },
    { thumb: '' },
    { thumb: 'not base64!' },
    { thumb: 'A'.repeat(LIMITS.thumbLengthMax + 1) },
    { more: true },
  ];
  for (const change of wrong) {
    const body = { kind: 'message', name: 'Ada', text: 'x', photo: { ...PHOTO, ...change } };
    assert.ok(!isFrame(body), JSON.stringify(change).slice(0, 60));
  }
});

test('[R3] every field of a photo is signed', () => {
  const signed = (change: Partial<typeof PHOTO>): string => {
    const body: RecordBody = { kind: 'message', name: 'Ada', text: '', photo: { ...PHOTO, ...change } };
    const { author, session } = device;
    return Buffer.from(recordBytes({ room: ROOM, author, session, seq: 1, time: 1, body })).toString('hex');
  };
  const forms = [
    signed({}),
    signed({ hash: photoOf(jpeg(64, 48, 99)).hash }),
    signed({ bytes: 1 }),
    signed({ width: 1 }),
    signed({ height: 1 }),
    signed({ type: 'image/webp' }),
    signed({ thumb: 'A' }),
  ];
  assert.equal(new Set(forms).size, forms.length);
});

test('[F4] what is said on a bulk channel is read as it was written', () => {
  const { hash } = PHOTO;
  const said: readonly BulkMessage[] = [
    { type: 'want', hash, offset: 0 },
    { type: 'want', hash, offset: LIMITS.photoBytesMax },
    { type: 'lacks', hash },
    { type: 'stop', hash },
    { type: 'piece', hash, offset: 16_384, bytes: new Uint8Array([1, 2, 3]) },
    { type: 'piece', hash, offset: 0, bytes: new Uint8Array(PHOTO_LIMITS.pieceBytes).fill(9) },
  ];
  for (const message of said) assert.deepEqual(decodeBulk(encodeBulk(message).buffer), message);
  assert.equal(hashText(Buffer.from(hash, 'base64url')), hash);
});

test('[F4] anything else is no message of a bulk channel', () => {
  const { hash } = PHOTO;
  const want = encodeBulk({ type: 'want', hash, offset: 0 });
  const piece = encodeBulk({ type: 'piece', hash, offset: 0, bytes: new Uint8Array(PHOTO_LIMITS.pieceBytes) });
  const far = encodeBulk({ type: 'piece', hash, offset: LIMITS.photoBytesMax, bytes: new Uint8Array(1) });
  assert.equal(decodeBulk('want'), null);
  assert.equal(decodeBulk(null), null);
  assert.equal(decodeBulk(new Uint8Array([...want, 0]).buffer), null, 'something follows it');
  assert.equal(decodeBulk(new Uint8Array([...piece, 0]).buffer), null, 'a piece too long');
  assert.equal(decodeBulk(far.buffer), null, 'beyond the largest photo');
  assert.equal(decodeBulk(Uint8Array.from(want, (byte, index) => (index === 0 ? 9 : byte)).buffer), null);
  for (let length = 0; length < 37; length += 1) {
    for (let code = 0; code < 6; code += 1) {
      const bytes = new Uint8Array(length);
      bytes[0] = code;
      const isShort = length === 33 && (code === 2 || code === 3);
      assert.equal(decodeBulk(bytes.buffer) !== null, isShort, `${code} in ${length} bytes`);
    }
  }
});

test('[F3] a picture’s own header says what it is and how large', () => {
  assert.deepEqual(readPictureHeader(jpeg(1600, 900)), { type: 'image/jpeg', width: 1600, height: 900 });
  const webp = (kind: string, ...rest: readonly number[]): Uint8Array => {
    const bytes = new Uint8Array(40);
    bytes.set(Buffer.from(`RIFF\0\0\0\0WEBP${kind}`, 'latin1'));
    bytes.set(rest, 20);
    return bytes;
  };
  const is = (width: number, height: number): object => ({ type: 'image/webp', width, height });
  assert.deepEqual(readPictureHeader(webp('VP8X', 0, 0, 0, 0, 47, 0, 0, 31, 0, 0)), is(48, 32));
  assert.deepEqual(readPictureHeader(webp('VP8 ', 0, 0, 0, 0x9d, 1, 0x2a, 48, 0, 32, 0)), is(48, 32));
  assert.deepEqual(readPictureHeader(webp('VP8L', 0x2f, 47, 0xc0, 7, 0)), is(48, 32));
  for (const bytes of [new Uint8Array(0), Buffer.from('<svg/>'), webp('ANIM'), jpeg(9, 9).subarray(0, 12)]) {
    assert.equal(readPictureHeader(bytes), null);
  }
});

test('[F7] a claim is read as it was written, and nothing else is one', () => {
  const claim = { peer: device.peer, timeMs: 1_800_000_000_000, proof: device.sign(new Uint8Array(1)) };
  const written = writeClaim(claim);
  assert.deepEqual(readClaim(written), claim);
  for (const wrong of [
    undefined,
    '',
    'Bearer x',
    `${written} x`,
    written.replace('Festival', 'festival'),
    `${written}A`,
  ]) {
    assert.equal(readClaim(wrong), null);
  }
});
