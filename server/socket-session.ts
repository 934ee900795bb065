// One socket: greets it, checks what it says and how much, and hands it to its rooms.

import { randomBytes } from 'node:crypto';
import type { Socket } from 'socket.io';
import { decodeFrame } from '../src/protocol/decode.js';
import type { RefusalCode } from '../src/protocol/errors.js';
import type { Frame, FrameOf, FrameType } from '../src/protocol/frames.js';
import { KNOCK } from '../src/protocol/frames.js';
import type { PeerId, RecordId, RoomKey } from '../src/protocol/ids.js';
import { authorOf, recordId } from '../src/protocol/ids.js';
import { PROTOCOL_VERSION } from '../src/protocol/limits.js';
import type { WireRecord } from '../src/protocol/record.js';
import { Account } from './account.js';
import type { SocketEnd, Tell } from './events.js';
import { BAD_TOKEN } from './gate.js';
import type { Gate } from './gate.js';
import type { Grant } from './join-tokens.js';
import { SERVER_LIMITS } from './limits.js';
import type { MeshMetrics } from './mesh-metrics.js';
import type { Refusal } from './moderation/room-moderation.js';
import type { Rates } from './rates.js';
import type { Connection, ServerRoom } from './room.js';
import { isOwn } from './record-claims.js';
import type { Rooms } from './rooms.js';
import { bufferedBytes, cut, onBytes } from './transport.js';
import type { FrameWriter } from './transport.js';
import type { Verifier } from './verifier.js';

export interface SessionContext {
  readonly verifier: Verifier;
  readonly metrics: MeshMetrics;
  readonly now: () => number;
  readonly rooms: Rooms;
  /** Shared by all sockets: nobody gets more by opening a second one. */
  readonly rates: Rates;
  readonly gate: Gate;
  readonly tell: Tell;
  readonly writer: FrameWriter;
  /** Rule J8. */
  readonly returnWithinMs: () => number;
}

export class SocketSession implements Connection {
  readonly #socket: Socket;
  readonly #context: SessionContext;
  readonly #account: Account;
  readonly network: string;
  readonly #nonce = randomBytes(24).toString('base64url');
  readonly #rooms = new Map<RoomKey, PeerId>();
  #turn: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  /** Bytes received and not yet charged. */
  #bytes = 0;
  #toldAtMs = -Infinity;
  #end: SocketEnd = 'gone';

