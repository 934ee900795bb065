// Which peers to dial, keep and let go (rules M1 to M7). What travels over the links is not decided here.

import type { FrameOf, IceServer, MeshSettings } from '../protocol/frames.js';
import { KNOCK } from '../protocol/frames.js';
import { LIMITS } from '../protocol/limits.js';
import type { DialId, PeerId, RoomKey } from '../protocol/ids.js';
import type { LinkView, PeerChange, RefusedLink } from './chat-view.js';
import { DialCount } from './dial-count.js';
import { isOffer, newDial } from './dial-signals.js';
import { Dialling } from './dialling.js';
import type { LinkCounts } from './dialling.js';
import { Introductions } from './introductions.js';
import { letGoAtMs, surplusOf } from './link-surplus.js';
import { LinkTable } from './link-table.js';
import type { MeshView } from './mesh-view.js';
import { PeerLinkState } from './peer-link-state.js';
import { Redials } from './redials.js';
import type { RoomOutput, RoomSettings } from './room-io.js';
import type { Roster } from './roster.js';
import { Upgrade } from './upgrade.js';

const DIAL_TIMEOUT_MS = 15_000;

export class Mesh {
  readonly #room: RoomKey;
  readonly #self: PeerId;
  readonly #random: () => number;
  readonly #roster: Roster;
  readonly #redials: Redials;
  readonly #dialling: Dialling;
  readonly introductions: Introductions;
  readonly #links = new LinkTable();
  /** Peers asked to dial us, and until when we wait for their offer. */
  readonly #knocked = new Map<PeerId, number>();
  #iceServers: readonly IceServer[] = [];
  readonly #upgrade = new Upgrade();
  #failedDials: DialId[] = [];
  readonly dials = new DialCount();

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
    this.#redials = new Redials(options.random);
    const { room, self, roster, random, settings } = options;
    const up = (): readonly PeerLinkState[] => this.up();
    this.introductions = new Introductions({ room, self, roster, up });
    const { introductions } = this;
    this.#dialling = new Dialling({ roster, redials: this.#redials, introductions, random, settings });
  }

  get isEnabled(): boolean {
    return this.#dialling.offBy === null;
  }

  /** This device opens links by itself when it is asked to. One that saves its battery, or cannot, is not to be asked. */
  canDial(nowMs: number): boolean {
    const { mesh, power } = this.#dialling.settings;
    return this.isEnabled && mesh === 'auto' && (power?.linksMax ?? Infinity) > 1 && nowMs >= this.dials.restsUntilMs;
  }

  view(): MeshView {
    const { offBy, isSupernode } = this.#dialling;
    return { offBy, isSupernode, dials: this.dials.view(this.#iceServers) };
  }

  get isDialing(): boolean {
    return this.#knocked.size > 0 || this.#links.dialing > 0;
  }

  link(dial: DialId): PeerLinkState | undefined {
    return this.#links.get(dial);
  }

  /** Links that are up, one a peer: of two to the same peer the newer. */
  up(): readonly PeerLinkState[] {
    return this.#links.up();
  }

  upTo(peer: PeerId): PeerLinkState | undefined {
    return this.#links.upTo(peer);
  }

  views(nowMs: number): LinkView[] {
    return this.#links.all().map((link) => link.view(this.#roster.nameOf(link.peer), nowMs));
  }

  /** Dials that failed since the last call, for the report to the server. */
  takeFailedDials(): DialId[] {
    return this.#failedDials.splice(0);
  }

  configure(settings: RoomSettings): RoomOutput[] {
    this.#dialling.settings = settings;
    return this.#enforce();
  }

  /** The server's word on the mesh: with `joined`, and whenever the organiser changes it. */
  serverSays(settings: MeshSettings, iceServers: readonly IceServer[]): RoomOutput[] {
    this.#dialling.served = settings;
    this.#iceServers = iceServers;
    return this.#enforce();
  }

  joined(nowMs: number): void {
    if (this.#dialling.joinedAtMs === null) this.dials.startOver();
    this.#dialling.joinedAtMs = nowMs;
    this.introductions.serverIsThere(true);
  }

  serverDown(): RoomOutput[] {
    const wasThere = this.#dialling.joinedAtMs !== null;
    this.#dialling.joinedAtMs = null;
    this.introductions.serverIsThere(false);
    // A server that stays away is no reason to give up dials that go on without it.
    if (!wasThere) return [];
    this.#knocked.clear();
    const lost = this.#links.all().filter((link) => !link.isUp);
    return [
      ...lost.flatMap((link) => this.#end(link, 'server went away while dialling')),
      ...this.#upgrade.end(false, this.up().length),
    ];
  }

  /** The visitor asks for links now, whatever the delay and the size of the room. */
  upgrade(nowMs: number): RoomOutput[] {
    const wanted = this.isEnabled ? this.#dialling.candidates(this.#counts(), nowMs, true) : [];
    for (const peer of wanted) this.#redials.allowNow(peer);
    this.#upgrade.ask(wanted);
    return [...wanted.flatMap((peer) => this.#reach(peer, nowMs)), ...this.#endUpgrade()];
  }

  /** A signal a neighbour carried: for us, or for somebody it asks us to pass it to (rule M9). */
  relayed(link: PeerLinkState, frame: FrameOf<'relay'>, nowMs: number): RoomOutput[] {
    const { from, to, dial, data } = frame;
    if (to !== this.#self) return this.introductions.carry(link, frame, nowMs);
    return from === this.#self ? [] : this.signal({ peer: from, dial, data }, nowMs);
  }

  signal({ peer, dial, data }: Pick<FrameOf<'signal'>, 'peer' | 'dial' | 'data'>, nowMs: number): RoomOutput[] {
    if (!this.isEnabled || peer === this.#self) return [];
    if (data === KNOCK) return this.#handleKnock(peer, nowMs);
    if (this.#links.get(dial)?.peer === peer) return [{ type: 'signal', dial, data }];
    return isOffer(data) && peer < this.#self ? this.#accept(peer, dial, data, nowMs) : [];
  }

  /** A channel to the peer is open already (rule Q6): it becomes a link as the end of a dial would. */
  paired(dial: DialId, peer: PeerId, nowMs: number): RoomOutput[] {
    const isFull = this.#links.size >= this.#dialling.acceptMax;
    if (!this.isEnabled || isFull || peer === this.#self) {
      const reason: RefusedLink = 'no link is free';
      const change = { peer, name: this.#roster.nameOf(peer), state: 'failed', reason } as const;
      return [{ type: 'notify', event: { type: 'peer', change } }];
    }
    return this.#dial(peer, dial, this.#self < peer, nowMs);
  }

  signalMade(dial: DialId, data: string): RoomOutput[] {
    const link = this.#links.get(dial);
    this.dials.signalled(data);
    return link === undefined ? [] : this.#sendSignal(link.peer, dial, data);
  }

  /** A link is open. An older one to the same peer has been replaced, and is closed after it, not before. */
  opened(dial: DialId, peer: PeerId, name: string, nowMs: number): RoomOutput[] {
    const link = this.#links.get(dial);
    if (link === undefined || link.peer !== peer) return [{ type: 'hang-up', dial, reason: 'unknown dial' }];
    this.#links.opened(link, nowMs);
    this.#redials.succeeded(peer, nowMs);
    this.dials.startOver();
    this.#roster.linked(peer, name);
    const older = this.#links.to(peer).filter((other) => other !== link);
    for (const other of older) {
      this.#links.delete(other);
      this.introductions.closed(other.dial);
    }
    return [
      ...older.map((other): RoomOutput => ({ type: 'hang-up', dial: other.dial, reason: 'replaced' })),
      this.#tell(link, 'linked', 'open'),
      ...this.#resolved(peer),
    ];
  }

  closed(dial: DialId, isClean: boolean, reason: string, nowMs: number): RoomOutput[] {
    const link = this.#links.get(dial);
    if (link === undefined) return [];
    this.#links.delete(link);
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
    this.#dialling.setParents([], false, 0);
    this.#knocked.clear();
    const outputs = this.#links.clear().flatMap((link): RoomOutput[] => {
      this.#roster.unlinked(link.peer);
      const hangUp: RoomOutput = { type: 'hang-up', dial: link.dial, reason };
      if (!link.isUp) return [hangUp];
      return [{ type: 'send', link: link.dial, frame: { type: 'bye', room: this.#room, reason } }, hangUp];
    });
    return [...outputs, ...this.#upgrade.end(false, 0)];
  }

  /** The server says what this member is in a crowd (rule C1). */
  setRole(isSupernode: boolean, parents: readonly PeerId[], nowMs: number): void {
    this.#dialling.isSupernode = isSupernode;
    const hasOne = parents.some((peer) => this.upTo(peer) !== undefined);
    this.#dialling.setParents(parents, hasOne, nowMs);
  }

  forgive(nowMs: number): void {
    for (const link of this.#links.each()) if (link.isUp) link.forgive(nowMs);
  }

  wake(nowMs: number): RoomOutput[] {
    const outputs: RoomOutput[] = [];
    for (const link of this.#links.all()) outputs.push(...this.#wakeLink(link, nowMs));
    for (const [peer, untilMs] of this.#knocked) {
      if (nowMs < untilMs) continue;
      this.#knocked.delete(peer);
      this.#redials.failed(peer, nowMs);
      outputs.push(...this.#resolved(peer));
    }
    const counts = this.#counts();
    if (nowMs >= this.#roundAtMs(counts)) {
      this.#dialling.roundBegan(nowMs);
      for (const peer of this.#dialling.candidates(counts, nowMs, false)) outputs.push(...this.#reach(peer, nowMs));
    }
    return [...outputs, ...this.#letGo(nowMs), ...this.introductions.wake(nowMs)];
  }

  nextWakeMs(): number {
    let nextMs = Math.min(this.#roundAtMs(this.#counts()), this.introductions.nextWakeMs());
    nextMs = Math.min(nextMs, letGoAtMs(this.up(), this.#dialling));
    for (const link of this.#links.each()) {
      nextMs = Math.min(nextMs, link.isUp ? link.nextWakeMs() : link.startedAtMs + DIAL_TIMEOUT_MS);
    }
    for (const untilMs of this.#knocked.values()) nextMs = Math.min(nextMs, untilMs);
    return nextMs;
  }

  #roundAtMs(counts: LinkCounts): number {
    return Math.max(this.#dialling.roundAtMs(counts), this.dials.restsUntilMs);
  }

  #wakeLink(link: PeerLinkState, nowMs: number): RoomOutput[] {
    if (!link.isUp) {
      return nowMs - link.startedAtMs >= DIAL_TIMEOUT_MS ? this.#drop(link, 'no answer within 15 s', nowMs) : [];
    }
    const { frames, isDown } = link.wake(this.#room, nowMs);
    // Where nothing could replace the link, a doubtful one is better than none.
    if (isDown && this.#canReplace(link)) return this.#drop(link, 'no answer to three probes', nowMs);
    return frames.map((frame) => ({ type: 'send', link: link.dial, frame }));
  }

  /** A link may be given up for lost when the server or a neighbour can introduce the two again. */
  #canReplace(link: PeerLinkState): boolean {
    return this.#dialling.joinedAtMs !== null || this.introductions.reachable().includes(link.peer);
  }

  #sendSignal(peer: PeerId, dial: DialId, data: string): RoomOutput[] {
    if (this.#dialling.joinedAtMs !== null) {
      return [{ type: 'send', link: 'server', frame: { type: 'signal', room: this.#room, peer, dial, data } }];
    }
    const output = this.introductions.send(peer, dial, data);
    return output === null ? [] : [output];
  }

  #letGo(nowMs: number): RoomOutput[] {
    if (nowMs < letGoAtMs(this.up(), this.#dialling)) return [];
    return surplusOf(this.up(), this.#dialling).flatMap((link) => this.#part(link, 'served by others'));
  }

  /** Ends a link in good order (rule M3). */
  #part(link: PeerLinkState, reason: string): RoomOutput[] {
    const bye: RoomOutput = { type: 'send', link: link.dial, frame: { type: 'bye', room: this.#room, reason } };
    return [bye, ...this.#end(link, reason)];
  }

  #counts(): LinkCounts {
    return {
      up: this.up().length,
      dialing: this.#links.dialing + this.#knocked.size,
      isBusy: (peer) => this.#links.has(peer) || this.#knocked.has(peer),
    };
  }

  /** Dials, or asks the peer to dial when its id is the lower one (rule M1). */
  #reach(peer: PeerId, nowMs: number): RoomOutput[] {
    this.#redials.began(peer, nowMs);
    if (this.#self < peer) return this.#dial(peer, newDial(this.#random), true, nowMs);
    this.#knocked.set(peer, nowMs + DIAL_TIMEOUT_MS);
    return this.#sendSignal(peer, newDial(this.#random), KNOCK);
  }

  #handleKnock(peer: PeerId, nowMs: number): RoomOutput[] {
    const isBusy = this.#links.to(peer).some((link) => !link.isUp);
    if (this.#self > peer || isBusy || this.#links.size >= this.#dialling.acceptMax) return [];
    // A live link would not be knocked about: the peer has lost it, so a new one is made beside ours.
    if (this.upTo(peer) !== undefined && this.#redials.allowedAtMs(peer) > nowMs) return [];
    this.#redials.began(peer, nowMs);
    return this.#dial(peer, newDial(this.#random), true, nowMs);
  }

  #accept(peer: PeerId, dial: DialId, offer: string, nowMs: number): RoomOutput[] {
    this.#knocked.delete(peer);
    const stale = this.#links.to(peer).filter((link) => !link.isUp);
    for (const link of stale) this.#links.delete(link);
    if (this.#links.size >= this.#dialling.acceptMax) return this.#resolved(peer);
    return [
      ...stale.map((link): RoomOutput => ({ type: 'hang-up', dial: link.dial, reason: 'newer offer' })),
      ...this.#dial(peer, dial, false, nowMs),
      { type: 'signal', dial, data: offer },
    ];
  }

  #dial(peer: PeerId, dial: DialId, isInitiator: boolean, nowMs: number): RoomOutput[] {
    const link = new PeerLinkState({ dial, peer, isInitiator, nowMs, random: this.#random });
    this.#links.add(link);
    this.dials.began();
    return [
      { type: 'dial', dial, peer, isInitiator, iceServers: this.#iceServers },
      this.#tell(link, 'dialing', isInitiator ? 'dialling' : 'answering'),
    ];
  }

  /** Gives a link up that has failed. */
  #drop(link: PeerLinkState, reason: string, nowMs: number): RoomOutput[] {
    this.#fail(link, nowMs);
    return this.#end(link, reason);
  }

  #end(link: PeerLinkState, reason: string): RoomOutput[] {
    this.#links.delete(link);
    return [{ type: 'hang-up', dial: link.dial, reason }, ...this.#gone(link, reason)];
  }

  #fail(link: PeerLinkState, nowMs: number): void {
    this.#redials.failed(link.peer, nowMs);
    if (link.isUp) return;
    this.#failedDials.push(link.dial);
    if (this.#failedDials.length > LIMITS.linksPerReportMax) this.#failedDials.shift();
    this.dials.wentDown(this.up().length > 0, nowMs);
  }

  #gone(link: PeerLinkState, reason: string): RoomOutput[] {
    this.introductions.closed(link.dial);
    if (this.upTo(link.peer) === undefined) this.#roster.unlinked(link.peer);
    return [this.#tell(link, link.isUp ? 'lost' : 'failed', reason), ...this.#resolved(link.peer)];
  }

  /** Closes everything when the mesh was switched off. */
  #enforce(): RoomOutput[] {
    if (this.isEnabled) return [];
    const reason = 'mesh switched off';
    const outputs = this.#links
      .all()
      .flatMap((link) => (link.isUp ? this.#part(link, reason) : this.#end(link, reason)));
    this.#knocked.clear();
    return [...outputs, ...this.#endUpgrade()];
  }

  #resolved(peer: PeerId): RoomOutput[] {
    return this.#upgrade.settled(peer) ? this.#endUpgrade() : [];
  }

  #endUpgrade(): RoomOutput[] {
    return this.#upgrade.end(this.isEnabled, this.up().length);
  }

  #tell(link: PeerLinkState, state: PeerChange['state'], reason: string): RoomOutput {
    const change = { peer: link.peer, name: this.#roster.nameOf(link.peer), state, reason };
    return { type: 'notify', event: { type: 'peer', change } };
  }
}
