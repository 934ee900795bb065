// What a simulated world is put through. Drawn from a seed, so that a number is a whole story.

import { between, seededRandom } from './random.js';

export interface Plan {
  readonly seed: number;
  readonly devices: number;
  readonly mesh: 'auto' | 'off';
  /** Virtual seconds of traffic under faults, and of peace after them. */
  readonly seconds: number;
  readonly peaceSeconds: number;
  /** Mean time between two messages of one device. */
  readonly everyMs: number;
  /** One way to the server; a quarter of it to a peer. */
  readonly delayMs: number;
  readonly faults: {
    /** Share of frames lost, and doubled. */
    readonly loss: number;
    readonly duplication: number;
    /** Frames are held up by as much, each by itself. */
    readonly reorderMs: number;
    readonly serverDeaths: number;
    readonly crashes: number;
    readonly cuts: number;
    readonly deadLinks: number;
    /** Times at which some devices are cut off from the server and from the others, for up to 20 s. */
    readonly partitions: number;
    /** Clocks are wrong by up to this, either way. */
    readonly skewMs: number;
  };
}

const NO_FAULTS: Plan['faults'] = {
  loss: 0,
  duplication: 0,
  reorderMs: 0,
  serverDeaths: 0,
  crashes: 0,
  cuts: 0,
  deadLinks: 0,
  partitions: 0,
  skewMs: 0,
};

export function quietPlan(seed: number, change: Partial<Plan> = {}): Plan {
  return {
    seed,
    devices: 3,
    mesh: 'auto',
    seconds: 30,
    peaceSeconds: 60,
    everyMs: 3_000,
    delayMs: 40,
    faults: NO_FAULTS,
    ...change,
  };
}

/** Everything at once, in proportions that differ from seed to seed. */
export function mixedPlan(seed: number): Plan {
  const random = seededRandom(seed * 7_919 + 1);
  const upTo = (max: number): number => Math.floor(random() * (max + 1));
  return {
    seed,
    devices: 2 + upTo(5),
    mesh: random() < 0.85 ? 'auto' : 'off',
    seconds: 40,
    peaceSeconds: 90,
    everyMs: between(random, 500, 4_000),
    delayMs: between(random, 5, 150),
    faults: {
      loss: random() * 0.05,
      duplication: random() * 0.05,
      reorderMs: random() * 500,
      serverDeaths: upTo(2),
      crashes: upTo(2),
      cuts: upTo(4),
      deadLinks: upTo(3),
      partitions: upTo(2),
      skewMs: random() < 0.5 ? 0 : 20_000,
    },
  };
}
