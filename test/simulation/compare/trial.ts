// One run of a scenario: the clock, the links, who is dead, who has what, and the counts a row is made of.
// A strategy decides only who sends what to whom. Links lose nothing; a crashed node takes nothing and says nothing.

import { seededRandom } from '../random.js';
import { VirtualClock } from '../virtual-clock.js';
import type { Row, Scenario } from './scenario.js';
import { CONTROL_BYTES, SERVER, SETTLE_MS, deliveriesDue, linkDelayMs, percentile, rolesOf } from './scenario.js';

/** push: a copy unasked · answer: a copy on request · notice: a frame about a message · ack: it only acknowledges */
export type FrameKind = 'push' | 'answer' | 'notice' | 'ack';

/** Far above what 10,000 nodes need: it finds a strategy that never rests. */
const EVENTS_MAX = 100_000_000;

export class Trial {
  readonly scenario: Scenario;
  readonly #clock = new VirtualClock(0);
  #crashed: ReadonlySet<number> = new Set();
  #counts = { copies: 0, egress: 0, egressAcks: 0, egressBytes: 0, repairBytes: 0 };
  /** By message: when it was written, and which nodes have it. */
  readonly #writtenAtMs: number[] = [];
  readonly #holders: Uint8Array[] = [];
  #delaysMs: number[] = [];

  constructor(scenario: Scenario) {
    this.scenario = scenario;
  }

  /** Notes that `node` has the message now. False when it had it before. */
  take(message: number, node: number): boolean {
    const holders = this.#holders[message];
    if (holders === undefined || holders[node] !== 0) return false;
    holders[node] = 1;
    this.#delaysMs.push(this.#clock.nowMs - (this.#writtenAtMs[message] ?? 0));
    return true;
  }

  has(message: number, node: number): boolean {
    return this.#holders[message]?.[node] === 1;
  }

  after(delayMs: number, run: () => void): void {
    this.#clock.after(delayMs, run);
  }

  /** Sends one frame; `arrive` runs at the other end after the link's delay, unless that end is dead. */
  send(kind: FrameKind, from: number, to: number, arrive: () => void): void {
    const isDead = this.#crashed.has(to);
    this.#count(kind, from, to, isDead);
    if (!isDead) this.#clock.after(linkDelayMs(this.scenario, from, to), arrive);
  }

  /**
   * Runs the scenario. `write` starts the spreading of a message its author already has.
   * `warmUpMessages` come first, by random authors, while everybody lives; they are not counted.
   */
  run(name: string, write: (message: number, author: number) => void, warmUpMessages = 0): Row {
    const { seed, nodes, crashShare, messages } = this.scenario;
    const { crashed, authors } = rolesOf(this.scenario);
    const random = seededRandom(~seed);
    const warmUpAuthors = Array.from({ length: warmUpMessages }, () => Math.floor(random() * nodes));
    this.#writeAll(warmUpAuthors, write);

    this.#crashed = crashed;
    this.#counts = { copies: 0, egress: 0, egressAcks: 0, egressBytes: 0, repairBytes: 0 };
    this.#delaysMs = [];
    const eventsBefore = this.#clock.events;
    this.#writeAll(authors, write);

    const counts = this.#counts;
    const delaysMs = Float64Array.from(this.#delaysMs).sort();
    return {
      name,
      nodes,
      crashShare,
      copiesPerDelivery: counts.copies / delaysMs.length,
      p50Ms: percentile(delaysMs, 0.5),
      p99Ms: percentile(delaysMs, 0.99),
      maxMs: percentile(delaysMs, 1),
      serverEgressPerMessage: counts.egress / messages,
      serverEgressWithAcks: (counts.egress + counts.egressAcks) / messages,
      serverEgressBytes: counts.egressBytes / messages,
      repairBytes: counts.repairBytes / messages,
      undelivered: deliveriesDue(this.scenario) - delaysMs.length,
      events: this.#clock.events - eventsBefore,
    };
  }

  #writeAll(authors: readonly number[], write: (message: number, author: number) => void): void {
    const startMs = this.#clock.nowMs;
    const { nodes, everyMs } = this.scenario;
    authors.forEach((author, index) => {
      this.#clock.at(startMs + index * everyMs, () => {
        const message = this.#writtenAtMs.push(this.#clock.nowMs) - 1;
        const holders = new Uint8Array(nodes);
        holders[author] = 1;
        this.#holders.push(holders);
        write(message, author);
      });
    });
    this.#clock.runUntil(startMs + authors.length * everyMs + SETTLE_MS, EVENTS_MAX);
  }

  #count(kind: FrameKind, from: number, to: number, isDead: boolean): void {
    const isCopy = kind === 'push' || kind === 'answer';
    const bytes = isCopy ? this.scenario.messageBytes : CONTROL_BYTES;
    if (isCopy && !isDead && to !== SERVER) this.#counts.copies += 1;
    if (kind === 'answer' || kind === 'notice') this.#counts.repairBytes += bytes;
    if (from !== SERVER) return;
    this.#counts.egressBytes += bytes;
    if (isCopy) this.#counts.egress += 1;
    if (kind === 'ack') this.#counts.egressAcks += 1;
  }
}
