// The rooms this server holds: opened by whoever joins first, dropped when the last one leaves.

import type { Frame, FrameOf } from '../src/protocol/frames.js';
import type { PeerId, RoomKey } from '../src/protocol/ids.js';
import { SERVER_LIMITS } from './limits.js';
import type { Refusal } from './moderation/room-moderation.js';
import { ServerRoom } from './room.js';
import type { RoomContext } from './room.js';

export class Rooms {
  readonly #context: RoomContext;
  readonly #rooms = new Map<RoomKey, ServerRoom>();

  constructor(context: RoomContext) {
    this.#context = context;
  }

  get size(): number {
    return this.#rooms.size;
  }

  get(key: RoomKey): ServerRoom | undefined {
    return this.#rooms.get(key);
  }

  all(): readonly ServerRoom[] {
    return [...this.#rooms.values()];
  }

  /** Null when the server holds as many rooms as it may. */
  open(key: RoomKey): ServerRoom | null {
    const open = this.#rooms.get(key);
    if (open !== undefined) return open;
    if (this.#rooms.size >= SERVER_LIMITS.roomsMax) return null;
    const room = new ServerRoom(key, this.#context);
    this.#rooms.set(key, room);
    return room;
  }

  /** True when the peer is a member of the room, at whichever node. Asking for a room in which nobody is does not open it. */
  async hasMember(key: RoomKey, peer: PeerId): Promise<boolean> {
    const elsewhere = this.#rooms.has(key) ? null : await this.#context.nodes.count([key]);
    if (elsewhere?.[0] === 0) return false;
    const room = this.open(key);
    if (room === null) return false;
    const isMember = await room.knows(peer);
    this.left(room);
    return isMember;
  }

  /** Records for a room, or an offer, of somebody who is no member (rule S15); null when there are as many rooms as may be. */
  async handIn(from: PeerId, frame: FrameOf<'records' | 'have'>): Promise<Frame[] | Refusal | null> {
    const room = this.open(frame.room);
    if (room === null) return null;
    try {
      return await room.handIn(from, frame);
    } finally {
      this.left(room);
    }
  }

  /** Somebody has left it, or did not come in. */
  left(room: ServerRoom): void {
    if (!room.isIdle || this.#rooms.get(room.key) !== room) return;
    room.close();
    this.#rooms.delete(room.key);
  }

  /** Before the sockets are closed: no roles are given any more (rule C2). */
  leaveRoles(): void {
    for (const room of this.#rooms.values()) room.leaveRoles();
  }

  close(): void {
    for (const room of this.#rooms.values()) room.close();
  }
}
