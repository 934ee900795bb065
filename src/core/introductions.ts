// How peers find each other when the server cannot introduce them: each tells whom it is linked to, and carries
// signals between two it is linked to (rule M9).

import type { Frame, FrameOf, Member } from '../protocol/frames.js';
import type { DialId, PeerId, RoomKey } from '../protocol/ids.js';
import { LIMITS } from '../protocol/limits.js';
import type { PeerLinkState } from './peer-link-state.js';
import type { RoomOutput } from './room-io.js';
import type { Roster } from './roster.js';

const TELL_EVERY_MS = 2_000;
/** Signals carried for one link within `RELAY_WINDOW_MS`: three dials with a dozen candidates each, both ways. */
const RELAYED_MAX = 60;
const RELAY_WINDOW_MS = 10_000;
/** Neighbours of neighbours looked for at a time; of more, those told last are left out. */
const KNOWN_MAX = 200;

export class Introductions {
  readonly #room: RoomKey;
  readonly #self: PeerId;
  readonly #roster: Roster;
  readonly #up: () => readonly PeerLinkState[];
  /** Whom a linked peer is linked to, by the link that said so. */
  readonly #told = new Map<DialId, readonly Member[]>();
  readonly #relayed = new Map<DialId, number[]>();
  /** Last said of ourselves, and when it may be said again. */
  #said = '';
  #tellAtMs = 0;
  /** Until a server has said otherwise. */
  #isAlone = true;

  constructor(options: {
    readonly room: RoomKey;
    readonly self: PeerId;
    readonly roster: Roster;
    readonly up: () => readonly PeerLinkState[];
  }) {
    this.#room = options.room;
    this.#self = options.self;
    this.#roster = options.roster;
    this.#up = options.up;
  }

  /** From here on peers introduce each other, or the server does again. */
  serverIsThere(isThere: boolean): void {
    if (this.#isAlone === !isThere) return;
    this.#isAlone = !isThere;
    this.#said = '';
  }

  told(link: PeerLinkState, frame: FrameOf<'neighbours'>): void {
    this.#told.delete(link.dial);
    this.#told.set(link.dial, frame.members);
  }

  closed(dial: DialId): void {
    this.#told.delete(dial);
    this.#relayed.delete(dial);
  }

  /** Peers that a linked peer could introduce us to. */
  reachable(): PeerId[] {
    const known = new Set<PeerId>();
    for (const members of this.#told.values()) {
      for (const { peer } of members) if (peer !== this.#self && known.size < KNOWN_MAX) known.add(peer);
    }
    for (const link of this.#up()) known.delete(link.peer);
    return [...known];
  }

  /** The signal to a peer, by way of a neighbour of both; null when there is none. */
  send(to: PeerId, dial: DialId, data: string): RoomOutput | null {
    const via = this.#up().find((link) => this.#told.get(link.dial)?.some((member) => member.peer === to));
    if (via === undefined) return null;
    const frame: Frame = { type: 'relay', room: this.#room, from: this.#self, to, dial, data };
    return { type: 'send', link: via.dial, frame };
  }

  /** Passes a signal on, if it may be. What is for us is the caller's. */
  carry(link: PeerLinkState, frame: FrameOf<'relay'>, nowMs: number): RoomOutput[] {
    const target = this.#up().find((other) => other.peer === frame.to);
    if (frame.from !== link.peer || target === undefined || !this.#mayRelay(link.dial, nowMs)) return [];
    return [{ type: 'send', link: target.dial, frame }];
  }

  wake(nowMs: number): RoomOutput[] {
    if (nowMs < this.#dueAtMs()) return [];
    this.#said = this.#saying();
    this.#tellAtMs = nowMs + TELL_EVERY_MS;
    const up = this.#up().slice(-LIMITS.neighboursPerFrameMax);
    const members = up.map(({ peer }): Member => ({ peer, name: this.#roster.nameOf(peer) }));
    const frame: Frame = { type: 'neighbours', room: this.#room, members };
    return up.map(({ dial }) => ({ type: 'send', link: dial, frame }));
  }

  nextWakeMs(): number {
    return this.#dueAtMs();
  }

  #dueAtMs(): number {
    return this.#isAlone && this.#saying() !== this.#said ? this.#tellAtMs : Infinity;
  }

  #saying(): string {
    return this.#up()
      .map((link) => link.dial)
      .join();
  }

  #mayRelay(dial: DialId, nowMs: number): boolean {
    const recent = (this.#relayed.get(dial) ?? []).filter((atMs) => nowMs - atMs < RELAY_WINDOW_MS);
    if (recent.length >= RELAYED_MAX) return false;
    this.#relayed.set(dial, [...recent, nowMs]);
    return true;
  }
}
