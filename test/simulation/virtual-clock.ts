// One clock for a whole world: a binary heap of events by (time, order of scheduling).

interface Scheduled {
  readonly atMs: number;
  readonly order: number;
  readonly run: () => void;
}

export class VirtualClock {
  nowMs: number;
  #order = 0;
  #events = 0;
  readonly #heap: Scheduled[] = [];

  constructor(startMs: number) {
    this.nowMs = startMs;
  }

  /** Events run so far: a bound on them finds worlds that never come to rest. */
  get events(): number {
    return this.#events;
  }

  at(atMs: number, run: () => void): void {
    this.#order += 1;
    this.#heap.push({ atMs: Math.max(atMs, this.nowMs), order: this.#order, run });
    let index = this.#heap.length - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#isBefore(index, parent)) break;
      this.#swap(index, parent);
      index = parent;
    }
  }

  after(delayMs: number, run: () => void): void {
    this.at(this.nowMs + delayMs, run);
  }

  /** Runs everything up to `untilMs`. @throws {Error} when `eventsMax` events did not bring it there */
  runUntil(untilMs: number, eventsMax: number): void {
    for (;;) {
      const next = this.#heap[0];
      if (next === undefined || next.atMs > untilMs) break;
      this.#pop();
      this.nowMs = next.atMs;
      this.#events += 1;
      if (this.#events > eventsMax) throw new Error(`more than ${String(eventsMax)} events: the world never rests`);
      next.run();
    }
    this.nowMs = untilMs;
  }

  #pop(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    this.#heap[0] = last;
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      const right = left + 1;
      let first = index;
      if (left < this.#heap.length && this.#isBefore(left, first)) first = left;
      if (right < this.#heap.length && this.#isBefore(right, first)) first = right;
      if (first === index) return;
      this.#swap(index, first);
      index = first;
    }
  }

  #isBefore(a: number, b: number): boolean {
    const [left, right] = [this.#heap[a], this.#heap[b]];
    if (left === undefined || right === undefined) return false;
    return left.atMs < right.atMs || (left.atMs === right.atMs && left.order < right.order);
  }

  #swap(a: number, b: number): void {
    const [left, right] = [this.#heap[a], this.#heap[b]];
    if (left === undefined || right === undefined) return;
    this.#heap[a] = right;
    this.#heap[b] = left;
  }
}
