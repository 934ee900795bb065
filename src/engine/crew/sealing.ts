// Sealing a body under a crew's key, and opening it (rule K3).

import type { AuthorId, RoomKey, SessionId } from '../../protocol/ids.js';
import type { RecordDraft, SealedBody, VisitorBody } from '../../protocol/record.js';
import { decodeOpened } from '../../protocol/crew/crew-body.js';
import type { OpenedBody } from '../../protocol/crew/crew-body.js';
import { keyIdBytes, sealBytes } from '../../protocol/crew/crew-forms.js';
import { padded, unpadded } from '../../protocol/crew/padding.js';
import { encodeUtf8 } from '../../protocol/text.js';
import { fromBase64Url, toBase64Url } from '../base64url.js';

/** A random nonce is enough for 2^32 seals under one key; a room keeps thousands. */
const NONCE_BYTES = 12;
const KEY_ID_BYTES = 9;

/** A crew's key, ready for use. */
export interface CrewKey {
  readonly id: string;
  readonly key: CryptoKey;
}

/** 32 random bytes, base64url. */
export function newSecret(): string {
  return toBase64Url(crypto.getRandomValues(new Uint8Array(32)));
}

export async function crewKey(secret: string): Promise<CrewKey> {
  const [digest, key] = await Promise.all([
    crypto.subtle.digest('SHA-256', keyIdBytes(secret)),
    crypto.subtle.importKey('raw', fromBase64Url(secret), 'AES-GCM', false, ['encrypt', 'decrypt']),
  ]);
  return { id: toBase64Url(new Uint8Array(digest, 0, KEY_ID_BYTES)), key };
}

/** Who says it, and where. */
export type Sealer = Pick<RecordDraft, 'room' | 'author' | 'session'>;

export async function sealed(
  { id, key }: CrewKey,
  sealer: Sealer,
  body: VisitorBody | OpenedBody,
): Promise<SealedBody> {
  const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const bytes = padded(encodeUtf8(JSON.stringify(body)));
  const data = await crypto.subtle.encrypt(gcm(iv, sealer, id), key, bytes);
  return { kind: 'sealed', key: id, nonce: toBase64Url(iv), data: toBase64Url(new Uint8Array(data)) };
}

/** Null for what was not sealed under this key by this author here, or is nothing a member says. Never throws. */
export async function opened({ id, key }: CrewKey, sealer: Sealer, body: SealedBody): Promise<OpenedBody | null> {
  try {
    const data = await crypto.subtle.decrypt(gcm(fromBase64Url(body.nonce), sealer, id), key, fromBase64Url(body.data));
    const bytes = unpadded(new Uint8Array(data));
    return bytes === null ? null : decodeOpened(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
  } catch {
    // Another key, another author, or no text: whoever wrote it, it says nothing here.
    return null;
  }
}

function gcm(
  iv: Uint8Array<ArrayBuffer>,
  { room, author, session }: { room: RoomKey; author: AuthorId; session: SessionId },
  keyId: string,
): AesGcmParams {
  return { name: 'AES-GCM', iv, additionalData: sealBytes(room, author, session, keyId) };
}
