// One room on this server: who is in it, and how their replicas are kept equal with the store's
// (rules J3, J4, S1 to S5, P3, M8). Callers have checked who is speaking and how much.

import type { RefusalCode } from '../src/protocol/errors.js';
import type { Frame, FrameOf, IceServer, Member, MeshSettings } from '../src/protocol/frames.js';
import type { PeerId, RecordId, RoomKey } from '../src/protocol/ids.js';
import { authorOf } from '../src/protocol/ids.js';
import { FIRST_HISTORY_RECORDS, LIMITS } from '../src/protocol/limits.js';
import { groupIds, groupRecords, recordsFrame } from '../src/core/record-frames.js';
import { fromWire, idOf } from '../src/protocol/record.js';
import type { SignedRecord } from '../src/protocol/record.js';
import { recordBytes } from '../src/protocol/canonical.js';
import { SERVER_LIMITS } from './limits.js';
import { Presence } from './presence.js';
import type { PlacedRecord, Store } from './store/store.js';
import type { Verifier } from './verifier.js';

/** A socket as a room sees it. */
export interface Connection {
  send(frame: Frame): void;
  /** The same peer has come back on another socket. */
  replaced(room: RoomKey): void;
}

interface RoomMember {
  readonly name: string;
  readonly connection: Connection;
}

export interface RoomContext {
  readonly store: Store;
  readonly verifier: Verifier;
  readonly now: () => number;
  readonly meshFor: (peer: PeerId) => MeshSettings;
  readonly iceServersFor: (peer: PeerId) => IceServer[];
  /** Counts records that were refused, by the code of the refusal. */
  readonly refused: (code: RefusalCode, count: number) => void;
  /** Told of what was stored, and how long it took. */
  readonly stored: (records: number, tookMs: number) => void;
}

export class ServerRoom {
  readonly key: RoomKey;
  readonly #context: RoomContext;
  readonly #members = new Map<PeerId, RoomMember>();
  /** Deliveries asked for before their records came (rule P3). */
  readonly #owed = new Map<RecordId, Set<PeerId>>();
  /** Places for covered members, gathered for one frame. */
  readonly #placed = new Map<PeerId, (readonly [RecordId, number])[]>();
  #placedTimer: NodeJS.Timeout | null = null;
  readonly #presence = new Presence(this.#members);

  constructor(key: RoomKey, context: RoomContext) {
    this.key = key;
    this.#context = context;
  }

  get size(): number {
    return this.#members.size;
  }

  has(peer: PeerId): boolean {
    return this.#members.has(peer);
  }

