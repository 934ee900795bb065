// Is this device in the server's room, on its way in, or away, and why? And when is a socket on which nobody answers
// taken for dead (rule J6)?

import type { FrameOf } from '../protocol/frames.js';
import type { StatusReason } from './chat-view.js';
import type { Restriction } from './moderation.js';

/** Rule J6: a join without an answer for this long was made on a dead socket. */
const OPENING_MAX_MS = 5_000;
/** Woken later than a timer of a page in front is, a page hears for so long before it judges. */
const LATE_MS = 250;
const LISTEN_MS = 1_000;

/** What coming back does not change: it stays said. */
const FINAL_REASONS: ReadonlySet<StatusReason> = new Set(['version-mismatch', 'token-refused', 'banned']);

const REASONS: Partial<Record<FrameOf<'refused'>['code'], StatusReason>> = {
  version: 'version-mismatch',
  'bad-token': 'token-refused',
  'room-full': 'room-full',
  banned: 'banned',
  'rate-limited': 'rate-limited',
};

export class ServerDoor {
  state: 'starting' | 'opening' | 'joined' | 'down' = 'starting';
  /** Why the server is not there, when it is not. */
  reason: StatusReason = 'starting';
  /** The server said last that it cannot write. */
  isUnstored = false;
  /** Said at the door, to a device that has not heard the organiser's own word. */
  ban: Restriction | null = null;
  /** Up to here the server keeps nothing; what it said when it was joined last. */
  floor = 0;
  #openingUntilMs = Infinity;
  /** The present opening was judged late once, and given the time to be heard. */
  #hasListened = false;

  opening(nowMs: number): void {
    this.state = 'opening';
    this.reason = 'joining';
    this.#openingUntilMs = nowMs + OPENING_MAX_MS;
    this.#hasListened = false;
  }

  joined(floor: number): void {
    this.state = 'joined';
    this.floor = floor;
    this.#openingUntilMs = Infinity;
    this.isUnstored = false;
    this.ban = null;
  }

  /** @param serverMs the server's clock */
  refused({ code, ids, room, retryAfterMs }: FrameOf<'refused'>, serverMs: number, nowMs: number): void {
    if (this.state === 'opening' && ids === undefined) {
      // One who may try again later does so, on another socket.
      if (retryAfterMs !== undefined) this.#openingUntilMs = nowMs + retryAfterMs + OPENING_MAX_MS;
      else if (room !== undefined) this.#openingUntilMs = Infinity;
      if (room !== undefined) this.state = 'down';
    }
    if (code === 'not-stored') this.isUnstored = true;
    // Who is shown out of the room is told before the socket ends.
    const isShownOut = code === 'banned' && ids === undefined;
    if (isShownOut) this.ban = { level: 'ban', untilMs: serverMs + (retryAfterMs ?? 0) };
    if (isShownOut || this.state !== 'joined') this.reason = REASONS[code] ?? this.reason;
  }

  down(reason: StatusReason): void {
    this.state = 'down';
    this.#openingUntilMs = Infinity;
    if (!FINAL_REASONS.has(this.reason)) this.reason = reason;
  }

  left(): void {
    this.state = 'down';
    this.reason = 'left';
  }

  /** This device was suspended: nobody else is to blame for the silence. */
  forgive(nowMs: number): void {
    if (this.#openingUntilMs !== Infinity) this.#openingUntilMs = nowMs + OPENING_MAX_MS;
  }

  /** True once, when the join was made on a dead socket. */
  wake(nowMs: number): boolean {
    if (nowMs < this.#openingUntilMs) return false;
    if (nowMs - this.#openingUntilMs > LATE_MS && !this.#hasListened) {
      // The page slept: what came meanwhile is still to be heard.
      this.#hasListened = true;
      this.#openingUntilMs = nowMs + LISTEN_MS;
      return false;
    }
    this.#openingUntilMs = Infinity;
    return true;
  }

  nextWakeMs(): number {
    return this.#openingUntilMs;
  }
}
