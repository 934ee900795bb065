// What is said on a bulk channel (rule F4): a byte, a hash, an offset, bytes.

import type { Photo } from '../record.js';
import { LIMITS } from '../limits.js';
import { PHOTO_LIMITS } from './photo-limits.js';

export type PhotoHash = Photo['hash'];

export type BulkMessage =
  | { readonly type: 'want'; readonly hash: PhotoHash; readonly offset: number }
  | { readonly type: 'lacks'; readonly hash: PhotoHash }
  | { readonly type: 'stop'; readonly hash: PhotoHash }
  | {
      readonly type: 'piece';
      readonly hash: PhotoHash;
      readonly offset: number;
      readonly bytes: Uint8Array<ArrayBuffer>;
    };

const CODES = { want: 1, lacks: 2, stop: 3, piece: 4 } as const;
const TYPES = new Map(Object.entries(CODES).map(([type, code]) => [code, type as BulkMessage['type']]));
const HASH_END = 33;
const HEAD_BYTES = 37;

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

export function encodeBulk(message: BulkMessage): Uint8Array<ArrayBuffer> {
  const hasOffset = message.type === 'want' || message.type === 'piece';
  const size = message.type === 'piece' ? message.bytes.length : 0;
  const bytes = new Uint8Array((hasOffset ? HEAD_BYTES : HASH_END) + size);
  bytes[0] = CODES[message.type];
  bytes.set(hashBytes(message.hash), 1);
  if (hasOffset) new DataView(bytes.buffer).setUint32(HASH_END, message.offset);
  if (message.type === 'piece') bytes.set(message.bytes, HEAD_BYTES);
  return bytes;
}

/** Null when it is no message of rule F4. Never throws. */
export function decodeBulk(data: unknown): BulkMessage | null {
  if (!(data instanceof ArrayBuffer) || data.byteLength < HASH_END) return null;
  const bytes = new Uint8Array(data);
  const type = TYPES.get((bytes[0] ?? 0) as 1);
  const hash = hashText(bytes.subarray(1, HASH_END));
  if (type === undefined) return null;
  if (type === 'lacks' || type === 'stop') return bytes.length === HASH_END ? { type, hash } : null;
  if (bytes.length < HEAD_BYTES) return null;
  const offset = new DataView(data).getUint32(HASH_END);
  const size = bytes.length - HEAD_BYTES;
  if (offset + size > LIMITS.photoBytesMax) return null;
  if (type === 'want') return size === 0 ? { type, hash, offset } : null;
  if (size === 0 || size > PHOTO_LIMITS.pieceBytes) return null;
  return { type, hash, offset, bytes: bytes.slice(HEAD_BYTES) };
}

/** 32 bytes as a record writes them. Pure, as this folder is: `btoa` belongs to the platform. */
export function hashText(bytes: Uint8Array): PhotoHash {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const group = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    const letters = Math.min(4, bytes.length - at + 1);
    for (let letter = 0; letter < letters; letter += 1) text += ALPHABET[(group >> (18 - 6 * letter)) & 63] ?? '';
  }
  return text as PhotoHash;
}

function hashBytes(hash: PhotoHash): Uint8Array {
  const bytes = new Uint8Array(32);
  let bits = 0;
  let held = 0;
  let at = 0;
  for (const letter of hash) {
    bits = ((bits << 6) | ALPHABET.indexOf(letter)) & 0xffff;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes[at++] = (bits >> held) & 255;
  }
  return bytes;
}
