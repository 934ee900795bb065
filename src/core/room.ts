// The coordinator of one room: hands every input to the part it concerns and returns what they ask for.
// It decides nothing itself. Pure: time comes with each input, randomness with the options.

import type { Frame } from '../protocol/frames.js';
import type { AuthorId, DialId, PeerId, RecordId, RoomKey, SessionId } from '../protocol/ids.js';
import { authorOf, peerId } from '../protocol/ids.js';
import { idOf } from '../protocol/record.js';
import { Arrivals } from './arrivals.js';
import type { Beside, CreateBeside } from './beside.js';
import type {
  BreakerView,
  ChatMember,
  ChatMessage,
  ChatStats,
  ChatStatus,
  ChatTyping,
  ConnectionQuality,
  LinkView,
  ModerationView,
  RouteDecision,
  StatusReason,
} from './chat-view.js';
import { ClockOffset } from './clock-offset.js';
import { newCounters, statsOf } from './counters.js';
import { HybridClock } from './hybrid-clock.js';
import { Intake } from './intake.js';
import type { MeshView } from './mesh-view.js';
import { isOrganisers } from './moderation.js';
import { NOBODY, UNMODERATED } from './nothing-yet.js';
import { AbsentPeers } from './peers.js';
import type { CreatePeers, Peers } from './peers.js';
import { qualityOf } from './quality.js';
import { Replica } from './replica.js';
import type { KeptRecord, LinkId, RoomInput, RoomOutput, RoomSettings, ServerPosition } from './room-io.js';
import { RoomChanges } from './room-changes.js';
import { statusOf } from './room-status.js';
import { Roster } from './roster.js';
import { ServerDoor } from './server-door.js';
import { serverFrame } from './server-frames.js';
import type { ServerFrameParts } from './server-frames.js';
import { ServerReplication } from './server-replication.js';
import { Writing } from './writing.js';

/** A wake-up this late means the device itself was suspended: nobody else is to blame for the silence. */
const SUSPENDED_AFTER_MS = 2_000;

export interface RoomSizes {
  readonly records: number;
  /** Own records the server has not placed. */
  readonly outbox: number;
  /** Others' records that no server is known to hold. */
  readonly foreign: number;
  /** Pushes to peers that have not been acknowledged. */
  readonly awaitingAcknowledgement: number;
  readonly links: number;
}

export interface RoomOptions {
  readonly room: RoomKey;
  readonly author: AuthorId;
  readonly session: SessionId;
  readonly name: string;
  readonly settings: RoomSettings;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** The part with the peer links, when it is loaded already. Default: asked for by `load-peers` when it is needed. */
  readonly peers?: CreatePeers;
  /** What is beside the messages, when it is loaded already. Default: it comes by `beside-loaded`. */
  readonly beside?: CreateBeside;
  /** Records asked for at first sight. Default `FIRST_HISTORY_RECORDS`. */
  readonly firstHistory?: number;
}

export class Room {
  readonly #room: RoomKey;
  readonly #author: AuthorId;
  readonly #self: PeerId;
  readonly #counters = newCounters();
  readonly #clock = new HybridClock();
  readonly #offset = new ClockOffset();
  readonly #replica: Replica;
  readonly #roster: Roster;
  readonly #server: ServerReplication;
  #beside: Beside | null = null;
  readonly #random: () => number;
  readonly #writing: Writing;
  readonly #arrivals: Arrivals;
  readonly #intake: Intake;
  #peers: Peers;
  /** Stands in for the peers until they are loaded; null from then on. */
  #absent: AbsentPeers | null;
  #isLoadingPeers = false;
  #settings: RoomSettings;
  readonly #door = new ServerDoor();
  readonly #frames: ServerFrameParts;
  readonly #changes: RoomChanges;

