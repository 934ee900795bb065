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
  const everything = [...records].sort(byTime);
  const isErased = erasedBy(everything);
  const standing = everything.filter((record) => !isErased(record));
  const all = standing.filter((record) => !isSilenced(record, standing));
  const shownAt = (record: SignedRecord): number => {
    const atMs = placedAtMs(idOf(record)) ?? Infinity;
    return unpackMs(record.time) > atMs + FUTURE_ORDER_MAX_MS ? packTime(atMs) : record.time;
  };
  const messages = all
    .filter(({ body }) => body.kind === 'message' || body.kind === 'announce')
    .map((record) => ({ at: shownAt(record), read: readMessage(record, all) }));
  return [...messages, ...removedFrom(all)]
    .sort((a, b) => a.at - b.at || compare(a.read.id, b.read.id))
    .map(({ read }) => read);
}

/** Rules O3, O4: what these records erase. */
export function erasedBy(records: readonly SignedRecord[]): (record: SignedRecord) => boolean {
  const clearedBefore = clearedBy(records);
  const removed = new Set(records.flatMap(({ body }) => (body.kind === 'remove' ? [body.target] : [])));
  return (record) => {
    const { body } = record;
    const isAmending = body.kind === 'edit' || body.kind === 'retract' || body.kind === 'reaction';
    if (isAmending && removed.has(body.target)) return true;
    if (isAmending || body.kind === 'message') return record.time < clearedBefore || removed.has(idOf(record));
    return body.kind === 'announce' && record.time < clearedBefore;
  };
}

/** Rule O5: the last word about its author before it was written says no, and still held. */
export function isSilenced({ author, time }: SignedRecord, all: readonly SignedRecord[]): boolean {
  const word = all
    .filter((other) => other.body.kind === 'restrict' && other.body.author === author && other.time < time)
    .sort(byTime)
    .at(-1)?.body;
  return word?.kind === 'restrict' && word.level !== 'none' && time < packTime(word.untilMs);
}

function clearedBy(records: readonly SignedRecord[]): number {
  return Math.max(0, ...records.filter(({ body }) => body.kind === 'clear').map(({ time }) => time));
}

function removedFrom(all: readonly SignedRecord[]): { readonly at: number; readonly read: ReadMessage }[] {
  const traces = new Map<RecordId, number>();
  for (const { body } of all) if (body.kind === 'remove') traces.set(body.target, body.at);
  return [...traces]
    .filter(([, at]) => at >= clearedBy(all))
    .map(([id, at]) => ({ at, read: { id, text: '', edited: false, retracted: false, reactions: [] } }));
}

function readMessage(record: SignedRecord, all: readonly SignedRecord[]): ReadMessage {
  const id = idOf(record);
  const about = all.filter(({ body }) => 'target' in body && body.target === id);
  const byAuthor = about.filter(({ author }) => author === authorOf(id)).map(({ body }) => body);
  const retracted = byAuthor.some((body) => body.kind === 'retract');
  const edit = byAuthor.filter((body) => body.kind === 'edit').at(-1);
  const said = record.body.kind === 'message' || record.body.kind === 'announce' ? record.body.text : '';
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
