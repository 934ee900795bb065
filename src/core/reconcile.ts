// Which records does the other replica lack, and which do I? Range-based set reconciliation: fingerprints
// of ranges, split where they differ, ids where few are left (rules Y1 to Y5). Stateless: each frame is
// answered from the log alone. After the method of A. Meyer, "Range-Based Set Reconciliation" (2023).

import type { SyncBound, SyncRange } from '../protocol/frames.js';
import type { RecordId, SyncItem } from '../protocol/ids.js';
import { idOfItem, syncItem } from '../protocol/ids.js';
import { LIMITS } from '../protocol/limits.js';
import { compareKeys } from './order.js';
import type { SignedKey } from './order.js';

/** A differing range of this many records or fewer is listed; more are split. 16 ids come to 1.2 KB. */
const LIST_MAX = 16;
/** Sub-ranges of a split. 16 find one difference among 100,000 records in four rounds. */
const FANOUT = 16;
const LISTED_MAX = LIMITS.syncItemsPerFrameMax;
/**
 * Frames that answer one. Three hold the splits of 16 differing ranges, so that a round is enough for each level;
 * the records they bring, 9 × 96 KB in the last round of two full replicas, stay below what a channel may hold back.
 */
const FRAMES_MAX = 3;

/** The keys of a replica, in order, from its floor on. */
export interface KeySet {
  readonly all: readonly SignedKey[];
  indexOf(bound: { time: number; id: string }): number;
}

export interface SyncAnswer {
  /** Ranges to send back, a list for each frame; none when nothing is left to compare. */
  readonly frames: SyncRange[][];
  /** Records the other lacks. */
  readonly lackedByOther: RecordId[];
  /** Records this replica lacks. */
  readonly lackedHere: SyncItem[];
}

/** The first frame of an exchange: one fingerprint over everything above `floor`. */
export function beginSync(set: KeySet, salt: number, floor: SyncBound | null): SyncRange[] {
  const from = above(set, floor);
  return [{ upTo: null, content: fingerprint(set.all, from, set.all.length, salt) }];
}

/** Answers the ranges of a `sync` frame. `floor` is the higher of the two replicas'. */
export function answerSync(
  set: KeySet,
  ranges: readonly SyncRange[],
  salt: number,
  floor: SyncBound | null,
): SyncAnswer {
  let frame: SyncRange[] = [];
  const answer: SyncAnswer = { frames: [frame], lackedByOther: [], lackedHere: [] };
  let from = above(set, floor);
  let listed = 0;
  for (const [index, range] of ranges.entries()) {
    const to = range.upTo === null ? set.all.length : Math.max(from, set.indexOf(boundOf(range.upTo)));
    const { content } = range;
    // One range is kept free for what is left over.
    const isFull = frame.length + FANOUT >= LIMITS.rangesPerFrameMax || listed + LIST_MAX > LISTED_MAX;
    if (isFull && answer.frames.length === FRAMES_MAX) {
      compareLater(frame, set, from, ranges.at(-1)?.upTo ?? null, salt);
      break;
    }
    if (isFull) {
      frame = [{ upTo: ranges[index - 1]?.upTo ?? null, content: null }];
      listed = 0;
      answer.frames.push(frame);
    }
    if (content === null) skip(frame, range.upTo);
    else if (isItems(content)) {
      compareItems(set.all.slice(from, to), content, answer);
      skip(frame, range.upTo);
    } else if (isSame(fingerprint(set.all, from, to, salt), content)) skip(frame, range.upTo);
    else if (to - from <= LIST_MAX) {
      frame.push({ upTo: range.upTo, content: itemsOf(set.all, from, to) });
      listed += to - from;
    } else split(frame, set.all, from, to, range.upTo, salt);
    from = to;
  }
  return { ...answer, frames: answer.frames.filter((list) => list.some((range) => range.content !== null)) };
}

/** Index of the first key above the floor, which itself is gone. */
function above(set: KeySet, floor: SyncBound | null): number {
  if (floor === null) return 0;
  const index = set.indexOf({ time: floor[0], id: floor[1] });
  return set.all[index]?.id === floor[1] ? index + 1 : index;
}

