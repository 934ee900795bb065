// What a simulated world is put through: everything drawn from the seed before it begins, so that a number is a
// whole story, and so that a fault can be left out to see whether the story still ends badly.

import type { FrameType } from '../../src/protocol/frames.js';
import type { LIMITS } from '../../src/protocol/limits.js';
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
  /** One end lies about what it passes on: records forged, hops and places made up. */
  | { readonly kind: 'link-forges'; readonly link: number; readonly end: 0 | 1 }
  /** A supernode says that it has everything, and passes nothing on any more. */
  | { readonly kind: 'passes-nothing-on'; readonly supernode: number }
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
  /** The pages of two devices are paired by their codes (rule Q6). */
  | { readonly kind: 'pair'; readonly device: number; readonly other: number }
  /** There is a server, and this device alone reaches it. Only in worlds whose server is `found`. */
  | { readonly kind: 'server-found'; readonly device: number }
  /** The organiser says something, about a message or a device that is there. */
  | { readonly kind: 'order'; readonly order: Order; readonly about: number; readonly lastsMs: number }
);

export type Order = 'announce' | 'pin' | 'unpin' | 'remove' | 'mute' | 'ban' | 'lift' | 'slow' | 'clear';

export interface Noise {
  /** Share of frames lost, and doubled. */
  readonly loss: number;
  readonly duplication: number;
  /** Frames are held up by as much, each by itself. */
  readonly reorderMs: number;
}

/** Bounds of a replica that a world may draw closer, so that it meets them within a minute. */
export type SmallLimits = Partial<
  Record<keyof Pick<typeof LIMITS, 'clientRecordsMax' | 'seenWindow' | 'hopsMax'>, number>
>;

