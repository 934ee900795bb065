// What this member is in a crowd: a leaf that links to its parents, or a supernode that passes on to its leaves
// what the server and its leaves give it (rules C4, C7 to C11).

import type { Frame, FrameOf, Role } from '../../protocol/frames.js';
import type { DialId, PeerId, RecordId, RoomKey } from '../../protocol/ids.js';
import { peerOf, recordId } from '../../protocol/ids.js';
import { LIMITS } from '../../protocol/limits.js';
import { idOf, toWire } from '../../protocol/record.js';
import type { Counters } from '../counters.js';
import type { Batch } from '../intake.js';
import type { Mesh } from '../mesh.js';
import { placesIn } from '../peer-arrivals.js';
import type { PeerLinkState } from '../peer-link-state.js';
import type { KeptRecord, RoomOutput, ServerPosition } from '../room-io.js';
import { CROWD } from './crowd-limits.js';
import { LazyLinks } from './lazy-links.js';
import { ParentWatch } from './parent-watch.js';
import { RelayQuota } from './relay-quota.js';

interface CrowdRoleOptions {
  readonly room: RoomKey;
  readonly self: PeerId;
  readonly mesh: Mesh;
  readonly counters: Counters;
  readonly isKnown: (id: RecordId) => boolean;
  /** Where this replica stands: what it has said `reached` for must be here. */
  readonly position: () => ServerPosition | undefined;
}

export class CrowdRole {
  readonly #room: RoomKey;
  readonly #mesh: Mesh;
  readonly #counters: Counters;
  readonly #isKnown: (id: RecordId) => boolean;
  readonly #position: () => ServerPosition | undefined;
  readonly #watch: ParentWatch;
  readonly #quota = new RelayQuota();
  readonly #lazy: LazyLinks;
  readonly #leaves = new Map<DialId, 1 | 2>();
  #role: Role = 'fan-out';
  #parents: readonly PeerId[] = [];
  #isServerUp = false;
  #reported = '';
  #reportAtMs = 0;

  constructor(options: CrowdRoleOptions) {
    this.#room = options.room;
    this.#mesh = options.mesh;
    this.#counters = options.counters;
    this.#isKnown = options.isKnown;
    this.#position = options.position;
    this.#watch = new ParentWatch(options.self);
    this.#lazy = new LazyLinks(options.room, options.isKnown);
  }

  get role(): Role {
    return this.#role;
  }

  /** Parents that do not pass on what the other one does (rule C11). */
  get silentParents(): readonly PeerId[] {
    return this.#watch.silent;
  }

  /** True for a link between parent and leaf. */
  isFamily(link: PeerLinkState): boolean {
    return this.#leaves.has(link.dial) || this.#parents.includes(link.peer);
  }

  given(frame: FrameOf<'role'>, nowMs: number): RoomOutput[] {
    this.#role = frame.role;
    this.#parents = frame.parents.map((parent) => parent.peer);
    this.#watch.startOver();
    this.#mesh.setRole(frame.role === 'supernode', this.#parents, nowMs);
    return this.#mesh.up().flatMap((link) => this.#attachTo(link));
  }

  /** On a new socket the server gives roles anew, and where it gives none there are none. Leaves stay served. */
  joined(nowMs: number): void {
    if (!this.#isServerUp) {
      this.#role = 'fan-out';
      this.#parents = [];
      this.#watch.startOver();
      this.#mesh.setRole(false, [], nowMs);
    }
    this.#isServerUp = true;
    this.#reported = '';
  }

  serverDown(): void {
    this.#isServerUp = false;
  }

  opened(link: PeerLinkState): RoomOutput[] {
    return this.#attachTo(link);
  }

  closed(dial: DialId): void {
    this.#leaves.delete(dial);
    this.#lazy.closed(dial);
  }

