// The circuit breaker against its table: whatever happens in whatever order, it is in the state that the table says.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CircuitBreaker } from '../../src/core/breaker.js';
import type { BreakerState } from '../../src/core/chat-view.js';

type Happening = 'outcome' | 'time' | 'jump';

/** What is known when something has happened. */
interface Facts {
  /** Of the last ten seconds, as long as it was closed: how many, and how many of them failures. */
  readonly outcomes: number;
  readonly failures: number;
  readonly isFailure: boolean;
  /** The sleep it was put to when it opened is over. */
  readonly isAwake: boolean;
}

/** One line for each way from a state to another; where no line fits, the state stays. */
const TABLE: readonly (readonly [BreakerState, Happening, (facts: Facts) => boolean, BreakerState])[] = [
  ['closed', 'outcome', ({ outcomes, failures }) => outcomes >= 5 && failures * 2 >= outcomes, 'open'],
  ['open', 'time', ({ isAwake }) => isAwake, 'half-open'],
  ['half-open', 'outcome', ({ isFailure }) => isFailure, 'open'],
  ['half-open', 'outcome', ({ isFailure }) => !isFailure, 'closed'],
  ['open', 'jump', () => true, 'closed'],
  ['half-open', 'jump', () => true, 'closed'],
];

const FIRST_SLEEP_MS = 30_000;
const LONGEST_SLEEP_MS = 300_000;

/** The table, kept by somebody with a notebook. */
class Notebook {
  state: BreakerState = 'closed';
  readonly #share: number;
  #nowMs = 0;
  #outcomes: { atMs: number; isFailure: boolean }[] = [];
  #sleepMs = FIRST_SLEEP_MS;
  #wakeAtMs = 0;
  #trialAtMs = -Infinity;

  /** @param share of the sleep that it really lasts, 0.9 to 1.1 */
  constructor(share: number) {
    this.#share = share;
  }

  at(nowMs: number): void {
    const isJump = nowMs < this.#nowMs || (this.#nowMs > 0 && nowMs - this.#nowMs > 2 * LONGEST_SLEEP_MS);
    this.#nowMs = nowMs;
    if (isJump) {
      this.#go('jump', false);
      this.#outcomes = [];
    }
    this.#go('time', false);
  }

  outcome(isFailure: boolean): void {
    if (this.state === 'closed') this.#outcomes.push({ atMs: this.#nowMs, isFailure });
    this.#go('outcome', isFailure);
  }

  mayUse(): boolean {
    if (this.state !== 'half-open') return this.state === 'closed';
    const isFree = this.#nowMs - this.#trialAtMs >= 10_000;
    if (isFree) this.#trialAtMs = this.#nowMs;
    return isFree;
  }

  #go(what: Happening, isFailure: boolean): void {
    const recent = this.#outcomes.filter(({ atMs }) => this.#nowMs - atMs < 10_000);
    const failures = recent.filter((outcome) => outcome.isFailure).length;
    const facts = { outcomes: recent.length, failures, isFailure, isAwake: this.#nowMs >= this.#wakeAtMs };
    const line = TABLE.find(([from, happening, holds]) => from === this.state && happening === what && holds(facts));
    if (line === undefined) return;
    const [from, , , to] = line;
    if (to === 'open') {
      this.#sleepMs = from === 'closed' ? FIRST_SLEEP_MS : Math.min(LONGEST_SLEEP_MS, 2 * this.#sleepMs);
      this.#wakeAtMs = this.#nowMs + this.#sleepMs * this.#share;
    }
    if (to === 'half-open') this.#trialAtMs = -Infinity;
    if (to === 'closed') this.#outcomes = [];
    this.state = to;
  }
}

const event = fc.oneof(
  { weight: 6, arbitrary: fc.record({ what: fc.constant('outcome' as const), isFailure: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ what: fc.constant('use' as const) }) },
  { weight: 4, arbitrary: fc.record({ what: fc.constant('pass' as const), ms: fc.nat(3_000) }) },
  {
    weight: 2,
    arbitrary: fc.record({ what: fc.constant('pass' as const), ms: fc.integer({ min: 9_000, max: 70_000 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ what: fc.constant('pass' as const), ms: fc.integer({ min: -5_000, max: 900_000 }) }),
  },
);

test('whatever happens, the breaker is where its table says, and lets through what that allows', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(
      fc.constantFrom(0, 0.5, 0.999),
      fc.array(event, { minLength: 40, maxLength: 120, size: 'max' }),
      (random, events) => {
        const breaker = new CircuitBreaker(() => random);
        const notebook = new Notebook(0.9 + 0.2 * random);
        let nowMs = 1_000;
        notebook.at(nowMs);
        breaker.view(nowMs);
        for (const happened of events) {
          const before = notebook.state;
          if (happened.what === 'pass') nowMs = Math.max(1, nowMs + happened.ms);
          notebook.at(nowMs);
          if (happened.what === 'outcome') {
            notebook.outcome(happened.isFailure);
            breaker.record(!happened.isFailure, nowMs);
          }
          if (happened.what === 'use') assert.equal(breaker.tryUse(nowMs), notebook.mayUse());
          assert.equal(breaker.view(nowMs).state, notebook.state);
          seen.add(`${before} ${notebook.state}`);
        }
      },
    ),
    { numRuns: 2_000 },
  );
  for (const [from, , , to] of TABLE) assert.ok(seen.has(`${from} ${to}`), `no run went from ${from} to ${to}`);
});

test('a sleep is 30 s at first, doubles with each failed trial up to five minutes, each ± 10 %', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 0.999, noNaN: true }), (random) => {
      const breaker = new CircuitBreaker(() => random);
      let nowMs = 1_000;
      for (let count = 0; count < 5; count += 1) breaker.record(false, nowMs);
      for (const sleepMs of [30_000, 60_000, 120_000, 240_000, 300_000, 300_000]) {
        const { state, retryInMs } = breaker.view(nowMs);
        assert.equal(state, 'open');
        assert.ok(
          retryInMs >= 0.9 * sleepMs && retryInMs <= 1.1 * sleepMs,
          `${String(retryInMs)} of ${String(sleepMs)}`,
        );
        nowMs += retryInMs;
        assert.ok(breaker.tryUse(nowMs));
        breaker.record(false, nowMs);
      }
    }),
  );
});
