// Seals for simulations: they hide nothing, and are of the form of real ones. Those are tested where real keys are.

import type { RecordBody, SealedBody, SignedRecord } from '../../src/protocol/record.js';

export function toySeal(body: RecordBody): SealedBody {
  const data = Buffer.from(JSON.stringify(body)).toString('base64url');
  return { kind: 'sealed', key: 'toytoytoytoy', nonce: 'toytoytoytoytoyt', data };
}

/** As a member takes it in. */
export function toyOpened(record: SignedRecord): SignedRecord {
  const sealed = record.body;
  if (sealed.kind !== 'sealed') return record;
  return { ...record, body: JSON.parse(Buffer.from(sealed.data, 'base64url').toString()) as RecordBody, sealed };
}
