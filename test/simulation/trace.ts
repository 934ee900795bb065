// What happened in a world: a few lines for people, and one number that is the same on every machine.

export class Trace {
  readonly lines: string[] = [];
  readonly #startMs: number;
  readonly #isVerbose: boolean;
  #hash = 0x811c9dc5;
  steps = 0;

  constructor(startMs: number, isVerbose: boolean) {
    this.#startMs = startMs;
    this.#isVerbose = isVerbose;
  }

  /** FNV-1a over every event so far. */
  get hash(): string {
    return this.#hash.toString(16).padStart(8, '0');
  }

  /** A turn of the story. */
  told(atMs: number, what: string): void {
    this.#mix(atMs, what);
    this.lines.push(this.#line(atMs, what));
  }

  /** One of thousands of events: counted and mixed in, written down only when asked for. */
  step(atMs: number, from: string, to: string, what: string): void {
    this.steps += 1;
    this.#mix(atMs, `${from}>${to} ${what}`);
    if (this.#isVerbose) this.lines.push(this.#line(atMs, `${from} → ${to}  ${what}`));
  }

  #line(atMs: number, what: string): string {
    return `${((atMs - this.#startMs) / 1000).toFixed(3).padStart(8)} s  ${what}`;
  }

  #mix(atMs: number, what: string): void {
    let state = this.#hash ^ Math.round((atMs - this.#startMs) * 1000);
    for (let index = 0; index < what.length; index += 1) {
      state = Math.imul(state ^ what.charCodeAt(index), 0x01000193) >>> 0;
    }
    this.#hash = state >>> 0;
  }
}