  /** A leaf wants to be served; a supernode takes as many as it may of each order. */
  attached(link: PeerLinkState, order: 1 | 2): void {
    const taken = [...this.#leaves.values()].filter((other) => other === order).length;
    if (this.#role === 'supernode' && taken < CROWD.leavesMax) this.#leaves.set(link.dial, order);
  }

  /** A parent says something; whether it is true is looked at elsewhere. */
  heard(peer: PeerId, frame: Frame, nowMs: number): void {
    if (!this.#parents.includes(peer)) return;
    for (const id of this.#givenIn(frame)) this.#watch.said(peer, id, nowMs);
  }

  /** This device was suspended: nobody owes it anything. */
  forgive(): void {
    this.#watch.startOver();
  }

  offered(link: PeerLinkState, ids: readonly RecordId[], nowMs: number): void {
    this.#lazy.offered(link, ids, nowMs);
  }

  /** Passes on what was verified: from the server with its receipt, from a peer with one hop more. */
  passOn(batch: Batch, taken: readonly KeptRecord[], nowMs: number): RoomOutput[] {
    // From a peer, places are there only where their receipt was good.
    if (batch.from !== null && batch.places !== undefined && this.#parents.includes(batch.from)) {
      for (const id of batch.offsets.keys()) this.#watch.placed(id, nowMs);
    }
    if (this.#leaves.size === 0 || batch.isCarried) return [];
    if (batch.from === null) return batch.frame.places?.proof === undefined ? [] : this.#passFrame(batch, taken, nowMs);
    if (batch.frame.hops === undefined) return [];
    return this.#passPushed(batch, taken, nowMs);
  }

  /** Passes a receipt on whose records the leaves have, or will have, from somewhere. */
  passReceipt(frame: FrameOf<'placed'>): RoomOutput[] {
    if (frame.proof === undefined) return [];
    return this.#leafLinks([]).map((link) => ({ type: 'send', link: link.dial, frame }));
  }

  wake(nowMs: number): RoomOutput[] {
    const outputs = [...this.#lazy.wake(nowMs), ...this.#remind(nowMs)];
    const position = this.#news();
    if (position === null || nowMs < this.#reportAtMs) return outputs;
    this.#reported = keyOf(position);
    this.#reportAtMs = nowMs + CROWD.reachedEveryMs;
    const frame: Frame = { type: 'reached', room: this.#room, ...position };
    return [...outputs, { type: 'send', link: 'server', frame }];
  }

  nextWakeMs(): number {
    return Math.min(
      this.#lazy.nextWakeMs(),
      this.#watch.nextWakeMs(),
      this.#news() === null ? Infinity : this.#reportAtMs,
    );
  }

  /** A position the server does not know yet. */
  #news(): ServerPosition | null {
    if (this.#role !== 'supernode' || !this.#isServerUp) return null;
    const position = this.#position();
    return position === undefined || keyOf(position) === this.#reported ? null : position;
  }

  #givenIn(frame: Frame): RecordId[] {
    if (frame.type === 'have') return [...frame.ids];
    if (frame.type === 'records') return frame.records.map(([author, session, seq]) => recordId(author, session, seq));
    if (frame.type === 'placed') return frame.places.map(([id]) => id).filter(this.#isKnown);
    return [];
  }

  /** Asks parents that seem to have forgotten this leaf to serve it. */
  #remind(nowMs: number): RoomOutput[] {
    const linked = this.#parents.flatMap((peer) => this.#mesh.upTo(peer) ?? []);
    const longUp = linked.filter(({ upAtMs }) => upAtMs !== null && nowMs - upAtMs > CROWD.passPatienceMs);
    const silentBefore = this.silentParents.length;
    const reminded = this.#watch.wake(
      longUp.map(({ peer }) => peer),
      nowMs,
    );
    this.#counters.silentParents += this.silentParents.length - silentBefore;
    return longUp.filter(({ peer }) => reminded.includes(peer)).flatMap((link) => this.#attachTo(link));
  }

  #attachTo(link: PeerLinkState): RoomOutput[] {
    const index = this.#parents.indexOf(link.peer);
    if (index === -1) return [];
    const frame: Frame = { type: 'attach', room: this.#room, order: index === 0 ? 1 : 2 };
    return [{ type: 'send', link: link.dial, frame }];
  }

  /** A frame of the server's as it is, one hop further; where nothing in it was new, its receipt alone. */
  #passFrame(batch: Batch, taken: readonly KeptRecord[], nowMs: number): RoomOutput[] {
    const { frame, offsets } = batch;
    const { places } = frame;
    if (places?.proof === undefined) return [];
    const ids = [...offsets.keys()];
    if (taken.length === 0) {
      const { epoch, head, proof } = places;
      // All that the proof is of, erased here or not.
      return this.passReceipt({ type: 'placed', room: this.#room, epoch, head, places: placesIn(frame), proof });
    }
    const { range: _, ...receipt } = places;
    const relayed: Frame = { ...frame, places: receipt, hops: frame.records.map(() => 1) };
    const authors = ids.map(peerOf);
    return this.#send(relayed, ids, new Set(authors.length === 1 ? authors : []), nowMs);
  }

  #passPushed(batch: Batch, taken: readonly KeptRecord[], nowMs: number): RoomOutput[] {
    return taken.flatMap((kept) => {
      const id = idOf(kept.record);
      const hops = (batch.hops.get(id) ?? 0) + 1;
      if (hops > LIMITS.hopsMax || !this.#quota.spend(kept.record.author, nowMs)) return [];
      const served = new Set([...batch.covered, ...(batch.from === null ? [] : [batch.from]), peerOf(id)]);
      const frame: Frame = { type: 'records', room: this.#room, records: [toWire(kept.record)] as never, hops: [hops] };
      return this.#send(frame, [id], served, nowMs);
    });
  }

  #send(frame: Frame, ids: readonly RecordId[], served: ReadonlySet<PeerId>, nowMs: number): RoomOutput[] {
    const outputs: RoomOutput[] = [];
    for (const link of this.#leafLinks([...served])) {
      const isLazy = this.#lazy.isLazy(link, ids.length, nowMs) && this.#leaves.get(link.dial) === 2;
      if (isLazy) this.#lazy.offer(link, ids, nowMs);
      else outputs.push({ type: 'send', link: link.dial, frame });
    }
    if (outputs.length > 0) this.#counters.relayed += ids.length;
    return outputs;
  }

  #leafLinks(served: readonly PeerId[]): PeerLinkState[] {
    return this.#mesh.up().filter((link) => this.#leaves.has(link.dial) && !served.includes(link.peer));
  }
}

function keyOf({ epoch, offset }: ServerPosition): string {
  return `${epoch} ${String(offset)}`;
}
