// From what somebody wrote to a record on its way: numbered, signed, durable here, then shown and sent.
// Nothing is sent before it is durable on this device.

import type { AuthorId, RecordId, RoomKey, SessionId } from '../protocol/ids.js';
import { idOf } from '../protocol/record.js';
import type { RecordBody, RecordDraft, SealedBody, SignedRecord } from '../protocol/record.js';
import type { RouteDecision, RoutePreference } from './chat-view.js';
import type { ClockOffset } from './clock-offset.js';
import type { Counters } from './counters.js';
import type { HybridClock } from './hybrid-clock.js';
import type { PeerLinkState } from './peer-link-state.js';
import type { Peers } from './peers.js';
import type { Replica } from './replica.js';
import type { KeptRecord, RoomOutput } from './room-io.js';
import type { ServerReplication } from './server-replication.js';

/** Decisions remembered for the panel. */
const DECISIONS_MAX = 20;

export interface WritingParts {
  readonly room: RoomKey;
  readonly author: AuthorId;
  readonly session: SessionId;
  readonly clock: HybridClock;
  readonly offset: ClockOffset;
  readonly replica: Replica;
  readonly server: ServerReplication;
  readonly peers: () => Peers;
  readonly counters: Counters;
}

export class Writing {
  preferredRoute: RoutePreference;
  readonly #parts: WritingParts;
  /** Own records whose `save` is not complete; they are in the log only after it. */
  readonly #unsaved = new Map<RecordId, KeptRecord>();
  readonly #decisions: RouteDecision[] = [];
  #seq = 0;

  constructor(parts: WritingParts, preferredRoute: RoutePreference) {
    this.#parts = parts;
    this.preferredRoute = preferredRoute;
  }

  /** Newest first. */
  get decisions(): readonly RouteDecision[] {
    return this.#decisions;
  }

  isUnsaved(id: RecordId): boolean {
    return this.#unsaved.has(id);
  }

  /** The record's id and time are made here, once (rule R1). */
  draft(body: RecordBody, sealed: SealedBody | undefined, nowMs: number): RecordDraft {
    this.#seq += 1;
    const { room, author, session, clock, offset } = this.#parts;
    const time = clock.next(offset.correct(nowMs));
    return { room, author, session, seq: this.#seq, time, body, sealed };
  }

  signed(record: SignedRecord, nowMs: number): RoomOutput[] {
    const arrivedAtMs = this.#parts.offset.correct(nowMs);
    const kept: KeptRecord = { record, arrivedAtMs, route: 'websocket', hops: 0, offset: null, epoch: null };
    this.#unsaved.set(idOf(record), kept);
    return [{ type: 'save', kept }];
  }

  /** Durable here: now it is shown, and sent. */
  saved(id: RecordId, nowMs: number): RoomOutput[] {
    const saved = this.#unsaved.get(id);
    if (saved === undefined) return [];
    this.#unsaved.delete(id);
    const { decision, links } = this.#route(id, nowMs);
    const kept: KeptRecord = { ...saved, route: decision.route === 'p2p' ? 'p2p' : 'websocket' };
    this.#parts.replica.outbox.add(id, nowMs);
    const outputs = this.#parts.replica.takeIn(kept, { isKept: true }) ?? [];
    if (kept.record.body.kind === 'message') this.#parts.counters.sent += 1;
    this.#parts.server.covered(
      id,
      links.map((link) => link.peer),
    );
    return [
      ...outputs,
      { type: 'notify', event: { type: 'route', decision } },
      ...this.#parts.peers().push(kept, links, !this.#parts.server.isUp, nowMs),
    ];
  }

  #route(id: RecordId, nowMs: number): { readonly decision: RouteDecision; readonly links: readonly PeerLinkState[] } {
    const { server, peers } = this.#parts;
    const ways = {
      preferred: this.preferredRoute,
      isServerUp: server.isUp,
      webSocket: server.pulse.quality.read(nowMs),
    };
    const { route, links } = peers().choose(ways, nowMs);
    const decision = { id, atMs: nowMs, route: route.route, peers: links.length, reason: route.reason };
    this.#decisions.unshift(decision);
    if (this.#decisions.length > DECISIONS_MAX) this.#decisions.pop();
    return { decision, links };
  }
}
