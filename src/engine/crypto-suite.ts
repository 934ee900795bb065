// Ed25519 by whoever can: the browser where it offers it, a small library where it does not (plain http, old browsers).

import type { AuthorId } from '../protocol/ids.js';
import { fetched } from './begin-with.js';
import { webCryptoSuite } from './webcrypto-suite.js';

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
  const { nobleSuite } = await fetched(() => import('./noble-suite.js'));
  return nobleSuite();
}
