// Which of the server's offsets this replica has accounted for, and when to ask for a gap (rules S3, S4).

import type { ServerPosition } from './room-io.js';

/** A gap is left to close itself for this long: frames of two routes overtake each other. */
const GAP_PATIENCE_MS = 400;
/** An unanswered question is asked again after this. */
const ASK_AGAIN_MS = 3_000;
/** Offsets remembered above a gap; beyond, the range that closes the gap brings them again. */
const ABOVE_MAX = 4_096;

export class ServerOffsets {
  #epoch: string | null = null;
  #contiguous = 0;
  #head = 0;
  readonly #above = new Set<number>();
  #askAtMs = Infinity;

  get epoch(): string | null {
    return this.#epoch;
  }

  get contiguous(): number {
    return this.#contiguous;
  }

  get head(): number {
    return this.#head;
  }

  get isComplete(): boolean {
    return this.#epoch !== null && this.#contiguous >= this.#head;
  }

  isAccounted(offset: number): boolean {
    return offset <= this.#contiguous || this.#above.has(offset);
  }

  get nextWakeMs(): number {
    return this.#askAtMs;
  }

  /** What a `join` says, and what is kept; `unsafeFrom` is the lowest offset whose record is not here. */
  position(unsafeFrom = Infinity): ServerPosition | undefined {
    if (this.#epoch === null) return undefined;
    return { epoch: this.#epoch, offset: Math.min(this.#contiguous, unsafeFrom - 1) };
  }

  restore(position: ServerPosition): void {
    this.#epoch = position.epoch;
    this.#contiguous = position.offset;
    this.#head = position.offset;
  }

  /** Joined. True when the epoch is another one, so that every known place is void (rule S6). */
  begin(epoch: string, head: number, firstHistory: number, nowMs: number): boolean {
    const isSame = this.#epoch === epoch && this.#contiguous <= head;
    if (!isSame) {
      this.#epoch = epoch;
      this.#contiguous = Math.max(0, head - firstHistory);
      this.#above.clear();
    }
    this.#head = head;
    // The server sends what follows by itself; ask only when it does not.
    this.#askAtMs = this.isComplete ? Infinity : nowMs + ASK_AGAIN_MS;
    return !isSame;
  }

  noteHead(epoch: string, head: number, nowMs: number): void {
    if (epoch !== this.#epoch || head <= this.#head) return;
    this.#head = head;
    this.#expectMore(nowMs);
  }

  noteOffset(epoch: string, offset: number, nowMs: number): void {
    if (epoch !== this.#epoch || offset <= this.#contiguous) return;
    this.#head = Math.max(this.#head, offset);
    if (this.#above.size < ABOVE_MAX) this.#above.add(offset);
    this.#advance(nowMs);
  }

  noteRange(epoch: string, range: { readonly after: number; readonly through: number }, nowMs: number): void {
    if (epoch !== this.#epoch || range.after > this.#contiguous) return;
    this.#contiguous = Math.max(this.#contiguous, range.through);
    this.#head = Math.max(this.#head, range.through);
    for (const offset of this.#above) if (offset <= this.#contiguous) this.#above.delete(offset);
    // A page came: the next one is asked for at once.
    if (!this.isComplete) this.#askAtMs = nowMs;
    this.#advance(nowMs);
  }

  /** The range to ask for now, if it is time. */
  takeQuestion(nowMs: number): { readonly epoch: string; readonly after: number } | null {
    if (this.#epoch === null || this.isComplete || nowMs < this.#askAtMs) return null;
    this.#askAtMs = nowMs + ASK_AGAIN_MS;
    return { epoch: this.#epoch, after: this.#contiguous };
  }

  /** The socket is gone: nothing can be asked until the next `begin`. */
  pause(): void {
    this.#askAtMs = Infinity;
  }

  #advance(nowMs: number): void {
    while (this.#above.delete(this.#contiguous + 1)) this.#contiguous += 1;
    if (this.isComplete) this.#askAtMs = Infinity;
    else this.#expectMore(nowMs);
  }

  #expectMore(nowMs: number): void {
    if (this.#askAtMs === Infinity && !this.isComplete) this.#askAtMs = nowMs + GAP_PATIENCE_MS;
  }
}