  /** @param address see address.ts */
  constructor(socket: Socket, address: string, context: SessionContext) {
    this.#socket = socket;
    this.#account = new Account(context.rates, address);
    this.#context = context;
    this.network = address;
    context.tell({ type: 'socket-opened' });
    onBytes(socket, (bytes) => (this.#bytes += bytes));
    socket.on('error', () => this.#inTurn(() => this.#strike()));
    socket.on('disconnect', () => this.#closed());
    socket.onAny((event: unknown, ...args: unknown[]) => {
      const isFrame = event === 'frame' && args.length === 1;
      this.#inTurn(() => (isFrame ? this.#receive(args[0]) : this.#strike()));
    });
    const [timeMs, returnWithinMs] = [context.now(), context.returnWithinMs()];
    this.send({ type: 'welcome', version: PROTOCOL_VERSION, nonce: this.#nonce, timeMs, returnWithinMs });
  }

  /** Queues a frame; a socket that does not read is closed and catches up by offset when it is back. */
  send(frame: Frame): void {
    const heldBack = bufferedBytes(this.#socket);
    const isPresence = PRESENCE.has(frame.type);
    if (heldBack > SERVER_LIMITS.bufferedBytesMax) this.#cut('slow');
    else if (!isPresence || heldBack < SERVER_LIMITS.bufferedBytesForPresence)
      this.#context.writer.write(this.#socket, frame);
  }

  replaced(room: RoomKey): void {
    this.#rooms.delete(room);
    this.#context.gate.left(this, room);
  }

  shownOut(room: RoomKey, { code, words, retryAfterMs }: Refusal): void {
    this.#refuse(code, words, { room, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });
    this.#socket.disconnect(true);
  }

  /** The server goes: answers what it has been told, says when to return, and closes. */
  async drain(retryAfterMs: number): Promise<void> {
    this.send({ type: 'closing', retryAfterMs });
    this.#end = 'draining';
    await this.#turn;
    this.#socket.disconnect(true);
  }

  /** A token on this socket has expired (rule J7). */
  expired(room: RoomKey): void {
    this.#refuse(BAD_TOKEN.code, BAD_TOKEN.words, { room });
    this.#socket.disconnect(true);
  }

  /** What a socket says is handled in the order in which it was said, one at a time. */
  #inTurn(handle: () => Promise<void> | void): void {
    if (this.#waiting >= SERVER_LIMITS.framesWaitingMax) {
      this.#cut('flooding');
      return;
    }
    this.#waiting += 1;
    this.#turn = this.#turn.then(handle).then(
      () => (this.#waiting -= 1),
      // Nothing a client says may end the process; what failed here was its own frame.
      () => this.#cut('hostile'),
    );
  }

  async #receive(input: unknown): Promise<void> {
    const bytes = this.#bytes;
    this.#bytes = 0;
    const waitMs = this.#account.frame(bytes);
    if (waitMs > 0) {
      this.#excess(waitMs);
      return;
    }
    const decoded = decodeFrame(input);
    if (!decoded.ok) {
      this.#strike();
      return;
    }
    const { frame } = decoded;
    const addressWaitMs = await this.#account.bytesOfAddress(bytes);
    if (addressWaitMs > 0) this.#slowDown(frame, addressWaitMs);
    else if (frame.type === 'join') await this.#join(frame);
    else await this.#inRoom(frame);
  }

  async #join(frame: FrameOf<'join'>): Promise<void> {
    const { room: key, peer } = frame;
    const { verifier, gate } = this.#context;
    if (frame.version !== PROTOCOL_VERSION) {
      const words = `This server speaks version ${PROTOCOL_VERSION} of the protocol, the page version ${frame.version}.`;
      this.#refuse('version', words, { room: key });
      return;
    }
    const waitMs = await this.#account.join();
    if (waitMs > 0) this.#slowDown(frame, waitMs);
    else if (!(await verifier.join(key, peer, this.#nonce, frame.proof))) {
      this.#refuse('bad-proof', 'The device did not prove that it holds its key.', { room: key });
    } else {
      const authorWaitMs = await this.#account.provenJoin(authorOf(peer));
      const grant = authorWaitMs > 0 ? null : await gate.grantFor(frame);
      if (authorWaitMs > 0) this.#slowDown(frame, authorWaitMs);
      else if (grant !== null) await this.#enter(frame, grant);
      else this.#refuse(BAD_TOKEN.code, BAD_TOKEN.words, { room: key });
    }
  }

  async #enter(frame: FrameOf<'join'>, grant: Grant): Promise<void> {
    const { room: key, peer } = frame;
    const { rooms } = this.#context;
    if (!this.#socket.connected) return;
    if (this.#rooms.size >= SERVER_LIMITS.roomsPerSocketMax && !this.#rooms.has(key)) {
      this.#refuse('room-full', 'Too many rooms on one page.', { room: key });
      return;
    }
    const room = rooms.open(key);
    if (room === null || (room.size >= SERVER_LIMITS.membersPerRoomMax && !room.has(peer))) {
      this.#refuse('room-full', 'The room is full.', { room: key, retryAfterMs: 30_000 });
      return;
    }
    try {
      await room.join(frame, this, () => this.#admit(room, frame, grant));
    } finally {
      rooms.left(room);
    }
  }

  /** The room is about to take the peer in: false when the socket has gone meanwhile. */
  #admit(room: ServerRoom, { peer, name }: FrameOf<'join'>, grant: Grant): boolean {
    const { gate, tell } = this.#context;
    if (!this.#socket.connected) return false;
    const earlier = this.#rooms.get(room.key);
    if (earlier !== undefined && earlier !== peer) this.#leave(room.key, earlier);
    this.#rooms.set(room.key, peer);
    gate.admitted(this, room.key, peer, grant);
    if (!room.isHere(peer)) tell({ type: 'member-joined', room: room.key, peer, name });
    return true;
  }

  async #inRoom(frame: Frame): Promise<void> {
    const key = 'room' in frame ? frame.room : undefined;
    const peer = key === undefined ? undefined : this.#rooms.get(key);
    const room = key === undefined ? undefined : this.#context.rooms.get(key);
    if (key === undefined || peer === undefined || room === undefined) {
      this.#refuse('not-joined', 'The room was not joined on this socket.', key === undefined ? {} : { room: key });
      return;
    }
    switch (frame.type) {
      case 'records':
        await this.#publish(room, peer, frame);
        return;
      case 'want-range':
        if (room.isThisEpoch(frame.epoch)) await room.answers.range(this, frame.after);
        return;
      case 'want':
        await room.answers.byIds(this, frame.ids);
        return;
      case 'have':
        await room.answers.offered(this, frame.ids);
        return;
      case 'deliver':
        await this.#deliver(room, peer, frame);
        return;
      case 'signal':
        await this.#signal(room, peer, frame);
        return;
      case 'report':
        this.#report(room, peer, frame);
        return;
      case 'typing':
        room.typing(peer);
        return;
      case 'reached':
        if (room.isThisEpoch(frame.epoch)) room.reached(peer, frame.offset);
        return;
      case 'ping':
        this.#pong(room, frame.nonce);
        return;
      case 'complain':
        await this.#complain(room, peer, frame);
        return;
      case 'leave':
        this.#leave(key, peer);
        return;
      default:
        this.#strike();
    }
  }

  async #publish(room: ServerRoom, peer: PeerId, frame: FrameOf<'records'>): Promise<void> {
    const refusal = this.#context.gate.refusesRecords(peer, frame);
    if (refusal !== null) {
      this.#refuse(refusal.code, refusal.words, { room: room.key, ids: idsOf(frame) });
      return;
    }
    const own = frame.records.filter((record) => isOwn(peer, record)).length;
    const waitMs = await this.#account.records(authorOf(peer), room.key, own, frame.records.length - own);
    if (waitMs === 0) await room.publish(peer, this, frame);
    else this.#slowDown(frame, waitMs);
  }

  /** Of its own records: others ask for theirs, and who lacks something asks for itself (rule P3). */
  async #deliver(room: ServerRoom, peer: PeerId, frame: FrameOf<'deliver'>): Promise<void> {
    const ids = frame.ids.filter((id) => authorOf(id) === authorOf(peer));
    const waitMs = this.#account.deliveries(ids.length * frame.to.length);
    if (waitMs > 0) this.#slowDown(frame, waitMs);
    else if (ids.length > 0) await room.deliver({ ...frame, ids });
  }

  async #signal(room: ServerRoom, peer: PeerId, frame: FrameOf<'signal'>): Promise<void> {
    const { gate, metrics, tell } = this.#context;
    const waitMs = await this.#account.signal(authorOf(peer), room.key);
    if (waitMs > 0) this.#slowDown(frame, waitMs);
    else if (!gate.mayMesh(room.key, peer) || !gate.mayMesh(room.key, frame.peer) || !room.signal(peer, frame)) {
      this.#refuse('no-such-peer', 'Nobody of that id is in the room now.', { room: room.key });
    } else {
      tell({ type: 'signal-relayed' });
      if (frame.data !== KNOCK) metrics.dialled(frame.dial, room.key, peer, frame.peer);
    }
  }

  async #complain(room: ServerRoom, peer: PeerId, frame: FrameOf<'complain'>): Promise<void> {
    const waitMs = await this.#account.complaint(authorOf(peer));
    if (waitMs > 0) this.#slowDown(frame, waitMs);
    else if (await room.complain(peer, frame)) this.send({ type: 'complained', room: room.key, target: frame.target });
    else this.#refuse('not-stored', NOT_KEPT, { room: room.key, retryAfterMs: SERVER_LIMITS.notStoredWaitMs });
  }

  #pong(room: ServerRoom, nonce: number): void {
    const { now, returnWithinMs } = this.#context;
    const [timeMs, head, memberCount] = [now(), room.head(), room.size];
    this.send({ type: 'pong', room: room.key, nonce, timeMs, head, memberCount, returnWithinMs: returnWithinMs() });
  }

  #report(room: ServerRoom, peer: PeerId, frame: FrameOf<'report'>): void {
    room.report(peer, frame);
    const { rttMs } = frame.device;
    if (rttMs !== null) this.#context.tell({ type: 'server-measured', rttMs });
    for (const { rttMs } of frame.links) if (rttMs !== null) this.#context.tell({ type: 'link-measured', rttMs });
  }

