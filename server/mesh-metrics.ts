// The mesh as the server can vouch for it: dials it relayed, links both ends report. Nothing is taken on one word.

import type { FrameOf } from '../src/protocol/frames.js';
import type { DialId, PeerId, RoomKey } from '../src/protocol/ids.js';
import { SERVER_LIMITS } from './limits.js';

interface Dial {
  readonly room: RoomKey;
  readonly ends: readonly [PeerId, PeerId];
  readonly startedAtMs: number;
  readonly confirmedBy: Set<PeerId>;
  state: 'dialing' | 'connected' | 'failed';
}

interface Session {
  readonly room: RoomKey;
  links: FrameOf<'report'>['links'];
  p2pMessages: number;
  fallbacks: number;
}

/** A link that both ends report. */
export interface MeshLink {
  readonly ends: readonly [PeerId, PeerId];
  /** As an end measured it; null before it has. */
  readonly rttMs: number | null;
}

/** Counted since the server started, except the active and current figures. */
export interface MeshStatus {
  /** Dials that both ends reported as connected. */
  readonly successfulP2PConnections: number;
  /** Dials that an end reported as failed, or that were not confirmed by both within 30 s. */
  readonly failedP2PConnections: number;
  /** Links both ends list in their latest reports, relayed ones left out. */
  readonly activeP2PConnections: number;
  /** Members at an end of such a link. */
  readonly currentP2PUsers: number;
  readonly totalActiveUsers: number;
  readonly roomsWithMesh: number;
  /** currentP2PUsers ÷ totalActiveUsers, 0 to 1; 0 in an empty house. */
  readonly meshUpgradeRate: number;
  /** Dials whose offer was relayed here. */
  readonly totalP2PAttempts: number;
  /** Own messages that clients say a peer acknowledged. */
  readonly p2pMessageCount: number;
  /** Messages the server was asked to deliver because a peer did not acknowledge in time, as clients say. */
  readonly fallbackCount: number;
  /** Mean time to connect as the ends measured it; null before the first. */
  readonly averageConnectionTimeMs: number | null;
  readonly rooms: readonly {
    readonly room: RoomKey;
    readonly members: number;
    readonly p2pUsers: number;
    readonly links: number;
  }[];
}

/** Most by which one report may raise a counter: a report comes every 2 s, a person writes less. */
const RISE_MAX = 500;

export class MeshMetrics {
  readonly #now: () => number;
  readonly #dials = new Map<DialId, Dial>();
  readonly #sessions = new Map<PeerId, Session>();
  readonly #totals = { attempts: 0, successful: 0, failed: 0, messages: 0, fallbacks: 0, connectMs: 0 };

  constructor(now: () => number) {
    this.#now = now;
  }

