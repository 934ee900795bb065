// Who is near whom, as far as a server can tell (rule C3): by the public address, and by the area the page has named.

export interface Whereabouts {
  /** Devices behind one public address; null when it is not known. */
  readonly network: string | null;
  /** Area of the venue, as the page has named it; null when it has not. */
  readonly location: string | null;
}

export function isOnNetworkOf(one: Whereabouts, other: Whereabouts): boolean {
  return one.network !== null && one.network === other.network;
}

export function isAtLocationOf(one: Whereabouts, other: Whereabouts): boolean {
  return one.location !== null && one.location === other.location;
}

/** The same for members of one network and location; those of whom nothing is known are one neighbourhood. */
export function neighbourhoodOf({ network, location }: Whereabouts): string {
  return JSON.stringify([network, location]);
}
