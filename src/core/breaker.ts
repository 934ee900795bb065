// A circuit breaker: stops using a way that fails, and tries it again with one trial at a time.
// Fed by acknowledgements and probes only: that something could be sent is not an outcome.

import type { BreakerState, BreakerView } from './chat-view.js';

/** Outcomes older than this do not count. */
const WINDOW_MS = 10_000;
/** Fewer outcomes than this open nothing: one lost message of two is no verdict. */
const OUTCOMES_MIN = 5;
const FAILURE_SHARE = 0.5;
/** First time asleep; doubled by each failed trial, ± 10 % so that breakers do not wake together. */
const SLEEP_MS = 30_000;
const SLEEP_MAX_MS = 300_000;
/** A trial without an outcome, because its link went away, is given out again after this. */
const TRIAL_LOST_MS = 10_000;
/** Outcomes kept: 10 s at 20 messages a second; the oldest is dropped. */
const OUTCOMES_MAX = 200;

export class CircuitBreaker {
  readonly #random: () => number;
  #outcomes: { readonly atMs: number; readonly isSuccess: boolean }[] = [];
  #state: BreakerState = 'closed';
  #wakeAtMs = 0;
  #sleepMs = SLEEP_MS;
  /** When the trial was given out; null while nobody has it. */
  #trialAtMs: number | null = null;
  #latestMs = 0;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** May this way be used now? In half-open the first to ask gets the one trial. */
  tryUse(nowMs: number): boolean {
    this.#advance(nowMs);
    if (this.#state === 'closed') return true;
    const isTrialOut = this.#trialAtMs !== null && nowMs - this.#trialAtMs < TRIAL_LOST_MS;
    if (this.#state === 'open' || isTrialOut) return false;
    this.#trialAtMs = nowMs;
    return true;
  }

  record(isSuccess: boolean, nowMs: number): void {
    this.#advance(nowMs);
    if (this.#state === 'open') return;
    if (this.#state === 'half-open') {
      if (isSuccess) this.#close();
      else this.#open(nowMs, Math.min(SLEEP_MAX_MS, this.#sleepMs * 2));
      return;
    }
    this.#outcomes.push({ atMs: nowMs, isSuccess });
    if (this.#outcomes.length > OUTCOMES_MAX) this.#outcomes.shift();
    const failures = this.#failures();
    if (this.#outcomes.length >= OUTCOMES_MIN && failures / this.#outcomes.length >= FAILURE_SHARE) {
      this.#open(nowMs, SLEEP_MS);
    }
  }

  view(nowMs: number): BreakerView {
    this.#advance(nowMs);
    return {
      state: this.#state,
      outcomes: this.#outcomes.length,
      failures: this.#failures(),
      retryInMs: this.#state === 'open' ? Math.max(0, this.#wakeAtMs - nowMs) : 0,
    };
  }

  #failures(): number {
    return this.#outcomes.reduce((sum, outcome) => sum + (outcome.isSuccess ? 0 : 1), 0);
  }

  /** Moves the window on. A clock that went back, or slept longer than any sleep, makes all of it worthless. */
  #advance(nowMs: number): void {
    const isJump = nowMs < this.#latestMs || (this.#latestMs > 0 && nowMs - this.#latestMs > 2 * SLEEP_MAX_MS);
    this.#latestMs = nowMs;
    if (isJump) this.#close();
    this.#outcomes = this.#outcomes.filter((outcome) => nowMs - outcome.atMs < WINDOW_MS);
    if (this.#state === 'open' && nowMs >= this.#wakeAtMs) {
      this.#state = 'half-open';
      this.#trialAtMs = null;
    }
  }

  #open(nowMs: number, sleepMs: number): void {
    this.#state = 'open';
    this.#sleepMs = sleepMs;
    this.#wakeAtMs = nowMs + sleepMs * (0.9 + 0.2 * this.#random());
    this.#trialAtMs = null;
  }

  #close(): void {
    this.#state = 'closed';
    this.#outcomes = [];
    this.#sleepMs = SLEEP_MS;
    this.#trialAtMs = null;
  }
}
