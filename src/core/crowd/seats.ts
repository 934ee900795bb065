// How the supernodes of a room are spread over the networks its members are in (rule C2): as D'Hondt's method gives the
// seats of a parliament to its parties.

/** Devices behind one public address; null when it is not known. */
type Network = string | null;

interface Located {
  readonly network: Network;
}

export class Seats {
  readonly #sizes = new Map<Network, number>();
  readonly #taken = new Map<Network, number>();

  constructor(members: readonly Located[]) {
    for (const { network } of members) this.#sizes.set(network, (this.#sizes.get(network) ?? 0) + 1);
  }

  take({ network }: Located): void {
    this.#taken.set(network, this.taken({ network }) + 1);
  }

  leave({ network }: Located): void {
    this.#taken.set(network, this.taken({ network }) - 1);
  }

  /** Supernodes on this one's network. */
  taken({ network }: Located): number {
    return this.#taken.get(network) ?? 0;
  }

  /** Members of this one's network for each supernode it has. */
  served({ network }: Located): number {
    return (this.#sizes.get(network) ?? 0) / this.taken({ network });
  }

  /** The same if it had one more: the most has the best claim to it. */
  claim({ network }: Located): number {
    return (this.#sizes.get(network) ?? 0) / (1 + this.taken({ network }));
  }
}
