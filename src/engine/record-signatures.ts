// Signing what was written here and checking what came: what the core asks for, as the inputs that answer it.

import type { RoomInput, RoomOutput } from '../core/room-io.js';
import { placesBytes, recordBytes } from '../protocol/canonical.js';
import type { RoomKey } from '../protocol/ids.js';
import type { RecordDraft } from '../protocol/record.js';
import type { Crew } from './crew/crew.js';
import type { CryptoSuite, DeviceKey } from './crypto-suite.js';

export async function signed(
  { suite, device }: { readonly suite: CryptoSuite; readonly device: DeviceKey },
  draft: RecordDraft,
): Promise<RoomInput> {
  const signature = await suite.sign(device, recordBytes(draft));
  return { type: 'signed', record: { ...draft, signature } };
}

export async function verified(
  { suite, key, crew }: { readonly suite: CryptoSuite; readonly key: RoomKey; readonly crew: Crew | null },
  { ticket, records, receipt }: Extract<RoomOutput, { type: 'verify' }>,
): Promise<RoomInput> {
  const [isReceiptGood, ...verdicts] = await Promise.all([
    receipt !== null && suite.verify(receipt.serverKey, placesBytes(key, receipt), receipt.proof),
    ...records.map((record) => suite.verify(record.author, recordBytes(record), record.signature)),
  ]);
  const good = records.filter((_, index) => verdicts[index]);
  return { type: 'verified', ticket, records: (await crew?.open(good)) ?? good, isReceiptGood };
}
