// What a simulated world is put through: everything drawn from the seed before it begins, so that a number is a
// whole story, and so that a fault can be left out to see whether the story still ends badly.

import { between, pick, seededRandom } from './random.js';
import type { Random } from './random.js';

/** Something that happens at a time. Devices and links are named by number, taken modulo how many there are then. */
export type Fault = { readonly atMs: number } & (
  | { readonly kind: 'server-dies'; readonly forMs: number }
  /** Back with an empty disk: a new epoch. */
  | { readonly kind: 'server-emptied'; readonly forMs: number }
  | { readonly kind: 'crash'; readonly device: number; readonly forMs: number; readonly isSilent: boolean }
  /** As a crash, and what the phone kept is gone: site data cleared, or a private window closed. */
  | { readonly kind: 'wipe'; readonly device: number; readonly forMs: number }
  | { readonly kind: 'socket-cut'; readonly device: number }
  /** Frames of one direction vanish until the transport notices, as socket.io does after 20 to 45 s. */
  | { readonly kind: 'socket-half-open'; readonly device: number; readonly isUpDeaf: boolean }
  | { readonly kind: 'link-dead'; readonly link: number }
  | { readonly kind: 'link-one-way'; readonly link: number; readonly end: 0 | 1 }
  /** A bit for each device: those whose bit is set reach only each other. */
  | { readonly kind: 'partition'; readonly side: number; readonly forMs: number }
  /** Its code stands still; its sockets look open, and everything arrives at once afterwards. */
  | { readonly kind: 'freeze'; readonly device: number; readonly forMs: number }
  /** Timers run once a second. */
  | { readonly kind: 'hide'; readonly device: number; readonly forMs: number }
  /** The wall clock moves; a session's own clock does not, its next session starts with it. */
  | { readonly kind: 'clock-jump'; readonly device: number; readonly byMs: number }
  | { readonly kind: 'second-tab'; readonly device: number }
  | { readonly kind: 'newcomer' }
);

export interface Noise {
  /** Share of frames lost, and doubled. */
  readonly loss: number;
  readonly duplication: number;
  /** Frames are held up by as much, each by itself. */
  readonly reorderMs: number;
}

export interface Plan {
  readonly seed: number;
  readonly devices: number;
  readonly mesh: 'auto' | 'off';
  /** Which pairs can open a link: anybody, neighbours by number only, nobody. */
  readonly reach: 'all' | 'line' | 'none';
  /** `gone`: the server introduces everybody, then dies for good. */
  readonly server: 'there' | 'gone';
  /** Nodes of the server, sharing one store; each device is at one of them. */
  readonly serverNodes: number;
  /** Virtual seconds of traffic under faults, and of peace after them. */
  readonly seconds: number;
  readonly peaceSeconds: number;
  /** Mean time between two records of one device. */
  readonly everyMs: number;
  /** One way to the server; a quarter of it to a peer. */
  readonly delayMs: number;
  /** Clocks are wrong by up to this, either way, and differently each time the page starts. */
  readonly skewMs: number;
  /** Members that lie. */
  readonly liars: number;
  readonly noise: Noise;
  readonly faults: readonly Fault[];
}

export const NO_NOISE: Noise = { loss: 0, duplication: 0, reorderMs: 0 };

export function quietPlan(seed: number, change: Partial<Plan> = {}): Plan {
  return {
    seed,
    devices: 3,
    mesh: 'auto',
    reach: 'all',
    server: 'there',
    serverNodes: 1,
    seconds: 30,
    peaceSeconds: 60,
    everyMs: 3_000,
    delayMs: 40,
    skewMs: 0,
    liars: 0,
    noise: NO_NOISE,
    faults: [],
    ...change,
  };
}

type Draw = (random: Random, atMs: number) => Fault;

/** How each kind of fault is drawn; the bounds are those of PROTOCOL.md's promises. */
const DRAWS: readonly Draw[] = [
  (random, atMs) => ({ kind: 'server-dies', atMs, forMs: between(random, 1_000, 20_000) }),
  (random, atMs) => ({ kind: 'server-emptied', atMs, forMs: between(random, 1_000, 10_000) }),
  (random, atMs) => ({
    kind: 'crash',
    atMs,
    device: anyNumber(random),
    forMs: between(random, 500, 10_000),
    isSilent: random() < 0.5,
  }),
  (random, atMs) => ({ kind: 'wipe', atMs, device: anyNumber(random), forMs: between(random, 500, 10_000) }),
  (random, atMs) => ({ kind: 'socket-cut', atMs, device: anyNumber(random) }),
  (random, atMs) => ({ kind: 'socket-half-open', atMs, device: anyNumber(random), isUpDeaf: random() < 0.5 }),
  (random, atMs) => ({ kind: 'link-dead', atMs, link: anyNumber(random) }),
  (random, atMs) => ({ kind: 'link-one-way', atMs, link: anyNumber(random), end: random() < 0.5 ? 0 : 1 }),
  (random, atMs) => ({ kind: 'partition', atMs, side: anyNumber(random), forMs: between(random, 2_000, 30_000) }),
  (random, atMs) => ({
    kind: 'freeze',
    atMs,
    device: anyNumber(random),
    forMs: random() < 0.1 ? 600_000 : between(random, 500, 40_000),
  }),
  (random, atMs) => ({ kind: 'hide', atMs, device: anyNumber(random), forMs: between(random, 5_000, 30_000) }),
  (random, atMs) => ({
    kind: 'clock-jump',
    atMs,
    device: anyNumber(random),
    byMs: between(random, -300_000, 300_000),
  }),
  (random, atMs) => ({ kind: 'second-tab', atMs, device: anyNumber(random) }),
  (_, atMs) => ({ kind: 'newcomer', atMs }),
];

/** Everything at once, in proportions that differ from seed to seed; some worlds with one way of repair only. */
export function mixedPlan(seed: number): Plan {
  const random = seededRandom(seed * 7_919 + 1);
  const seconds = 40;
  const faults: Fault[] = [];
  const count = Math.floor(between(random, 0, 12));
  while (faults.length < count) {
    const fault = pick(random, DRAWS)?.(random, Math.floor(random() * seconds * 1_000));
    if (fault !== undefined) faults.push(fault);
  }
  const longestMs = Math.max(0, ...faults.map((fault) => ('forMs' in fault ? fault.forMs : 0)));
  const shape = random();
  return quietPlan(seed, {
    devices: 2 + Math.floor(random() * 5),
    mesh: shape < 0.12 ? 'off' : 'auto',
    reach: shape > 0.9 ? 'line' : 'all',
    serverNodes: random() < 0.25 ? 2 : 1,
    seconds,
    // The longest sleeper wakes before the peace is over.
    peaceSeconds: 90 + Math.max(0, longestMs / 1_000 - seconds),
    everyMs: between(random, 500, 4_000),
    delayMs: between(random, 5, 150),
    skewMs: random() < 0.5 ? 0 : 300_000,
    liars: random() < 0.2 ? 1 : 0,
    noise:
      random() < 0.2 ? NO_NOISE : { loss: random() * 0.05, duplication: random() * 0.05, reorderMs: random() * 500 },
    faults: faults.sort((a, b) => a.atMs - b.atMs),
  });
}

function anyNumber(random: Random): number {
  return Math.floor(random() * 2 ** 20);
}
