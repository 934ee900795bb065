// The frames in which a room hands out records and places (rules S1, S4, L2).

import type { Frame, FrameOf } from '../src/protocol/frames.js';
import type { RecordId, RoomKey } from '../src/protocol/ids.js';
import { LIMITS } from '../src/protocol/limits.js';
import { groupRecords, recordsFrame } from '../src/core/record-frames.js';
import { idOf } from '../src/protocol/record.js';
import type { SignedRecord } from '../src/protocol/record.js';
import type { PlacedRecord } from './store/store.js';

export type Place = readonly [id: RecordId, offset: number];

/** Where a room's order stands while a frame is made. */
export interface Standing {
  readonly room: RoomKey;
  readonly epoch: string;
  readonly head: number;
}

export function placeOf(item: PlacedRecord): Place {
  return [idOf(item.record), item.offset];
}

export function placedFrames({ room, epoch, head }: Standing, places: readonly Place[]): Frame[] {
  const frames: Frame[] = [];
  for (let at = 0; at < places.length; at += LIMITS.idsPerFrameMax) {
    const page = places.slice(at, at + LIMITS.idsPerFrameMax).map(([id, offset]): [RecordId, number] => [id, offset]);
    frames.push({ type: 'placed', room, epoch, head, places: page });
  }
  return frames;
}

/** @param items few enough for one frame */
export function placedRecordsFrame(
  { room, epoch, head }: Standing,
  items: readonly PlacedRecord[],
  range?: { readonly after: number; readonly through: number },
): FrameOf<'records'> {
  const offsets = items.map((item) => item.offset);
  const places = { epoch, head, offsets, ...(range === undefined ? {} : { range }) };
  return { ...recordsFrame(room, items), places };
}

/** Records without places: the server could not store them (rule S10). */
export function unplacedFrames(room: RoomKey, records: readonly SignedRecord[]): Frame[] {
  return groupRecords(records.map((record) => ({ record }))).map((group) => recordsFrame(room, group));
}
