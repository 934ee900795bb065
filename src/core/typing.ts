// Who is writing just now: what this device says of itself, and what it has heard of others (rules W1 to W3).

import type { Frame, FrameOf } from '../protocol/frames.js';
import type { AuthorId, PeerId, RoomKey } from '../protocol/ids.js';
import { authorOf } from '../protocol/ids.js';
import { LIMITS, TYPING_COUNTS_MS, TYPING_EVERY_MS } from '../protocol/limits.js';
import type { ChatTyping } from './chat-view.js';
import { NOBODY } from './nothing-yet.js';
import type { Roster } from './roster.js';

export class Typing {
  readonly #room: RoomKey;
  readonly #roster: Roster;
  #saidAtMs = -Infinity;
  /** Until when it counts what each was heard of: the server's word, and that of each linked peer. */
  #served: { readonly peers: readonly PeerId[]; readonly others: number; readonly untilMs: number } | null = null;
  readonly #linked = new Map<PeerId, number>();
  #view: ChatTyping = NOBODY;

  constructor(room: RoomKey, roster: Roster) {
    this.#room = room;
    this.#roster = roster;
  }

  /** The same until somebody begins or stops. */
  get view(): ChatTyping {
    return this.#view;
  }

  /** The text in the composer has changed. Null while it was said just before. */
  wrote(nowMs: number): Frame | null {
    if (nowMs - this.#saidAtMs < TYPING_EVERY_MS) return null;
    this.#saidAtMs = nowMs;
    return { type: 'typing', room: this.#room };
  }

  /** What was written is sent: the next letter is a new beginning. */
  sent(): void {
    this.#saidAtMs = -Infinity;
  }

  served({ who }: FrameOf<'typing'>, nowMs: number): void {
    const { peers = [], count = 0 } = who ?? {};
    this.#served = { peers, others: Math.max(0, count - peers.length), untilMs: nowMs + TYPING_COUNTS_MS };
    this.#look();
  }

  /** A linked peer said it: its link bounds how many there are. */
  heard(peer: PeerId, nowMs: number): void {
    this.#linked.set(peer, nowMs + TYPING_COUNTS_MS);
    this.#look();
  }

  /** A message of theirs is here: it is no longer being written. */
  arrived(author: AuthorId): void {
    const isOther = (peer: PeerId): boolean => authorOf(peer) !== author;
    for (const peer of this.#linked.keys()) if (!isOther(peer)) this.#linked.delete(peer);
    if (this.#served !== null) this.#served = { ...this.#served, peers: this.#served.peers.filter(isOther) };
    this.#look();
  }

  wake(nowMs: number): void {
    if (nowMs < this.nextWakeMs()) return;
    if (this.#served !== null && this.#served.untilMs <= nowMs) this.#served = null;
    for (const [peer, untilMs] of this.#linked) if (untilMs <= nowMs) this.#linked.delete(peer);
    this.#look();
  }

  nextWakeMs(): number {
    return Math.min(this.#served?.untilMs ?? Infinity, ...this.#linked.values());
  }

  #look(): void {
    const peers = [...new Set([...this.#linked.keys(), ...(this.#served?.peers ?? [])])];
    const count = peers.length + (this.#served?.others ?? 0);
    const named = peers.slice(0, LIMITS.typingNamedMax);
    const isSame = count === this.#view.count && named.every((peer, index) => this.#view.members[index]?.id === peer);
    if (!isSame) this.#view = count === 0 ? NOBODY : { members: named.map((peer) => this.#roster.member(peer)), count };
  }
}