  #leave(key: RoomKey, peer: PeerId): void {
    const { rooms, metrics, gate, tell } = this.#context;
    this.#rooms.delete(key);
    gate.left(this, key);
    const room = rooms.get(key);
    if (room?.leave(peer, this) !== true) return;
    tell({ type: 'member-left', room: key, peer });
    metrics.left(peer);
    rooms.left(room);
  }

  #closed(): void {
    for (const [key, peer] of [...this.#rooms]) this.#leave(key, peer);
    this.#context.tell({ type: 'socket-closed', why: this.#end });
  }

  #cut(why: SocketEnd): void {
    this.#end = why;
    cut(this.#socket);
  }

  /** Something that is no frame: counted, told once, and the socket is closed when it goes on (rule L1). */
  #strike(): void {
    if (this.#account.strike() > 0) this.#cut('hostile');
    else this.#refuse('bad-frame', 'This is no frame of the protocol.', {});
  }

  /** A frame beyond the socket's own rate is not even read. Whoever goes on is closed. */
  #excess(waitMs: number): void {
    const { tell, now } = this.#context;
    if (this.#account.excess() > 0) this.#cut('flooding');
    else if (now() - this.#toldAtMs < SERVER_LIMITS.refusedEveryMs)
      tell({ type: 'refused', code: 'rate-limited', count: 1 });
    else {
      this.#toldAtMs = now();
      this.#refuse('rate-limited', TOO_MUCH, { retryAfterMs: waitMs });
    }
  }

  #slowDown(frame: Frame, retryAfterMs: number): void {
    const room = 'room' in frame && frame.room !== undefined ? { room: frame.room } : {};
    const ids = frame.type === 'records' ? { ids: idsOf(frame) } : {};
    this.#refuse('rate-limited', TOO_MUCH, { ...room, ...ids, retryAfterMs });
  }

  #refuse(
    code: RefusalCode,
    message: string,
    about: { readonly room?: RoomKey; readonly retryAfterMs?: number; readonly ids?: RecordId[] },
  ): void {
    this.#context.tell({ type: 'refused', code, count: about.ids?.length ?? 1 });
    this.send({ type: 'refused', code, message, ...about });
  }
}

/** What a slow socket goes without: it says how things were, and is said again. */
const PRESENCE: ReadonlySet<FrameType> = new Set<FrameType>(['member-joined', 'member-left', 'typing']);
const TOO_MUCH = 'Too much at once.';
const NOT_KEPT = 'The server cannot keep the report now.';

function idsOf({ records }: FrameOf<'records'>): RecordId[] {
  return records.map(([author, session, seq]: WireRecord) => recordId(author, session, seq));
}
