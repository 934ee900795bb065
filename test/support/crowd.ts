// Many members on real sockets, who come back by the protocol's rule J8 when they lose the server. They
// say only what they are told to.

import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import { reconnectDelayMs } from '../../src/core/backoff.js';
import { joinBytes } from '../../src/protocol/canonical.js';
import type { Frame, FrameOf } from '../../src/protocol/frames.js';
import type { RoomKey } from '../../src/protocol/ids.js';
import { roomKey } from '../../src/protocol/ids.js';
import { PROTOCOL_VERSION } from '../../src/protocol/limits.js';
import { toWire } from '../../src/protocol/record.js';
import { Device } from './device.js';

export interface CrowdOptions {
  readonly members: number;
  /** The room of each member, by its number. */
  readonly roomOf: (member: number) => string;
  /** The address a trusted proxy would name for each; none by default. */
  readonly addressOf?: (member: number) => string;
  /** Sockets opened at once while the crowd assembles. */
  readonly atOnce?: number;
}

export class Crowd {
  readonly members: readonly CrowdMember[];
  /** When sockets were opened, milliseconds since the crowd was made. */
  readonly attemptsAtMs: number[] = [];
  /** What `closing` said, of those who were told. */
  readonly hintsMs: number[] = [];
  /** Records that members have received since the crowd was made. */
  received = 0;
  readonly #madeAtMs = performance.now();
  readonly #atOnce: number;
  #waiting: (() => void)[] = [];

  constructor(url: string, { members, roomOf, addressOf, atOnce = 40 }: CrowdOptions) {
    this.#atOnce = atOnce;
    this.members = Array.from({ length: members }, (_, index) => {
      const room = roomKey('default', roomOf(index));
      const address = addressOf?.(index);
      const headers = address === undefined ? {} : { 'X-Forwarded-For': address };
      return new CrowdMember(url, headers, room, {
        changed: () => {
          for (const look of this.#waiting.splice(0)) look();
        },
        tried: () => this.attemptsAtMs.push(performance.now() - this.#madeAtMs),
        told: (hintMs) => this.hintsMs.push(hintMs),
        received: (records) => (this.received += records),
      });
    });
  }

  /** Opens all sockets, a few at a time; resolves when everybody has joined. */
  async assemble(): Promise<void> {
    const queue = [...this.members];
    const line = async (): Promise<void> => {
      for (let member = queue.shift(); member !== undefined; member = queue.shift()) {
        const next = member;
        next.open();
        await this.#until(() => next.isJoined);
      }
    };
    await Promise.all(Array.from({ length: this.#atOnce }, line));
  }

  /** Asks for the server's pulse, as a client does every few seconds; its answers say how to come back. */
  async heartbeat(): Promise<void> {
    for (const member of this.members) member.ping();
    await this.#until(() => this.members.every(({ isAnswered }) => isAnswered));
  }

  allJoined(): Promise<void> {
    return this.#until(() => this.members.every(({ isJoined }) => isJoined));
  }

  allLost(): Promise<void> {
    return this.#until(() => this.members.every(({ isJoined }) => !isJoined));
  }

  close(): void {
    for (const member of this.members) member.close();
  }

  async #until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
}

interface Watcher {
  changed(): void;
  tried(): void;
  told(hintMs: number): void;
  received(records: number): void;
}

export class CrowdMember {
  isJoined = false;
  /** The last ping has its pong. */
  isAnswered = true;
  readonly device = new Device();
  readonly room: RoomKey;
  readonly #url: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #watcher: Watcher;
  #socket: Socket | null = null;
  #timer: NodeJS.Timeout | null = null;
  #attempt = 0;
  #hintMs = 0;
  #returnWithinMs: number | null = null;

  constructor(url: string, headers: Readonly<Record<string, string>>, room: RoomKey, watcher: Watcher) {
    this.#url = url;
    this.#headers = headers;
    this.room = room;
    this.#watcher = watcher;
  }

  open(): void {
    this.#watcher.tried();
    this.#socket = io(this.#url, {
      ...{ forceNew: true, reconnection: false, transports: ['websocket'] },
      extraHeaders: this.#headers,
    });
    this.#socket.on('frame', (frame: Frame) => this.#receive(frame));
    this.#socket.on('disconnect', () => this.#lost());
    this.#socket.on('connect_error', () => this.#lost());
  }

  ping(): void {
    this.isAnswered = false;
    this.send({ type: 'ping', room: this.room, nonce: 1 });
  }

  send(frame: Frame): void {
    this.#socket?.emit('frame', frame);
  }

  say(text: string): void {
    const [author, session, seq, time, body, signature] = toWire(this.device.record(this.room, text));
    this.send({ type: 'records', room: this.room, records: [[author, session, seq, time, body, signature]] });
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#socket?.removeAllListeners();
    this.#socket?.disconnect();
  }

  #receive(frame: Frame): void {
    if (frame.type === 'records') this.#watcher.received(frame.records.length);
    else if (frame.type === 'welcome') this.#join(frame);
    else if (frame.type === 'pong') {
      this.#returnWithinMs = frame.returnWithinMs ?? null;
      this.isAnswered = true;
      this.#watcher.changed();
    } else if (frame.type === 'closing') {
      this.#hintMs = frame.retryAfterMs;
      this.#watcher.told(frame.retryAfterMs);
    } else if (frame.type === 'refused') {
      // A busy server may refuse: then another socket, later.
      this.#socket?.disconnect();
    } else if (frame.type === 'joined') {
      this.isJoined = true;
      // A ping of the socket before this one is not answered any more; `welcome` said what it asked for.
      this.isAnswered = true;
      this.#watcher.changed();
    }
  }

  #join({ nonce, returnWithinMs }: FrameOf<'welcome'>): void {
    this.#attempt = 0;
    this.#hintMs = 0;
    this.#returnWithinMs = returnWithinMs ?? null;
    const { device, room } = this;
    const proof = device.sign(joinBytes(room, device.peer, nonce));
    this.send({ type: 'join', version: PROTOCOL_VERSION, room, peer: device.peer, name: 'Crowd', proof });
  }

  #lost(): void {
    this.#socket?.removeAllListeners();
    this.isJoined = false;
    this.#watcher.changed();
    const [attempt, returnWithinMs, hintMs] = [this.#attempt, this.#returnWithinMs, this.#hintMs];
    this.#attempt += 1;
    const delayMs = reconnectDelayMs({ attempt, returnWithinMs, hintMs, random: Math.random });
    this.#timer = setTimeout(() => this.open(), delayMs);
  }
}