  join(frame: FrameOf<'join'>, connection: Connection): void {
    const { peer, name } = frame;
    const before = this.#members.get(peer);
    if (before !== undefined && before.connection !== connection) before.connection.replaced(this.key);
    this.#members.set(peer, { name, connection });
    const memberCount = this.#members.size;
    connection.send({ type: 'joined', ...this.#welcome(peer), memberCount });
    const isRename = before?.connection === connection;
    if (!isRename) this.#catchUp(peer, frame.position);
    if (before?.name === name) return;
    this.#presence.changed({ type: 'member-joined', room: this.key, member: { peer, name }, memberCount });
  }

  leave(peer: PeerId, connection: Connection): boolean {
    if (this.#members.get(peer)?.connection !== connection) return false;
    this.#members.delete(peer);
    this.#placed.delete(peer);
    this.#presence.changed({ type: 'member-left', room: this.key, peer, memberCount: this.#members.size });
    return true;
  }

  /** Tells everybody what the mesh may do now, and with which servers. */
  meshChanged(): void {
    const { meshFor, iceServersFor } = this.#context;
    for (const [peer, { connection }] of this.#members) {
      const [mesh, iceServers] = [meshFor(peer), iceServersFor(peer)];
      connection.send({ type: 'mesh-changed', room: this.key, mesh, iceServers });
    }
  }

  /** Who is here, in the order of their arrival. */
  members(): readonly Member[] {
    return [...this.#members].map(([peer, { name }]) => ({ peer, name }));
  }

  /** Records of a member, to be verified, stored and passed on, in this order (rule S1). */
  async publish(from: PeerId, connection: Connection, frame: FrameOf<'records'>): Promise<void> {
    const { store } = this.#context;
    const records = frame.records.map((wire) => fromWire(this.key, wire));
    const known = store.byIds(this.key, records.map(idOf));
    const knownById = new Map(known.map((placed) => [idOf(placed.record), placed]));
    const conflicting = records.filter((record) => isOther(knownById.get(idOf(record))?.record, record));
    if (conflicting.length > 0)
      this.#refuse(connection, 'conflict', 'Another record already has this id.', conflicting);
    this.#sendPlaces(
      connection,
      known.map((placed) => [idOf(placed.record), placed.offset] as const),
    );

    const fresh = records.filter((record) => !knownById.has(idOf(record)));
    const verdicts = await Promise.all(fresh.map((record) => this.#context.verifier.record(record)));
    const forged = fresh.filter((_, index) => verdicts[index] !== true);
    if (forged.length > 0) {
      this.#refuse(connection, 'bad-record', 'This message is not signed by its author for this room.', forged);
    }
    const good = fresh.filter((_, index) => verdicts[index] === true);
    if (good.length === 0) return;
    const headBefore = store.head(this.key);
    let placed: PlacedRecord[];
    const startedAtMs = performance.now();
    try {
      placed = await store.append(this.key, good);
    } catch {
      const words = 'The server could not write to its disk. It will be sent again.';
      this.#refuse(connection, 'not-stored', words, good, 5_000);
      return;
    }
    this.#context.stored(good.length, performance.now() - startedAtMs);
    this.#sendPlaces(
      connection,
      placed.map((item) => [idOf(item.record), item.offset] as const),
    );
    // What another socket stored while this one was being verified has been passed on already.
    this.#passOn(
      from,
      placed.filter((item) => item.offset > headBefore),
      new Set(frame.covered ?? []),
    );
  }

  /** The next page above an offset (rule S4). */
  sendRange(connection: Connection, after: number): void {
    const { store } = this.#context;
    const head = store.head(this.key);
    const from = Math.min(after, head);
    const rows = store.range(this.key, from, LIMITS.recordsPerFrameMax);
    const [page = []] = groupRecords(rows);
    const through = page.length === rows.length && rows.length < LIMITS.recordsPerFrameMax ? head : page.at(-1)?.offset;
    const range = { after: from, through: through ?? head };
    this.#sendRecords(connection, page, range);
  }

  sendByIds(connection: Connection, ids: readonly RecordId[]): void {
    const groups = groupRecords(this.#context.store.byIds(this.key, ids));
    for (const group of groups.slice(0, LIMITS.answerFramesMax)) this.#sendRecords(connection, group);
  }

  /** Asks for those of the offered records that are lacking; places the others (rule S7). */
  offered(connection: Connection, ids: readonly RecordId[]): void {
    const known = this.#context.store.byIds(this.key, ids);
    const knownIds = new Set(known.map((placed) => idOf(placed.record)));
    const lacking = ids.filter((id) => !knownIds.has(id));
    for (const group of groupIds(lacking)) connection.send({ type: 'want', room: this.key, ids: group });
    this.#sendPlaces(
      connection,
      known.map((placed) => [idOf(placed.record), placed.offset] as const),
    );
  }

  deliver(frame: FrameOf<'deliver'>): void {
    const here = new Set(this.#context.store.byIds(this.key, frame.ids).map((placed) => idOf(placed.record)));
    for (const peer of frame.to) {
      const member = this.#members.get(peer);
      if (member === undefined) continue;
      this.sendByIds(member.connection, [...here]);
      for (const id of frame.ids) if (!here.has(id)) this.#owe(id, peer);
    }
  }

  /** True when the target is here; the sender's own id goes with it (rule M8). */
  signal(from: PeerId, frame: FrameOf<'signal'>): boolean {
    const target = this.#members.get(frame.peer);
    if (target === undefined || frame.peer === from) return false;
    target.connection.send({ ...frame, peer: from });
    return true;
  }

  head(): number {
    return this.#context.store.head(this.key);
  }

  isThisEpoch(epoch: string): boolean {
    return this.#context.store.epoch === epoch;
  }

  close(): void {
    if (this.#placedTimer !== null) clearTimeout(this.#placedTimer);
    this.#placedTimer = null;
    this.#presence.close();
  }

  #welcome(peer: PeerId) {
    const { store, meshFor, iceServersFor } = this.#context;
    const members: { peer: PeerId; name: string }[] = [];
    for (const [id, { name }] of this.#members) {
      if (members.length >= LIMITS.membersPerFrameMax) break;
      members.push({ peer: id, name });
    }
    return {
      room: this.key,
      epoch: store.epoch,
      head: store.head(this.key),
      floor: store.floor(this.key),
      members,
      mesh: meshFor(peer),
      iceServers: iceServersFor(peer),
    };
  }

  #catchUp(peer: PeerId, position: FrameOf<'join'>['position']): void {
    const connection = this.#members.get(peer)?.connection;
    if (connection === undefined) return;
    const head = this.head();
    const isKnown = position !== undefined && this.isThisEpoch(position.epoch) && position.offset <= head;
    const after = isKnown ? position.offset : Math.max(0, head - FIRST_HISTORY_RECORDS);
    if (after < head) this.sendRange(connection, after);
  }

  #passOn(from: PeerId, placed: readonly PlacedRecord[], covered: ReadonlySet<PeerId>): void {
    const owed = new Set(placed.flatMap((item) => [...this.#takeOwed(idOf(item.record))]));
    // Made once: a frame that goes to many sockets is encoded once.
    const frames = groupRecords(placed).map((group) => this.#recordsFrame(group));
    for (const [peer, { connection }] of this.#members) {
      if (peer === from) continue;
      if (covered.has(peer) && !owed.has(peer)) this.#placeLater(peer, placed);
      else for (const frame of frames) connection.send(frame);
    }
  }

  #owe(id: RecordId, peer: PeerId): void {
    this.#owed.set(id, (this.#owed.get(id) ?? new Set<PeerId>()).add(peer));
    if (this.#owed.size <= SERVER_LIMITS.owedMax) return;
    for (const oldest of this.#owed.keys()) {
      this.#owed.delete(oldest);
      break;
    }
  }

  #takeOwed(id: RecordId): ReadonlySet<PeerId> {
    const peers = this.#owed.get(id) ?? new Set<PeerId>();
    this.#owed.delete(id);
    return peers;
  }

  #placeLater(peer: PeerId, placed: readonly PlacedRecord[]): void {
    const waiting = this.#placed.get(peer) ?? [];
    waiting.push(...placed.map((item) => [idOf(item.record), item.offset] as const));
    this.#placed.set(peer, waiting);
    this.#placedTimer ??= setTimeout(() => this.#flushPlaced(), SERVER_LIMITS.placedEveryMs);
  }

  #flushPlaced(): void {
    this.#placedTimer = null;
    for (const [peer, places] of this.#placed) {
      const connection = this.#members.get(peer)?.connection;
      if (connection !== undefined) this.#sendPlaces(connection, places);
    }
    this.#placed.clear();
  }

  #sendPlaces(connection: Connection, places: readonly (readonly [RecordId, number])[]): void {
    const { epoch } = this.#context.store;
    for (let at = 0; at < places.length; at += LIMITS.idsPerFrameMax) {
      const page = places.slice(at, at + LIMITS.idsPerFrameMax).map(([id, offset]): [RecordId, number] => [id, offset]);
      connection.send({ type: 'placed', room: this.key, epoch, head: this.head(), places: page });
    }
  }

  #sendRecords(
    connection: Connection,
    page: readonly PlacedRecord[],
    range?: { readonly after: number; readonly through: number },
  ): void {
    connection.send(this.#recordsFrame(page, range));
  }

  #recordsFrame(page: readonly PlacedRecord[], range?: { readonly after: number; readonly through: number }): Frame {
    const places = {
      epoch: this.#context.store.epoch,
      head: this.head(),
      offsets: page.map((item) => item.offset),
      ...(range === undefined ? {} : { range }),
    };
    return { ...recordsFrame(this.key, page), places };
  }

  #refuse(
    connection: Connection,
    code: 'conflict' | 'bad-record' | 'not-stored',
    message: string,
    records: readonly SignedRecord[],
    retryAfterMs?: number,
  ): void {
    this.#context.refused(code, records.length);
    const ids = records.map(idOf);
    connection.send({
      type: 'refused',
      room: this.key,
      code,
      message,
      ids,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });
  }
}

/** True when the id is taken by a record that says something else (rule R7). */
function isOther(known: SignedRecord | undefined, record: SignedRecord): boolean {
  if (known === undefined) return false;
  return Buffer.compare(Buffer.from(recordBytes(known)), Buffer.from(recordBytes(record))) !== 0;
}

/** True when the author of a record is the member who hands it in, in the session that wrote it. */
export function isOwn(peer: PeerId, record: { readonly 0: string; readonly 1: string }): boolean {
  return authorOf(peer) === record[0] && peer.endsWith(`.${record[1]}`);
}
