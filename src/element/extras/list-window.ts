// Which of the messages are in the document. A phone draws a few hundred rows at once without a hitch, not ten
// thousand: the window follows the end while the end is read, and moves with the reader otherwise.

/** Rows at the end while the end is read. Three to six screens of a phone. */
const FOLLOWED = 80;
/** Rows added each time the reader nears an edge. */
const STEP = 60;
/** Rows in the document at most; beyond it the far edge gives way. */
const ROWS_MAX = 240;

export class ListWindow {
  /** First row, or null while the end is followed. Kept by id: messages arrive late and are dropped early. */
  #first: string | null = null;
  #size = FOLLOWED;

  get isFollowing(): boolean {
    return this.#first === null;
  }

  /** The window over these ids as [start, end). */
  over(ids: readonly { readonly id: string }[]): readonly [start: number, end: number] {
    if (this.#first === null) return [Math.max(0, ids.length - FOLLOWED), ids.length];
    const found = ids.findIndex(({ id }) => id === this.#first);
    const start = Math.max(0, found);
    return [start, Math.min(ids.length, start + this.#size)];
  }

  follow(): void {
    this.#first = null;
  }

  /** Stays where it is from now on, whatever arrives. */
  stay(ids: readonly { readonly id: string }[]): void {
    if (this.#first !== null) return;
    const [start, end] = this.over(ids);
    this.#first = ids[start]?.id ?? null;
    this.#size = end - start;
  }

  /** Takes in earlier rows. False when there are none. */
  earlier(ids: readonly { readonly id: string }[]): boolean {
    this.stay(ids);
    const [start, end] = this.over(ids);
    if (start === 0) return false;
    const next = Math.max(0, start - STEP);
    this.#first = ids[next]?.id ?? null;
    this.#size = Math.min(ROWS_MAX, end - next);
    return true;
  }

  /** Takes in later rows. False when there are none. */
  later(ids: readonly { readonly id: string }[]): boolean {
    const [start, end] = this.over(ids);
    if (end >= ids.length) return false;
    const next = Math.min(ids.length, end + STEP);
    const from = Math.max(start, next - ROWS_MAX);
    this.#first = ids[from]?.id ?? null;
    this.#size = next - from;
    return true;
  }

  /** Goes where this message is. False when it is not among them. */
  show(ids: readonly { readonly id: string }[], wanted: string): boolean {
    const index = ids.findIndex(({ id }) => id === wanted);
    if (index < 0) return false;
    const [start, end] = this.over(ids);
    if (index >= start && index < end) return true;
    const from = Math.max(0, index - FOLLOWED / 2);
    this.#first = ids[from]?.id ?? null;
    this.#size = FOLLOWED;
    return true;
  }
}
