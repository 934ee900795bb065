// The server's replica in a simulated world: the protocol's server side over a list instead of a database.
// What is in `disk` survives a crash; everything else does not.

import type { Frame, FrameOf } from '../../src/protocol/frames.js';
import type { PeerId, RecordId, RoomKey } from '../../src/protocol/ids.js';
import { LIMITS, FIRST_HISTORY_RECORDS } from '../../src/protocol/limits.js';
import { fromWire, idOf } from '../../src/protocol/record.js';
import type { SignedRecord } from '../../src/protocol/record.js';
import { groupIds, groupRecords, recordsFrame } from '../../src/core/record-frames.js';
import { toyVerify } from './toy-signatures.js';

interface Placed {
  readonly record: SignedRecord;
  readonly offset: number;
}

export class SimServer {
  readonly #room: RoomKey;
  readonly #send: (to: PeerId, frame: Frame) => void;
  readonly #now: () => number;
  disk: { epoch: string; placed: Placed[] };
  readonly #byId = new Map<RecordId, Placed>();
  readonly #members = new Map<PeerId, string>();
  readonly #owed = new Map<RecordId, Set<PeerId>>();
  rejected = 0;

  constructor(room: RoomKey, disk: SimServer['disk'], send: (to: PeerId, frame: Frame) => void, now: () => number) {
    this.#room = room;
    this.#send = send;
    this.#now = now;
    this.disk = disk;
    for (const placed of disk.placed) this.#byId.set(idOf(placed.record), placed);
  }

  get head(): number {
    return this.disk.placed.length;
  }

  left(peer: PeerId): void {
    if (!this.#members.delete(peer)) return;
    for (const other of this.#members.keys()) {
      this.#send(other, { type: 'member-left', room: this.#room, peer, memberCount: this.#members.size });
    }
  }

  handle(from: PeerId, frame: Frame): void {
    if (frame.type === 'join') {
      this.#join(from, frame);
      return;
    }
    if (!this.#members.has(from)) return;
    switch (frame.type) {
      case 'records':
        this.#publish(from, frame);
        return;
      case 'want-range':
        if (frame.epoch === this.disk.epoch) this.#page(from, frame.after);
        return;
      case 'want':
        this.#push(
          from,
          frame.ids.flatMap((id) => this.#byId.get(id) ?? []),
        );
        return;
      case 'have':
        this.#have(from, frame);
        return;
      case 'deliver':
        for (const peer of frame.to) this.#deliver(peer, frame.ids);
        return;
      case 'ping':
        this.#send(from, {
          type: 'pong',
          room: this.#room,
          nonce: frame.nonce,
          timeMs: this.#now(),
          head: this.head,
        });
        return;
      case 'signal':
        if (this.#members.has(frame.peer) && frame.peer !== from) this.#send(frame.peer, { ...frame, peer: from });
        return;
      default:
    }
  }

  #join(peer: PeerId, frame: FrameOf<'join'>): void {
    const isNew = !this.#members.has(peer);
    this.#members.set(peer, frame.name);
    const memberCount = this.#members.size;
    this.#send(peer, {
      type: 'joined',
      room: this.#room,
      epoch: this.disk.epoch,
      head: this.head,
      floor: 0,
      memberCount,
      members: [...this.#members].map(([member, name]) => ({ peer: member, name })),
      mesh: { isEnabled: true, maxPeers: 5, autoUpgradeDelayMs: 1_000 },
      iceServers: [],
    });
    const isSame = frame.position?.epoch === this.disk.epoch && frame.position.offset <= this.head;
    const after = isSame ? (frame.position?.offset ?? 0) : Math.max(0, this.head - FIRST_HISTORY_RECORDS);
    if (after < this.head) this.#page(peer, after);
    if (!isNew) return;
    for (const other of this.#members.keys()) {
      if (other === peer) continue;
      this.#send(other, { type: 'member-joined', room: this.#room, member: { peer, name: frame.name }, memberCount });
    }
  }

  #publish(from: PeerId, frame: FrameOf<'records'>): void {
    const fresh: Placed[] = [];
    const places: [RecordId, number][] = [];
    for (const wire of frame.records) {
      const record = fromWire(this.#room, wire);
      const id = idOf(record);
      const known = this.#byId.get(id);
      if (known !== undefined) places.push([id, known.offset]);
      else if (!toyVerify(record)) this.rejected += 1;
      else {
        const placed = { record, offset: this.head + 1 };
        this.disk.placed.push(placed);
        this.#byId.set(id, placed);
        fresh.push(placed);
        places.push([id, placed.offset]);
      }
    }
    this.#sendPlaced(from, places);
    const covered = new Set(frame.covered ?? []);
    for (const member of this.#members.keys()) {
      if (member === from) continue;
      if (covered.has(member))
        this.#sendPlaced(
          member,
          fresh.map((placed) => [idOf(placed.record), placed.offset]),
        );
      else this.#push(member, fresh);
    }
    for (const placed of fresh) {
      const owed = this.#owed.get(idOf(placed.record));
      this.#owed.delete(idOf(placed.record));
      for (const peer of owed ?? []) this.#push(peer, [placed]);
    }
  }

  #have(from: PeerId, frame: FrameOf<'have'>): void {
    const lacking = frame.ids.filter((id) => !this.#byId.has(id));
    const known = frame.ids.flatMap((id): [RecordId, number][] => {
      const placed = this.#byId.get(id);
      return placed === undefined ? [] : [[id, placed.offset]];
    });
    for (const ids of groupIds(lacking)) this.#send(from, { type: 'want', room: this.#room, ids });
    this.#sendPlaced(from, known);
  }

  #deliver(peer: PeerId, ids: readonly RecordId[]): void {
    const here = ids.flatMap((id) => this.#byId.get(id) ?? []);
    this.#push(peer, here);
    for (const id of ids) if (!this.#byId.has(id)) this.#owed.set(id, (this.#owed.get(id) ?? new Set()).add(peer));
  }

  #sendPlaced(to: PeerId, places: readonly [RecordId, number][]): void {
    for (let at = 0; at < places.length; at += LIMITS.idsPerFrameMax) {
      const { epoch } = this.disk;
      const page = places.slice(at, at + LIMITS.idsPerFrameMax);
      this.#send(to, { type: 'placed', room: this.#room, epoch, head: this.head, places: page });
    }
  }

  #push(to: PeerId, placed: readonly Placed[]): void {
    for (const group of groupRecords(placed)) {
      const places = { epoch: this.disk.epoch, head: this.head, offsets: group.map((item) => item.offset) };
      this.#send(to, { ...recordsFrame(this.#room, group), places });
    }
  }

  /** One page of the range above `after`. */
  #page(to: PeerId, after: number): void {
    const [group = []] = groupRecords(this.disk.placed.slice(after, after + LIMITS.recordsPerFrameMax));
    const through = group.at(-1)?.offset ?? this.head;
    const offsets = group.map((item) => item.offset);
    const places = { epoch: this.disk.epoch, head: this.head, offsets, range: { after, through } };
    this.#send(to, { ...recordsFrame(this.#room, group), places });
  }
}
