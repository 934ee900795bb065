// The links of one room, and what is counted of them. Asked at every step of every member, so the answers are kept
// until a link comes, opens or goes.

import type { DialId, PeerId } from '../protocol/ids.js';
import type { PeerLinkState } from './peer-link-state.js';

export class LinkTable {
  readonly #links = new Map<DialId, PeerLinkState>();
  #up: readonly PeerLinkState[] | null = null;

  get size(): number {
    return this.#links.size;
  }

  /** Links that are being dialled. */
  get dialing(): number {
    let count = 0;
    for (const link of this.#links.values()) if (!link.isUp) count += 1;
    return count;
  }

  get(dial: DialId): PeerLinkState | undefined {
    return this.#links.get(dial);
  }

  /** In the order they were begun. What is changed meanwhile changes nothing in this list. */
  all(): PeerLinkState[] {
    return [...this.#links.values()];
  }

  /** As they are now, without a copy: nothing may be added or deleted meanwhile. */
  each(): Iterable<PeerLinkState> {
    return this.#links.values();
  }

  /** Up, being dialled, or both. */
  to(peer: PeerId): PeerLinkState[] {
    return this.all().filter((link) => link.peer === peer);
  }

  has(peer: PeerId): boolean {
    for (const link of this.#links.values()) if (link.peer === peer) return true;
    return false;
  }

  /** Links that are up, one a peer: of two to the same peer the newer. */
  up(): readonly PeerLinkState[] {
    if (this.#up !== null) return this.#up;
    const newest = new Map<PeerId, PeerLinkState>();
    for (const link of this.#links.values()) if (link.isUp) newest.set(link.peer, link);
    this.#up = [...newest.values()];
    return this.#up;
  }

  upTo(peer: PeerId): PeerLinkState | undefined {
    return this.up().find((link) => link.peer === peer);
  }

  add(link: PeerLinkState): void {
    this.#links.set(link.dial, link);
    this.#up = null;
  }

  opened(link: PeerLinkState, nowMs: number): void {
    link.opened(nowMs);
    this.#up = null;
  }

  delete({ dial }: PeerLinkState): void {
    this.#links.delete(dial);
    this.#up = null;
  }

  /** Forgets all, and returns them. */
  clear(): PeerLinkState[] {
    const links = this.all();
    this.#links.clear();
    this.#up = null;
    return links;
  }
}
