// Counts who does how much, by whatever sockets. The figures are in limits.ts; where they are counted is the limiter's business.

import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { RateLimiterAbstract } from 'rate-limiter-flexible';
import { RATES } from './limits.js';
import type { RateName, SharedRate } from './limits.js';

/** Nobody is asked to come back sooner than this. */
export const WAIT_MIN_MS = 100;

/** One charge: so much of this, to that one's account. */
export type Charge = readonly [rate: SharedRate, key: string, points: number];

/** Makes the limiter of one rate; the durations are seconds. */
export type MakeLimiter = (name: SharedRate, points: number, durationSeconds: number) => RateLimiterAbstract;

/** Counts in this process's memory. */
export const inMemory: MakeLimiter = (_, points, duration) => new RateLimiterMemory({ points, duration });

export class Rates {
  readonly #limiters: Readonly<Record<SharedRate, RateLimiterAbstract>>;

  /** @param make default: counted in this process's memory */
  constructor(make: MakeLimiter = inMemory) {
    const names = (Object.keys(RATES) as RateName[]).filter((name): name is SharedRate => !name.endsWith('PerSocket'));
    this.#limiters = Object.fromEntries(
      names.map((name) => [name, make(name, RATES[name].points, RATES[name].durationSeconds)]),
    ) as Record<SharedRate, RateLimiterAbstract>;
  }

  /**
   * Takes the charges in this order and stops at the first that does not fit, so that whoever is over the own limit
   * takes nothing from a shared one. Returns milliseconds to wait; 0 when all fitted.
   */
  async spend(...charges: readonly Charge[]): Promise<number> {
    for (const [rate, key, points] of charges) {
      if (points === 0) continue;
      try {
        await this.#limiters[rate].consume(key, points);
      } catch (refusal) {
        if (refusal instanceof RateLimiterRes) return Math.max(WAIT_MIN_MS, refusal.msBeforeNext);
        throw refusal;
      }
    }
    return 0;
  }
}
