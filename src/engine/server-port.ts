// A room's end of the server's socket: joins as soon as the server has welcomed it, and again under another name.

import type { RoomInput } from '../core/room-io.js';
import { joinBytes } from '../protocol/canonical.js';
import type { Frame, FrameOf } from '../protocol/frames.js';
import type { PeerId, RoomKey } from '../protocol/ids.js';
import { PROTOCOL_VERSION } from '../protocol/limits.js';
import type { Room } from '../core/room.js';
import { ChatError } from './chat-error.js';
import { FcErrorEvent } from './chat-events.js';
import type { LossReason, RoomPort, ServerSocket } from './server-socket.js';

export interface ServerPortOptions {
  readonly key: RoomKey;
  readonly self: PeerId;
  readonly room: Room;
  readonly socket: ServerSocket;
  readonly token: string | undefined;
  readonly name: () => string;
  readonly sign: (bytes: Uint8Array<ArrayBuffer>) => Promise<string>;
  readonly feed: (input: RoomInput) => void;
  /** The room was joined. */
  readonly joined: () => void;
  readonly dispatch: (event: Event) => void;
}

export class ServerPort implements RoomPort {
  readonly #options: ServerPortOptions;
  /** Told of every frame, and of the socket's end by null, once somebody asks for it. */
  heard: ((frame: Frame | null) => void) | null = null;
  /** Rule F8; null: no photos, or not joined yet. */
  photoBytesMax: number | null = null;
  #welcome: FrameOf<'welcome'> | null = null;

  constructor(options: ServerPortOptions) {
    this.#options = options;
  }

  welcomed(welcome: FrameOf<'welcome'>): void {
    this.#welcome = welcome;
    this.#options.feed({ type: 'server-opening' });
    void this.join();
  }

  frame(frame: Frame): void {
    const { feed, joined } = this.#options;
    if (frame.type === 'joined') this.photoBytesMax = frame.photoBytesMax ?? null;
    feed({ type: 'frame', link: 'server', frame });
    this.heard?.(frame);
    if (frame.type === 'joined') joined();
    if (frame.type === 'refused') this.#announce(frame);
  }

  badFrame(): void {
    this.#options.feed({ type: 'bad-frame', link: 'server' });
  }

  lost(reason: LossReason): void {
    this.#welcome = null;
    this.heard?.(null);
    this.#options.feed({ type: 'server-down', reason });
  }

  /** Joins, or joins again under another name. Nothing is said while no server has welcomed this page. */
  async join(): Promise<void> {
    const welcome = this.#welcome;
    if (welcome === null) return;
    const { key, self, room, socket, token, name, sign } = this.#options;
    const proof = await sign(joinBytes(key, self, welcome.nonce));
    if (this.#welcome !== welcome) return;
    const position = room.joinPosition();
    socket.send({
      type: 'join',
      version: PROTOCOL_VERSION,
      room: key,
      peer: self,
      name: name(),
      proof,
      ...(token === undefined ? {} : { token }),
      ...(position === undefined ? {} : { position }),
    });
  }

  #announce(frame: FrameOf<'refused'>): void {
    if (frame.code === 'rate-limited' || frame.code === 'not-joined') return;
    const isRetryable = frame.retryAfterMs !== undefined;
    this.#options.dispatch(new FcErrorEvent(new ChatError(frame.code, frame.message, { isRetryable })));
  }
}
