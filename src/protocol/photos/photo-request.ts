// A request for a photo, or with a part of one, to the server's HTTP side (rule F7).

import { canonicalFields } from '../canonical.js';
import { PATTERNS } from '../ids.js';
import type { PeerId, RecordId, RoomKey } from '../ids.js';

const PURPOSE = 'festival-chat/photo/1';
const SCHEME = 'FestivalChat';

export interface PhotoRequest {
  readonly method: 'GET' | 'PUT';
  readonly room: RoomKey;
  readonly record: RecordId;
  readonly peer: PeerId;
  /** Milliseconds since 1970 by the server's clock. */
  readonly timeMs: number;
}

export interface PhotoClaim {
  readonly peer: PeerId;
  readonly timeMs: number;
  readonly proof: string;
}

/** What the member signs. */
export function photoRequestBytes({ method, room, record, peer, timeMs }: PhotoRequest): Uint8Array<ArrayBuffer> {
  return canonicalFields([PURPOSE, room, peer, method, record, String(timeMs)]);
}

/** The value of `Authorization`. */
export function writeClaim({ peer, timeMs, proof }: PhotoClaim): string {
  return `${SCHEME} ${peer} ${timeMs} ${proof}`;
}

/** Null when it is none. */
export function readClaim(header: string | undefined): PhotoClaim | null {
  const [scheme, peer = '', time = '', proof = '', ...rest] = (header ?? '').slice(0, 300).split(' ');
  const isWellFormed =
    scheme === SCHEME &&
    PATTERNS.peer.test(peer) &&
    /^[1-9]\d{0,15}$/.test(time) &&
    PATTERNS.signature.test(proof) &&
    rest.length === 0;
  return isWellFormed ? { peer: peer as PeerId, timeMs: Number(time), proof } : null;
}

export function photoPath(room: RoomKey, record: RecordId): string {
  return `/photos/${room}/${record}`;
}
