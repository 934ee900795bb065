// How late this process is with its work: the one figure that tells whether it can take more.

import { monitorEventLoopDelay } from 'node:perf_hooks';

/** The delay is looked at over windows of this length. */
const WINDOW_MS = 1_000;
/** Timer resolution of the measurement; a punctual loop reads as this much. */
const RESOLUTION_MS = 10;

export interface EventLoopLag {
  readonly meanMs: number;
  readonly p99Ms: number;
}

export class EventLoop {
  readonly #histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  #timer: NodeJS.Timeout | undefined;
  #lag: EventLoopLag = { meanMs: 0, p99Ms: 0 };
  #before: EventLoopLag = this.#lag;

  /** From here on: what a start takes on a slow machine is no sign of too many visitors. */
  start(): void {
    this.#histogram.enable();
    this.#timer = setInterval(() => this.#read(), WINDOW_MS).unref();
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
    clearInterval(this.#timer);
    this.#histogram.disable();
  }

  #read(): void {
    const milliseconds = (nanoseconds: number): number =>
      Number.isFinite(nanoseconds) ? Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS) : 0;
    this.#before = this.#lag;
    this.#lag = {
      meanMs: milliseconds(this.#histogram.mean),
      p99Ms: milliseconds(this.#histogram.percentile(99)),
    };
    this.#histogram.reset();
  }
}
