// A new key for those who stay: wrapped for each under a secret that only it and the founder can make (rule K5).

import type { AuthorId, RoomKey } from '../../protocol/ids.js';
import type { Rotation } from '../../protocol/crew/crew-body.js';
import { wrapBytes } from '../../protocol/crew/crew-forms.js';
import type { CrewPerson } from '../../core/crew/crew-book.js';
import { encodeUtf8 } from '../../protocol/text.js';
import { fromBase64Url, toBase64Url } from '../base64url.js';
import { crewKey } from './sealing.js';

const CURVE: EcKeyAlgorithm = { name: 'ECDH', namedCurve: 'P-256' };
/** Each wrapping key wraps once. */
const NO_NONCE = new Uint8Array(12);

/** This device's keys for one crew room; the private one never leaves the browser. */
export interface AgreementKeys {
  /** Uncompressed point, base64url. */
  readonly publicKey: string;
  readonly privateKey: CryptoKey;
}

export async function newAgreementKeys(): Promise<AgreementKeys> {
  const { publicKey, privateKey } = await crypto.subtle.generateKey(CURVE, false, ['deriveBits']);
  return { publicKey: toBase64Url(new Uint8Array(await crypto.subtle.exportKey('raw', publicKey))), privateKey };
}

/** The secret, wrapped for each of these; who told no usable key is left out. */
export async function wrapped(
  room: RoomKey,
  { id, secret }: { readonly id: string; readonly secret: string },
  people: readonly CrewPerson[],
): Promise<Pick<Rotation, 'from' | 'wraps'>> {
  const { publicKey, privateKey } = await newAgreementKeys();
  const wraps = await Promise.all(
    people.map(async ({ author, card }): Promise<Rotation['wraps'][number] | null> => {
      try {
        const key = await wrappingKey(privateKey, card.key, { room, author, id });
        const wrap = await crypto.subtle.encrypt({ name: 'AES-GCM', iv: NO_NONCE }, key, fromBase64Url(secret));
        return [author, toBase64Url(new Uint8Array(wrap))];
      } catch {
        // 65 bytes that are no point of the curve: only whoever said so is shut out.
        return null;
      }
    }),
  );
  return { from: publicKey, wraps: wraps.filter((wrap) => wrap !== null) };
}

/** The next key, as far as it was wrapped for this author and this device; null otherwise. */
export async function unwrapped(
  room: RoomKey,
  author: AuthorId,
  { privateKey }: AgreementKeys,
  { from, next, wraps }: Rotation,
): Promise<string | null> {
  const wrap = wraps.find(([given]) => given === author)?.[1];
  if (wrap === undefined) return null;
  try {
    const key = await wrappingKey(privateKey, from, { room, author, id: next });
    const secret = toBase64Url(
      new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv: NO_NONCE }, key, fromBase64Url(wrap))),
    );
    return (await crewKey(secret)).id === next ? secret : null;
  } catch {
    // Wrapped for keys this device has no more.
    return null;
  }
}

async function wrappingKey(
  own: CryptoKey,
  theirs: string,
  { room, author, id }: { readonly room: RoomKey; readonly author: AuthorId; readonly id: string },
): Promise<CryptoKey> {
  const { subtle } = crypto;
  const point = await subtle.importKey('raw', fromBase64Url(theirs), CURVE, false, []);
  const shared = await subtle.deriveBits({ name: 'ECDH', public: point }, own, 256);
  const material = await subtle.importKey('raw', shared, 'HKDF', false, ['deriveKey']);
  const form = { name: 'HKDF', hash: 'SHA-256', salt: encodeUtf8(room), info: wrapBytes(author, id) };
  return subtle.deriveKey(form, material, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
}
