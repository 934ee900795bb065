// Who of a room is at which node, as one node knows it. Pure: says what changed, tells nobody.
// A claim is a number that grows with each joining anywhere; the highest claim to a peer is where it is (rule J9).

import type { PeerId } from '../../src/protocol/ids.js';

export interface Presence {
  readonly node: string;
  readonly name: string;
  readonly claim: number;
}

interface Own {
  readonly name: string;
  /** Null until Redis has answered. */
  claim: number | null;
  /** Somebody else's claim that came before the own one was known. */
  rival: Presence | null;
}

export type PresenceChange = 'none' | 'joined' | 'moved-away';

export class RoomPresence {
  readonly #here = new Map<PeerId, Own>();
  readonly #elsewhere = new Map<PeerId, Presence>();
  readonly #names = new Map<PeerId, string>();
  /** Peers spoken of since a listing was asked for; what is heard is newer than the listing. */
  #touched: Set<PeerId> | null = null;

  /** Members at other nodes, by name. */
  get elsewhere(): ReadonlyMap<PeerId, string> {
    return this.#names;
  }

  get here(): ReadonlyMap<PeerId, Readonly<Own>> {
    return this.#here;
  }

  nodeOf(peer: PeerId): string | undefined {
    return this.#elsewhere.get(peer)?.node;
  }

  joinHere(peer: PeerId, name: string): void {
    this.#touched?.add(peer);
    this.#forget(peer);
    this.#here.set(peer, { name, claim: null, rival: null });
  }

  /** Redis has answered to a joining here. */
  claimed(peer: PeerId, name: string, claim: number): PresenceChange {
    const own = this.#here.get(peer);
    if (own === undefined || own.name !== name) return 'none';
    own.claim = claim;
    return own.rival === null ? 'none' : this.heard(peer, own.rival);
  }

  leaveHere(peer: PeerId): void {
    this.#touched?.add(peer);
    this.#here.delete(peer);
  }

  /** A node says that a peer is there. */
  heard(peer: PeerId, presence: Presence): PresenceChange {
    this.#touched?.add(peer);
    const own = this.#here.get(peer);
    if (own !== undefined) {
      if (own.claim === null) {
        if ((own.rival?.claim ?? 0) < presence.claim) own.rival = presence;
        return 'none';
      }
      if (own.claim >= presence.claim) return 'none';
      this.#here.delete(peer);
      this.#set(peer, presence);
      return 'moved-away';
    }
    const before = this.#elsewhere.get(peer);
    if (before !== undefined && before.claim >= presence.claim) return 'none';
    this.#set(peer, presence);
    return before?.name === presence.name ? 'none' : 'joined';
  }

  /** True when the peer was there and is gone. */
  left(peer: PeerId, node: string): boolean {
    this.#touched?.add(peer);
    if (this.#elsewhere.get(peer)?.node !== node) return false;
    this.#forget(peer);
    return true;
  }

  /** A node has ended, or says nothing any more. Returns who left with it. */
  nodeGone(node: string): PeerId[] {
    const gone = [...this.#elsewhere].filter(([, presence]) => presence.node === node).map(([peer]) => peer);
    for (const peer of gone) this.#forget(peer);
    return gone;
  }

  /** A listing of all members is being asked for. */
  beginListing(): void {
    this.#touched = new Set();
  }

  /** The listing is here. Returns who is not in it, and has left. */
  endListing(listed: ReadonlySet<PeerId>): PeerId[] {
    const touched = this.#touched ?? new Set<PeerId>();
    this.#touched = null;
    const gone = [...this.#elsewhere.keys()].filter((peer) => !listed.has(peer) && !touched.has(peer));
    for (const peer of gone) this.#forget(peer);
    return gone;
  }

  /** True when something was said of this peer since the listing was asked for. */
  isNewer(peer: PeerId): boolean {
    return this.#touched?.has(peer) === true;
  }

  #set(peer: PeerId, presence: Presence): void {
    this.#elsewhere.set(peer, presence);
    this.#names.set(peer, presence.name);
  }

  #forget(peer: PeerId): void {
    this.#elsewhere.delete(peer);
    this.#names.delete(peer);
  }
}
