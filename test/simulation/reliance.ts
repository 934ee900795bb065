// Whom the server relies on in a crowd, kept apart from how it chooses: who serves whom by its own words, and which
// supernode has not said that it reached what it was pushed (rules C3, C8).

import type { Role } from '../../src/protocol/frames.js';
import type { PeerId } from '../../src/protocol/ids.js';
import { CROWD } from '../../src/core/crowd/crowd-limits.js';

/** Timers of one moment run one after another. */
const SLACK_MS = 50;

export class Reliance {
  readonly #roles = new Map<PeerId, { readonly role: Role; readonly parents: readonly PeerId[] }>();
  /** What each supernode was pushed and has not said that it reached, oldest first. */
  readonly #owed = new Map<PeerId, { readonly offset: number; readonly atMs: number }[]>();

  given(peer: PeerId, role: Role, parents: readonly PeerId[]): void {
    this.#roles.set(peer, { role, parents });
    if (role !== 'supernode') this.#owed.delete(peer);
  }

  /** Left, or came back on another socket: the server gives roles anew. */
  forgotten(peer: PeerId): void {
    this.#roles.delete(peer);
    this.#owed.delete(peer);
  }

  pushed(head: number, nowMs: number): void {
    for (const [peer, { role }] of this.#roles) {
      if (role === 'supernode') this.#owed.set(peer, [...(this.#owed.get(peer) ?? []), { offset: head, atMs: nowMs }]);
    }
  }

  reached(peer: PeerId, reached: number): void {
    const owed = this.#owed.get(peer)?.filter(({ offset }) => offset > reached);
    if (owed !== undefined) this.#owed.set(peer, owed);
  }

  /** May a push to this member be left to its parents? */
  mayRely(peer: PeerId, nowMs: number): boolean {
    const parents = this.#roles.get(peer)?.parents ?? [];
    return parents.some((parent) => {
      const sinceMs = this.#owed.get(parent)?.[0]?.atMs ?? nowMs;
      return nowMs - sinceMs <= CROWD.reachPatienceMs + SLACK_MS;
    });
  }

  /** Leaves that have fewer parents than there could be. */
  shortOfParents(): PeerId[] {
    const supernodes = [...this.#roles.values()].filter(({ role }) => role === 'supernode').length;
    const leaves = [...this.#roles].filter(([, { role }]) => role === 'leaf');
    return leaves.filter(([, { parents }]) => parents.length < Math.min(2, supernodes)).map(([peer]) => peer);
  }

  supernodes(): PeerId[] {
    return [...this.#roles].filter(([, { role }]) => role === 'supernode').map(([peer]) => peer);
  }

  leavesOf(parent: PeerId): PeerId[] {
    return [...this.#roles].filter(([, { parents }]) => parents.includes(parent)).map(([peer]) => peer);
  }

  parentsOf(peer: PeerId): readonly PeerId[] {
    return this.#roles.get(peer)?.parents ?? [];
  }
}
