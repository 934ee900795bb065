// What a room wants of its peer links, and the stand-in until they are loaded: a page that talks to the server only
// never fetches the mesh.

import type { Frame, FrameOf, MeshSettings } from '../protocol/frames.js';
import type { DialId, PeerId, RecordId, RoomKey } from '../protocol/ids.js';
import type { Arrivals } from './arrivals.js';
import type { BreakerView, LinkView, RoutePreference, RouteQuality } from './chat-view.js';
import type { Counters } from './counters.js';
import { NO_DIALS } from './mesh-view.js';
import type { MeshView } from './mesh-view.js';
import type { Batch, Intake } from './intake.js';
import type { PeerLinkState } from './peer-link-state.js';
import type { QualityMeter } from './quality.js';
import { qualityOf } from './quality.js';
import type { Replica } from './replica.js';
import type { DeviceState, KeptRecord, LinkId, RoomInput, RoomOutput, RoomSettings } from './room-io.js';
import type { Roster } from './roster.js';
import { chooseRoute } from './routing.js';
import type { Route } from './routing.js';
import type { ServerReplication } from './server-replication.js';

/** Signals and roles that wait until the mesh is loaded. A dial has an offer and a dozen candidates; later ones redial. */
const WAITING_MAX = 64;
/** A full mesh has at least two, this device included. */
const MESH_MIN = 2;

/** Inputs that concern links only. */
export type PeerInput = Extract<
  RoomInput,
  {
    type:
      'paired' | 'peer-up' | 'peer-down' | 'signal-made' | 'transport-measured' | 'link-queued' | 'device' | 'upgrade';
  }
>;

/** What the server says that concerns links. */
export type MeshFrame = FrameOf<'joined' | 'mesh-changed' | 'role' | 'signal'>;

export interface PeerParts {
  readonly room: RoomKey;
  readonly self: PeerId;
  readonly random: () => number;
  readonly settings: RoomSettings;
  readonly roster: Roster;
  readonly replica: Replica;
  readonly server: ServerReplication;
  readonly counters: Counters;
  readonly arrivals: Arrivals;
  readonly intake: Intake;
}

export type CreatePeers = (parts: PeerParts) => Peers;

export interface Peers {
  readonly isEnabled: boolean;
  readonly isDialing: boolean;
  /** Pushes that have not been acknowledged. */
  readonly awaitingAcknowledgement: number;
  /** Peers that are linked, one link each. */
  up(): readonly PeerLinkState[];
  /** A peer says this. Returns who is at the other end of the link; null when it is not up. */
  heard(dial: DialId, frame: Frame, nowMs: number): PeerId | null;
  views(nowMs: number): readonly LinkView[];
  /** May there be links, and what became of the attempts. */
  view(): MeshView;
  networkBreaker(nowMs: number): BreakerView;
  configure(settings: RoomSettings, nowMs: number): RoomOutput[];
  input(input: PeerInput, nowMs: number): RoomOutput[];
  fromServer(frame: MeshFrame, nowMs: number): RoomOutput[];
  /** Null when a peer has nothing to say by such a frame. */
  fromPeer(dial: DialId, frame: Frame, nowMs: number): RoomOutput[] | null;
  serverDown(): RoomOutput[];
  leave(reason: string): RoomOutput[];
  /** A link sent what it should not have; one that does so often is closed (rule L1). */
  strike(dial: DialId, count: number, nowMs: number): RoomOutput[];
  /** A link was ended from here. */
  gone(dial: DialId, nowMs: number): RoomOutput[];
  /** This device was suspended: nobody else is to blame. */
  forgive(nowMs: number): void;
  wake(nowMs: number): RoomOutput[];
  nextWakeMs(): number;

  /** Which way an own record goes first, and over which links. */
  choose(
    ways: { readonly preferred: RoutePreference; readonly isServerUp: boolean; readonly webSocket: RouteQuality },
    nowMs: number,
  ): { readonly route: Route; readonly links: readonly PeerLinkState[] };
  push(kept: KeptRecord, links: readonly PeerLinkState[], isCarried: boolean, nowMs: number): RoomOutput[];
  acknowledge(link: LinkId, ids: readonly RecordId[]): RoomOutput[];
  /** What was taken in is passed on to whom it concerns: carried for an author without a server, or to leaves. */
  passOn(batch: Batch, taken: readonly KeptRecord[], nowMs: number): RoomOutput[];
  passReceipt(frame: FrameOf<'placed'>): RoomOutput[];
}

