// The server's replica in a simulated world: the protocol's server side over a list instead of a database.
// What is in `disk` survives a crash; everything else does not. Its nodes share the disk and a bus that says
// only that there is more.

import type { Frame, FrameOf } from '../../src/protocol/frames.js';
import type { AuthorId, PeerId, RecordId, RoomKey } from '../../src/protocol/ids.js';
import { FIRST_HISTORY_RECORDS, LIMITS } from '../../src/protocol/limits.js';
import { authorOf } from '../../src/protocol/ids.js';
import type { SessionId } from '../../src/protocol/ids.js';
import { isMisplaced, fromWire, idOf } from '../../src/protocol/record.js';
import type { OrganiserBody, SignedRecord } from '../../src/protocol/record.js';
import { Crowd } from '../../src/core/crowd/crowd.js';
import { HybridClock } from '../../src/core/hybrid-clock.js';
import { Moderation, isOrganisers } from '../../src/core/moderation.js';
import type { OrganiserRecord } from '../../src/core/moderation.js';
import { groupIds, groupRecords, placeOf, placesOf, recordsFrame } from '../../src/core/record-frames.js';
import type { PlacedRecord } from '../../src/core/record-frames.js';
import { Reliance } from './reliance.js';
import { toySign, toySignPlaces, toyVerify } from './toy-signatures.js';

export interface Placed extends PlacedRecord {
  readonly id: RecordId;
}

export interface ServerDisk {
  readonly epoch: string;
  readonly serverKey: AuthorId;
  /** In the order of their offsets, which begin with 1. */
  readonly placed: Placed[];
  /** Offsets of those that are gone by the organiser's word. */
  readonly erased: Set<number>;
  /** What was refused because its author was muted. */
  readonly silenced: Set<RecordId>;
  /** What the organiser has ordered, kept apart from the records: it outlives them (rule O7). */
  readonly orders: Map<RecordId, SignedRecord & OrganiserRecord>;
}

interface Member {
  readonly name: string;
  readonly node: number;
}

export interface SimServerOptions {
  readonly room: RoomKey;
  readonly disk: ServerDisk;
  readonly now: () => number;
  readonly send: (to: PeerId, frame: Frame) => void;
  readonly toOtherNode: (run: () => void) => void;
  /** Which devices share a public address; null where it is not known. */
  readonly networkOf: (peer: PeerId) => string | null;
  readonly wakeAt: (atMs: number, run: () => void) => void;
  /** The server does what it must not. */
  readonly report?: (what: string) => void;
}

export class SimServer {
  readonly #options: SimServerOptions;
  readonly #room: RoomKey;
  readonly #disk: ServerDisk;
  readonly #byId = new Map<RecordId, Placed>();
  readonly #members = new Map<PeerId, Member>();
  readonly #owed = new Map<RecordId, Set<PeerId>>();
  readonly #crowd = new Crowd();
  readonly #moderation = new Moderation();
  readonly #clock = new HybridClock();
  readonly #session: SessionId;
  #seq = 0;
  readonly reliance = new Reliance();

