// The crowd of a room on this node: gives roles, and says who has to be sent what (rules C1 to C8). The decisions are
// the core's; here are the clock, the timer and the sockets.

import { Crowd } from '../src/core/crowd/crowd.js';
import type { FrameOf } from '../src/protocol/frames.js';
import type { PeerId, RoomKey } from '../src/protocol/ids.js';
import type { Connection, RoomMembers } from './room-members.js';

export interface RoomCrowdOptions {
  readonly room: RoomKey;
  readonly members: RoomMembers;
  readonly now: () => number;
  /** Sends a member what lies above an offset. */
  readonly catchUp: (connection: Connection, after: number) => void;
}

export class RoomCrowd {
  readonly #options: RoomCrowdOptions;
  readonly #crowd = new Crowd();
  #timer: NodeJS.Timeout | null = null;
  #isGoing = false;

  constructor(options: RoomCrowdOptions) {
    this.#options = options;
  }

  joined(peer: PeerId, network: string | null): void {
    this.#crowd.joined(peer, network, this.#options.now());
    this.#wake();
  }

  left(peer: PeerId): void {
    this.#crowd.left(peer, this.#options.now());
    this.#wake();
  }

  reported(peer: PeerId, report: FrameOf<'report'>): void {
    this.#crowd.reported(peer, report, this.#options.now());
    this.#wake();
  }

  reached(peer: PeerId, offset: number): void {
    this.#crowd.reached(peer, offset, this.#options.now());
  }

  /** Records up to this offset are on their way to the supernodes. */
  pushed(offset: number): void {
    if (!this.#crowd.hasSupernodes) return;
    this.#crowd.pushed(offset, this.#options.now());
    this.#wake();
  }

  /** True when another member serves this one. */
  isCovered(peer: PeerId): boolean {
    return this.#crowd.isCovered(peer);
  }

  isSupernode(peer: PeerId): boolean {
    return this.#crowd.isSupernode(peer);
  }

  /** The server goes: whoever is still here needs the links they have, and not those of the next who leave as well. */
  leaveRoles(): void {
    this.#isGoing = true;
    this.close();
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #wake(): void {
    if (this.#isGoing) return;
    const { room, members, now, catchUp } = this.#options;
    for (const output of this.#crowd.wake(now())) {
      const connection = members.connection(output.to);
      if (connection === undefined) continue;
      if (output.type === 'catch-up') catchUp(connection, output.after);
      else {
        const parents = output.parents.flatMap((peer) => members.member(peer) ?? []);
        connection.send({ type: 'role', room, role: output.role, parents });
      }
    }
    this.close();
    const waitMs = this.#crowd.nextWakeMs() - now();
    if (waitMs !== Infinity) this.#timer = setTimeout(() => this.#wake(), Math.max(0, waitMs));
  }
}
