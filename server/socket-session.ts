// One socket: greets it, checks what it says and how much, and hands it to its rooms.

import { randomBytes } from 'node:crypto';
import type { Socket } from 'socket.io';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { decodeFrame } from '../src/protocol/decode.js';
import type { RefusalCode } from '../src/protocol/errors.js';
import type { Frame, FrameOf } from '../src/protocol/frames.js';
import { KNOCK } from '../src/protocol/frames.js';
import type { PeerId, RecordId, RoomKey } from '../src/protocol/ids.js';
import { recordId } from '../src/protocol/ids.js';
import { PROTOCOL_VERSION } from '../src/protocol/limits.js';
import type { WireRecord } from '../src/protocol/record.js';
import { SERVER_LIMITS } from './limits.js';
import type { MeshMetrics } from './mesh-metrics.js';
import type { Connection, ServerRoom } from './room.js';
import { isOwn } from './record-claims.js';
import type { Verifier } from './verifier.js';

export interface SessionContext {
  readonly verifier: Verifier;
  readonly metrics: MeshMetrics;
  readonly now: () => number;
  /** Null when the server holds as many rooms as it may. */
  readonly openRoom: (key: RoomKey) => ServerRoom | null;
  readonly room: (key: RoomKey) => ServerRoom | undefined;
  readonly roomLeft: (room: ServerRoom) => void;
  /** Shared by all sockets: an author cannot write more by opening a second one. */
  readonly recordsPerAuthor: RateLimiterMemory;
  readonly refused: (code: string, count: number) => void;
}

export class SocketSession implements Connection {
  readonly #socket: Socket;
  readonly #context: SessionContext;
  readonly #nonce = randomBytes(24).toString('base64url');
  readonly #rooms = new Map<RoomKey, PeerId>();
  #turn: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  readonly #frames = limiter(SERVER_LIMITS.framesPerSocket);
  readonly #carried = limiter(SERVER_LIMITS.carriedPerSocket);
  readonly #signals = limiter(SERVER_LIMITS.signalsPerSocket);
  readonly #strikes = limiter(SERVER_LIMITS.strikesPerSocket);

