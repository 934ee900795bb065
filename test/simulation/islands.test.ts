// Two groups that have never met chat for a day without any server, each in its own corner, with clocks minutes apart:
// one pairing makes them equal, and whoever finds a server hands all of it over.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RecordBody } from '../../src/protocol/record.js';
import { contentOf, violations } from './invariants.js';
import type { Fault, Plan } from './plan.js';
import { quietPlan } from './plan.js';
import { between, seededRandom } from './random.js';
import { World } from './world.js';

const SEEDS = 4;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Hours at which each group sits together, for MEETING_MS; between them the pages are closed, as phones in pockets are. */
const MEETINGS = [0, 5, 10, 16, 24] as const;
const MEETING_MS = 10 * MINUTE_MS;
/** At the last meeting: the groups come within reach, two of them pair, and one device finds a server. */
const DAY_MS = 24 * HOUR_MS;
const REACH_AT_MS = DAY_MS + 2 * MINUTE_MS;
const MERGE_AT_MS = DAY_MS + 3 * MINUTE_MS;
const FOUND_AT_MS = DAY_MS + 7 * MINUTE_MS;
const END_MS = DAY_MS + 12 * MINUTE_MS;

interface Islands {
  readonly plan: Plan;
  /** Devices of the first island; the others are the second. */
  readonly first: number;
}

function islandsOf(seed: number): Islands {
  const random = seededRandom(seed * 1_299_709 + 19);
  const [first, second] = [2 + Math.floor(random() * 2), 2 + Math.floor(random() * 2)];
  const devices = first + second;
  const aheadMs = between(random, 2, 9) * MINUTE_MS * (random() < 0.5 ? -1 : 1);
  const faults: Fault[] = [{ kind: 'partition', atMs: 0, side: 2 ** first - 1, forMs: REACH_AT_MS }];
  for (let device = 0; device < first; device += 1) {
    faults.push({ kind: 'clock-jump', atMs: 1, device, byMs: aheadMs });
  }
  for (const [index, hour] of MEETINGS.entries()) {
    const atMs = hour * HOUR_MS;
    // N devices of an island need N − 1 pairings.
    for (let device = 1; device < devices; device += 1) {
      if (device !== first)
        faults.push({ kind: 'pair', atMs: atMs + 5_000 + device * 1_000, device, other: device - 1 });
    }
    const nextHour = MEETINGS[index + 1];
    if (nextHour === undefined) continue;
    const forMs = nextHour * HOUR_MS - atMs - MEETING_MS;
    for (let device = 0; device < devices; device += 1) {
      faults.push({ kind: 'crash', atMs: atMs + MEETING_MS, device, forMs, isSilent: false });
    }
  }
  const anyOf = (low: number, high: number): number => Math.floor(between(random, low, high));
  faults.push({ kind: 'pair', atMs: MERGE_AT_MS, device: anyOf(0, first), other: anyOf(first, devices) });
  faults.push({ kind: 'server-found', atMs: FOUND_AT_MS, device: anyOf(0, devices) });
  const plan = quietPlan(seed, {
    devices,
    server: 'found',
    seconds: END_MS / 1_000,
    peaceSeconds: 120,
    everyMs: MINUTE_MS,
    amending: 0.5,
    delayMs: between(random, 5, 150),
    skewMs: 30_000,
    noise: { loss: 0.03, duplication: 0.03, reorderMs: 300 },
    faults,
  });
  return { plan, first };
}

/** Looks once a second between the two; resolves with whether it was ever so. */
function seenBetween(world: World, fromMs: number, untilMs: number, isSo: () => boolean): () => boolean {
  let wasSo = false;
  const look = (): void => {
    wasSo ||= isSo();
    if (!wasSo && world.elapsedMs < untilMs - 1_000) world.clock.after(1_000, look);
  };
  world.clock.after(fromMs, look);
  return () => wasSo;
}

/** What visitors of each device see, whatever the order: it hangs on the server where clocks are wrong (rule T3). */
function shownBy(world: World): string[] {
  return world.alive().map((client) => contentOf(client).sort().join('\n'));
}

function kindsWrittenBy(world: World, from: number, to?: number): Set<RecordBody['kind']> {
  const devices = world.devices.slice(from, to);
  return new Set(devices.flatMap(({ written }) => [...written.values()].map(({ body }) => body.kind)));
}

for (let seed = 1; seed <= SEEDS; seed += 1) {
  test(`[Q7] [M9] [Y1] [S7] two islands that chatted apart for a day join by one pairing, end equal, and hand over all: seed ${String(seed)}`, () => {
    const { plan, first } = islandsOf(seed);
    const world = new World(plan);
    let apart: readonly string[] = [];
    world.clock.after(MERGE_AT_MS - 1, () => (apart = shownBy(world)));
    const areEqual = seenBetween(world, MERGE_AT_MS, FOUND_AT_MS, () => {
      const isLinked = world.alive().every((client) => client.room.sizes().links >= Math.min(5, plan.devices - 1));
      return isLinked && new Set(shownBy(world)).size === 1;
    });
    // One device alone reaches it, and it gets what all the others have written too.
    const isAllStored = seenBetween(world, FOUND_AT_MS, END_MS, () => {
      const stored = new Set((world.server?.live() ?? []).map(({ id }) => id));
      return [...world.owed()].every((id) => stored.has(id));
    });
    world.run();
    const found = violations(world);
    if (apart.at(0) === apart.at(-1)) found.push('the islands were not apart');
    if (!areEqual()) found.push('the islands have not become equal without a server');
    if (!isAllStored()) found.push('the server has not got everything from the one that found it');
    for (const kinds of [kindsWrittenBy(world, 0, first), kindsWrittenBy(world, first)]) {
      for (const kind of ['message', 'edit', 'retract', 'reaction'] as const) {
        if (!kinds.has(kind)) found.push(`an island has written no ${kind}`);
      }
    }
    assert.deepEqual(found, []);
  });
}
