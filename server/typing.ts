// Tells the members of a room who is writing (rule W2): the latest by id, all by number, in one frame a second at most.

import type { FrameOf } from '../src/protocol/frames.js';
import type { PeerId, RoomKey } from '../src/protocol/ids.js';
import { LIMITS, TYPING_COUNTS_MS, TYPING_EVERY_MS } from '../src/protocol/limits.js';
import { SERVER_LIMITS } from './limits.js';

/** The room's members here, as this part sees them. */
export interface TypingRoom {
  readonly count: number;
  here(): Iterable<readonly [PeerId, { send(frame: FrameOf<'typing'>): void }]>;
}

export class Typing {
  readonly #key: RoomKey;
  readonly #members: TypingRoom;
  readonly #now: () => number;
  /** When each said so last, the latest at the end; no more than `membersPerFrameMax`. */
  readonly #saidAtMs = new Map<PeerId, number>();
  #toldAtMs = -Infinity;
  #timer: NodeJS.Timeout | null = null;

  constructor(key: RoomKey, members: TypingRoom, now: () => number) {
    this.#key = key;
    this.#members = members;
    this.#now = now;
  }

  /** A member writes, at whichever node. False in a crowd, and when it was said just before: nobody is told. */
  said(peer: PeerId): boolean {
    const nowMs = this.#now();
    const isTooSoon = nowMs - (this.#saidAtMs.get(peer) ?? -Infinity) < TYPING_EVERY_MS / 2;
    if (isTooSoon || this.#members.count > LIMITS.membersPerFrameMax) return false;
    this.#saidAtMs.delete(peer);
    this.#saidAtMs.set(peer, nowMs);
    const waitMs = this.#toldAtMs + SERVER_LIMITS.typingEveryMs - nowMs;
    if (waitMs <= 0) this.#tell();
    else this.#timer ??= setTimeout(() => this.#tell(), waitMs);
    return true;
  }

  /** The member has sent what it wrote, or is gone. */
  forget(peer: PeerId): void {
    this.#saidAtMs.delete(peer);
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #tell(): void {
    this.close();
    const nowMs = this.#now();
    this.#toldAtMs = nowMs;
    for (const [peer, atMs] of this.#saidAtMs) if (nowMs - atMs >= TYPING_COUNTS_MS) this.#saidAtMs.delete(peer);
    const all = [...this.#saidAtMs.keys()].reverse();
    const few = all.slice(0, LIMITS.typingNamedMax + 1);
    for (const [reader, connection] of this.#members.here()) {
      const count = all.length - Number(this.#saidAtMs.has(reader));
      const peers = few.filter((peer) => peer !== reader).slice(0, LIMITS.typingNamedMax);
      if (count > 0) connection.send({ type: 'typing', room: this.#key, who: { peers, count } });
    }
  }
}
