// The one socket to a server, shared by all rooms of a page. It opens, is lost, and opens again by its own timer:
// the library's own back-off brings a crowd back in step.

import { Manager, NodeWebSocket } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import { reconnectDelayMs } from '../core/backoff.js';
import { decodeServed } from '../protocol/decode-served.js';
import type { Frame, FrameOf } from '../protocol/frames.js';
import type { RoomKey } from '../protocol/ids.js';
import { PROTOCOL_VERSION } from '../protocol/limits.js';
import { whenPageGoes, whenPageIsBack, whenThereIsHope } from './page-life.js';

/** Somebody who wants to talk at once may shorten the wait, but not more often than this. */
const KICK_EVERY_MS = 1_000;
/** Whoever is banned looks this often whether the ban was lifted; each look is a socket and a join. */
const BANNED_RETURN_MS = 15_000;
/** A socket that opened but was not greeted by then is none of ours. */
const WELCOME_MS = 8_000;

export type LossReason = 'server-unreachable' | 'no-network' | 'server-closing';

/** A room's end of the socket. */
export interface RoomPort {
  welcomed(welcome: FrameOf<'welcome'>): void;
  frame(frame: Frame): void;
  badFrame(): void;
  lost(reason: LossReason): void;
}

export class ServerSocket {
  readonly #socket: Socket;
  readonly #ports = new Map<RoomKey, RoomPort>();
  readonly #unwatch: () => void;
  #welcome: FrameOf<'welcome'> | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #welcomeTimer: ReturnType<typeof setTimeout> | undefined;
  #attempt = 0;
  #returnWithinMs: number | null = null;
  #hintMs = 0;
  #kickedAtMs = -Infinity;
  #isClosing = false;
  /** Versions differ: trying again would only loop (rule V1). */
  #isFinal = false;
  #isEnded = false;

  /** @param server origin */
  constructor(readonly server: string) {
    // In a browser this class is the browser's own WebSocket.
    const options = { autoConnect: false, reconnection: false, tryAllTransports: true, transports: [NodeWebSocket] };
    this.#socket = new Manager(server, options).socket('/');
    this.#socket.on('frame', (input: unknown) => this.#receive(input));
    this.#socket.on('connect', () => {
      this.#welcomeTimer = setTimeout(() => this.#socket.disconnect(), WELCOME_MS);
    });
    this.#socket.on('disconnect', () => this.#lost());
    this.#socket.on('connect_error', () => {
      this.#lost();
      void this.#addPolling();
    });
    this.#unwatch = this.#watchPage();
    this.#socket.connect();
  }

  /** `websocket` or `polling`; null while there is no socket. */
  get transport(): string | null {
    return this.#socket.connected ? this.#socket.io.engine.transport.name : null;
  }

  /** @throws {Error} when the room is open on this socket: a page has one client a room */
  attach(room: RoomKey, port: RoomPort): void {
    if (this.#ports.has(room)) throw new Error(`the room ${room} is already open on this page`);
    this.#ports.set(room, port);
    if (this.#welcome !== null) port.welcomed(this.#welcome);
  }

  /** Leaves the room. Does nothing for a port that is not attached. */
  detach(room: RoomKey, port: RoomPort): void {
    if (this.#ports.get(room) !== port) return;
    this.send({ type: 'leave', room });
    this.#ports.delete(room);
  }

  send(frame: Frame): void {
    if (this.#welcome !== null) this.#socket.emit('frame', frame);
  }

  /** Does not wait any longer for the next attempt. */
  kick(): void {
    const nowMs = Date.now();
    if (this.#socket.connected || this.#isFinal || nowMs - this.#kickedAtMs < KICK_EVERY_MS) return;
    if (this.#timer === undefined) return;
    this.#kickedAtMs = nowMs;
    this.#open();
  }

  /** The socket is dead, whatever its transport believes; another is opened as after any loss. */
  drop(): void {
    this.#socket.disconnect();
  }

  /** Drops the socket and opens another at once. */
  renew(): void {
    this.#isFinal = false;
    this.#attempt = 0;
    this.#hintMs = 0;
    this.#socket.disconnect();
    this.#open();
  }

  end(): void {
    this.#isEnded = true;
    this.#unwatch();
    clearTimeout(this.#timer);
    clearTimeout(this.#welcomeTimer);
    this.#socket.disconnect();
  }

  #receive(input: unknown): void {
    const decoded = decodeServed(input);
    if (!decoded.ok) {
      for (const port of this.#ports.values()) port.badFrame();
      return;
    }
    const { frame } = decoded;
    if (frame.type === 'welcome' || frame.type === 'pong') {
      this.#returnWithinMs = frame.returnWithinMs ?? this.#returnWithinMs;
    }
    if (frame.type === 'welcome') this.#welcomed(frame);
    else if (frame.type === 'closing') {
      this.#isClosing = true;
      this.#hintMs = frame.retryAfterMs;
    } else if ('room' in frame && frame.room !== undefined) this.#ports.get(frame.room)?.frame(frame);
    else for (const port of this.#ports.values()) port.frame(frame);
    if (frame.type !== 'refused') return;
    if (frame.code === 'version') this.#isFinal = true;
    if (frame.code === 'banned') this.#hintMs = Math.min(frame.retryAfterMs ?? Infinity, BANNED_RETURN_MS);
  }

  #welcomed(frame: FrameOf<'welcome'>): void {
    clearTimeout(this.#welcomeTimer);
    this.#attempt = 0;
    this.#hintMs = 0;
    this.#isClosing = false;
    if (frame.version !== PROTOCOL_VERSION) {
      this.#isFinal = true;
      const message = `The server speaks version ${frame.version}, this page version ${PROTOCOL_VERSION}.`;
      for (const port of this.#ports.values()) port.frame({ type: 'refused', code: 'version', message });
      this.#socket.disconnect();
      return;
    }
    this.#welcome = frame;
    for (const port of this.#ports.values()) port.welcomed(frame);
  }

  /** Some networks let only polling through. It is fetched when WebSocket fails, and tried after it from then on. */
  async #addPolling(): Promise<void> {
    try {
      const { Polling } = await import('./polling.js');
      this.#socket.io.opts.transports = [NodeWebSocket, Polling];
    } catch {
      // It comes from the server, most likely: the next failure fetches it again.
    }
  }

  #lost(): void {
    clearTimeout(this.#welcomeTimer);
    this.#welcome = null;
    if (this.#isEnded) return;
    const isOffline = (globalThis.navigator as Navigator | undefined)?.onLine === false;
    const reason = this.#isClosing ? 'server-closing' : isOffline ? 'no-network' : 'server-unreachable';
    for (const port of this.#ports.values()) port.lost(reason);
    if (this.#isFinal) return;
    const delayMs = reconnectDelayMs({
      attempt: this.#attempt,
      returnWithinMs: this.#returnWithinMs,
      hintMs: this.#hintMs,
      random: Math.random,
    });
    this.#attempt += 1;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#open(), delayMs);
  }

  #open(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (!this.#isEnded) this.#socket.connect();
  }

  /**
   * An open socket keeps a page out of the back/forward cache, so it is closed when the page goes or is frozen. A page
   * that comes back opens another, for the old one may be dead without knowing.
   */
  #watchPage(): () => void {
    const ends = [
      whenPageGoes(() => this.drop()),
      whenPageIsBack(() => this.renew()),
      whenThereIsHope(() => this.kick()),
    ];
    return () => ends.forEach((end) => end());
  }
}
