// What a room must look like, worked out from the records alone and as simply as can be: the rules of R6 and T3 read
// out loud. What the core shows is compared with this.

import type { RecordId } from '../../src/protocol/ids.js';
import { authorOf } from '../../src/protocol/ids.js';
import { FUTURE_ORDER_MAX_MS } from '../../src/protocol/limits.js';
import type { RecordBody, SignedRecord } from '../../src/protocol/record.js';
import { idOf } from '../../src/protocol/record.js';
import { packTime, unpackMs } from '../../src/core/hybrid-clock.js';

export interface ReadMessage {
  readonly id: RecordId;
  readonly text: string;
  readonly edited: boolean;
  readonly retracted: boolean;
  /** `emoji count`, sorted. */
  readonly reactions: readonly string[];
}

/** `placedAtMs` tells when the server placed a record; undefined where no server has. */
export function readRoom(
  records: Iterable<SignedRecord>,
  placedAtMs: (id: RecordId) => number | undefined,
): ReadMessage[] {
  const all = [...records].sort(byTime);
  const shownAt = (record: SignedRecord): number => {
    const atMs = placedAtMs(idOf(record)) ?? Infinity;
    return unpackMs(record.time) > atMs + FUTURE_ORDER_MAX_MS ? packTime(atMs) : record.time;
  };
  return all
    .filter((record) => record.body.kind === 'message')
    .sort((a, b) => shownAt(a) - shownAt(b) || compare(idOf(a), idOf(b)))
    .map((record) => readMessage(record, all));
}

function readMessage(record: SignedRecord, all: readonly SignedRecord[]): ReadMessage {
  const id = idOf(record);
  const about = all.filter(({ body }) => body.kind !== 'message' && body.target === id);
  const byAuthor = about.filter(({ author }) => author === authorOf(id)).map(({ body }) => body);
  const retracted = byAuthor.some((body) => body.kind === 'retract');
  const edit = byAuthor.filter((body) => body.kind === 'edit').at(-1);
  const said = record.body.kind === 'message' ? record.body.text : '';
  return {
    id,
    text: retracted ? '' : edit?.kind === 'edit' ? edit.text : said,
    edited: edit !== undefined && !retracted,
    retracted,
    reactions: readReactions(about),
  };
}

/** The latest word of each author on each emoji counts. */
function readReactions(about: readonly SignedRecord[]): string[] {
  const latest = new Map<string, Extract<RecordBody, { kind: 'reaction' }>>();
  for (const { author, body } of about) if (body.kind === 'reaction') latest.set(`${author} ${body.emoji}`, body);
  const counts = new Map<string, number>();
  for (const { emoji, isOn } of latest.values()) if (isOn) counts.set(emoji, (counts.get(emoji) ?? 0) + 1);
  return [...counts].map(([emoji, count]) => `${emoji} ${String(count)}`).sort(compare);
}

function byTime(a: SignedRecord, b: SignedRecord): number {
  return a.time - b.time || compare(idOf(a), idOf(b));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
