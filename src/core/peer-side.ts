// The coordinator of a room's peer links: which links, what travels over them, what is reported of them.
// Loaded when there is somebody to link to. It decides little itself.

import type { Frame, FrameOf } from '../protocol/frames.js';
import type { DialId, PeerId, RecordId } from '../protocol/ids.js';
import { authorOf, peerOf } from '../protocol/ids.js';
import { CircuitBreaker } from './breaker.js';
import type { BreakerView, LinkView } from './chat-view.js';
import { CrowdRole } from './crowd/crowd-role.js';
import type { PendingPush } from './hedges.js';
import type { Batch } from './intake.js';
import { MeshReport } from './mesh-report.js';
import type { MeshView } from './mesh-view.js';
import { Mesh } from './mesh.js';
import { PeerArrivals } from './peer-arrivals.js';
import type { PeerLinkState } from './peer-link-state.js';
import { PeerReplication } from './peer-replication.js';
import type { CreatePeers, MeshFrame, PeerInput, PeerParts, Peers } from './peers.js';
import { qualityOf } from './quality.js';
import { groupIds } from './record-frames.js';
import type { KeptRecord, LinkId, RoomOutput, RoomSettings } from './room-io.js';
import { chooseRoute } from './routing.js';

/** Strikes counted at one time: more says nothing more. */
const STRIKES_AT_ONCE_MAX = 64;

class PeerSide implements Peers {
  readonly #parts: PeerParts;
  readonly #mesh: Mesh;
  readonly #replication: PeerReplication;
  readonly #report: MeshReport;
  readonly #crowd: CrowdRole;
  readonly #arrivals: PeerArrivals;
  readonly #breaker: CircuitBreaker;