  constructor(options: RoomOptions) {
    const { room, random, settings, author, session, firstHistory } = options;
    this.#room = room;
    this.#author = author;
    this.#self = peerId(author, session);
    this.#random = random;
    this.#settings = settings;
    this.#replica = new Replica(author, room);
    this.#roster = new Roster(this.#self, options.name, this.#replica.views.trusted);
    const [replica, clock, offset, counters] = [this.#replica, this.#clock, this.#offset, this.#counters];
    const members = (): number => this.#roster.count;
    this.#server = new ServerReplication({ room, replica, clock: offset, random, members, firstHistory });
    this.#server.pulse.leastPingMs = settings.power?.syncEveryMs ?? 0;
    this.#absent = new AbsentPeers(settings);
    this.#peers = this.#absent;
    const common = {
      replica,
      server: this.#server,
      peers: () => this.#peers,
      beside: () => this.#beside,
      clock,
      offset,
      counters,
    };
    this.#writing = new Writing({ ...common, room, author, session }, settings.preferredRoute);
    this.#intake = new Intake(room, replica, (id) => this.#writing.isUnsaved(id));
    this.#arrivals = new Arrivals({ ...common, intake: this.#intake, strike: this.#strike.bind(this) });
    const [roster, door, arrivals] = [this.#roster, this.#door, this.#arrivals];
    this.#frames = { ...common, room, door, roster, arrivals };
    this.#changes = new RoomChanges(roster.members(), NOBODY, this.#currentStatus());
    if (options.beside !== undefined) this.#besideLoaded(options.beside);
    if (options.peers !== undefined) this.#attach(options.peers);
  }

  /**
   * Takes in what happened and returns what is to be done, in this order.
   * @param nowMs the device's clock, milliseconds since 1970
   */
  handle(input: RoomInput, nowMs: number): RoomOutput[] {
    if (nowMs - this.nextWakeMs() > SUSPENDED_AFTER_MS) this.#forgive(nowMs);
    const outputs = [...this.#dispatch(input, nowMs), ...this.#wake(nowMs)];
    for (const output of [...outputs]) {
      if (output.type === 'notify' && output.event.type === 'message-added') {
        this.#beside?.typing.arrived(authorOf(output.event.id));
      }
      // Whatever ended a link, what it had not acknowledged is delivered another way.
      if (output.type === 'hang-up') outputs.push(...this.#peers.gone(output.dial, nowMs));
    }
    return [...outputs, ...this.#changes.look(this.#roster.members(), this.typing(), this.#currentStatus())];
  }

  /** When `wake` is due, milliseconds since 1970; `Infinity` while nothing is waited for. */
  nextWakeMs(): number {
    const parts = [this.#door, this.#server, this.#peers];
    return Math.min(this.#beside?.nextWakeMs() ?? Infinity, ...parts.map((part) => part.nextWakeMs()));
  }

  /** What a `join` says of this replica. */
  joinPosition(): ServerPosition | undefined {
    return this.#server.position();
  }

  /** Oldest first; the same array until something changes. */
  messages(): readonly ChatMessage[] {
    return this.#replica.views.list();
  }

  message(id: RecordId): ChatMessage | undefined {
    return this.#replica.views.get(id);
  }

  /** What the organiser has ordered, as far as it concerns this device. */
  moderation(nowMs: number): ModerationView {
    return this.#beside?.moderation(this.#door.ban, nowMs) ?? UNMODERATED;
  }

  /** True when this visitor's reaction stands on the message. */
  hasReacted(id: RecordId, emoji: string): boolean {
    return this.#replica.views.hasReacted(id, emoji);
  }

  members(): readonly ChatMember[] {
    return this.#changes.members;
  }

  typing(): ChatTyping {
    return this.#beside?.typing.view ?? NOBODY;
  }

  status(): ChatStatus {
    return this.#changes.status;
  }

  meshEnabled(): boolean {
    return this.#peers.isEnabled;
  }

  quality(nowMs: number): ConnectionQuality {
    const p2p = qualityOf(
      this.#peers.up().map((link) => link.quality),
      nowMs,
    );
    return { webSocket: this.#server.pulse.quality.read(nowMs), p2p };
  }

  links(nowMs: number): readonly LinkView[] {
    return this.#peers.views(nowMs);
  }

  mesh(): MeshView {
    return this.#peers.view();
  }

  networkBreaker(nowMs: number): BreakerView {
    return this.#peers.networkBreaker(nowMs);
  }

  /** Newest first. */
  decisions(): readonly RouteDecision[] {
    return this.#writing.decisions;
  }

  stats(): ChatStats {
    return statsOf(this.#counters);
  }

  /** Server's clock minus the device's, milliseconds; null until measured. */
  clockOffsetMs(): number | null {
    return this.#offset.offsetMs;
  }

  /** How much this replica holds, for whoever watches its memory. */
  sizes(): RoomSizes {
    return {
      records: this.#replica.log.size,
      outbox: this.#replica.outbox.size,
      foreign: this.#replica.foreign.size,
      awaitingAcknowledgement: this.#peers.awaitingAcknowledgement,
      links: this.#peers.up().length,
    };
  }

  #dispatch(input: RoomInput, nowMs: number): RoomOutput[] {
    switch (input.type) {
      case 'restored':
        return this.#restore(input.records, input.position, nowMs);
      case 'configure':
        this.#settings = input.settings;
        this.#writing.preferredRoute = input.settings.preferredRoute;
        this.#server.pulse.leastPingMs = input.settings.power?.syncEveryMs ?? 0;
        return this.#peers.configure(input.settings, nowMs);
      case 'rename':
        this.#roster.rename(input.name);
        return [];
      case 'write':
        return [{ type: 'sign', draft: this.#writing.draft(input.body, input.sealed, nowMs) }];
      case 'signed':
        return this.#writing.signed(input.record, nowMs);
      case 'saved':
        this.#beside?.typing.sent();
        return this.#writing.saved(input.id, nowMs);
      case 'crew':
        return input.change(this.#replica, this.#roster);
      case 'retry':
        return this.#replica.retry(input.id, nowMs);
      case 'discard':
        return this.#replica.discard(input.id);
      case 'trust':
        return this.#trust(input.authors);
      case 'typed':
        return this.#typed(nowMs);
      case 'read-back':
        this.#beside?.earlier.ask(nowMs);
        return [];
      case 'server-opening':
        this.#door.opening(nowMs);
        return [];
      case 'server-down':
        return this.#serverDown(input.reason ?? 'server-unreachable');
      case 'paired':
      case 'peer-up':
      case 'peer-down':
      case 'signal-made':
      case 'transport-measured':
      case 'link-queued':
      case 'device':
      case 'upgrade':
        return this.#peers.input(input, nowMs);
      case 'beside-loaded':
        this.#besideLoaded(input.create);
        // A page looks anew.
        return [{ type: 'notify', event: { type: 'status' } }];
      case 'peers-loaded':
        return this.#attach(input.create);
      case 'frame':
        return this.#frame(input.link, input.frame, nowMs);
      case 'bad-frame':
        return this.#strike(input.link, 1, nowMs);
      case 'verified':
        return this.#arrivals.verified(input.ticket, input.records, input.isReceiptGood, nowMs);
      case 'leave':
        this.#door.left();
        this.#server.down();
        this.#beside?.earlier.down();
        return this.#peers.leave(input.reason);
      case 'wake':
        return [];
    }
  }

  #frame(from: LinkId, frame: Frame, nowMs: number): RoomOutput[] {
    if ('room' in frame && frame.room !== undefined && frame.room !== this.#room) return this.#strike(from, 1, nowMs);
    return from === 'server' ? serverFrame(this.#frames, frame, nowMs) : this.#peerFrame(from, frame, nowMs);
  }

  #peerFrame(dial: DialId, frame: Frame, nowMs: number): RoomOutput[] {
    const peer = this.#peers.heard(dial, frame, nowMs);
    if (peer === null) return [];
    if (frame.type === 'typing') {
      this.#beside?.typing.heard(peer, nowMs);
      return [];
    }
    return this.#peers.fromPeer(dial, frame, nowMs) ?? this.#strike(dial, 1, nowMs);
  }

  /** Rules W1 and W3. */
  #typed(nowMs: number): RoomOutput[] {
    const frame = this.#beside?.typing.wrote(nowMs) ?? null;
    if (frame === null) return [];
    const links: readonly LinkId[] = this.#server.isUp ? ['server'] : this.#peers.up().map(({ dial }) => dial);
    return links.map((link) => ({ type: 'send', link, frame }));
  }

  #restore(records: readonly KeptRecord[], position: ServerPosition | null, nowMs: number): RoomOutput[] {
    if (position !== null) this.#replica.offsets.restore(position);
    const outputs: RoomOutput[] = [];
    for (const kept of records) {
      const id = idOf(kept.record);
      const isWaiting = kept.record.author === this.#author && kept.offset === null && kept.refusal === undefined;
      if (isWaiting) this.#replica.outbox.add(id, nowMs);
      this.#clock.observe(kept.record.time, this.#offset.correct(nowMs));
      // It was taken in when the key was known.
      if (isOrganisers(kept.record)) this.#replica.moderation.organiser ??= kept.record.author;
      outputs.push(...(this.#replica.takeIn({ ...kept, route: 'history' }, { isKept: true }) ?? []));
    }
    return outputs;
  }

  #trust(authors: readonly AuthorId[]): RoomOutput[] {
    this.#roster.changed();
    return this.#replica.views
      .trust(authors)
      .map((id): RoomOutput => ({ type: 'notify', event: { type: 'message-changed', id } }));
  }

  /** What was said of it before is gone but for what the server keeps: who writes is said again. */
  #besideLoaded(create: CreateBeside): void {
    const door = this.#door;
    const [room, author, roster] = [this.#room, this.#author, this.#roster];
    this.#beside = create({ room, author, roster, replica: this.#replica, offset: this.#offset });
    if (door.state === 'joined') this.#beside.earlier.joined(door.floor);
  }

  /** The part with the links is there: it learns what happened before. */
  #attach(create: CreatePeers): RoomOutput[] {
    if (this.#absent === null) return [];
    const absent = this.#absent;
    this.#absent = null;
    this.#peers = create({
      room: this.#room,
      self: this.#self,
      random: this.#random,
      settings: this.#settings,
      roster: this.#roster,
      replica: this.#replica,
      server: this.#server,
      counters: this.#counters,
      arrivals: this.#arrivals,
      intake: this.#intake,
    });
    return absent.handOver(this.#peers);
  }

  #serverDown(reason: StatusReason): RoomOutput[] {
    this.#door.down(reason);
    this.#roster.serverGone();
    this.#server.down();
    this.#beside?.earlier.down();
    return this.#peers.serverDown();
  }

  /** Something arrived that should not have: counted, and a link that does it often is closed (rule L1). */
  #strike(link: LinkId, count: number, nowMs: number): RoomOutput[] {
    this.#counters.rejected += count;
    return link === 'server' ? [] : this.#peers.strike(link, count, nowMs);
  }

  #forgive(nowMs: number): void {
    this.#peers.forgive(nowMs);
    this.#server.forgive();
    this.#door.forgive(nowMs);
  }

  #wake(nowMs: number): RoomOutput[] {
    const outputs = [...this.#peers.wake(nowMs)];
    if (!this.#isLoadingPeers && this.#absent?.isNeeded(this.#roster.count) === true) {
      this.#isLoadingPeers = true;
      outputs.push({ type: 'load-peers' });
    }
    if (this.#door.wake(nowMs)) outputs.push({ type: 'drop-server' });
    for (const frame of this.#beside?.wake(nowMs) ?? []) outputs.push({ type: 'send', link: 'server', frame });
    return [...outputs, ...this.#server.wake(nowMs)];
  }

  #currentStatus(): ChatStatus {
    return statusOf({
      server: this.#door.state,
      isMeshEnabled: this.#peers.isEnabled,
      isDialing: this.#peers.isDialing,
      peers: this.#peers.up().length,
      members: this.#roster.count,
      queued: this.#replica.outbox.size,
      history: this.#beside?.earlier.state ?? 'unknown',
      isUnstored: this.#door.isUnstored,
      isHeld: this.#replica.outbox.isHeld,
      reason: this.#door.reason,
    });
  }
}
