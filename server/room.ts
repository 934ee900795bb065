// One room on this node: coordinates who is in it, what is stored, and what is passed on (rules J3, J4, S1 to S5,
// S12, S13, P3, M8). Callers have checked who is speaking and how much.

import type { RefusalCode } from '../src/protocol/errors.js';
import type { Frame, FrameOf, IceServer, Member, MeshSettings } from '../src/protocol/frames.js';
import type { AuthorId, PeerId, RecordId, RoomKey } from '../src/protocol/ids.js';
import { authorOf } from '../src/protocol/ids.js';
import { LIMITS } from '../src/protocol/limits.js';
import { idOf, writerOf } from '../src/protocol/record.js';
import type { OrganiserBody } from '../src/protocol/record.js';
import type { MeshMetrics } from './mesh-metrics.js';
import type { ModerationBook } from './moderation/book.js';
import { RoomModeration, refusalOf } from './moderation/room-moderation.js';
import type { Refusal } from './moderation/room-moderation.js';
import { photosIn, retractedIn } from './photos/photos-in.js';
import type { PhotoQuota } from './photos/photo-quota.js';
import { RoomOrganiser } from './moderation/room-organiser.js';
import type { WordFilter } from './moderation/word-filter.js';
import type { Nodes, RoomLine } from './nodes/nodes.js';
import { OwedDeliveries } from './owed-deliveries.js';
import { RoomAnswers } from './room-answers.js';
import { RoomFeed } from './room-feed.js';
import type { Cover } from './room-feed.js';
import { RoomCrowd } from './room-crowd.js';
import { hearersOf } from './room-hearers.js';
import type { Hearing } from './room-hearers.js';
import type { Sign } from './room-frames.js';
import { RoomMembers } from './room-members.js';
import type { Connection } from './room-members.js';
import { RoomPublishing } from './room-publishing.js';
import { RoomVoice } from './room-voice.js';
import type { ServerKey } from './server-key.js';
import type { PlacedRecord, RoomMarks, Store } from './store/store.js';
import { Typing } from './typing.js';
import type { Verifier } from './verifier.js';

export type { Connection };

export interface RoomContext {
  readonly store: Store;
  readonly nodes: Nodes;
  readonly verifier: Verifier;
  readonly metrics: MeshMetrics;
  readonly now: () => number;
  /** What the organiser ordered, over restarts. */
  readonly book: ModerationBook;
  readonly filter: WordFilter;
  readonly photoQuota: PhotoQuota;
  /** The messages of these photos stand no more. */
  readonly erasePhotos: (room: RoomKey, records: readonly RecordId[]) => void;
  /** Under which receipts and orders are signed. */
  readonly key: () => ServerKey;
  readonly meshFor: (room: RoomKey, peer: PeerId) => MeshSettings;
  readonly iceServersFor: (room: RoomKey, peer: PeerId) => IceServer[];
  /** Counts records that were refused, by the code of the refusal. */
  readonly refused: (code: RefusalCode, count: number) => void;
  /** Told of what was stored, and how long it took. */
  readonly stored: (records: number, tookMs: number) => void;
  /** A member has joined at another node since; nobody may be left here. */
  readonly movedAway: (room: ServerRoom, peer: PeerId) => void;
  /** Told after each attempt to store: what was wrong, or null. */
  readonly storing: (problem: Error | null) => void;
}

export class ServerRoom {
  readonly key: RoomKey;
  readonly #context: RoomContext;
  readonly #line: RoomLine;
  readonly #members: RoomMembers;
  readonly #feed: RoomFeed;
  readonly #voice: RoomVoice;
  readonly #crowd: RoomCrowd;
  readonly #hearing: Hearing;
  readonly #typing: Typing;
  readonly #publishing: RoomPublishing;
  readonly moderation: RoomModeration;
  /** What members ask for: ranges, single records. */
  readonly answers: RoomAnswers;
  readonly #organiser: RoomOrganiser;
  readonly #ready: Promise<void>;
  /** Members who are about to join: the room stays open for them. */
  #expected = 0;
  #floor = 0;

