// How late this process is with its work: the one figure that tells whether it can take more.

import { createHistogram } from 'node:perf_hooks';

/** The delay is looked at over windows of this length. */
const WINDOW_MS = 1_000;
/** How often the loop is asked to be on time. */
const RESOLUTION_MS = 10;

export interface EventLoopLag {
  readonly meanMs: number;
  readonly p99Ms: number;
}

export class EventLoop {
  /** Of delays in microseconds. Node's own `monitorEventLoopDelay` sees nothing where a turn takes a whole window. */
  readonly #histogram = createHistogram();
  readonly #timers: NodeJS.Timeout[] = [];
  #askedAtMs = 0;
  #lag: EventLoopLag = { meanMs: 0, p99Ms: 0 };
  #before: EventLoopLag = this.#lag;

  /** From here on: what a start takes on a slow machine is no sign of too many visitors. */
  start(): void {
    this.#askedAtMs = performance.now();
    const ask = setInterval(() => this.#measure(), RESOLUTION_MS);
    const read = setInterval(() => this.#read(), WINDOW_MS);
    this.#timers.push(ask.unref(), read.unref());
  }

  /** Of the last whole second; 0 before there was one. */
  get lag(): EventLoopLag {
    return this.#lag;
  }

  /** Of the better of the last two seconds: a pause of the machine, however long, is in one of them only. Milliseconds. */
  get lastingMs(): number {
    return Math.min(this.#lag.p99Ms, this.#before.p99Ms);
  }

  stop(): void {
    for (const timer of this.#timers) clearInterval(timer);
  }

  #measure(): void {
    const nowMs = performance.now();
    const delayMs = nowMs - this.#askedAtMs - RESOLUTION_MS;
    this.#histogram.record(Math.max(1, Math.round(delayMs * 1_000)));
    this.#askedAtMs = nowMs;
  }

  #read(): void {
    this.#before = this.#lag;
    this.#lag = {
      meanMs: this.#histogram.count === 0 ? 0 : this.#histogram.mean / 1_000,
      p99Ms: this.#histogram.count === 0 ? 0 : this.#histogram.percentile(99) / 1_000,
    };
    this.#histogram.reset();
  }
}
