// Puts records and ids into frames of bounded size (rule L2).

import type { FrameOf } from '../protocol/frames.js';
import type { RecordId, RoomKey } from '../protocol/ids.js';
import { LIMITS } from '../protocol/limits.js';
import { toWire } from '../protocol/record.js';
import type { SignedRecord } from '../protocol/record.js';
import { utf8Length } from '../protocol/text.js';

/** Groups of records, each small enough for one frame. */
export function groupRecords<Item extends { readonly record: SignedRecord }>(items: readonly Item[]): Item[][] {
  const groups: Item[][] = [];
  let bytes = 0;
  for (const item of items) {
    const size = utf8Length(JSON.stringify(toWire(item.record)));
    const group = groups.at(-1);
    const isFull =
      group === undefined || group.length >= LIMITS.recordsPerFrameMax || bytes + size > LIMITS.recordsBytesPerFrame;
    if (isFull) {
      groups.push([item]);
      bytes = size;
    } else {
      group.push(item);
      bytes += size;
    }
  }
  return groups;
}

export function recordsFrame(
  room: RoomKey,
  items: readonly { readonly record: SignedRecord }[],
  extra: Partial<Pick<FrameOf<'records'>, 'hops' | 'isCarried' | 'covered'>> = {},
): FrameOf<'records'> {
  return { type: 'records', room, records: items.map((item) => toWire(item.record)), ...extra } as FrameOf<'records'>;
}

export function groupIds(ids: readonly RecordId[]): RecordId[][] {
  const groups: RecordId[][] = [];
  for (let at = 0; at < ids.length; at += LIMITS.idsPerFrameMax) groups.push(ids.slice(at, at + LIMITS.idsPerFrameMax));
  return groups;
}
