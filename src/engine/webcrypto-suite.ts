// Ed25519 by the browser itself.

import type { AuthorId } from '../protocol/ids.js';
import { fromBase64Url, toBase64Url } from './base64url.js';
import type { CryptoSuite } from './crypto-suite.js';

/** Public keys kept ready; the longest unused is dropped. */
const KEYS_MAX = 500;

export function webCryptoSuite(subtle: SubtleCrypto): CryptoSuite {
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
