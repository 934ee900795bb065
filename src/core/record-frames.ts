// Puts records, places and ids into frames of bounded size (rule L2).

import type { FrameOf, Place } from '../protocol/frames.js';
import type { RecordId, RoomKey } from '../protocol/ids.js';
import { FUTURE_ORDER_MAX_MS, LIMITS } from '../protocol/limits.js';
import { idOf, tagOf, toWire } from '../protocol/record.js';
import type { SignedRecord } from '../protocol/record.js';
import { utf8Length } from '../protocol/text.js';
import { unpackMs } from './hybrid-clock.js';

/** A record and its place in the server's order. */
export interface PlacedRecord {
  readonly record: SignedRecord;
  readonly offset: number;
  /** When the server placed it, by its clock. */
  readonly storedAtMs: number;
}

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

/** What `placed` says of a record. */
export function placeOf(placed: PlacedRecord): Place {
  return placeOfWire(placed.record, placed.offset, arrivalOf(placed));
}

/** The same, from what a frame of records says beside it. */
export function placeOfWire(record: SignedRecord, offset: number, arrivedAtMs: number | null): Place {
  return [idOf(record), offset, tagOf(record), arrivedAtMs];
}

/** What a server says of the records of one frame beside the records. */
export function placesOf(
  page: readonly PlacedRecord[],
  at: { readonly epoch: string; readonly head: number },
  range?: { readonly after: number; readonly through: number },
): NonNullable<FrameOf<'records'>['places']> {
  const arrivals = page.map(arrivalOf);
  return {
    ...at,
    offsets: page.map(({ offset }) => offset),
    ...(arrivals.some((atMs) => atMs !== null) ? { arrivals } : {}),
    ...(range === undefined ? {} : { range }),
  };
}

/** Rule T3: told of records that came from the future. */
function arrivalOf({ record, storedAtMs }: PlacedRecord): number | null {
  return unpackMs(record.time) > storedAtMs + FUTURE_ORDER_MAX_MS ? Math.floor(storedAtMs) : null;
}
