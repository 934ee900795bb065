// Which peers to dial, keep and let go (rules M1 to M7). What travels over the links is not decided here.

import type { FrameOf, IceServer, MeshSettings } from '../protocol/frames.js';
import { KNOCK } from '../protocol/frames.js';
import type { DialId, PeerId, RoomKey } from '../protocol/ids.js';
import type { LinkView, PeerChange } from './chat-view.js';
import { PeerLinkState } from './peer-link-state.js';
import { Redials } from './redials.js';
import type { RoomOutput, RoomSettings } from './room-io.js';
import type { Roster } from './roster.js';

/** Live and dialling links of one room. A browser page allows 500 peer connections in its whole life. */
const LINKS_MAX = 8;
const DIALING_MAX = 4;
const DIAL_TIMEOUT_MS = 15_000;
const ROUND_EVERY_MS = 2_000;
const MAX_PEERS_DEFAULT = 5;
const UPGRADE_DELAY_DEFAULT_MS = 10_000;

interface Upgrade {
  readonly waitingFor: Set<PeerId>;
  readonly attempted: number;
}

export class Mesh {
  readonly #room: RoomKey;
  readonly #self: PeerId;
  readonly #random: () => number;
  readonly #roster: Roster;
  readonly #redials: Redials;
  readonly #links = new Map<DialId, PeerLinkState>();
  /** Peers asked to dial us, and until when we wait for their offer. */
  readonly #knocked = new Map<PeerId, number>();
  #settings: RoomSettings;
  #served: MeshSettings | null = null;
  #iceServers: readonly IceServer[] = [];
  /** Null while the server link is down: nothing can be signalled. */
  #joinedAtMs: number | null = null;
  #nextRoundAtMs = 0;
  #upgrade: Upgrade | null = null;
  #failedDials: DialId[] = [];

  constructor(options: {
    readonly room: RoomKey;
    readonly self: PeerId;
    readonly random: () => number;
    readonly roster: Roster;
    readonly settings: RoomSettings;
  }) {
    this.#room = options.room;
    this.#self = options.self;
    this.#random = options.random;
    this.#roster = options.roster;
    this.#settings = options.settings;
    this.#redials = new Redials(options.random);
  }

