// The frames in which a room hands out records and places (rules S1, S4, L2).

import type { Frame, FrameOf, Place } from '../src/protocol/frames.js';
import type { RoomKey } from '../src/protocol/ids.js';
import { LIMITS } from '../src/protocol/limits.js';
import { groupRecords, placeOf, placesOf, recordsFrame } from '../src/core/record-frames.js';
import type { SignedRecord } from '../src/protocol/record.js';
import type { PlacedRecord } from './store/store.js';

/** Signs what is said of places, where it is to be passed on (rule C6). */
export type Sign = (said: {
  readonly epoch: string;
  readonly head: number;
  readonly places: readonly Place[];
}) => string;

/** Where a room's order stands while a frame is made. */
export interface Standing {
  readonly room: RoomKey;
  readonly epoch: string;
  readonly head: number;
}

export function placedFrames({ room, epoch, head }: Standing, places: readonly Place[], sign?: Sign): Frame[] {
  const frames: Frame[] = [];
  for (let at = 0; at < places.length; at += LIMITS.idsPerFrameMax) {
    const page = places.slice(at, at + LIMITS.idsPerFrameMax);
    const proof = sign?.({ epoch, head, places: page });
    frames.push({ type: 'placed', room, epoch, head, places: page, ...(proof === undefined ? {} : { proof }) });
  }
  return frames;
}

/** @param items few enough for one frame */
export function placedRecordsFrame(
  { room, epoch, head }: Standing,
  items: readonly PlacedRecord[],
  range?: { readonly after: number; readonly through: number },
  sign?: Sign,
): FrameOf<'records'> {
  const places = placesOf(items, { epoch, head }, range);
  const proof = sign?.({ epoch, head, places: items.map(placeOf) });
  return { ...recordsFrame(room, items), places: proof === undefined ? places : { ...places, proof } };
}

/** Records without places: the server could not store them (rule S12). */
export function unplacedFrames(room: RoomKey, records: readonly SignedRecord[]): Frame[] {
  return groupRecords(records.map((record) => ({ record }))).map((group) => recordsFrame(room, group));
}
