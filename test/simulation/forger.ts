// What a lying page says over a peer link beside what it should: the records it passes on with other words under
// their old signatures, places the server never gave, and hops that were never made.

import type { Frame } from '../../src/protocol/frames.js';
import { recordId } from '../../src/protocol/ids.js';
import { LIMITS } from '../../src/protocol/limits.js';
import type { WireRecord } from '../../src/protocol/record.js';
import type { Random } from './random.js';

const HOPS_CLAIMED = 1_000;

/** Where the server stands, and what liars have signed beside what they gave to it. */
export interface Known {
  readonly epoch: string;
  readonly head: number;
  readonly twins: readonly WireRecord[];
}

/** In the order in which they arrive; the frame itself is the last. */
export function forgeries(frame: Frame, at: Known, random: Random): Frame[] {
  if (frame.type !== 'records') return [frame];
  const { places: _, ...bare } = frame;
  const isClaimed = random() < 0.5;
  const forged = {
    ...bare,
    records: frame.records.map(forge),
    ...(isClaimed ? { hops: frame.records.map(() => 0), isCarried: true } : {}),
  } as Frame;
  const proof = random() < 0.5 ? undefined : `${'B'.repeat(85)}A`;
  const placed: Frame = {
    type: 'placed',
    room: frame.room,
    epoch: at.epoch,
    head: at.head + 50,
    places: frame.records.map(([author, session, seq, , , signature], index) => [
      recordId(author, session, seq),
      at.head + 1 + index,
      signature.slice(0, LIMITS.signatureTagLength),
      null,
    ]),
    ...(proof === undefined ? {} : { proof }),
  };
  const offsets = frame.records.map((_wire, index) => at.head + 1 + index);
  const lied = {
    ...frame,
    ...(frame.hops === undefined ? {} : { hops: frame.hops.map(() => HOPS_CLAIMED) }),
    places: frame.places ?? { epoch: at.epoch, head: at.head + 50, offsets },
  };
  const twins = { type: 'records', room: frame.room, records: at.twins } as Frame;
  return [forged, placed, ...(at.twins.length === 0 ? [] : [twins]), lied];
}

function forge([author, session, seq, time, body, signature]: WireRecord): WireRecord {
  const other = body.kind === 'message' ? { ...body, text: 'forged' } : body;
  return [author, session, seq, body.kind === 'message' ? time : time + 1, other, signature];
}
