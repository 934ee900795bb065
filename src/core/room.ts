// The coordinator of one room: hands every input to the part it concerns and returns what they ask for.
// It decides nothing itself. Pure: time comes with each input, randomness with the options.

import type { Frame } from '../protocol/frames.js';
import type { AuthorId, DialId, PeerId, RecordId, RoomKey, SessionId } from '../protocol/ids.js';
import { peerId, peerOf } from '../protocol/ids.js';
import { idOf } from '../protocol/record.js';
import { Arrivals } from './arrivals.js';
import { CircuitBreaker } from './breaker.js';
import type {
  BreakerView,
  ChatMember,
  ChatMessage,
  ChatStats,
  ChatStatus,
  ConnectionQuality,
  LinkView,
  RouteDecision,
  StatusReason,
} from './chat-view.js';
import { ClockOffset } from './clock-offset.js';
import { newCounters, statsOf } from './counters.js';
import type { PendingPush } from './hedges.js';
import { CrowdRole } from './crowd/crowd-role.js';
import { HybridClock } from './hybrid-clock.js';
import { Intake } from './intake.js';
import { MeshReport } from './mesh-report.js';
import { Mesh } from './mesh.js';
import { PeerReplication } from './peer-replication.js';
import { qualityOf } from './quality.js';
import { groupIds } from './record-frames.js';
import { Replica } from './replica.js';
import type { KeptRecord, LinkId, RoomInput, RoomOutput, RoomSettings, ServerPosition } from './room-io.js';
import { isSameStatus, statusOf } from './room-status.js';
import { Roster } from './roster.js';
import { ServerReplication } from './server-replication.js';
import { Writing } from './writing.js';

/** A wake-up this late means the device itself was suspended: nobody else is to blame for the silence. */
const SUSPENDED_AFTER_MS = 2_000;

