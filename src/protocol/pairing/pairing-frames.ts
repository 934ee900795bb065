// What is said on a channel between the pairing and the greeting: rules Q5 and Q6. Apart from `frames.ts`, because only
// pages that pair fetch it.

import * as v from 'valibot';
import { canonicalFields } from '../canonical.js';
import { shaped } from '../fields.js';
import { PATTERNS } from '../ids.js';
import type { DialId, PeerId, RoomKey } from '../ids.js';
import { nameSchema } from '../record.js';

/** Characters of either frame; the names of 40 code points and of the room included. */
const TEXT_MAX = 600;

const room = shaped<RoomKey>(PATTERNS.room);
const peer = shaped<PeerId>(PATTERNS.peer);

const schema = v.variant('type', [
  /** Who I am, and the nonce that my code was bound to. */
  v.strictObject({
    type: v.literal('pair'),
    room,
    peer,
    name: nameSchema,
    nonce: shaped(PATTERNS.nonce),
  }),
  /** My person has seen the same four digits. */
  v.strictObject({ type: v.literal('pair-agreed'), room }),
]);

export type PairingFrame = v.InferOutput<typeof schema>;

/** Null for anything else. Never throws. */
export function decodePairingFrame(text: string): PairingFrame | null {
  if (text.length > TEXT_MAX) return null;
  try {
    const result = v.safeParse(schema, JSON.parse(text), { abortEarly: true });
    return result.success ? result.output : null;
  } catch {
    return null;
  }
}

export function encodePairingFrame(frame: PairingFrame): string {
  return JSON.stringify(frame);
}

/** What the commitment of a code is the hash of. */
export function commitmentBytes({
  room: of,
  peer: who,
  nonce,
}: Omit<Extract<PairingFrame, { type: 'pair' }>, 'type' | 'name'>): Uint8Array<ArrayBuffer> {
  return canonicalFields(['festival-chat/pair/1', of, who, nonce]);
}

/** One side of a pairing, as both know it once the channel is open. */
export interface PairedSide {
  /** The code, as text. */
  readonly code: string;
  readonly nonce: string;
}

/** What the four digits are made from: the same on both sides. */
export function checkBytes(one: PairedSide, other: PairedSide): Uint8Array<ArrayBuffer> {
  const [lower, higher] = one.code < other.code ? [one, other] : [other, one];
  return canonicalFields(['festival-chat/pair-check/1', lower.code, higher.code, lower.nonce, higher.nonce]);
}

/** The four digits for people, and the name of the dial, from the hash of `checkBytes`. */
export function checkOf(
  hash: Uint8Array,
  toBase64Url: (bytes: Uint8Array) => string,
): { readonly digits: string; readonly dial: DialId } {
  const number = hash.subarray(0, 4).reduce((value, byte) => value * 256 + byte, 0);
  return { digits: String(number % 10_000).padStart(4, '0'), dial: toBase64Url(hash.subarray(4, 13)) as DialId };
}