type Content = Exclude<SyncRange['content'], null>;
type Fingerprint = [count: number, low: number, high: number];

function isItems(content: Content): content is SyncItem[] {
  return content.length === 0 || typeof content[0] === 'string';
}

function isSame(a: Fingerprint, b: Content): boolean {
  return a[0] === b[0] && a[1] === b[1] && a[2] === b[2];
}

function itemsOf(keys: readonly SignedKey[], from: number, to: number): SyncItem[] {
  return keys.slice(from, to).map(itemOf);
}

/** A record under an id that both have, but with another content, is lacking on both sides (rule R7). */
function compareItems(mine: readonly SignedKey[], theirs: readonly SyncItem[], answer: SyncAnswer): void {
  const theirItems = new Set(theirs);
  const myItems = new Set(mine.map(itemOf));
  for (const item of myItems) if (!theirItems.has(item)) answer.lackedByOther.push(idOfItem(item));
  for (const item of theirItems) if (!myItems.has(item)) answer.lackedHere.push(item);
}

function itemOf({ id, signature }: SignedKey): SyncItem {
  return syncItem(id, signature.slice(0, LIMITS.signatureTagLength));
}

/** What no frame had room for is one range, which the other side takes apart in the next round. */
function compareLater(ranges: SyncRange[], set: KeySet, from: number, upTo: SyncBound | null, salt: number): void {
  const to = upTo === null ? set.all.length : Math.max(from, set.indexOf(boundOf(upTo)));
  ranges.push({ upTo, content: fingerprint(set.all, from, to, salt) });
}

function boundOf([time, id]: SyncBound): { readonly time: number; readonly id: string } {
  return { time, id };
}

/** Neighbouring skips are one. */
function skip(ranges: SyncRange[], upTo: SyncBound | null): void {
  if (ranges.at(-1)?.content === null) ranges.pop();
  ranges.push({ upTo, content: null });
}

function split(
  ranges: SyncRange[],
  keys: readonly SignedKey[],
  from: number,
  to: number,
  upTo: SyncBound | null,
  salt: number,
): void {
  let start = from;
  for (let part = 1; part <= FANOUT; part += 1) {
    const end = from + Math.floor(((to - from) * part) / FANOUT);
    const bound = keys[end];
    const isLast = part === FANOUT || bound === undefined;
    // Where the time alone tells two neighbours apart, their ids need not travel.
    const isTimeEnough = keys[end - 1]?.time !== bound?.time;
    ranges.push({
      upTo: isLast ? upTo : [bound.time, isTimeEnough ? '' : bound.id],
      content: fingerprint(keys, start, isLast ? to : end, salt),
    });
    if (isLast) return;
    start = end;
  }
}

/** Count, and the sums of two salted 32-bit hashes of the records, each modulo 2^48 (rule Y2). */
function fingerprint(keys: readonly SignedKey[], from: number, to: number, salt: number): Fingerprint {
  let low = 0;
  let high = 0;
  for (let index = from; index < to; index += 1) {
    const key = keys[index];
    if (key === undefined) break;
    const signed = key.id + key.signature;
    low = (low + hash(signed, salt)) % 2 ** 48;
    high = (high + hash(signed, salt ^ 0x5bd1e995)) % 2 ** 48;
  }
  return [to - from, low, high];
}

/** MurmurHash3 over UTF-16 units, 32 bits. Not for secrets: the fresh salt is what makes collisions useless. */
function hash(text: string, salt: number): number {
  let state = salt >>> 0;
  for (let index = 0; index < text.length; index += 1) {
    let unit = Math.imul(text.charCodeAt(index), 0xcc9e2d51);
    unit = Math.imul((unit << 15) | (unit >>> 17), 0x1b873593);
    state ^= unit;
    state = (Math.imul((state << 13) | (state >>> 19), 5) + 0xe6546b64) | 0;
  }
  state ^= text.length;
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
  return (state ^ (state >>> 16)) >>> 0;
}

/** The higher of two floors. */
export function higherFloor(a: SyncBound | null, b: SyncBound | null): SyncBound | null {
  if (a === null || b === null) return a ?? b;
  return compareKeys({ time: a[0], id: a[1] }, { time: b[0], id: b[1] }) >= 0 ? a : b;
}
