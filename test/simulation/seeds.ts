// Which world a seed stands for: mostly everything at once, now and then one that can do little.

import type { Fault, Plan } from './plan.js';
import { crowdPlan, mixedPlan, NO_NOISE, organised, orphanPlan, quietPlan, withFaults } from './plan.js';
import { between, seededRandom } from './random.js';

const LOSES_A_THIRD = { loss: 0.33, duplication: 0.1, reorderMs: 300 };

/** Worlds with one way of repair only, because several together hide what one of them fails to do. */
export const DEGENERATE = {
  'two nodes': (seed) => ({ ...mixedPlan(seed), devices: 2, liars: 0 }),
  'a line': (seed) => ({ ...mixedPlan(seed), devices: 5, reach: 'line', mesh: 'auto' }),
  'server only': (seed) => ({ ...mixedPlan(seed), mesh: 'off' }),
  'mesh only': orphanPlan,
  'links that lose a third': (seed) => ({ ...orphanPlan(seed), noise: LOSES_A_THIRD, faults: [] }),
  'a server that loses a third': (seed) => ({
    ...mixedPlan(seed),
    mesh: 'off',
    liars: 0,
    noise: LOSES_A_THIRD,
    faults: [],
  }),
  'a crowd': crowdPlan,
  'hedging alone': hedgingPlan,
  'no exchanges between peers': (seed) => ({ ...mixedPlan(seed), mesh: 'auto', unheard: ['sync'] }),
  'authors alone': (seed) => {
    const plan = mixedPlan(seed);
    // What its author has lost, and what an emptied server had, only others could bring back.
    const faults = plan.faults.filter(({ kind }) => kind !== 'wipe' && kind !== 'server-emptied');
    return { ...plan, mesh: 'auto', liars: 0, unheard: ['have', 'sync'], faults };
  },
  'carrying alone': (seed) => ({ ...lonelyLine(seed, 3), unheard: ['sync'], unheardFromMs: 32_000 }),
  'a line longer than a record may travel': (seed) => ({ ...lonelyLine(seed, 5), limits: { hopsMax: 2 } }),
  'passing on alone': (seed) => ({
    ...crowdPlan(seed),
    linkless: 1,
    liars: 0,
    noise: NO_NOISE,
    unheard: ['sync', 'want', 'want-range', 'have'],
    unheardFromMs: 72_000,
    faults: [],
  }),
  'a crowd whose phones sleep': (seed) =>
    withFaults({ ...crowdPlan(seed), everyMs: 3_000, liars: 0, noise: NO_NOISE }, seededRandom(seed), 10, 62_000, [
      'freeze',
      'socket-half-open',
      'hide',
    ]),
  'sockets that go deaf': (seed) => pestered(seed, ['socket-half-open', 'server-dies'], { noise: NO_NOISE }),
  'links that break': linksBreakPlan,
  'links that lie': (seed) => pestered(seed, ['link-forges', 'server-dies', 'socket-cut'], { liars: 1 }),
  'pages that crash': (seed) =>
    pestered(seed, ['crash', 'link-dead', 'link-one-way'], {
      everyMs: 500,
      noise: { loss: 0.15, duplication: 0, reorderMs: 50 },
      unheard: ['sync', 'have', 'deliver'],
    }),
  'second thoughts': (seed) => ({
    ...mixedPlan(seed),
    everyMs: 500,
    amending: 0.8,
    noise: { loss: 0.1, duplication: 0.05, reorderMs: 1_000 },
    faults: [],
  }),
  'few words over a server that loses some': (seed) =>
    quietPlan(seed, { mesh: 'off', everyMs: 8_000, noise: { loss: 0.2, duplication: 0, reorderMs: 0 } }),
  'small memories': (seed) =>
    pestered(seed, ['server-dies', 'partition', 'socket-cut', 'crash', 'newcomer'], {
      everyMs: 1_000,
      limits: { clientRecordsMax: 60, seenWindow: 8 },
    }),
  'a liar and a server that is emptied': (seed) =>
    pestered(seed, ['server-emptied', 'server-dies', 'socket-cut', 'newcomer'], { liars: 2, devices: 3 }),
  'an organiser': (seed) => organised({ ...mixedPlan(seed), amending: 0.3 }, 12),
  'an organiser of a crowd': (seed) => organised(crowdPlan(seed), 12),
  'a supernode that passes nothing on': (seed) => ({
    ...crowdPlan(seed),
    seconds: 130,
    everyMs: 4_000,
    linkless: 0,
    liars: 0,
    noise: NO_NOISE,
    faults: [{ kind: 'passes-nothing-on', atMs: 70_000, supernode: seed }],
  }),
} as const satisfies Readonly<Record<string, (seed: number) => Plan>>;

export type DegenerateName = keyof typeof DEGENERATE;

/** The plan of a seed. */
export function planOf(seed: number): Plan {
  if (seed % 10 === 3) return organised(mixedPlan(seed), 4);
  if (seed % 10 !== 7) return mixedPlan(seed);
  const worlds = Object.values(DEGENERATE);
  return worlds[Math.floor(seed / 10) % worlds.length]?.(seed) ?? mixedPlan(seed);
}

/** A server that works, links that break, and nothing that asks for what is missing. */
function hedgingPlan(seed: number): Plan {
  const random = seededRandom(seed * 32_452_843 + 7);
  const plan = quietPlan(seed, {
    devices: 3 + Math.floor(random() * 3),
    everyMs: between(random, 300, 1_500),
    delayMs: between(random, 5, 150),
    unheard: ['sync', 'want', 'want-range', 'have'],
    unheardFromMs: 6_000,
  });
  return withFaults(plan, random, 8, 6_000, ['link-dead', 'link-one-way']);
}

/** Links break and are made again; the room is at rest when all of them are up. */
function linksBreakPlan(seed: number): Plan {
  const random = seededRandom(seed * 49_979_687 + 11);
  const plan = quietPlan(seed, { devices: 2 + Math.floor(random() * 4), delayMs: between(random, 5, 150) });
  return withFaults(plan, random, 4, 6_000, ['link-dead', 'link-one-way', 'hide', 'clock-jump']);
}

/** The server introduces neighbours to each other and dies; nothing else happens. */
function lonelyLine(seed: number, devices: number): Plan {
  const { everyMs, delayMs } = orphanPlan(seed);
  return quietPlan(seed, { devices, everyMs, delayMs, reach: 'line', server: 'gone', seconds: 60 });
}

/** A mixed world with faults of a few kinds only, more of them. */
function pestered(seed: number, kinds: readonly Fault['kind'][], change: Partial<Plan>): Plan {
  const random = seededRandom(seed * 67_867_967 + 13);
  const { noise, delayMs, everyMs } = mixedPlan(seed);
  const plan = quietPlan(seed, {
    devices: 3 + Math.floor(random() * 3),
    seconds: 40,
    noise,
    delayMs,
    everyMs,
    ...change,
  });
  return withFaults(plan, random, 8, 5_000, kinds);
}
