// Places whose records are not here: the server has told where they stand, and is asked for them (rule S4).

import type { RecordId } from '../protocol/ids.js';
import type { Placing } from './intake.js';

/** A place without its record is asked for by id after this, and again. */
const PATIENCE_MS = 400;
const AGAIN_MS = 3_000;
/** Then by range, until a range says that the server does not keep it any more: silence may be a lost frame. */
const ASKS_BY_ID = 3;
const LACKING_MAX = 1_000;

interface Asked extends Placing {
  askAtMs: number;
  asks: number;
}

export class Lacking {
  readonly #places = new Map<RecordId, Asked>();

  get isFull(): boolean {
    return this.#places.size >= LACKING_MAX;
  }

  /** The lowest place of all; `Infinity` when nothing is lacking. */
  get lowest(): number {
    return Math.min(Infinity, ...[...this.#places.values()].map(({ offset }) => offset));
  }

  clear(): void {
    this.#places.clear();
  }

  /** @param isOther another content is here under this id, so waiting would bring nothing (rule R7) */
  add(id: RecordId, placing: Placing, isOther: boolean, nowMs: number): void {
    this.#places.set(id, { ...placing, askAtMs: isOther ? nowMs : nowMs + PATIENCE_MS, asks: 0 });
  }

  /** The record of this id and tag has come: its place, which is lacking no more. */
  take(id: RecordId, tag: string): Placing | null {
    const place = this.#places.get(id);
    if (place?.tag !== tag) return null;
    this.#places.delete(id);
    return place;
  }

  /** What a range covers and did not bring, the server had and dropped by its bounds. */
  settle({ after, through }: { readonly after: number; readonly through: number }): void {
    for (const [id, { offset }] of this.#places) if (offset > after && offset <= through) this.#places.delete(id);
  }

  /** What is to be asked for now: ids, and everything from an offset, `Infinity` when it is nothing. */
  takeDue(nowMs: number): { readonly ids: readonly RecordId[]; readonly from: number } {
    const ids: RecordId[] = [];
    let from = Infinity;
    for (const [id, place] of this.#places) {
      if (nowMs < place.askAtMs) continue;
      place.asks += 1;
      place.askAtMs = nowMs + AGAIN_MS;
      if (place.asks <= ASKS_BY_ID) ids.push(id);
      else from = Math.min(from, place.offset);
    }
    return { ids, from };
  }

  nextWakeMs(): number {
    let nextMs = Infinity;
    for (const { askAtMs } of this.#places.values()) nextMs = Math.min(nextMs, askAtMs);
    return nextMs;
  }
}