/** Rule J6: a join without an answer for this long was made on a dead socket. */
const OPENING_MAX_MS = 5_000;

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
  readonly #mesh: Mesh;
  readonly #intake: Intake;
  readonly #server: ServerReplication;
  readonly #peers: PeerReplication;
  readonly #report: MeshReport;
  readonly #crowd: CrowdRole;
  readonly #networkBreaker: CircuitBreaker;
  readonly #writing: Writing;
  readonly #arrivals: Arrivals;
  #serverState: 'starting' | 'opening' | 'joined' | 'down' = 'starting';
  #openingUntilMs = Infinity;
  #reason: StatusReason = 'starting';
  #status: ChatStatus;
  #members: readonly ChatMember[];

  constructor(options: RoomOptions) {
    const { room, random, settings } = options;
    this.#room = room;
    this.#author = options.author;
    this.#self = peerId(options.author, options.session);
    this.#replica = new Replica(options.author);
    this.#roster = new Roster(this.#self, options.name);
    this.#mesh = new Mesh({ room, self: this.#self, random, roster: this.#roster, settings });
    this.#intake = new Intake(room, (id, signature) => this.#isKnown(id, signature));
    const replica = this.#replica;
    const { firstHistory } = options;
    const members = (): number => this.#roster.count;
    this.#server = new ServerReplication({ room, replica, clock: this.#offset, random, members, firstHistory });
    const [self, mesh, counters] = [this.#self, this.#mesh, this.#counters];
    this.#peers = new PeerReplication({ room, self, replica, mesh, counters, random });
    this.#report = new MeshReport(room, this.#mesh, this.#counters, this.#server.quality);
    this.#crowd = new CrowdRole({
      room,
      mesh,
      counters,
      isKnown: (id) => replica.log.has(id),
      position: () => this.#server.position(),
    });
    this.#networkBreaker = new CircuitBreaker(random);
    const common = {
      replica,
      server: this.#server,
      peers: this.#peers,
      clock: this.#clock,
      offset: this.#offset,
      counters,
    };
    const { author, session } = options;
    const networkBreaker = this.#networkBreaker;
    this.#writing = new Writing({ ...common, room, author, session, mesh, networkBreaker }, settings.preferredRoute);
    const strike = this.#strike.bind(this);
    this.#arrivals = new Arrivals({ ...common, crowd: this.#crowd, intake: this.#intake, strike });
    this.#status = this.#currentStatus();
    this.#members = this.#roster.members();
  }

  /**
   * Takes in what happened and returns what is to be done, in this order.
   * @param nowMs the device's clock, milliseconds since 1970
   */
  handle(input: RoomInput, nowMs: number): RoomOutput[] {
    if (nowMs - this.nextWakeMs() > SUSPENDED_AFTER_MS) this.#forgive(nowMs);
    const outputs = [...this.#dispatch(input, nowMs), ...this.#wake(nowMs)];
    for (const output of [...outputs]) {
      // Whatever ended a link, what it had not acknowledged is delivered another way.
      if (output.type === 'hang-up') outputs.push(...this.#linkGone(output.dial, nowMs));
    }
    return [...outputs, ...this.#changes()];
  }

  /** When `wake` is due, milliseconds since 1970; `Infinity` while nothing is waited for. */
  nextWakeMs(): number {
    return Math.min(
      this.#server.nextWakeMs(),
      this.#peers.nextWakeMs(),
      this.#mesh.nextWakeMs(),
      this.#report.nextWakeMs(),
      this.#crowd.nextWakeMs(),
      this.#openingUntilMs,
    );
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

  /** True when this visitor's reaction stands on the message. */
  hasReacted(id: RecordId, emoji: string): boolean {
    return this.#replica.views.hasReacted(id, emoji);
  }

  members(): readonly ChatMember[] {
    return this.#members;
  }

  status(): ChatStatus {
    return this.#status;
  }

  meshEnabled(): boolean {
    return this.#mesh.isEnabled;
  }

  quality(nowMs: number): ConnectionQuality {
    const p2p = qualityOf(
      this.#mesh.up().map((link) => link.quality),
      nowMs,
    );
    return { webSocket: this.#server.quality.read(nowMs), p2p };
  }

  links(nowMs: number): readonly LinkView[] {
    return this.#mesh.views(nowMs);
  }

  networkBreaker(nowMs: number): BreakerView {
    return this.#networkBreaker.view(nowMs);
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
      awaitingAcknowledgement: this.#peers.hedges.size,
      links: this.#mesh.up().length,
    };
  }

  #dispatch(input: RoomInput, nowMs: number): RoomOutput[] {
    switch (input.type) {
      case 'restored':
        return this.#restore(input.records, input.position, nowMs);
      case 'configure':
        this.#writing.preferredRoute = input.settings.preferredRoute;
        return this.#mesh.configure(input.settings, nowMs);
      case 'rename':
        this.#roster.rename(input.name);
        return [];
      case 'write':
        return [{ type: 'sign', draft: this.#writing.draft(input.body, nowMs) }];
      case 'signed':
        return this.#writing.signed(input.record, nowMs);
      case 'saved':
        return this.#writing.saved(input.id, nowMs);
      case 'retry':
        return this.#replica.retry(input.id, nowMs);
      case 'server-opening':
        this.#serverState = 'opening';
        this.#reason = 'joining';
        this.#openingUntilMs = nowMs + OPENING_MAX_MS;
        return [];
      case 'server-down':
        return this.#serverDown(input.reason ?? 'server-unreachable', nowMs);
      case 'peer-up':
        return this.#peerUp(input.dial, input.peer, input.name, nowMs);
      case 'peer-down':
        return [
          ...this.#mesh.closed(input.dial, input.isClean, input.reason, nowMs),
          ...this.#linkGone(input.dial, nowMs),
        ];
      case 'signal-made':
        return this.#mesh.signalMade(input.dial, input.data);
      case 'transport-measured': {
        const link = this.#mesh.link(input.dial);
        if (link !== undefined) link.transport = input.transport;
        return [];
      }
      case 'link-queued': {
        const link = this.#mesh.link(input.dial);
        if (link !== undefined) link.queuedBytes = input.bytes;
        return [];
      }
      case 'device':
        this.#report.deviceChanged(input.device, nowMs);
        return [];
      case 'frame':
        return this.#frame(input.link, input.frame, nowMs);
      case 'bad-frame':
        return this.#strike(input.link, 1, nowMs);
      case 'verified':
        return this.#arrivals.verified(input.ticket, input.records, input.isReceiptGood, nowMs);
      case 'upgrade':
        return this.#mesh.upgrade(nowMs);
      case 'leave':
        this.#serverState = 'down';
        this.#reason = 'left';
        this.#server.down();
        return this.#mesh.leave(input.reason);
      case 'wake':
        return [];
    }
  }

  #isKnown(id: RecordId, signature: string): boolean {
    if (this.#writing.isUnsaved(id)) return true;
    return this.#replica.log.has(id) && !this.#replica.log.hasOther(id, signature);
  }

  #frame(from: LinkId, frame: Frame, nowMs: number): RoomOutput[] {
    if ('room' in frame && frame.room !== undefined && frame.room !== this.#room) return this.#strike(from, 1, nowMs);
    return from === 'server' ? this.#serverFrame(frame, nowMs) : this.#peerFrame(from, frame, nowMs);
  }

  #serverFrame(frame: Frame, nowMs: number): RoomOutput[] {
    switch (frame.type) {
      case 'joined': {
        this.#serverState = 'joined';
        this.#openingUntilMs = Infinity;
        this.#roster.joined(frame.members, frame.memberCount);
        this.#mesh.joined(nowMs);
        this.#crowd.joined();
        this.#report.joined(nowMs);
        return [...this.#server.joined(frame, nowMs), ...this.#mesh.serverSays(frame.mesh, frame.iceServers, nowMs)];
      }
      case 'member-joined':
        this.#roster.memberJoined(frame.member, frame.memberCount);
        return [];
      case 'member-left':
        this.#roster.memberLeft(frame.peer, frame.memberCount);
        return [];
      case 'mesh-changed':
        return this.#mesh.serverSays(frame.mesh, null, nowMs);
      case 'records':
        return this.#arrivals.records('server', null, frame, nowMs);
      case 'placed':
        return [
          ...this.#server.placed(
            frame.epoch,
            frame.places.map(([id, offset, tag, placedAtMs]) => [id, { offset, tag, placedAtMs }]),
            frame.head,
            true,
            nowMs,
          ),
          ...this.#crowd.passReceipt(frame),
        ];
      case 'role':
        return this.#crowd.given(frame, nowMs);
      case 'want':
        return this.#peers.give('server', frame.ids);
      case 'pong':
        if (frame.memberCount !== undefined) this.#roster.counted(frame.memberCount);
        this.#server.pong(frame, nowMs);
        return [];
      case 'signal':
        return this.#mesh.signal(frame, nowMs);
      case 'refused':
        return this.#refused(frame, nowMs);
      default:
        this.#counters.rejected += 1;
        return [];
    }
  }

  #peerFrame(dial: DialId, frame: Frame, nowMs: number): RoomOutput[] {
    const link = this.#mesh.link(dial);
    if (link?.isUp !== true) return [];
    switch (frame.type) {
      case 'records':
        return this.#arrivals.records(dial, link.peer, frame, nowMs);
      case 'ack':
        for (const _ of frame.ids) this.#networkBreaker.record(true, nowMs);
        return this.#peers.acknowledged(link, frame, nowMs);
      case 'want':
        return this.#peers.give(dial, frame.ids);
      case 'sync':
        return this.#peers.sync(link, frame);
      case 'placed':
        return this.#arrivals.placesFromPeer(dial, link.peer, frame);
      case 'attach':
        this.#crowd.attached(link, frame.order);
        return [];
      case 'have':
        this.#crowd.offered(link, frame.ids, nowMs);
        return [];
      case 'neighbours':
        this.#mesh.introductions.told(link, frame);
        return [];
      case 'relay':
        return this.#mesh.relayed(link, frame, nowMs);
      case 'ping':
        return [{ type: 'send', link: dial, frame: { type: 'pong', room: this.#room, nonce: frame.nonce } }];
      case 'pong':
        link.pong(frame.nonce, nowMs);
        return [];
      default:
        return this.#strike(dial, 1, nowMs);
    }
  }

  #restore(records: readonly KeptRecord[], position: ServerPosition | null, nowMs: number): RoomOutput[] {
    if (position !== null) this.#replica.offsets.restore(position);
    const outputs: RoomOutput[] = [];
    for (const kept of records) {
      const id = idOf(kept.record);
      const isWaiting = kept.record.author === this.#author && kept.offset === null && kept.refusal === undefined;
      if (isWaiting) this.#replica.outbox.add(id, nowMs);
      this.#clock.observe(kept.record.time, this.#offset.correct(nowMs));
      outputs.push(...(this.#replica.takeIn({ ...kept, route: 'history' }, { isKept: true }) ?? []));
    }
    return outputs;
  }

  #peerUp(dial: DialId, peer: PeerId, name: string, nowMs: number): RoomOutput[] {
    const outputs = this.#mesh.opened(dial, peer, name, nowMs);
    const link = this.#mesh.link(dial);
    if (link?.isUp !== true) return outputs;
    this.#peers.opened(link, nowMs);
    this.#report.soon(nowMs);
    return [...outputs, ...this.#crowd.opened(link)];
  }

  /** Asks the server to deliver to those who have not acknowledged in time (rule P3). */
  #hedge(late: readonly PendingPush[]): RoomOutput[] {
    const own = late.filter((push) => peerOf(push.id) === this.#self);
    if (own.length === 0 || !this.#server.isUp) return [];
    this.#counters.fallbacks += new Set(own.map((push) => push.id)).size;
    const peers = new Map<PeerId, RecordId[]>();
    for (const push of own) peers.set(push.peer, [...(peers.get(push.peer) ?? []), push.id]);
    return [...peers].flatMap(([peer, all]) =>
      groupIds(all).map((ids): RoomOutput => ({
        type: 'send',
        link: 'server',
        frame: { type: 'deliver', room: this.#room, ids, to: [peer] },
      })),
    );
  }

  #refused(frame: Extract<Frame, { type: 'refused' }>, nowMs: number): RoomOutput[] {
    const reasons: Partial<Record<typeof frame.code, StatusReason>> = {
      version: 'version-mismatch',
      'bad-token': 'token-refused',
      'room-full': 'room-full',
      'rate-limited': 'rate-limited',
    };
    this.#openingUntilMs = Infinity;
    if (this.#serverState !== 'joined') this.#reason = reasons[frame.code] ?? this.#reason;
    return this.#server.refused(frame, nowMs);
  }

  #serverDown(reason: StatusReason, nowMs: number): RoomOutput[] {
    const wasUp = this.#serverState === 'joined';
    this.#serverState = 'down';
    this.#openingUntilMs = Infinity;
    const isFinal = this.#reason === 'version-mismatch' || this.#reason === 'token-refused';
    if (wasUp || !isFinal) this.#reason = reason;
    this.#roster.serverGone();
    this.#server.down();
    this.#report.down();
    this.#crowd.serverDown();
    return this.#mesh.serverDown(nowMs);
  }

  /** Something arrived that should not have: counted, and a link that does it often is closed (rule L1). */
  #strike(link: LinkId, count: number, nowMs: number): RoomOutput[] {
    this.#counters.rejected += count;
    const state = link === 'server' ? undefined : this.#mesh.link(link);
    if (state === undefined) return [];
    let isTooMuch = false;
    for (let strike = 0; strike < Math.min(count, 64); strike += 1) isTooMuch = state.strike(nowMs) || isTooMuch;
    if (!isTooMuch) return [];
    return this.#mesh.hangUp(state.dial, 'sent too much that is not valid', nowMs);
  }

  #forgive(nowMs: number): void {
    this.#mesh.forgive(nowMs);
    this.#peers.hedges.forgive(nowMs);
    this.#server.forgive();
    if (this.#openingUntilMs !== Infinity) this.#openingUntilMs = nowMs + OPENING_MAX_MS;
  }

  #wake(nowMs: number): RoomOutput[] {
    const late = this.#peers.hedges.takeDue(nowMs);
    for (const push of late) {
      this.#mesh.link(push.dial)?.hedged(nowMs);
      this.#networkBreaker.record(false, nowMs);
    }
    const outputs = [...this.#hedge(late), ...this.#mesh.wake(nowMs), ...this.#wakePeers(nowMs)];
    const report = this.#report.wake(nowMs);
    if (report !== null) outputs.push({ type: 'send', link: 'server', frame: report });
    if (nowMs >= this.#openingUntilMs) {
      this.#openingUntilMs = Infinity;
      outputs.push({ type: 'drop-server' });
    }
    return [...outputs, ...this.#server.wake(nowMs)];
  }

  #wakePeers(nowMs: number): RoomOutput[] {
    const isServed = (dial: DialId): boolean => {
      const link = this.#mesh.link(dial);
      return this.#server.isUp && link !== undefined && this.#crowd.isFamily(link);
    };
    return [...this.#peers.wake(nowMs, isServed), ...this.#crowd.wake(nowMs)];
  }

  /** What a link that is gone had not acknowledged, and what it served, comes another way. */
  #linkGone(dial: DialId, nowMs: number): RoomOutput[] {
    this.#crowd.closed(dial);
    this.#report.soon(nowMs);
    if (this.#crowd.role === 'leaf') this.#server.askSoon(nowMs);
    return this.#hedge(this.#peers.closed(dial));
  }

  #currentStatus(): ChatStatus {
    return statusOf({
      server: this.#serverState,
      isMeshEnabled: this.#mesh.isEnabled,
      isDialing: this.#mesh.isDialing,
      peers: this.#mesh.up().length,
      members: this.#roster.count,
      queued: this.#replica.outbox.size,
      reason: this.#reason,
    });
  }

  #changes(): RoomOutput[] {
    const outputs: RoomOutput[] = [];
    const members = this.#roster.members();
    if (members !== this.#members) {
      this.#members = members;
      outputs.push({ type: 'notify', event: { type: 'members' } });
    }
    const status = this.#currentStatus();
    if (!isSameStatus(status, this.#status)) {
      this.#status = status;
      outputs.push({ type: 'notify', event: { type: 'status' } });
    }
    return outputs;
  }
}