  get isEnabled(): boolean {
    return (
      this.#settings.mesh !== 'off' &&
      this.#settings.canDial &&
      (this.#served?.isEnabled ?? true) &&
      this.#maxPeers >= 2
    );
  }

  get isDialing(): boolean {
    return this.#knocked.size > 0 || [...this.#links.values()].some((link) => !link.isUp);
  }

  link(dial: DialId): PeerLinkState | undefined {
    return this.#links.get(dial);
  }

  /** Links that are up, one a peer: of two to the same peer the newer. */
  up(): PeerLinkState[] {
    const newest = new Map<PeerId, PeerLinkState>();
    for (const link of this.#links.values()) if (link.isUp) newest.set(link.peer, link);
    return [...newest.values()];
  }

  upTo(peer: PeerId): PeerLinkState | undefined {
    return this.up().find((link) => link.peer === peer);
  }

  views(nowMs: number): LinkView[] {
    return [...this.#links.values()].map((link) => link.view(this.#roster.nameOf(link.peer), nowMs));
  }

  /** Dials that failed since the last call, for the report to the server. */
  takeFailedDials(): DialId[] {
    return this.#failedDials.splice(0);
  }

  configure(settings: RoomSettings, nowMs: number): RoomOutput[] {
    this.#settings = settings;
    return this.#enforce(nowMs);
  }

  /** The server's word on the mesh: with `joined`, and whenever the organiser changes it. */
  serverSays(settings: MeshSettings, iceServers: readonly IceServer[], nowMs: number): RoomOutput[] {
    this.#served = settings;
    this.#iceServers = iceServers;
    return this.#enforce(nowMs);
  }

  joined(nowMs: number): void {
    this.#joinedAtMs = nowMs;
  }

  serverDown(nowMs: number): RoomOutput[] {
    this.#joinedAtMs = null;
    this.#knocked.clear();
    const lost = [...this.#links.values()].filter((link) => !link.isUp);
    return [
      ...lost.flatMap((link) => this.#drop(link, 'server went away while dialling', nowMs)),
      ...this.#endUpgrade(),
    ];
  }

  /** The visitor asks for links now, whatever the delay and the size of the room. */
  upgrade(nowMs: number): RoomOutput[] {
    const wanted = this.isEnabled && this.#joinedAtMs !== null ? this.#candidates(nowMs, true) : [];
    for (const peer of wanted) this.#redials.allowNow(peer);
    const waitingFor = new Set([...wanted, ...(this.#upgrade?.waitingFor ?? [])]);
    this.#upgrade = { waitingFor, attempted: waitingFor.size };
    return [...wanted.flatMap((peer) => this.#reach(peer, nowMs)), ...this.#endUpgrade()];
  }

  signal(frame: FrameOf<'signal'>, nowMs: number): RoomOutput[] {
    const { peer, dial, data } = frame;
    if (!this.isEnabled || peer === this.#self) return [];
    if (data === KNOCK) return this.#handleKnock(peer, nowMs);
    if (this.#links.get(dial)?.peer === peer) return [{ type: 'signal', dial, data }];
    return isOffer(data) && peer < this.#self ? this.#accept(peer, dial, data, nowMs) : [];
  }

  signalMade(dial: DialId, data: string): RoomOutput[] {
    const link = this.#links.get(dial);
    if (link === undefined || this.#joinedAtMs === null) return [];
    return [{ type: 'send', link: 'server', frame: { type: 'signal', room: this.#room, peer: link.peer, dial, data } }];
  }

  /** A link is open. An older one to the same peer has been replaced, and is closed after it, not before. */
  opened(dial: DialId, peer: PeerId, name: string, nowMs: number): RoomOutput[] {
    const link = this.#links.get(dial);
    if (link === undefined || link.peer !== peer) return [{ type: 'hang-up', dial, reason: 'unknown dial' }];
    link.opened(nowMs);
    this.#redials.succeeded(peer, nowMs);
    this.#roster.linked(peer, name);
    const older = [...this.#links.values()].filter((other) => other !== link && other.peer === peer);
    for (const other of older) this.#links.delete(other.dial);
    return [
      ...older.map((other): RoomOutput => ({ type: 'hang-up', dial: other.dial, reason: 'replaced' })),
      this.#tell(link, 'linked', 'open'),
      ...this.#resolved(peer),
    ];
  }

  closed(dial: DialId, isClean: boolean, reason: string, nowMs: number): RoomOutput[] {
    const link = this.#links.get(dial);
    if (link === undefined) return [];
    this.#links.delete(dial);
    if (!isClean || !link.isUp) this.#fail(link, nowMs);
    return this.#gone(link, reason);
  }

  /** Ends a link from here. */
  hangUp(dial: DialId, reason: string, nowMs: number): RoomOutput[] {
    const link = this.#links.get(dial);
    return link === undefined ? [] : this.#drop(link, reason, nowMs);
  }

  /** The page leaves the room. */
  leave(reason: string): RoomOutput[] {
    const links = [...this.#links.values()];
    this.#links.clear();
    this.#knocked.clear();
    return links.flatMap((link): RoomOutput[] => {
      this.#roster.unlinked(link.peer);
      const hangUp: RoomOutput = { type: 'hang-up', dial: link.dial, reason };
      if (!link.isUp) return [hangUp];
      return [{ type: 'send', link: link.dial, frame: { type: 'bye', room: this.#room, reason } }, hangUp];
    });
  }

  forgive(nowMs: number): void {
    for (const link of this.#links.values()) if (link.isUp) link.forgive(nowMs);
  }

  wake(nowMs: number): RoomOutput[] {
    const outputs: RoomOutput[] = [];
    for (const link of [...this.#links.values()]) outputs.push(...this.#wakeLink(link, nowMs));
    for (const [peer, untilMs] of this.#knocked) {
      if (nowMs < untilMs) continue;
      this.#knocked.delete(peer);
      this.#redials.failed(peer, nowMs);
      outputs.push(...this.#resolved(peer));
    }
    if (nowMs >= this.#roundAtMs()) {
      this.#nextRoundAtMs = nowMs + ROUND_EVERY_MS;
      for (const peer of this.#candidates(nowMs, false)) outputs.push(...this.#reach(peer, nowMs));
    }
    return outputs;
  }

  nextWakeMs(): number {
    let nextMs = this.#roundAtMs();
    for (const link of this.#links.values()) {
      nextMs = Math.min(nextMs, link.isUp ? link.nextWakeMs() : link.startedAtMs + DIAL_TIMEOUT_MS);
    }
    for (const untilMs of this.#knocked.values()) nextMs = Math.min(nextMs, untilMs);
    return nextMs;
  }

  get #maxPeers(): number {
    return this.#settings.maxPeers ?? this.#served?.maxPeers ?? MAX_PEERS_DEFAULT;
  }

  #wakeLink(link: PeerLinkState, nowMs: number): RoomOutput[] {
    if (!link.isUp) {
      return nowMs - link.startedAtMs >= DIAL_TIMEOUT_MS ? this.#drop(link, 'no answer within 15 s', nowMs) : [];
    }
    const { frames, isDown } = link.wake(this.#room, nowMs);
    // Without the server nothing could replace the link, so a doubtful one is better than none.
    if (isDown && this.#joinedAtMs !== null) return this.#drop(link, 'no answer to three probes', nowMs);
    return frames.map((frame) => ({ type: 'send', link: link.dial, frame }));
  }

  /** When the next automatic round is due; never while there is nothing it could do. */
  #roundAtMs(): number {
    if (this.#joinedAtMs === null || this.#settings.mesh !== 'auto' || !this.isEnabled) return Infinity;
    if (this.#roster.count > this.#maxPeers) return Infinity;
    const missing = this.#unlinked();
    if (missing.length === 0) return Infinity;
    const delayMs = this.#settings.autoUpgradeDelayMs ?? this.#served?.autoUpgradeDelayMs ?? UPGRADE_DELAY_DEFAULT_MS;
    const earliestMs = Math.min(...missing.map((peer) => this.#redials.allowedAtMs(peer)));
    return Math.max(this.#joinedAtMs + delayMs, this.#nextRoundAtMs, earliestMs);
  }

  /** Members the server can reach for us that we are neither linked to nor dialling. */
  #unlinked(): PeerId[] {
    const busy = new Set([...this.#links.values()].map((link) => link.peer));
    return this.#roster
      .others()
      .filter((peer) => this.#roster.isServed(peer) && !busy.has(peer) && !this.#knocked.has(peer));
  }

  /** Whom to dial now: at random, so that a large room does not dial the same few. */
  #candidates(nowMs: number, isAsked: boolean): PeerId[] {
    const peers = this.#unlinked().filter((peer) => isAsked || this.#redials.allowedAtMs(peer) <= nowMs);
    for (let index = peers.length - 1; index > 0; index -= 1) {
      const other = Math.floor(this.#random() * (index + 1));
      const swapped = peers[index];
      const picked = peers[other];
      if (swapped !== undefined && picked !== undefined) [peers[index], peers[other]] = [picked, swapped];
    }
    return peers.slice(0, Math.max(0, this.#freeDials()));
  }

  #freeDials(): number {
    const dialing = [...this.#links.values()].filter((link) => !link.isUp).length + this.#knocked.size;
    const links = this.#links.size + this.#knocked.size;
    return Math.min(DIALING_MAX - dialing, Math.min(LINKS_MAX, this.#maxPeers - 1) - links);
  }

  /** Dials, or asks the peer to dial when its id is the lower one (rule M1). */
  #reach(peer: PeerId, nowMs: number): RoomOutput[] {
    this.#redials.began(peer, nowMs);
    if (this.#self < peer) return this.#dial(peer, this.#newDial(), true, nowMs);
    this.#knocked.set(peer, nowMs + DIAL_TIMEOUT_MS);
    const frame = { type: 'signal', room: this.#room, peer, dial: this.#newDial(), data: KNOCK } as const;
    return [{ type: 'send', link: 'server', frame }];
  }

  #handleKnock(peer: PeerId, nowMs: number): RoomOutput[] {
    const isBusy = [...this.#links.values()].some((link) => link.peer === peer && !link.isUp);
    if (this.#self > peer || isBusy || this.#freeDials() <= 0) return [];
    // A live link would not be knocked about: the peer has lost it, so a new one is made beside ours.
    if (this.upTo(peer) !== undefined && this.#redials.allowedAtMs(peer) > nowMs) return [];
    this.#redials.began(peer, nowMs);
    return this.#dial(peer, this.#newDial(), true, nowMs);
  }

  #accept(peer: PeerId, dial: DialId, offer: string, nowMs: number): RoomOutput[] {
    this.#knocked.delete(peer);
    const stale = [...this.#links.values()].filter((link) => link.peer === peer && !link.isUp);
    for (const link of stale) this.#links.delete(link.dial);
    if (this.#links.size >= LINKS_MAX + DIALING_MAX) return this.#resolved(peer);
    return [
      ...stale.map((link): RoomOutput => ({ type: 'hang-up', dial: link.dial, reason: 'newer offer' })),
      ...this.#dial(peer, dial, false, nowMs),
      { type: 'signal', dial, data: offer },
    ];
  }

  #dial(peer: PeerId, dial: DialId, isInitiator: boolean, nowMs: number): RoomOutput[] {
    const link = new PeerLinkState({ dial, peer, isInitiator, nowMs, random: this.#random });
    this.#links.set(dial, link);
    return [
      { type: 'dial', dial, peer, isInitiator, iceServers: this.#iceServers },
      this.#tell(link, 'dialing', isInitiator ? 'dialling' : 'answering'),
    ];
  }

  #drop(link: PeerLinkState, reason: string, nowMs: number): RoomOutput[] {
    this.#links.delete(link.dial);
    this.#fail(link, nowMs);
    return [{ type: 'hang-up', dial: link.dial, reason }, ...this.#gone(link, reason)];
  }

  #fail(link: PeerLinkState, nowMs: number): void {
    this.#redials.failed(link.peer, nowMs);
    if (link.isUp) return;
    this.#failedDials.push(link.dial);
    if (this.#failedDials.length > LINKS_MAX + DIALING_MAX) this.#failedDials.shift();
  }

  #gone(link: PeerLinkState, reason: string): RoomOutput[] {
    if (this.upTo(link.peer) === undefined) this.#roster.unlinked(link.peer);
    return [this.#tell(link, link.isUp ? 'lost' : 'failed', reason), ...this.#resolved(link.peer)];
  }

  /** Closes everything when the mesh was switched off. */
  #enforce(nowMs: number): RoomOutput[] {
    if (this.isEnabled) return [];
    const outputs = [...this.#links.values()].flatMap((link) => this.#drop(link, 'mesh switched off', nowMs));
    this.#knocked.clear();
    return [...outputs, ...this.#endUpgrade()];
  }

  #resolved(peer: PeerId): RoomOutput[] {
    if (this.#upgrade?.waitingFor.delete(peer) !== true) return [];
    return this.#upgrade.waitingFor.size === 0 ? this.#endUpgrade() : [];
  }

  /** Ends an upgrade that waits for nobody (any more). */
  #endUpgrade(): RoomOutput[] {
    if (this.#upgrade === null) return [];
    const isWaiting = this.#upgrade.waitingFor.size > 0 && this.isEnabled && this.#joinedAtMs !== null;
    if (isWaiting) return [];
    const { attempted } = this.#upgrade;
    this.#upgrade = null;
    return [{ type: 'notify', event: { type: 'upgrade-ended', connected: this.up().length, attempted } }];
  }

  #tell(link: PeerLinkState, state: PeerChange['state'], reason: string): RoomOutput {
    const change = { peer: link.peer, name: this.#roster.nameOf(link.peer), state, reason };
    return { type: 'notify', event: { type: 'peer', change } };
  }

  #newDial(): DialId {
    let id = '';
    while (id.length < 12) id += DIAL_ALPHABET[Math.floor(this.#random() * DIAL_ALPHABET.length)] ?? 'A';
    return id as DialId;
  }
}

const DIAL_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** An offer opens a dial; everything else belongs to one that is already known. */
function isOffer(data: string): boolean {
  try {
    const parsed: unknown = JSON.parse(data);
    return typeof parsed === 'object' && parsed !== null && 'type' in parsed && parsed.type === 'offer';
  } catch {
    return false;
  }
}
