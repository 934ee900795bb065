// The last hour in minutes, so that who opens the dashboard at two sees what happened at half past one.

const MINUTE_MS = 60_000;
const MINUTES = 60;
/** Looked at this often; a minute shows the highest it saw, for a peak of seconds is what hurts. */
const EVERY_MS = 5_000;

export interface TrendFigures {
  /** Members of all rooms, and those of them at an end of a peer link. */
  readonly members: number;
  readonly p2pUsers: number;
  readonly eventLoopLagP99Ms: number;
  readonly rssBytes: number;
}

export interface TrendMinute extends TrendFigures {
  /** When the minute began. */
  readonly atMs: number;
}

export class Trend {
  readonly #now: () => number;
  readonly #read: () => TrendFigures;
  readonly #timer: NodeJS.Timeout;
  readonly #minutes: TrendMinute[] = [];

  constructor(now: () => number, read: () => TrendFigures) {
    this.#now = now;
    this.#read = read;
    this.#timer = setInterval(() => this.look(), EVERY_MS).unref();
  }

  /** Oldest first, at most 60; minutes in which nobody looked are left out. */
  get minutes(): readonly TrendMinute[] {
    return this.#minutes;
  }

  look(): void {
    const atMs = Math.floor(this.#now() / MINUTE_MS) * MINUTE_MS;
    const seen = this.#read();
    const last = this.#minutes.at(-1);
    if (last?.atMs !== atMs) {
      this.#minutes.push({ atMs, ...seen });
      if (this.#minutes.length > MINUTES) this.#minutes.shift();
      return;
    }
    this.#minutes[this.#minutes.length - 1] = {
      atMs,
      members: Math.max(last.members, seen.members),
      p2pUsers: Math.max(last.p2pUsers, seen.p2pUsers),
      eventLoopLagP99Ms: Math.max(last.eventLoopLagP99Ms, seen.eventLoopLagP99Ms),
      rssBytes: Math.max(last.rssBytes, seen.rssBytes),
    };
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