  constructor(socket: Socket, context: SessionContext) {
    this.#socket = socket;
    this.#context = context;
    socket.on('error', () => this.#inTurn(() => this.#strike()));
    socket.on('disconnect', () => this.#leaveAll());
    socket.onAny((event: unknown, ...args: unknown[]) => {
      const isFrame = event === 'frame' && args.length === 1;
      this.#inTurn(() => (isFrame ? this.#receive(args[0]) : this.#strike()));
    });
    this.send({ type: 'welcome', version: PROTOCOL_VERSION, nonce: this.#nonce, timeMs: context.now() });
  }

  /** Queues a frame; a socket that does not read is closed and catches up by offset when it is back. */
  send(frame: Frame): void {
    if (bufferedBytes(this.#socket) > SERVER_LIMITS.bufferedBytesMax) this.#socket.disconnect(true);
    else this.#socket.emit('frame', frame);
  }

  replaced(room: RoomKey): void {
    this.#rooms.delete(room);
  }

  /** What a socket says is handled in the order in which it was said, one at a time. */
  #inTurn(handle: () => Promise<void>): void {
    if (this.#waiting >= SERVER_LIMITS.framesWaitingMax) {
      this.#socket.disconnect(true);
      return;
    }
    this.#waiting += 1;
    this.#turn = this.#turn.then(handle).then(
      () => (this.#waiting -= 1),
      // Nothing a client says may end the process; what failed here was its own frame.
      () => this.#socket.disconnect(true),
    );
  }

  async #receive(input: unknown): Promise<void> {
    const waitMs = await spend(this.#frames, 1);
    if (waitMs > 0) {
      this.#refuse('rate-limited', 'Too many frames at once.', { retryAfterMs: waitMs });
      return;
    }
    const decoded = decodeFrame(input);
    if (!decoded.ok) await this.#strike();
    else if (decoded.frame.type === 'join') await this.#join(decoded.frame);
    else await this.#inRoom(decoded.frame);
  }

  async #join(frame: FrameOf<'join'>): Promise<void> {
    const { room: key, peer } = frame;
    const { verifier, openRoom } = this.#context;
    if (frame.version !== PROTOCOL_VERSION) {
      const words = `This server speaks version ${PROTOCOL_VERSION} of the protocol, the page version ${frame.version}.`;
      this.#refuse('version', words, { room: key });
    } else if (!(await verifier.join(key, peer, this.#nonce, frame.proof))) {
      this.#refuse('bad-proof', 'The device did not prove that it holds its key.', { room: key });
    } else if (this.#rooms.size >= SERVER_LIMITS.roomsPerSocketMax && !this.#rooms.has(key)) {
      this.#refuse('room-full', 'Too many rooms on one page.', { room: key });
    } else {
      const room = openRoom(key);
      if (room === null || room.size >= SERVER_LIMITS.membersPerRoomMax) {
        this.#refuse('room-full', 'The room is full.', { room: key, retryAfterMs: 30_000 });
        return;
      }
      await room.join(frame, this, () => this.#admit(key, peer));
      this.#context.roomLeft(room);
    }
  }

  /** The room is about to take the peer in: false when the socket has gone meanwhile. */
  #admit(key: RoomKey, peer: PeerId): boolean {
    if (!this.#socket.connected) return false;
    const earlier = this.#rooms.get(key);
    if (earlier !== undefined && earlier !== peer) this.#leave(key, earlier);
    this.#rooms.set(key, peer);
    return true;
  }

  async #inRoom(frame: Frame): Promise<void> {
    const key = 'room' in frame ? frame.room : undefined;
    const peer = key === undefined ? undefined : this.#rooms.get(key);
    const room = key === undefined ? undefined : this.#context.room(key);
    if (key === undefined || peer === undefined || room === undefined) {
      this.#refuse('not-joined', 'The room was not joined on this socket.', key === undefined ? {} : { room: key });
      return;
    }
    switch (frame.type) {
      case 'records':
        await this.#publish(room, peer, frame);
        return;
      case 'want-range':
        if (room.isThisEpoch(frame.epoch)) await room.sendRange(this, frame.after);
        return;
      case 'want':
        await room.sendByIds(this, frame.ids);
        return;
      case 'have':
        await room.offered(this, frame.ids);
        return;
      case 'deliver':
        await room.deliver(frame);
        return;
      case 'signal':
        await this.#signal(room, peer, frame);
        return;
      case 'report':
        this.#context.metrics.reported(peer, frame);
        return;
      case 'ping': {
        const { nonce } = frame;
        this.send({ type: 'pong', room: key, nonce, timeMs: this.#context.now(), head: room.head() });
        return;
      }
      case 'leave':
        this.#leave(key, peer);
        return;
      default:
        await this.#strike();
    }
  }

  async #publish(room: ServerRoom, peer: PeerId, frame: FrameOf<'records'>): Promise<void> {
    const own = frame.records.filter((record) => isOwn(peer, record)).length;
    const author = peer.slice(0, 43);
    const waitMs = Math.max(
      await spend(this.#context.recordsPerAuthor, own, author),
      await spend(this.#carried, frame.records.length - own),
    );
    if (waitMs === 0) await room.publish(peer, this, frame);
    else {
      const ids = frame.records.map((record) => idOfWire(record));
      this.#refuse('rate-limited', 'Too many messages at once.', { room: room.key, retryAfterMs: waitMs, ids });
    }
  }

  async #signal(room: ServerRoom, peer: PeerId, frame: FrameOf<'signal'>): Promise<void> {
    if ((await spend(this.#signals, 1)) > 0) return;
    if (!room.signal(peer, frame)) {
      this.#refuse('no-such-peer', 'Nobody of that id is in the room now.', { room: room.key });
    } else if (frame.data !== KNOCK) this.#context.metrics.dialled(frame.dial, room.key, peer, frame.peer);
  }

  #leave(key: RoomKey, peer: PeerId): void {
    this.#rooms.delete(key);
    const room = this.#context.room(key);
    if (room?.leave(peer, this) !== true) return;
    this.#context.metrics.left(peer);
    this.#context.roomLeft(room);
  }

  #leaveAll(): void {
    for (const [key, peer] of [...this.#rooms]) this.#leave(key, peer);
  }

  /** Something that is no frame: counted, told once, and the socket is closed when it goes on (rule L1). */
  async #strike(): Promise<void> {
    this.#context.refused('bad-frame', 1);
    if ((await spend(this.#strikes, 1)) > 0) this.#socket.disconnect(true);
    else this.send({ type: 'refused', code: 'bad-frame', message: 'This is no frame of the protocol.' });
  }

  #refuse(
    code: RefusalCode,
    message: string,
    about: { readonly room?: RoomKey; readonly retryAfterMs?: number; readonly ids?: RecordId[] },
  ): void {
    this.#context.refused(code, about.ids?.length ?? 1);
    this.send({ type: 'refused', code, message, ...about });
  }
}

function limiter({ points, durationSeconds }: { readonly points: number; readonly durationSeconds: number }) {
  return new RateLimiterMemory({ points, duration: durationSeconds });
}

/** Milliseconds to wait; 0 when there was enough left. */
async function spend(limits: RateLimiterMemory, points: number, key = 'socket'): Promise<number> {
  if (points === 0) return 0;
  try {
    await limits.consume(key, points);
    return 0;
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) return Math.max(100, refusal.msBeforeNext);
    throw refusal;
  }
}

function idOfWire([author, session, seq]: WireRecord): RecordId {
  return recordId(author, session, seq);
}

/** What the transport holds back: packets not yet given to it, and bytes it has not got rid of. */
function bufferedBytes(socket: Socket): number {
  const { transport, writeBuffer } = socket.conn as unknown as {
    transport: { socket?: { bufferedAmount?: number } };
    writeBuffer: readonly { data?: unknown }[];
  };
  const queued = writeBuffer.reduce(
    (sum, packet) => sum + (typeof packet.data === 'string' ? packet.data.length : 0),
    0,
  );
  return queued + (transport.socket?.bufferedAmount ?? 0);
}