export interface Plan {
  readonly seed: number;
  readonly devices: number;
  readonly mesh: 'auto' | 'off';
  /** Which pairs can open a link: anybody, neighbours by number only, nobody. */
  readonly reach: 'all' | 'line';
  /** `gone`: the server introduces everybody, then dies for good. `found`: there is none until a device finds one. */
  readonly server: 'there' | 'gone' | 'found';
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
  /** Devices, the last ones, whose browser cannot open links. */
  readonly linkless: number;
  /** Share of records that say something about one of the latest messages, instead of being another. */
  readonly amending: number;
  /** It is a crew room: everything that visitors write is sealed. Default: it is not. */
  readonly isSealed?: boolean;
  /** Members that lie. */
  readonly liars: number;
  readonly noise: Noise;
  /** Frames of these types never arrive from `unheardFromMs` on, in peace neither: what they repair, others must. */
  readonly unheard: readonly FrameType[];
  readonly unheardFromMs: number;
  readonly limits: SmallLimits;
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
    linkless: 0,
    amending: 0,
    liars: 0,
    noise: NO_NOISE,
    unheard: [],
    unheardFromMs: 0,
    limits: {},
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
  (random, atMs) => ({ kind: 'link-forges', atMs, link: anyNumber(random), end: random() < 0.5 ? 0 : 1 }),
  (random, atMs) => ({ kind: 'partition', atMs, side: anyNumber(random), forMs: between(random, 2_000, 30_000) }),
  (random, atMs) => ({
    kind: 'freeze',
    atMs,
    device: anyNumber(random),
    forMs: random() < 0.03 ? 600_000 : between(random, 500, 40_000),
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

/** Everything at once, in proportions that differ from seed to seed. */
export function mixedPlan(seed: number): Plan {
  const random = seededRandom(seed * 7_919 + 1);
  const shape = random();
  const plan = quietPlan(seed, {
    devices: 2 + Math.floor(random() * 5),
    mesh: shape < 0.12 ? 'off' : 'auto',
    reach: shape > 0.9 ? 'line' : 'all',
    serverNodes: random() < 0.25 ? 2 : 1,
    seconds: 40,
    everyMs: between(random, 500, 4_000),
    delayMs: between(random, 5, 150),
    skewMs: random() < 0.5 ? 0 : 300_000,
    liars: random() < 0.2 ? 1 : 0,
    noise: anyNoise(random),
  });
  return withFaults(plan, random, Math.floor(between(random, 0, 12)), 0);
}

/** A room large enough for supernodes, its faults after they have been chosen. */
export function crowdPlan(seed: number): Plan {
  const random = seededRandom(seed * 104_729 + 3);
  const plan = quietPlan(seed, {
    devices: 7 + Math.floor(random() * 10),
    serverNodes: random() < 0.25 ? 2 : 1,
    seconds: 100,
    everyMs: between(random, 5_000, 15_000),
    delayMs: between(random, 5, 60),
    skewMs: random() < 0.5 ? 0 : 300_000,
    linkless: random() < 0.5 ? 0 : 1,
    liars: random() < 0.3 ? 1 : 0,
    noise:
      random() < 0.5 ? NO_NOISE : { loss: random() * 0.03, duplication: random() * 0.03, reorderMs: random() * 60 },
  });
  return withFaults(plan, random, Math.floor(between(random, 2, 10)), 62_000);
}

/** The server introduces everybody and dies for good: peers are on their own. */
export function orphanPlan(seed: number): Plan {
  const random = seededRandom(seed * 15_485_863 + 5);
  const plan = quietPlan(seed, {
    devices: 4 + Math.floor(random() * 2),
    server: 'gone',
    seconds: 50,
    everyMs: between(random, 500, 4_000),
    delayMs: between(random, 5, 150),
    noise: anyNoise(random),
  });
  const whole = withFaults(plan, random, 10, 16_000);
  const survived = whole.faults.filter((fault) => ORPHANS_SURVIVE.has(fault.kind));
  // One link: whoever loses all of them has nobody left to introduce it.
  const isLink = (fault: Fault): boolean => fault.kind === 'link-dead' || fault.kind === 'link-one-way';
  const firstLink = survived.find(isLink);
  return { ...whole, faults: survived.filter((fault) => !isLink(fault) || fault === firstLink) };
}

/** What peers can mend without a server: a page that is closed has nobody to introduce it. */
const ORPHANS_SURVIVE: ReadonlySet<Fault['kind']> = new Set([
  'hide',
  'clock-jump',
  'freeze',
  'link-dead',
  'link-one-way',
  'link-forges',
]);

function anyNoise(random: Random): Noise {
  if (random() < 0.2) return NO_NOISE;
  return { loss: random() * 0.05, duplication: random() * 0.05, reorderMs: random() * 500 };
}

/** `kinds`: only these. */
export function withFaults(
  plan: Plan,
  random: Random,
  count: number,
  fromMs: number,
  kinds?: readonly Fault['kind'][],
): Plan {
  const faults: Fault[] = [];
  while (faults.length < count) {
    const fault = pick(random, DRAWS)?.(random, Math.floor(between(random, fromMs, plan.seconds * 1_000)));
    if (fault !== undefined && (kinds?.includes(fault.kind) ?? true)) faults.push(fault);
  }
  const lastMs = Math.max(0, ...faults.map((fault) => fault.atMs + ('forMs' in fault ? fault.forMs : 0)));
  // The last sleeper wakes before the peace is over.
  const peaceSeconds = Math.max(45, lastMs / 1_000 - plan.seconds + 15);
  return { ...plan, peaceSeconds, faults: faults.sort((a, b) => a.atMs - b.atMs) };
}

/** Removing and muting are what organisers do most; clearing ends a story, so it is rare. */
const ORDERS: readonly Order[] = [
  ...(['announce', 'pin', 'unpin', 'slow', 'clear', 'ban', 'lift'] as const),
  ...(['remove', 'remove', 'remove', 'mute', 'mute', 'lift'] as const),
];

/** The same world with an organiser in it who speaks `count` times. */
export function organised(plan: Plan, count: number): Plan {
  const random = seededRandom(plan.seed * 86_028_121 + 17);
  const orders = Array.from({ length: count }, (): Fault => ({
    kind: 'order',
    atMs: Math.floor(between(random, 3_000, plan.seconds * 1_000)),
    order: pick(random, ORDERS) ?? 'remove',
    about: anyNumber(random),
    lastsMs: between(random, 1_000, 30_000),
  }));
  return { ...plan, faults: [...plan.faults, ...orders].sort((a, b) => a.atMs - b.atMs) };
}

function anyNumber(random: Random): number {
  return Math.floor(random() * 2 ** 20);
}