  /** An offer was relayed. */
  dialled(dial: DialId, room: RoomKey, from: PeerId, to: PeerId): void {
    if (this.#dials.has(dial)) return;
    this.#totals.attempts += 1;
    const startedAtMs = this.#now();
    this.#dials.set(dial, { room, ends: [from, to], startedAtMs, confirmedBy: new Set(), state: 'dialing' });
    if (this.#dials.size <= SERVER_LIMITS.dialsMax) return;
    for (const [oldest, entry] of this.#dials) {
      this.#settle(entry, 'failed');
      this.#dials.delete(oldest);
      break;
    }
  }

  /** @param isHere false: the member is at another node, which counts its messages */
  reported(peer: PeerId, frame: FrameOf<'report'>, isHere = true): void {
    const before = this.#sessions.get(peer);
    const rise = (next: number, last: number): number => (isHere ? Math.min(RISE_MAX, Math.max(0, next - last)) : 0);
    this.#totals.messages += rise(frame.p2pMessages, before?.p2pMessages ?? 0);
    this.#totals.fallbacks += rise(frame.fallbacks, before?.fallbacks ?? 0);
    const { room, links, p2pMessages, fallbacks } = frame;
    this.#sessions.set(peer, { room, links, p2pMessages, fallbacks });
    for (const link of links) {
      const dial = this.#dials.get(link.dial);
      if (dial === undefined || !dial.ends.includes(peer) || !dial.ends.includes(link.peer) || link.isRelayed !== false)
        continue;
      dial.confirmedBy.add(peer);
      if (dial.confirmedBy.size < 2 || dial.state === 'connected') continue;
      this.#settle(dial, 'connected');
      this.#totals.connectMs += link.connectMs;
    }
    for (const id of frame.failedDials) {
      const dial = this.#dials.get(id);
      if (dial?.ends.includes(peer) === true) this.#settle(dial, 'failed');
    }
  }

  /** The member is gone for the server; a link it had may live on, but nobody vouches for it. */
  left(peer: PeerId): void {
    this.#sessions.delete(peer);
  }

  /** The picture of one room's mesh. */
  links(room: RoomKey): readonly MeshLink[] {
    return [...(this.#mutual().get(room)?.links.values() ?? [])];
  }

  status(rooms: readonly { readonly room: RoomKey; readonly members: number }[]): MeshStatus {
    this.#expire();
    const mutual = this.#mutual();
    const perRoom = rooms.map(({ room, members }) => {
      const { users, links } = mutual.get(room) ?? {};
      return { room, members, p2pUsers: users?.size ?? 0, links: links?.size ?? 0 };
    });
    const sum = (pick: (room: (typeof perRoom)[number]) => number): number =>
      perRoom.reduce((total, room) => total + pick(room), 0);
    const users = sum((room) => room.members);
    const p2pUsers = sum((room) => room.p2pUsers);
    const { attempts, successful, failed, messages, fallbacks, connectMs } = this.#totals;
    return {
      successfulP2PConnections: successful,
      failedP2PConnections: failed,
      activeP2PConnections: sum((room) => room.links),
      currentP2PUsers: p2pUsers,
      totalActiveUsers: users,
      roomsWithMesh: perRoom.filter((room) => room.links > 0).length,
      meshUpgradeRate: users === 0 ? 0 : p2pUsers / users,
      totalP2PAttempts: attempts,
      p2pMessageCount: messages,
      fallbackCount: fallbacks,
      averageConnectionTimeMs: successful === 0 ? null : connectMs / successful,
      rooms: perRoom,
    };
  }

  /** Links that both ends list, by room, in one pass over the sessions. */
  #mutual(): Map<RoomKey, { readonly users: Set<PeerId>; readonly links: Map<DialId, MeshLink> }> {
    const rooms = new Map<RoomKey, { users: Set<PeerId>; links: Map<DialId, MeshLink> }>();
    for (const [peer, session] of this.#sessions) {
      for (const { peer: other, dial, rttMs, isRelayed } of session.links) {
        if (isRelayed !== false) continue;
        const back = this.#sessions.get(other)?.links.find((link) => link.dial === dial);
        if (back?.peer !== peer || back.isRelayed !== false) continue;
        const found = rooms.get(session.room) ?? { users: new Set(), links: new Map() };
        rooms.set(session.room, found);
        found.users.add(peer);
        found.links.set(dial, { ends: [other, peer], rttMs: rttMs ?? back.rttMs });
      }
    }
    return rooms;
  }

  #expire(): void {
    const oldestMs = this.#now() - SERVER_LIMITS.dialFailedAfterMs;
    for (const [id, dial] of this.#dials) {
      if (dial.startedAtMs > oldestMs) break;
      this.#settle(dial, 'failed');
      if (dial.state === 'failed') this.#dials.delete(id);
    }
  }

  #settle(dial: Dial, state: 'connected' | 'failed'): void {
    if (dial.state !== 'dialing') return;
    dial.state = state;
    if (state === 'connected') this.#totals.successful += 1;
    else this.#totals.failed += 1;
  }
}
