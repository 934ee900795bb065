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
  readonly #networkBreaker: CircuitBreaker;
  readonly #writing: Writing;
  readonly #arrivals: Arrivals;
  #serverState: 'starting' | 'opening' | 'joined' | 'down' = 'starting';
  #reason: StatusReason = 'starting';
  #isUnstored = false;
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
    this.#intake = new Intake(room, (id) => this.#replica.log.has(id) || this.#writing.isUnsaved(id));
    const replica = this.#replica;
    const { firstHistory } = options;
    this.#server = new ServerReplication({ room, replica, clock: this.#offset, random, firstHistory });
    const [self, mesh, counters] = [this.#self, this.#mesh, this.#counters];
    this.#peers = new PeerReplication({ room, self, replica, mesh, counters, random });
    this.#report = new MeshReport(room, this.#mesh, this.#counters);
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
    this.#arrivals = new Arrivals({ ...common, intake: this.#intake, strike });
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
      if (output.type === 'hang-up') outputs.push(...this.#hedge(this.#peers.closed(output.dial)));
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
        return [];
      case 'server-down':
        return this.#serverDown(input.reason ?? 'server-unreachable', nowMs);
      case 'peer-up':
        return this.#peerUp(input.dial, input.peer, input.name, nowMs);
      case 'peer-down':
        return [
          ...this.#mesh.closed(input.dial, input.isClean, input.reason, nowMs),
          ...this.#hedge(this.#peers.closed(input.dial)),
        ];
      case 'signal-made':
        return this.#mesh.signalMade(input.dial, input.data);
      case 'transport-measured': {
        const link = this.#mesh.link(input.dial);
        if (link !== undefined) link.transport = input.transport;
        return [];
      }
      case 'frame':
        return this.#frame(input.link, input.frame, nowMs);
      case 'bad-frame':
        return this.#strike(input.link, 1, nowMs);
      case 'verified':
        return this.#arrivals.verified(input.ticket, input.records, nowMs);
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

  #frame(from: LinkId, frame: Frame, nowMs: number): RoomOutput[] {
    if ('room' in frame && frame.room !== undefined && frame.room !== this.#room) return this.#strike(from, 1, nowMs);
    return from === 'server' ? this.#serverFrame(frame, nowMs) : this.#peerFrame(from, frame, nowMs);
  }

  #serverFrame(frame: Frame, nowMs: number): RoomOutput[] {
    switch (frame.type) {
      case 'joined': {
        this.#serverState = 'joined';
        this.#isUnstored = false;
        this.#roster.joined(frame.members, frame.memberCount);
        this.#mesh.joined(nowMs);
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
        return this.#mesh.serverSays(frame.mesh, frame.iceServers, nowMs);
      case 'records':
        return this.#arrivals.records('server', null, frame, nowMs);
      case 'placed':
        return this.#server.placed(frame.epoch, frame.places, frame.head, nowMs);
      case 'want':
        return this.#peers.give('server', frame.ids);
      case 'pong':
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
    return outputs;
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
    if (frame.code === 'not-stored') this.#isUnstored = true;
    if (this.#serverState !== 'joined') this.#reason = reasons[frame.code] ?? this.#reason;
    return this.#server.refused(frame, nowMs);
  }

  #serverDown(reason: StatusReason, nowMs: number): RoomOutput[] {
    const wasUp = this.#serverState === 'joined';
    this.#serverState = 'down';
    const isFinal = this.#reason === 'version-mismatch' || this.#reason === 'token-refused';
    if (wasUp || !isFinal) this.#reason = reason;
    this.#roster.serverGone();
    this.#server.down();
    this.#report.down();
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
  }

  #wake(nowMs: number): RoomOutput[] {
    const late = this.#peers.hedges.takeDue(nowMs);
    for (const push of late) {
      this.#mesh.link(push.dial)?.hedged(nowMs);
      this.#networkBreaker.record(false, nowMs);
    }
    const outputs = [...this.#hedge(late), ...this.#mesh.wake(nowMs), ...this.#peers.wake(nowMs)];
    const report = this.#report.wake(nowMs);
    for (const frame of [...this.#server.wake(nowMs), ...(report === null ? [] : [report])]) {
      outputs.push({ type: 'send', link: 'server', frame });
    }
    return outputs;
  }

  #currentStatus(): ChatStatus {
    return statusOf({
      server: this.#serverState,
      isMeshEnabled: this.#mesh.isEnabled,
      isDialing: this.#mesh.isDialing,
      peers: this.#mesh.up().length,
      members: this.#roster.count,
      queued: this.#replica.outbox.size,
      isUnstored: this.#isUnstored,
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
