// Which photos records are about.

import type { RecordId } from '../../src/protocol/ids.js';
import { authorOf } from '../../src/protocol/ids.js';
import { idOf } from '../../src/protocol/record.js';
import type { SignedRecord } from '../../src/protocol/record.js';

/** Messages that show one. */
export function photosIn(records: readonly SignedRecord[]): RecordId[] {
  return records.filter(({ body }) => body.kind === 'message' && body.photo !== undefined).map(idOf);
}

/** Messages that their authors took back (rule R6); some of them may have shown a photo. */
export function retractedIn(items: readonly { readonly record: SignedRecord }[]): RecordId[] {
  return items.flatMap(({ record: { author, body } }) =>
    body.kind === 'retract' && authorOf(body.target) === author ? [body.target] : [],
  );
}
