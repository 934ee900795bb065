// Who makes a request to the server's HTTP side, outside of any socket (rules F7, S15).

import { PATTERNS } from './ids.js';
import type { PeerId } from './ids.js';

const SCHEME = 'FestivalChat';

/** Milliseconds. A device's clock is corrected by the server's, so this is the age of a request on a bad network. */
export const REQUEST_AGE_MAX_MS = 60_000;

export interface RequestClaim {
  readonly peer: PeerId;
  /** Milliseconds since 1970 by the server's clock. */
  readonly timeMs: number;
  /** Signature by the peer's author of what is asked. */
  readonly proof: string;
}

/** The value of `Authorization`. */
export function writeClaim({ peer, timeMs, proof }: RequestClaim): string {
  return `${SCHEME} ${peer} ${timeMs} ${proof}`;
}

/** Null when it is none. */
export function readClaim(header: string | undefined): RequestClaim | null {
  const [scheme, peer = '', time = '', proof = '', ...rest] = (header ?? '').slice(0, 300).split(' ');
  const isWellFormed =
    scheme === SCHEME &&
    PATTERNS.peer.test(peer) &&
    /^[1-9]\d{0,15}$/.test(time) &&
    PATTERNS.signature.test(proof) &&
    rest.length === 0;
  return isWellFormed ? { peer: peer as PeerId, timeMs: Number(time), proof } : null;
}