/** Who does not allow links: the page, the browser, the server or the device's battery; null when all do. */
export function meshOffBy(settings: RoomSettings, served: MeshSettings | null): MeshView['offBy'] {
  if (settings.mesh === 'off' || (settings.maxPeers ?? MESH_MIN) < MESH_MIN) return 'page';
  if (!settings.canDial) return 'browser';
  const peersMax = settings.maxPeers ?? served?.maxPeers ?? MESH_MIN;
  if (served?.isEnabled === false || peersMax < MESH_MIN) return 'organiser';
  return settings.power?.linksMax === 0 ? 'power' : null;
}

/** The mesh of peers that are not loaded. */
export function absentMesh(settings: RoomSettings, served: MeshSettings | null): MeshView {
  return { offBy: meshOffBy(settings, served), dials: NO_DIALS, isSupernode: false };
}

/** Peers that are not loaded yet: has no links, and remembers what the loaded ones will have to know. */
export class AbsentPeers implements Peers {
  #settings: RoomSettings;
  #served: MeshSettings | null = null;
  #isWanted = false;
  #joined: { readonly frame: FrameOf<'joined'>; readonly atMs: number } | null = null;
  #device: { readonly device: DeviceState; readonly atMs: number } | null = null;
  readonly #waiting: ((peers: Peers) => RoomOutput[])[] = [];
  /** What the visitor asked for: each channel of a pairing, and an upgrade. It waits whatever becomes of the server. */
  readonly #asked = new Map<string, (peers: Peers) => RoomOutput[]>();

  readonly isDialing = false;
  readonly awaitingAcknowledgement = 0;

  constructor(settings: RoomSettings) {
    this.#settings = settings;
  }

  get isEnabled(): boolean {
    return this.view().offBy === null;
  }

  view(): MeshView {
    return absentMesh(this.#settings, this.#served);
  }

  /** True once somebody could be linked, or asks for it. */
  isNeeded(members: number): boolean {
    if (!this.isEnabled) return false;
    return this.#isWanted || (this.#settings.mesh === 'auto' && this.#joined !== null && members > 1);
  }

  /** Tells the loaded ones what has happened before. */
  handOver(peers: Peers): RoomOutput[] {
    const { device, atMs = 0 } = this.#device ?? {};
    const first = device === undefined ? [] : peers.input({ type: 'device', device }, atMs);
    const joined = this.#joined === null ? [] : peers.fromServer(this.#joined.frame, this.#joined.atMs);
    return [...first, ...joined, ...[...this.#waiting, ...this.#asked.values()].flatMap((tell) => tell(peers))];
  }

  configure(settings: RoomSettings): RoomOutput[] {
    this.#settings = settings;
    return [];
  }

  input(input: PeerInput, nowMs: number): RoomOutput[] {
    if (input.type === 'device') this.#device = { device: input.device, atMs: nowMs };
    const isUpgrade = input.type === 'upgrade';
    if (!isUpgrade && input.type !== 'paired') return [];
    if (isUpgrade && !this.isEnabled)
      return [{ type: 'notify', event: { type: 'upgrade-ended', connected: 0, attempted: 0 } }];
    this.#isWanted = true;
    this.#asked.set(isUpgrade ? '' : input.dial, (peers) => peers.input(input, nowMs));
    return [];
  }

  fromServer(frame: MeshFrame, nowMs: number): RoomOutput[] {
    if (frame.type === 'joined' || frame.type === 'mesh-changed') this.#served = frame.mesh;
    if (frame.type === 'joined') {
      this.#joined = { frame, atMs: nowMs };
      this.#waiting.length = 0;
    } else this.#wait((peers) => peers.fromServer(frame, nowMs));
    if (frame.type === 'signal') this.#isWanted = true;
    return [];
  }

  serverDown(): RoomOutput[] {
    this.#joined = null;
    this.#waiting.length = 0;
    return [];
  }

  choose(
    { preferred, isServerUp, webSocket }: Parameters<Peers['choose']>[0],
    nowMs: number,
  ): ReturnType<Peers['choose']> {
    const p2p = qualityOf([] satisfies QualityMeter[], nowMs);
    return { route: chooseRoute({ preferred, isServerUp, linksUp: 0, linksUsable: 0, webSocket, p2p }), links: [] };
  }

  networkBreaker(): BreakerView {
    return { state: 'closed', outcomes: 0, failures: 0, retryInMs: 0 };
  }

  up = none;
  views = none;
  fromPeer = none;
  leave = none;
  strike = none;
  gone = none;
  wake = none;
  push = none;
  acknowledge = none;
  passOn = none;
  passReceipt = none;
  heard = (): null => null;
  forgive = (): void => undefined;
  nextWakeMs = (): number => Infinity;

  #wait(tell: (peers: Peers) => RoomOutput[]): void {
    this.#waiting.push(tell);
    if (this.#waiting.length > WAITING_MAX) this.#waiting.shift();
  }
}

function none(): never[] {
  return [];
}
