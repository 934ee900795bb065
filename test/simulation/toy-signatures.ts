// Signatures for simulations: as unforgeable as a simulated liar is simple, and a thousand times faster.
// The real ones are tested where real keys are.

import { placesBytes, recordBytes } from '../../src/protocol/canonical.js';
import type { AuthorId, RoomKey, SessionId } from '../../src/protocol/ids.js';
import type { RecordDraft, SignedRecord } from '../../src/protocol/record.js';
import { encodeUtf8 } from '../../src/protocol/text.js';
import type { Receipt } from '../../src/core/room-io.js';
import type { Random } from './random.js';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

export function toyId(random: Random, length: number): string {
  let text = '';
  while (text.length < length) text += ALPHABET[Math.floor(random() * 64)] ?? 'A';
  return text;
}

export function toyAuthor(random: Random): AuthorId {
  return `${toyId(random, 42)}A` as AuthorId;
}

export function toySession(random: Random): SessionId {
  return toyId(random, 12) as SessionId;
}

export function toySign(draft: RecordDraft): SignedRecord {
  return { ...draft, signature: toySignature(draft) };
}

export function toyVerify(record: SignedRecord): boolean {
  return toySignature(record) === record.signature;
}

/** The server's signature under places it gives out (rule C6). */
export function toySignPlaces(
  serverKey: AuthorId,
  room: RoomKey,
  places: Omit<Receipt, 'proof' | 'serverKey'>,
): string {
  return spread([...encodeUtf8(serverKey), ...placesBytes(room, places)]);
}

export function toyVerifyReceipt(room: RoomKey, receipt: Receipt): boolean {
  return toySignPlaces(receipt.serverKey, room, receipt) === receipt.proof;
}

function toySignature(draft: RecordDraft): string {
  return spread(recordBytes(draft));
}

/** FNV-1a over the canonical bytes, spread over 86 characters. */
function spread(bytes: Iterable<number>): string {
  let state = 0x811c9dc5;
  for (const byte of bytes) state = Math.imul(state ^ byte, 0x01000193) >>> 0;
  let text = '';
  while (text.length < 85) {
    state = Math.imul(state ^ (state >>> 13), 0x5bd1e995) >>> 0;
    text += ALPHABET[state & 63] ?? 'A';
  }
  return `${text}A`;
}