  constructor(parts: PeerParts) {
    const { room, self, random, roster, settings, replica, server, counters } = parts;
    this.#parts = parts;
    this.#mesh = new Mesh({ room, self, random, roster, settings });
    this.#replication = new PeerReplication({ room, self, replica, mesh: this.#mesh, counters, random });
    this.#crowd = new CrowdRole({
      room,
      self,
      mesh: this.#mesh,
      counters,
      isKnown: (id) => !replica.lacks(id),
      position: () => server.position(),
    });
    const silent = (): readonly PeerId[] => this.#crowd.silentParents;
    this.#report = new MeshReport({ room, mesh: this.#mesh, counters, server: server.pulse.quality, silent });
    this.#breaker = new CircuitBreaker(random);
    this.#arrivals = new PeerArrivals(parts);
    this.#replication.leastSyncMs = settings.power?.syncEveryMs ?? 0;
    this.#report.movedTo(settings.location, 0);
  }

  get isEnabled(): boolean {
    return this.#mesh.isEnabled;
  }

  get isDialing(): boolean {
    return this.#mesh.isDialing;
  }

  get awaitingAcknowledgement(): number {
    return this.#replication.hedges.size;
  }

  up(): readonly PeerLinkState[] {
    return this.#mesh.up();
  }

  heard(dial: DialId, frame: Frame, nowMs: number): PeerId | null {
    const link = this.#mesh.link(dial);
    if (link?.isUp !== true) return null;
    this.#crowd.heard(link.peer, frame, nowMs);
    return link.peer;
  }

  views(nowMs: number): readonly LinkView[] {
    return this.#mesh.views(nowMs);
  }

  view(): MeshView {
    return this.#mesh.view();
  }

  networkBreaker(nowMs: number): BreakerView {
    return this.#breaker.view(nowMs);
  }

  configure(settings: RoomSettings, nowMs: number): RoomOutput[] {
    this.#replication.leastSyncMs = settings.power?.syncEveryMs ?? 0;
    this.#report.movedTo(settings.location, nowMs);
    return this.#mesh.configure(settings);
  }

  input(input: PeerInput, nowMs: number): RoomOutput[] {
    switch (input.type) {
      case 'paired':
        return this.#mesh.paired(input.dial, input.peer, nowMs);
      case 'peer-up':
        return this.#opened(input.dial, input.peer, input.name, nowMs);
      case 'peer-down':
        return [...this.#mesh.closed(input.dial, input.isClean, input.reason, nowMs), ...this.gone(input.dial, nowMs)];
      case 'signal-made':
        return this.#mesh.signalMade(input.dial, input.data);
      case 'transport-measured':
      case 'link-queued': {
        const link = this.#mesh.link(input.dial);
        if (link === undefined) return [];
        if (input.type === 'link-queued') link.queuedBytes = input.bytes;
        else link.transport = input.transport;
        return [];
      }
      case 'device':
        this.#report.deviceChanged(input.device, nowMs);
        return [];
      case 'upgrade':
        return this.#mesh.upgrade(nowMs);
    }
  }

  fromServer(frame: MeshFrame, nowMs: number): RoomOutput[] {
    switch (frame.type) {
      case 'joined':
        this.#mesh.joined(nowMs);
        this.#crowd.joined(nowMs);
        this.#report.joined(nowMs);
        return this.#mesh.serverSays(frame.mesh, frame.iceServers);
      case 'mesh-changed':
        return this.#mesh.serverSays(frame.mesh, frame.iceServers);
      case 'role':
        return this.#crowd.given(frame, nowMs);
      case 'signal':
        return this.#mesh.signal(frame, nowMs);
    }
  }

  fromPeer(dial: DialId, frame: Frame, nowMs: number): RoomOutput[] | null {
    const link = this.#mesh.link(dial);
    if (link?.isUp !== true) return [];
    switch (frame.type) {
      case 'records':
        return this.#arrivals.records(dial, link.peer, frame, nowMs);
      case 'placed':
        return this.#arrivals.places(dial, link.peer, frame);
      case 'ack':
        for (const _ of frame.ids) this.#breaker.record(true, nowMs);
        return this.#replication.acknowledged(link, frame, nowMs);
      case 'want':
        return this.#parts.replica.give(this.#parts.room, dial, frame.ids);
      case 'sync':
        return this.#replication.sync(link, frame);
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
        return [{ type: 'send', link: dial, frame: { type: 'pong', room: this.#parts.room, nonce: frame.nonce } }];
      case 'pong':
        link.pong(frame.nonce, nowMs);
        return [];
      default:
        return null;
    }
  }

  serverDown(): RoomOutput[] {
    this.#report.down();
    this.#crowd.serverDown();
    return this.#mesh.serverDown();
  }

  leave(reason: string): RoomOutput[] {
    return this.#mesh.leave(reason);
  }

  strike(dial: DialId, count: number, nowMs: number): RoomOutput[] {
    const link = this.#mesh.link(dial);
    if (link === undefined) return [];
    let isTooMuch = false;
    for (let strike = 0; strike < Math.min(count, STRIKES_AT_ONCE_MAX); strike += 1) {
      isTooMuch = link.strike(nowMs) || isTooMuch;
    }
    return isTooMuch ? this.#mesh.hangUp(dial, 'sent too much that is not valid', nowMs) : [];
  }

  /** What a link that is gone had not acknowledged, and what it served, comes another way. */
  gone(dial: DialId, nowMs: number): RoomOutput[] {
    this.#crowd.closed(dial);
    this.#report.soon(nowMs);
    if (this.#crowd.role === 'leaf') this.#parts.server.askSoon(nowMs);
    return this.#hedge(this.#replication.closed(dial));
  }

  forgive(nowMs: number): void {
    this.#mesh.forgive(nowMs);
    this.#replication.hedges.forgive(nowMs);
    this.#crowd.forgive();
  }

  wake(nowMs: number): RoomOutput[] {
    const late = this.#replication.hedges.takeDue(nowMs);
    for (const push of late) {
      this.#mesh.link(push.dial)?.hedged(nowMs);
      this.#breaker.record(false, nowMs);
    }
    const isServed = (dial: DialId): boolean => {
      const link = this.#mesh.link(dial);
      return this.#parts.server.isUp && link !== undefined && this.#crowd.isFamily(link);
    };
    const outputs = [
      ...this.#banned(nowMs),
      ...this.#hedge(late),
      ...this.#mesh.wake(nowMs),
      ...this.#replication.wake(nowMs, isServed),
      ...this.#crowd.wake(nowMs),
    ];
    const report = this.#report.wake(nowMs);
    if (report !== null) outputs.push({ type: 'send', link: 'server', frame: report });
    return outputs;
  }

  nextWakeMs(): number {
    return Math.min(
      this.#replication.nextWakeMs(),
      this.#mesh.nextWakeMs(),
      this.#report.nextWakeMs(),
      this.#crowd.nextWakeMs(),
    );
  }

  choose(
    { preferred, isServerUp, webSocket }: Parameters<Peers['choose']>[0],
    nowMs: number,
  ): ReturnType<Peers['choose']> {
    const up = this.#mesh.up();
    const p2p = qualityOf(
      up.map((link) => link.quality),
      nowMs,
    );
    const mayPush = isServerUp && preferred !== 'websocket' && up.length > 0 && this.#breaker.tryUse(nowMs);
    const usable = mayPush ? up.filter((link) => link.breaker.tryUse(nowMs)) : [];
    const counts = { linksUp: up.length, linksUsable: usable.length };
    const route = chooseRoute({ preferred, isServerUp, ...counts, webSocket, p2p });
    return { route, links: route.links === 'all' ? up : route.links === 'usable' ? usable : [] };
  }

  push(kept: KeptRecord, links: readonly PeerLinkState[], isCarried: boolean, nowMs: number): RoomOutput[] {
    return this.#replication.push(kept, links, isCarried, nowMs);
  }

  acknowledge(link: LinkId, ids: readonly RecordId[]): RoomOutput[] {
    return this.#replication.acknowledge(link, ids);
  }

  passOn(batch: Batch, taken: readonly KeptRecord[], nowMs: number): RoomOutput[] {
    return [...this.#replication.carry(taken, batch, nowMs), ...this.#crowd.passOn(batch, taken, nowMs)];
  }

  passReceipt(frame: FrameOf<'placed'>): RoomOutput[] {
    return this.#crowd.passReceipt(frame);
  }

  /** Nobody keeps a link to whom the organiser has banned, also while the server is down (rule O5). */
  #banned(nowMs: number): RoomOutput[] {
    const { moderation } = this.#parts.replica;
    const words = new Map(moderation.restricted(nowMs));
    const links = this.#mesh.up().filter(({ peer }) => words.get(authorOf(peer))?.level === 'ban');
    return links.flatMap(({ dial }) => this.#mesh.hangUp(dial, 'banned by the organiser', nowMs));
  }

  #opened(dial: DialId, peer: PeerId, name: string, nowMs: number): RoomOutput[] {
    const outputs = this.#mesh.opened(dial, peer, name, nowMs);
    const link = this.#mesh.link(dial);
    if (link?.isUp !== true) return outputs;
    this.#replication.opened(link, nowMs);
    this.#report.soon(nowMs);
    return [...outputs, ...this.#crowd.opened(link)];
  }

  /** Asks the server to deliver to those who have not acknowledged in time (rule P3). */
  #hedge(late: readonly PendingPush[]): RoomOutput[] {
    const { self, server, counters, room } = this.#parts;
    const own = late.filter((push) => peerOf(push.id) === self);
    if (own.length === 0 || !server.isUp) return [];
    counters.fallbacks += new Set(own.map((push) => push.id)).size;
    const peers = new Map<PeerId, RecordId[]>();
    for (const push of own) peers.set(push.peer, [...(peers.get(push.peer) ?? []), push.id]);
    return [...peers].flatMap(([peer, all]) =>
      groupIds(all).map((ids): RoomOutput => ({
        type: 'send',
        link: 'server',
        frame: { type: 'deliver', room, ids, to: [peer] },
      })),
    );
  }
}

export const createPeers: CreatePeers = (parts) => new PeerSide(parts);
