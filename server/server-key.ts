// The server's own key: signs what may be passed on for it (rule C6). Made at the first start and kept where the
// records are, so that clients who know it go on knowing it.

import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { placesBytes, recordBytes } from '../src/protocol/canonical.js';
import type { Place } from '../src/protocol/frames.js';
import type { AuthorId, RoomKey } from '../src/protocol/ids.js';
import type { RecordDraft } from '../src/protocol/record.js';
import type { RedisConnection } from './store/redis-connection.js';
import { KEYS } from './store/redis-scripts.js';

const FILE = 'server-key.pem';

export class ServerKey {
  readonly #private: KeyObject;
  /** Ed25519, 32 bytes, base64url; what `joined.serverKey` says. */
  readonly publicKey: AuthorId;

  constructor(pem: string) {
    this.#private = createPrivateKey(pem);
    this.publicKey = String(createPublicKey(this.#private).export({ format: 'jwk' })['x']) as AuthorId;
  }

  /** The signature of a record of the organiser's (rule O1). */
  signRecord(draft: RecordDraft): string {
    return sign(null, recordBytes(draft), this.#private).toString('base64url');
  }

  /** The proof of a receipt. */
  signPlaces(
    room: RoomKey,
    said: { readonly epoch: string; readonly head: number; readonly places: readonly Place[] },
  ): string {
    return sign(null, placesBytes(room, said), this.#private).toString('base64url');
  }
}

/** A key for as long as the process lives. */
export function passingKey(): ServerKey {
  return new ServerKey(newPem());
}

/** The key beside the database, made when there is none; where the folder takes no file, one for this start. */
export function keyInFolder(folder: string): ServerKey {
  const path = join(folder, FILE);
  try {
    mkdirSync(folder, { recursive: true });
    // `wx`: two starts at once make one key.
    writeFileSync(path, newPem(), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return passingKey();
  }
  return new ServerKey(readFileSync(path, 'utf8'));
}

/** The one key of all nodes. */
export async function keyInRedis({ commands }: RedisConnection): Promise<ServerKey> {
  await commands.setnx(KEYS.serverKey, newPem());
  return new ServerKey((await commands.get(KEYS.serverKey)) ?? newPem());
}

function newPem(): string {
  const { privateKey } = generateKeyPairSync('ed25519');
  return privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
}
