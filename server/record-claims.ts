// What a record's id claims: who wrote it, and that nobody else has the id.

import type { PeerId } from '../src/protocol/ids.js';
import { authorOf } from '../src/protocol/ids.js';
import { recordBytes } from '../src/protocol/canonical.js';
import type { SignedRecord } from '../src/protocol/record.js';

/** True when the id is taken by a record that says something else (rule R7). */
export function isOther(known: SignedRecord | undefined, record: SignedRecord): boolean {
  if (known === undefined) return false;
  return Buffer.compare(Buffer.from(recordBytes(known)), Buffer.from(recordBytes(record))) !== 0;
}

/** True when the author of a record is the member who hands it in, in the session that wrote it. */
export function isOwn(peer: PeerId, record: { readonly 0: string; readonly 1: string }): boolean {
  return authorOf(peer) === record[0] && peer.endsWith(`.${record[1]}`);
}
