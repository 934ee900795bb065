// Reading back: what the server keeps from before what is here, asked for when somebody wants to read it (rule S14).

import type { Frame } from '../protocol/frames.js';
import type { RoomKey } from '../protocol/ids.js';
import { LIMITS } from '../protocol/limits.js';
import type { HistoryState } from './chat-view.js';
import type { Replica } from './replica.js';

/** An unanswered question is asked again after this. */
const ASK_AGAIN_MS = 3_000;

interface Question {
  /** It is answered when all from here to `until` has come. */
  readonly from: number;
  readonly until: number;
  /** The pages have come this far. */
  readonly after: number;
}

export class EarlierHistory {
  readonly #room: RoomKey;
  readonly #replica: Replica;
  /** Everything above this offset is here; null until the server was joined. */
  #bottom: number | null = null;
  #floor = 0;
  #isUp = false;
  #question: Question | null = null;
  #askAtMs = Infinity;

  constructor(room: RoomKey, replica: Replica) {
    this.#room = room;
    this.#replica = replica;
  }

  get state(): HistoryState {
    if (this.#question !== null) return 'loading';
    if (this.#bottom === null) return 'unknown';
    // What was dropped for room would be dropped again (rule L3).
    return this.#bottom <= this.#floor || this.#replica.log.floor !== null ? 'complete' : 'more';
  }

  /** The server says what it keeps; the replica knows by now where it stands. */
  joined(floor: number): void {
    this.down();
    this.#isUp = true;
    this.#floor = floor;
    this.#bottom = this.#lowest(this.#replica.offsets.contiguous);
  }

  down(): void {
    this.#isUp = false;
    this.#question = null;
    this.#askAtMs = Infinity;
  }

  /** Somebody reads back. Does nothing while the server is away, or when nothing earlier is kept. */
  ask(nowMs: number): void {
    if (!this.#isUp || this.#bottom === null || this.state !== 'more') return;
    const until = this.#lowest(this.#bottom);
    const from = Math.max(this.#floor, until - LIMITS.recordsPerFrameMax);
    this.#question = { from, until, after: from };
    this.#askAtMs = nowMs;
  }

  /** A range was taken in, asked for here or not. */
  answered(epoch: string, range: { readonly after: number; readonly through: number }, nowMs: number): void {
    const question = this.#question;
    if (question === null || epoch !== this.#replica.offsets.epoch || range.after !== question.after) return;
    if (range.through < question.until) {
      this.#question = { ...question, after: range.through };
      this.#askAtMs = nowMs;
    } else {
      this.#question = null;
      this.#askAtMs = Infinity;
      this.#bottom = this.#lowest(question.from);
    }
  }

  wake(nowMs: number): Frame[] {
    const { epoch } = this.#replica.offsets;
    if (this.#question === null || epoch === null || nowMs < this.#askAtMs) return [];
    this.#askAtMs = nowMs + ASK_AGAIN_MS;
    return [{ type: 'want-range', room: this.#room, epoch, after: this.#question.after }];
  }

  nextWakeMs(): number {
    return this.#askAtMs;
  }

  /** From an offset down as far as nothing is missing here. */
  #lowest(offset: number): number {
    const here = new Set<number | null>();
    for (const kept of this.#replica.log.values()) if (this.#replica.isPlaced(kept)) here.add(kept.offset);
    let lowest = offset;
    while (here.has(lowest)) lowest -= 1;
    return lowest;
  }
}
