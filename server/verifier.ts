// Checks signatures with Node's own Ed25519, off the main thread.

import { createPublicKey, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { joinBytes, recordBytes } from '../src/protocol/canonical.js';
import { handoverBytes } from '../src/protocol/handover.js';
import type { Handover } from '../src/protocol/handover.js';
import type { AuthorId, PeerId, RoomKey } from '../src/protocol/ids.js';
import { authorOf } from '../src/protocol/ids.js';
import { photoRequestBytes } from '../src/protocol/photos/photo-request.js';
import type { PhotoRequest } from '../src/protocol/photos/photo-request.js';
import type { SignedRecord } from '../src/protocol/record.js';
import { SERVER_LIMITS } from './limits.js';

export class Verifier {
  /** In order of use; the longest unused is dropped. */
  readonly #keys = new Map<AuthorId, KeyObject>();

  record(record: SignedRecord): Promise<boolean> {
    return this.#check(record.author, recordBytes(record), record.signature);
  }

  join(room: RoomKey, peer: PeerId, nonce: string, proof: string): Promise<boolean> {
    return this.#check(authorOf(peer), joinBytes(room, peer, nonce), proof);
  }

  photoRequest(request: PhotoRequest, proof: string): Promise<boolean> {
    return this.#check(authorOf(request.peer), photoRequestBytes(request), proof);
  }

  handover(handover: Handover, proof: string): Promise<boolean> {
    return this.#check(authorOf(handover.peer), handoverBytes(handover), proof);
  }

  #check(author: AuthorId, bytes: Uint8Array, signature: string): Promise<boolean> {
    const key = this.#key(author);
    if (key === null) return Promise.resolve(false);
    return new Promise((resolve) => {
      verify(null, bytes, key, Buffer.from(signature, 'base64url'), (error, isGood) =>
        resolve(error === null && isGood),
      );
    });
  }

  /** Null when the 32 bytes are no key. */
  #key(author: AuthorId): KeyObject | null {
    const known = this.#keys.get(author);
    this.#keys.delete(author);
    try {
      const key = known ?? createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x: author } });
      this.#keys.set(author, key);
      if (this.#keys.size > SERVER_LIMITS.keysMax) {
        for (const oldest of this.#keys.keys()) {
          this.#keys.delete(oldest);
          break;
        }
      }
      return key;
    } catch {
      return null;
    }
  }
}
