// What was measured lately, one value a second: what the plots draw and the report carries.

import type { Diagnostics } from '../../engine/chat.js';

/** Two minutes. */
const SAMPLES_MAX = 120;
/** The server, all peers together, and links: 8 live ones and those before them. */
const SERIES_MAX = 24;

/** Median round trips, milliseconds; null where nothing was measured. */
export type Series = readonly (number | null)[];

export class Measurements {
  readonly #series = new Map<string, Series>();

  /** Oldest first. */
  of(name: string): Series {
    return this.#series.get(name) ?? [];
  }

  add({ routes, links }: Diagnostics): void {
    this.#push('server', routes.quality.webSocket.latencyMs);
    this.#push('peers', routes.quality.p2p.latencyMs);
    for (const { dial, quality } of links) this.#push(dial, quality.latencyMs);
  }

  report(): Readonly<Record<string, Series>> {
    return Object.fromEntries(this.#series);
  }

  #push(name: string, value: number | null): void {
    const before = this.#series.get(name) ?? [];
    this.#series.delete(name);
    this.#series.set(name, [...before.slice(1 - SAMPLES_MAX), value]);
    for (const oldest of this.#series.keys()) {
      if (this.#series.size <= SERIES_MAX) break;
      this.#series.delete(oldest);
    }
  }
}