  constructor(key: RoomKey, context: RoomContext) {
    const { store, nodes, metrics, verifier, refused, stored, storing } = context;
    this.key = key;
    this.#context = context;
    this.#feed = new RoomFeed({ room: key, store, passOn: (items, cover) => this.#passOn(items, cover) });
    this.#line = nodes.line(key, {
      joinedElsewhere: (member) => this.#members.tellJoined(member),
      leftElsewhere: (peer) => {
        metrics.left(peer);
        this.#typing.forget(peer);
        this.#members.tellLeft(peer);
      },
      movedAway: (peer) => {
        this.#members.movedAway(peer);
        this.#crowd.left(peer);
        context.movedAway(this, peer);
      },
      reached: (news) => this.#feed.reached(news),
      signalled: (to, frame) => this.#members.connection(to)?.send(frame),
      toDeliver: (frame) => void this.answers.deliver(frame),
      reportedElsewhere: (peer, frame) => metrics.reported(peer, frame, false),
      typingElsewhere: (peer) => void this.#typing.said(peer),
    });
    this.#members = new RoomMembers(key, this.#line, () => void this.#tellNames());
    this.#typing = new Typing(key, this.#members, context.now);
    const { members, feed } = { members: this.#members, feed: this.#feed };
    const sign: Sign = (said) => context.key().signPlaces(key, said);
    this.#voice = new RoomVoice({ room: key, store, members, head: () => feed.head, sign, refused });
    this.#crowd = new RoomCrowd({
      ...{ room: key, members, now: context.now },
      catchUp: (connection, after) => void this.answers.range(connection, after),
    });
    const owed = new OwedDeliveries();
    this.#hearing = { members, owed, crowd: this.#crowd };
    const { photoQuota, filter } = context;
    this.moderation = new RoomModeration({ room: key, key: context.key, now: context.now, filter, photoQuota });
    const { moderation } = this;
    this.#publishing = new RoomPublishing({
      ...{ room: key, store, verifier, stored, storing, moderation },
      ...{ voice: this.#voice, feed: this.#feed, line: this.#line },
      gone: (connection, ids) => void this.answers.removals(connection, ids),
      passOnUnstored: (records, cover) => {
        const { hearers, supernodes } = hearersOf(this.#hearing, records.map(idOf), cover);
        this.#voice.unplaced([...hearers, ...supernodes], records);
      },
    });
    this.#organiser = new RoomOrganiser({
      ...{ room: key, store, book: context.book, moderation, now: context.now, failed: context.storing },
      publish: (records) => this.#publishing.ordered(records),
      erased: (records) => context.erasePhotos(key, photosIn(records)),
      showOut: (author, refusal) => {
        for (const [peer, connection] of [...members.here()])
          if (authorOf(peer) === author) connection.shownOut(key, refusal);
      },
    });
    this.answers = new RoomAnswers({
      ...{ room: key, store, members, feed, owed, moderation },
      ...{ voice: this.#voice, publishing: this.#publishing, organiser: this.#organiser },
    });
    this.#ready = this.#open();
  }

  /** Members at all nodes. */
  get size(): number {
    return this.#members.count;
  }

  /** True when the peer is a member at any node. */
  has(peer: PeerId): boolean {
    return this.isHere(peer) || this.#members.isElsewhere(peer);
  }

  /** The same, once the members at other nodes are known. */
  async knows(peer: PeerId): Promise<boolean> {
    this.#expected += 1;
    await this.#ready;
    this.#expected -= 1;
    return this.has(peer);
  }

  /** True when the peer is a member on a socket of this node. */
  isHere(peer: PeerId): boolean {
    return this.#members.connection(peer) !== undefined;
  }

  /** Members at all nodes, those of this one first. */
  members(): readonly Member[] {
    return this.#members.list();
  }

  /** Nobody is on a socket of this node, or about to be, and nothing is being said. */
  get isIdle(): boolean {
    return this.#members.hereCount === 0 && this.#expected === 0;
  }

  /** Tabs of one device that are members on sockets of this node. */
  sessionsOf(author: AuthorId): number {
    return [...this.#members.here()].filter(([peer]) => authorOf(peer) === author).length;
  }

  /** Records were dropped by their age or number; what holds is stored again (rule O7). */
  async retained(): Promise<void> {
    await this.#ready;
    await this.#organiser.standAgain().catch(this.#context.storing);
  }

  /** The organiser speaks here; resolves when it is stored. @throws {Error} when it could not be */
  async organise(body: OrganiserBody): Promise<RecordId> {
    this.#expected += 1;
    try {
      await this.#ready;
      return await this.#organiser.say(body);
    } finally {
      this.#expected -= 1;
    }
  }

  /** A visitor complains of a message that is here (rule O8). False when that cannot be kept now. */
  async complain(peer: PeerId, { target, reason }: FrameOf<'complain'>): Promise<boolean> {
    const { store, book, storing } = this.#context;
    try {
      const [known] = await store.byIds(this.key, [target]);
      if (known === undefined) return !this.#publishing.unstored.has(target);
      await book.report(this.key, target, reason, authorOf(peer));
      return true;
    } catch (error) {
      storing(error as Error);
      return false;
    }
  }

  /** @param admit asked when everything is known: false when the socket has gone meanwhile */
  async join(frame: FrameOf<'join'>, connection: Connection, admit: () => boolean): Promise<void> {
    const { peer, name, position } = frame;
    this.#expected += 1;
    try {
      await this.#ready;
      await this.#organiser.open();
      const marks = await this.#marks(position);
      const restriction = await this.#organiser.restriction(authorOf(peer));
      if (restriction?.level === 'ban') {
        connection.shownOut(this.key, refusalOf(restriction, this.#context.now()));
        return;
      }
      if (!admit()) return;
      const isRename = this.#members.connection(peer) === connection;
      this.#members.join({ peer, name }, connection);
      connection.send(this.#joined(peer, marks));
      if (isRename) return;
      this.#crowd.joined(peer, connection.network);
      await this.answers.catchUp(connection, position, marks);
    } finally {
      this.#expected -= 1;
    }
  }

  leave(peer: PeerId, connection: Connection): boolean {
    this.#voice.forget(peer);
    this.#typing.forget(peer);
    if (!this.#members.leave(peer, connection)) return false;
    this.#crowd.left(peer);
    return true;
  }

  /** Tells everybody what the mesh may do now, and with which servers. */
  meshChanged(): void {
    const { meshFor, iceServersFor } = this.#context;
    for (const [peer, connection] of this.#members.here()) {
      const [mesh, iceServers] = [meshFor(this.key, peer), iceServersFor(this.key, peer)];
      connection.send({ type: 'mesh-changed', room: this.key, mesh, iceServers });
    }
  }

  /** The store is another one than before: everybody joins anew (rule S13). */
  async epochChanged(): Promise<void> {
    const marks = await this.#marks(undefined);
    this.#feed.start(marks.head);
    for (const [peer, connection] of this.#members.here()) {
      connection.send(this.#joined(peer, marks));
      void this.answers.catchUp(connection, undefined, marks);
    }
  }

  /** Records of a member, to be verified, stored and passed on, in this order (rule S1). */
  async publish(from: PeerId, connection: Connection, frame: FrameOf<'records'>): Promise<void> {
    await this.#organiser.open(frame.records);
    await this.#publishing.publish(from, connection, frame);
  }

  /** Records, or an offer of some, of somebody who is no member (rule S15). Resolves with what a member would have been told. */
  async handIn(from: PeerId, frame: FrameOf<'records' | 'have'>): Promise<Frame[] | Refusal> {
    this.#expected += 1;
    try {
      await this.#ready;
      await this.#organiser.open(frame.type === 'records' ? frame.records : []);
      const restriction = await this.#organiser.restriction(authorOf(from));
      if (restriction?.level === 'ban') return refusalOf(restriction, this.#context.now());
      const told: Frame[] = [];
      const listener = {
        send(answer: Frame) {
          if (answer.type !== 'records') told.push(answer);
        },
      };
      if (frame.type === 'have') await this.answers.offered(listener, frame.ids);
      else await this.#publishing.publish(from, listener, frame);
      return told;
    } finally {
      this.#expected -= 1;
    }
  }

  /** A member is writing (rule W2). */
  typing(peer: PeerId): void {
    if (this.#typing.said(peer)) this.#line.typing(peer);
  }

  async deliver(frame: FrameOf<'deliver'>): Promise<void> {
    const elsewhere = frame.to.filter((peer) => this.#members.isElsewhere(peer));
    if (elsewhere.length > 0) this.#line.deliver({ ...frame, to: elsewhere });
    await this.answers.deliver(frame);
  }

  /** True when the target is a member; the sender's own id goes with it (rule M8). */
  signal(from: PeerId, frame: FrameOf<'signal'>): boolean {
    const { peer: to } = frame;
    if (to === from) return false;
    const signal = { ...frame, peer: from };
    const here = this.#members.connection(to);
    if (here !== undefined) here.send(signal);
    else if (this.#members.isElsewhere(to)) this.#line.signal(to, signal);
    else return false;
    return true;
  }

  /** What a member says of its links, for the figures of all nodes. */
  report(peer: PeerId, frame: FrameOf<'report'>): void {
    this.#context.metrics.reported(peer, frame);
    this.#crowd.reported(peer, frame);
    this.#line.report(peer, frame);
  }

  /** A supernode holds everything up to this offset (rule C8). */
  reached(peer: PeerId, offset: number): void {
    this.#crowd.reached(peer, offset);
  }

  head(): number {
    return this.#feed.head;
  }

  isThisEpoch(epoch: string): boolean {
    return this.#context.store.epoch === epoch;
  }

  /** The server is about to close the sockets of all members. */
  leaveRoles(): void {
    this.#crowd.leaveRoles();
  }

  close(): void {
    this.#voice.close();
    this.#typing.close();
    this.#crowd.close();
    this.#members.close();
    this.#feed.close();
    // Nobody here hears any more when they leave.
    for (const { peer } of this.members()) this.#context.metrics.left(peer);
    this.#line.close();
  }

  async #open(): Promise<void> {
    await this.#line.ready;
    // Before the orders are read: one that is given at another node meanwhile is heard.
    try {
      const { head, floor } = await this.#context.store.marks(this.key);
      this.#floor = floor;
      this.#feed.start(head);
    } catch {
      // The store is away: the feed starts with the first news.
    }
    await this.#organiser.open();
  }

  /** Where the store stands; while it is away, no further than somebody has been told already. */
  async #marks(position: FrameOf<'join'>['position']): Promise<RoomMarks> {
    try {
      const marks = await this.#context.store.marks(this.key);
      this.#floor = marks.floor;
      this.#feed.reached({ head: marks.head, count: 0, covered: [] });
      return marks;
    } catch {
      const told = position !== undefined && this.isThisEpoch(position.epoch) ? position.offset : 0;
      return { head: Math.max(this.#feed.head, told), floor: this.#floor };
    }
  }

  /** Those of a crowd knew a sample of its names (rule J4). */
  async #tellNames(): Promise<void> {
    const marks = await this.#marks(undefined);
    for (const [peer, connection] of this.#members.here()) connection.send(this.#joined(peer, marks));
  }

  #joined(peer: PeerId, { head, floor }: RoomMarks): FrameOf<'joined'> {
    const { store, meshFor, iceServersFor, photoQuota } = this.#context;
    const { bytesMax, perHour } = photoQuota.rules;
    return {
      type: 'joined',
      room: this.key,
      epoch: store.epoch,
      head,
      floor,
      members: this.#members.list(LIMITS.membersPerFrameMax),
      memberCount: this.#members.count,
      mesh: meshFor(this.key, peer),
      iceServers: iceServersFor(this.key, peer),
      serverKey: this.#context.key().publicKey,
      ...(perHour === 0 ? {} : { photoBytesMax: bytesMax }),
    };
  }

  #passOn(items: readonly PlacedRecord[], cover: Cover): void {
    const ids = items.map((item) => idOf(item.record));
    for (const { record } of items) this.#typing.forget(writerOf(record));
    this.#publishing.unstored.stored(ids);
    this.#organiser.heard(items.map((item) => item.record));
    this.#context.erasePhotos(this.key, retractedIn(items));
    const { hearers, coveredPeers, supernodes, coveredSupernodes } = hearersOf(this.#hearing, ids, cover);
    this.#voice.records(hearers, items);
    for (const peer of coveredPeers) this.#voice.placesLater(peer, items);
    this.#voice.recordsToPassOn(supernodes, items);
    this.#voice.placesToPassOn(coveredSupernodes, items);
    this.#crowd.pushed(items.at(-1)?.offset ?? 0);
  }
}
