// Ed25519 by whoever can: the browser where it offers it, a small library where it does not (plain http, old browsers).

import type { AuthorId } from '../protocol/ids.js';
import { fromBase64Url, toBase64Url } from './base64url.js';

/** A device's key as it is kept. The browser's own never leaves it; the library's is a seed. */
export type DeviceKey =
  | { readonly kind: 'webcrypto'; readonly author: AuthorId; readonly privateKey: CryptoKey }
  | { readonly kind: 'noble'; readonly author: AuthorId; readonly seed: Uint8Array<ArrayBuffer> };

export interface CryptoSuite {
  readonly kind: DeviceKey['kind'];
  createKey(): Promise<DeviceKey>;
  /** Signature in base64url. @throws {TypeError} when the key is of another suite */
  sign(key: DeviceKey, bytes: Uint8Array<ArrayBuffer>): Promise<string>;
  verify(author: AuthorId, bytes: Uint8Array<ArrayBuffer>, signature: string): Promise<boolean>;
}

/** Public keys kept ready; the longest unused is dropped. */
const KEYS_MAX = 500;

/** The browser's suite if it really can make an Ed25519 key, else the library's, which is fetched only then. */
export async function loadCrypto(): Promise<CryptoSuite> {
  const subtle = (globalThis.crypto as Crypto | undefined)?.subtle;
  if (subtle !== undefined) {
    const suite = webCryptoSuite(subtle);
    const isAble = await suite.createKey().then(
      () => true,
      () => false,
    );
    if (isAble) return suite;
  }
  const { nobleSuite } = await import('./noble-suite.js');
  return nobleSuite();
}

function webCryptoSuite(subtle: SubtleCrypto): CryptoSuite {
  const keys = new Map<AuthorId, Promise<CryptoKey>>();
  const publicKey = (author: AuthorId): Promise<CryptoKey> => {
    const key = keys.get(author) ?? subtle.importKey('raw', fromBase64Url(author), 'Ed25519', false, ['verify']);
    keys.delete(author);
    keys.set(author, key);
    const oldest = keys.size > KEYS_MAX ? keys.keys().next().value : undefined;
    if (oldest !== undefined) keys.delete(oldest);
    return key;
  };
  return {
    kind: 'webcrypto',
    async createKey() {
      const pair = await subtle.generateKey('Ed25519', false, ['sign', 'verify']);
      const raw = await subtle.exportKey('raw', pair.publicKey);
      return { kind: 'webcrypto', author: toBase64Url(new Uint8Array(raw)) as AuthorId, privateKey: pair.privateKey };
    },
    async sign(key, bytes) {
      if (key.kind !== 'webcrypto') throw new TypeError('this key was made by another suite');
      return toBase64Url(new Uint8Array(await subtle.sign('Ed25519', key.privateKey, bytes)));
    },
    async verify(author, bytes, signature) {
      try {
        return await subtle.verify('Ed25519', await publicKey(author), fromBase64Url(signature), bytes);
      } catch {
        // 32 bytes that are no point of the curve: whoever wrote them, nothing of theirs verifies.
        return false;
      }
    },
  };
}
