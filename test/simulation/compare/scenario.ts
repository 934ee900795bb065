// What every strategy of spreading a message is asked to do, and the row of figures it answers with.
// Who crashes, who writes when, and how long each link takes follow from the seed alone: the same for all.

import type { Random } from '../random.js';
import { between, pick, seededRandom } from '../random.js';

export interface Scenario {
  readonly seed: number;
  /** Members of the room, at least 2, numbered from 0. The server, where there is one, is `SERVER`. */
  readonly nodes: number;
  /** Mean one-way delay of a link. A link keeps its delay, in both directions; frames on it stay in order. */
  readonly linkMs: number;
  /** Each link takes linkMs × (1 ± linkSpread), uniformly; 0 to 1. */
  readonly linkSpread: number;
  /** Share of the nodes, 0 to below 1, that fall silent for ever just before the first message. Nobody is told. */
  readonly crashShare: number;
  readonly messages: number;
  readonly everyMs: number;
  /** One full copy of a message on a link. */
  readonly messageBytes: number;
}

/** One strategy in one scenario. A delivery is a message's first arrival at a living node other than its author. */
export interface Row {
  readonly name: string;
  readonly nodes: number;
  readonly crashShare: number;
  /** Full copies that arrive at living nodes, for each delivery made: 1 is the least. */
  readonly copiesPerDelivery: number;
  /** From writing to delivery, over all deliveries made. NaN when there was none. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** Full copies the server sends for each message, to the crashed too: nobody told it. */
  readonly serverEgressPerMessage: number;
  /** The same, and every frame in which the server only acknowledges. */
  readonly serverEgressWithAcks: number;
  /** Bytes the server sends for each message, acknowledgements included. */
  readonly serverEgressBytes: number;
  /** Bytes sent for each message besides its pushes: announcements, requests, prunes, and copies sent on request. */
  readonly repairBytes: number;
  /** Deliveries that were due and had not happened `SETTLE_MS` after the last message. */
  readonly undelivered: number;
  /** Events of the virtual clock from the crash on: what the figures cost to compute. */
  readonly events: number;
}

export type Strategy = (scenario: Scenario) => Row;

export const SERVER = -1;

/** A frame that names one message and does not carry it: an id (58 bytes and its seq), its type, its room. */
export const CONTROL_BYTES = 100;

/** After the last message the world has this long to finish; what comes later counts as undelivered. */
export const SETTLE_MS = 20_000;

export const DEFAULTS: Omit<Scenario, 'seed' | 'nodes' | 'crashShare'> = {
  linkMs: 30,
  linkSpread: 0.5,
  // 20 × 250 ms end before a transport would report the silent ones (Chromium says `disconnected` after 6 s), so
  // the figures show what each strategy does by itself and not how well a membership service replaces links.
  messages: 20,
  everyMs: 250,
  // A signed record as JSON with some sixty letters of text, in its frame.
  messageBytes: 350,
};

/** One-way delay between two nodes, or a node and the server, whichever strategy asks. */
export function linkDelayMs({ seed, linkMs, linkSpread }: Scenario, a: number, b: number): number {
  const [low, high] = [Math.min(a, b) + 2, Math.max(a, b) + 2];
  const mixed = Math.imul(seed, 0x9e3779b1) ^ Math.imul(low, 0x85ebca6b) ^ Math.imul(high, 0xc2b2ae35);
  return linkMs * between(seededRandom(mixed), 1 - linkSpread, 1 + linkSpread);
}

export interface Roles {
  readonly crashed: ReadonlySet<number>;
  /** Who writes the first message, the second, and so on: living nodes. */
  readonly authors: readonly number[];
}

/** @throws {RangeError} when fewer than two nodes would live */
export function rolesOf({ seed, nodes, crashShare, messages }: Scenario): Roles {
  const random = seededRandom(seed);
  const order = shuffled(
    Array.from({ length: nodes }, (_, node) => node),
    random,
  );
  const crashed = order.slice(0, crashedCount(nodes, crashShare));
  const living = order.slice(crashed.length);
  if (living.length < 2) throw new RangeError('fewer than two nodes would live');
  const authors = Array.from({ length: messages }, () => pick(random, living) ?? 0);
  return { crashed: new Set(crashed), authors };
}

/** How many deliveries full delivery means. */
export function deliveriesDue({ nodes, crashShare, messages }: Scenario): number {
  return messages * (nodes - crashedCount(nodes, crashShare) - 1);
}

function crashedCount(nodes: number, crashShare: number): number {
  return Math.round(nodes * crashShare);
}

/** Fisher and Yates. */
function shuffled<Item>(items: readonly Item[], random: Random): Item[] {
  const left = [...items];
  const result: Item[] = [];
  while (left.length > 0) {
    const index = Math.floor(random() * left.length);
    const last = left.pop();
    if (last === undefined) break;
    result.push(left[index] ?? last);
    if (index < left.length) left[index] = last;
  }
  return result;
}

/** Nearest rank; NaN when there is nothing. */
export function percentile(ascending: ArrayLike<number>, share: number): number {
  return ascending[Math.max(0, Math.ceil(ascending.length * share) - 1)] ?? NaN;
}
