// Ed25519 in script, for pages without WebCrypto's. Loaded only there.

import * as ed25519 from '@noble/ed25519';
import { sha512 } from '@noble/hashes/sha2.js';
import type { AuthorId } from '../protocol/ids.js';
import { fromBase64Url, toBase64Url } from './base64url.js';
import type { CryptoSuite } from './crypto-suite.js';

/** At most 50 verifications a second: each takes about 4 ms of an old phone's main thread. */
const VERIFY_EVERY_MS = 20;

export function nobleSuite(): CryptoSuite {
  ed25519.hashes.sha512 = sha512;
  let turn: Promise<void> = Promise.resolve();
  const nextTurn = (): Promise<void> => {
    const mine = turn;
    turn = mine.then(() => new Promise((resolve) => setTimeout(resolve, VERIFY_EVERY_MS)));
    return mine;
  };
  return {
    kind: 'noble',
    createKey() {
      const seed = crypto.getRandomValues(new Uint8Array(32));
      return Promise.resolve({ kind: 'noble', author: toBase64Url(ed25519.getPublicKey(seed)) as AuthorId, seed });
    },
    sign(key, bytes) {
      if (key.kind !== 'noble') throw new TypeError('this key was made by another suite');
      return Promise.resolve(toBase64Url(ed25519.sign(bytes, key.seed)));
    },
    async verify(author, bytes, signature) {
      await nextTurn();
      try {
        return ed25519.verify(fromBase64Url(signature), bytes, fromBase64Url(author), { zip215: false });
      } catch {
        return false;
      }
    },
  };
}
