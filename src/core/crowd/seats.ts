// How the supernodes of a room are spread over the neighbourhoods its members are in (rule C2): as D'Hondt's method gives
// the seats of a parliament to its parties.

import { neighbourhoodOf } from './nearness.js';
import type { Whereabouts } from './nearness.js';

export class Seats {
  readonly #sizes = new Map<string, number>();
  readonly #taken = new Map<string, number>();

  constructor(members: readonly Whereabouts[]) {
    for (const member of members) {
      const neighbourhood = neighbourhoodOf(member);
      this.#sizes.set(neighbourhood, (this.#sizes.get(neighbourhood) ?? 0) + 1);
    }
  }

  take(member: Whereabouts): void {
    this.#taken.set(neighbourhoodOf(member), this.taken(member) + 1);
  }

  leave(member: Whereabouts): void {
    this.#taken.set(neighbourhoodOf(member), this.taken(member) - 1);
  }

  /** Supernodes in this one's neighbourhood. */
  taken(member: Whereabouts): number {
    return this.#taken.get(neighbourhoodOf(member)) ?? 0;
  }

  /** Members of this one's neighbourhood for each supernode it has. */
  served(member: Whereabouts): number {
    return this.#size(member) / this.taken(member);
  }

  /** The same if it had one more: the most has the best claim to it. */
  claim(member: Whereabouts): number {
    return this.#size(member) / (1 + this.taken(member));
  }

  #size(member: Whereabouts): number {
    return this.#sizes.get(neighbourhoodOf(member)) ?? 0;
  }
}
