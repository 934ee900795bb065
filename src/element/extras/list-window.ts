// Which of the messages are in the document. A phone draws a hundred or two at once without a hitch, not ten
// thousand: the window follows the end while the end is read, and moves with the reader otherwise.

/** Rows around a message that is gone to, half of them before it. */
const SHOWN = 80;
/** Rows taken in at a time at the edge that is neared: as many as a phone draws within a frame (`npm run bench -- list`). */
const STEP = 12;
/** Rows in the document at most; beyond it the far edge gives way. Rows taken in above move all of them, which costs each. */
const ROWS_MAX = 160;

export class ListWindow {
  /** First row, or null while the end is followed. Kept by id: messages arrive late and are dropped early. */
  #first: string | null = null;
  /** Where it was found last: mostly it is still there. */
  #foundAt = 0;
  #size = SHOWN;
  readonly #firstAtEnd: (count: number) => number;

  /** `firstAtEnd`: of so many messages, the first row while the end is read. */
  constructor(firstAtEnd: (count: number) => number) {
    this.#firstAtEnd = firstAtEnd;
  }

  /** The window over these ids as [start, end). */
  over(ids: readonly { readonly id: string }[]): readonly [start: number, end: number] {
    if (this.#first === null) return [this.#firstAtEnd(ids.length), ids.length];
    if (ids[this.#foundAt]?.id !== this.#first) this.#foundAt = ids.findIndex(({ id }) => id === this.#first);
    const start = Math.max(0, this.#foundAt);
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

  /** Takes in earlier rows, if there are any. */
  earlier(ids: readonly { readonly id: string }[]): void {
    this.stay(ids);
    const [start, end] = this.over(ids);
    const next = Math.max(0, start - STEP);
    this.#first = ids[next]?.id ?? null;
    this.#size = Math.min(ROWS_MAX, end - next);
  }

  /** Takes in later rows, if there are any. */
  later(ids: readonly { readonly id: string }[]): void {
    const [start, end] = this.over(ids);
    const next = Math.min(ids.length, end + STEP);
    const from = Math.max(start, next - ROWS_MAX);
    this.#first = ids[from]?.id ?? null;
    this.#size = next - from;
  }

  /** Goes where this message is. False when it is not among them. */
  show(ids: readonly { readonly id: string }[], wanted: string): boolean {
    const index = ids.findIndex(({ id }) => id === wanted);
    if (index < 0) return false;
    const [start, end] = this.over(ids);
    if (index >= start && index < end) return true;
    const from = Math.max(0, index - SHOWN / 2);
    this.#first = ids[from]?.id ?? null;
    this.#size = SHOWN;
    return true;
  }
}