  constructor(options: SimServerOptions) {
    this.#options = options;
    this.#room = options.room;
    this.#disk = options.disk;
    this.#session = String(Math.floor(options.now())).slice(-12) as SessionId;
    for (const order of options.disk.orders.values()) this.#moderation.add(order);
    for (const placed of options.disk.placed) this.#noted(placed);
    for (const id of this.#moderation.inForce(options.now())) {
      const order = options.disk.orders.get(id);
      if (order !== undefined && !this.#byId.has(id)) this.#place(id, order);
    }
  }

  get head(): number {
    return this.#disk.placed.length;
  }

  /** Everything it has not been told to forget. */
  live(): Placed[] {
    return [...this.#byId.values()];
  }

  /** The organiser speaks. Null when there is nothing of what it would speak about. */
  organise(body: OrganiserBody): SignedRecord {
    this.#seq += 1;
    const author = this.#disk.serverKey;
    const time = this.#clock.next(this.#options.now());
    const record = toySign({ room: this.#room, author, session: this.#session, seq: this.#seq, time, body });
    this.#passOn([this.#place(idOf(record), record)], null, new Set());
    return record;
  }

  left(peer: PeerId): void {
    if (!this.#members.delete(peer)) return;
    this.#crowd.left(peer, this.#options.now());
    this.reliance.forgotten(peer);
    this.#wakeCrowd();
    this.#announce(peer, { type: 'member-left', room: this.#room, peer, memberCount: this.#members.size });
  }

  /** Time has passed for the crowd; called at `nextWakeMs`. */
  #wakeCrowd(): void {
    for (const output of this.#crowd.wake(this.#options.now())) {
      if (output.type === 'catch-up') this.#page(output.to, output.after);
      else {
        this.reliance.given(output.to, output.role, output.parents);
        const parents = output.parents.map((peer) => ({ peer, name: this.#members.get(peer)?.name ?? 'gone' }));
        this.#send(output.to, { type: 'role', room: this.#room, role: output.role, parents });
      }
    }
    this.#options.wakeAt(this.#crowd.nextWakeMs(), () => this.#wakeCrowd());
  }

  /** In a room too large for it nobody is told of each other one by one (rule J4). */
  #announce(about: PeerId, frame: Frame): void {
    if (this.#members.size > LIMITS.membersPerFrameMax) return;
    for (const other of this.#members.keys()) if (other !== about) this.#send(other, frame);
  }

  handle(from: PeerId, node: number, frame: Frame): void {
    if (frame.type === 'join') {
      this.#join(from, node, frame);
      return;
    }
    if (!this.#members.has(from)) return;
    switch (frame.type) {
      case 'records':
        this.#publish(from, frame);
        return;
      case 'want-range':
        if (frame.epoch === this.#disk.epoch) this.#page(from, frame.after);
        return;
      case 'want':
        this.#push(from, this.#here(frame.ids));
        return;
      case 'have':
        this.#have(from, frame);
        return;
      case 'deliver':
        for (const peer of frame.to) this.#deliver(peer, frame.ids);
        return;
      case 'ping': {
        const { nonce } = frame;
        const timeMs = this.#options.now();
        const memberCount = this.#members.size;
        this.#send(from, { type: 'pong', room: this.#room, nonce, timeMs, head: this.head, memberCount });
        return;
      }
      case 'report':
        this.#crowd.reported(from, frame, this.#options.now());
        this.#wakeCrowd();
        return;
      case 'reached':
        if (frame.epoch !== this.#disk.epoch) return;
        this.#crowd.reached(from, frame.offset, this.#options.now());
        this.reliance.reached(from, frame.offset);
        return;
      case 'signal':
        if (this.#members.has(frame.peer) && frame.peer !== from) this.#send(frame.peer, { ...frame, peer: from });
        return;
      default:
    }
  }

  #join(peer: PeerId, node: number, frame: FrameOf<'join'>): void {
    const isNew = !this.#members.has(peer);
    this.#members.set(peer, { name: frame.name, node });
    this.reliance.forgotten(peer);
    this.#crowd.joined(peer, this.#options.networkOf(peer), this.#options.now());
    const memberCount = this.#members.size;
    this.#send(peer, {
      type: 'joined',
      room: this.#room,
      epoch: this.#disk.epoch,
      head: this.head,
      floor: 0,
      memberCount,
      members: [...this.#members]
        .slice(0, LIMITS.membersPerFrameMax)
        .map(([member, { name }]) => ({ peer: member, name })),
      mesh: { isEnabled: true, maxPeers: 5, autoUpgradeDelayMs: 1_000 },
      iceServers: [],
      serverKey: this.#disk.serverKey,
    });
    this.#wakeCrowd();
    const isSame = frame.position?.epoch === this.#disk.epoch && frame.position.offset <= this.head;
    const after = isSame ? (frame.position?.offset ?? 0) : Math.max(0, this.head - FIRST_HISTORY_RECORDS);
    if (after < this.head) this.#page(peer, after);
    const member = { peer, name: frame.name };
    if (isNew) this.#announce(peer, { type: 'member-joined', room: this.#room, member, memberCount });
  }

  #publish(from: PeerId, frame: FrameOf<'records'>): void {
    const fresh: Placed[] = [];
    const places: Placed[] = [];
    const refused: RecordId[] = [];
    const silenced: RecordId[] = [];
    const gone: RecordId[] = [];
    for (const wire of frame.records) {
      const record = fromWire(this.#room, wire);
      const id = idOf(record);
      const known = this.#byId.get(id);
      if (known !== undefined && known.record.signature !== record.signature) refused.push(id);
      if (known !== undefined) places.push(known);
      else if (!toyVerify(record) || isOrganisers(record) !== (record.author === this.#disk.serverKey)) continue;
      else if (!isOrganisers(record) && isMisplaced(record)) continue;
      else if (this.#isSilenced(record, from)) silenced.push(id);
      else if (this.#moderation.isErased(record))
        gone.push(id, ...('target' in record.body && record.body.target !== undefined ? [record.body.target] : []));
      else {
        const placed = this.#place(id, record);
        fresh.push(placed);
        places.push(placed);
      }
    }
    this.#refuse(from, 'conflict', refused);
    this.#refuse(from, 'muted', silenced);
    this.#tellRemovals(from, gone);
    for (const id of silenced) this.#disk.silenced.add(id);
    this.#sendPlaced(from, places);
    this.#passOn(fresh, from, new Set(frame.covered ?? []));
  }

  /** Rule O5: nothing from whoever is muted now, and nothing carried in that was written while its author was. */
  #isSilenced(record: SignedRecord, from: PeerId): boolean {
    const isOwn = authorOf(from) === record.author;
    if (isOwn && this.#moderation.restriction(record.author, this.#options.now()) !== null) return true;
    return this.#moderation.isSilenced(record);
  }

  #passOn(fresh: readonly Placed[], from: PeerId | null, covered: ReadonlySet<PeerId>): void {
    const node = from === null ? 0 : this.#members.get(from)?.node;
    for (const [member, { node: memberNode }] of this.#members) {
      if (member === from) continue;
      if (this.#crowd.isCovered(member)) {
        if (!this.reliance.mayRely(member, this.#options.now())) this.#options.report?.('relies on a silent supernode');
        continue;
      }
      const isSupernode = this.#crowd.isSupernode(member);
      const pass = (): void => {
        if (covered.has(member)) this.#sendPlaced(member, fresh, isSupernode);
        else this.#push(member, fresh, isSupernode);
      };
      if (memberNode === node) pass();
      else this.#options.toOtherNode(pass);
    }
    if (fresh.length > 0 && this.#crowd.hasSupernodes) {
      this.#crowd.pushed(this.head, this.#options.now());
      this.reliance.pushed(this.head, this.#options.now());
      this.#wakeCrowd();
    }
    for (const placed of fresh) {
      const owed = this.#owed.get(placed.id);
      this.#owed.delete(placed.id);
      for (const peer of owed ?? []) this.#push(peer, [placed]);
    }
  }

  #place(id: RecordId, record: SignedRecord): Placed {
    const placed = { id, record, offset: this.head + 1, storedAtMs: this.#options.now() };
    this.#disk.placed.push(placed);
    this.#noted(placed);
    return placed;
  }

  /** What it says of others holds from here on, and what it erases is gone. */
  #noted(placed: Placed): void {
    if (this.#disk.erased.has(placed.offset)) return;
    this.#byId.set(placed.id, placed);
    this.#clock.observe(placed.record.time, this.#options.now());
    if (!isOrganisers(placed.record)) return;
    this.#moderation.add(placed.record);
    this.#disk.orders.set(placed.id, placed.record);
    for (const { id, record, offset } of this.live()) {
      if (!this.#moderation.isErased(record) && !this.#moderation.isSilenced(record)) continue;
      this.#byId.delete(id);
      this.#disk.erased.add(offset);
    }
  }

  #refuse(to: PeerId, code: 'conflict' | 'muted', ids: readonly RecordId[]): void {
    for (const group of groupIds(ids)) {
      const message = 'This is not taken.';
      this.#send(to, { type: 'refused', room: this.#room, code, message, ids: group });
    }
  }

  #have(from: PeerId, frame: FrameOf<'have'>): void {
    const lacking = frame.ids.filter((id) => !this.#byId.has(id) && this.#moderation.removal(id) === undefined);
    this.#tellRemovals(from, frame.ids);
    for (const ids of groupIds(lacking)) this.#send(from, { type: 'want', room: this.#room, ids });
    this.#sendPlaced(from, this.#here(frame.ids));
  }

  /** Rule O3: what has removed these, placed again where it is gone. */
  #tellRemovals(to: PeerId, targets: readonly RecordId[]): void {
    for (const [id, order] of this.#disk.orders) {
      if (order.body.kind !== 'remove' || !targets.includes(order.body.target)) continue;
      const placed = this.#byId.get(id);
      if (placed === undefined) this.#passOn([this.#place(id, order)], null, new Set());
      else this.#push(to, [placed]);
    }
  }

  #deliver(peer: PeerId, ids: readonly RecordId[]): void {
    this.#push(peer, this.#here(ids));
    for (const id of ids) if (!this.#byId.has(id)) this.#owed.set(id, (this.#owed.get(id) ?? new Set()).add(peer));
  }

  #here(ids: readonly RecordId[]): Placed[] {
    return ids.flatMap((id) => this.#byId.get(id) ?? []);
  }

  #sendPlaced(to: PeerId, placed: readonly Placed[], isProven = false): void {
    for (let at = 0; at < placed.length; at += LIMITS.idsPerFrameMax) {
      const places = placed.slice(at, at + LIMITS.idsPerFrameMax).map(placeOf);
      const said = { epoch: this.#disk.epoch, head: this.head, places };
      this.#send(to, { type: 'placed', room: this.#room, ...said, ...this.#proof(said, isProven) });
    }
  }

  #push(to: PeerId, placed: readonly Placed[], isProven = false): void {
    for (const group of groupRecords(placed)) this.#sendRecords(to, group, undefined, isProven);
  }

  #proof(said: Parameters<typeof toySignPlaces>[2], isProven: boolean): { proof?: string } {
    return isProven ? { proof: toySignPlaces(this.#disk.serverKey, this.#room, said) } : {};
  }

  /** One page of the range above `after`. */
  #page(to: PeerId, after: number): void {
    const rows = this.#disk.placed.slice(after, after + LIMITS.recordsPerFrameMax);
    const kept = rows.filter(({ offset }) => !this.#disk.erased.has(offset));
    const [group = []] = groupRecords(kept);
    const through = group.length < kept.length ? group.at(-1)?.offset : rows.at(-1)?.offset;
    this.#sendRecords(to, group, { after, through: through ?? this.head });
  }

  #sendRecords(
    to: PeerId,
    group: readonly Placed[],
    range?: { readonly after: number; readonly through: number },
    isProven = false,
  ): void {
    const places = placesOf(group, { epoch: this.#disk.epoch, head: this.head }, range);
    const said = { epoch: this.#disk.epoch, head: this.head, places: group.map(placeOf) };
    this.#send(to, { ...recordsFrame(this.#room, group), places: { ...places, ...this.#proof(said, isProven) } });
  }

  #send(to: PeerId, frame: Frame): void {
    this.#options.send(to, frame);
  }
}
