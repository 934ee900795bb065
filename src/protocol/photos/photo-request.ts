// A request for a photo, or with a part of one, to the server's HTTP side (rule F7).

import { canonicalFields } from '../canonical.js';
import type { PeerId, RecordId, RoomKey } from '../ids.js';

const PURPOSE = 'festival-chat/photo/1';

export interface PhotoRequest {
  readonly method: 'GET' | 'PUT';
  readonly room: RoomKey;
  readonly record: RecordId;
  readonly peer: PeerId;
  /** Milliseconds since 1970 by the server's clock. */
  readonly timeMs: number;
}

/** What the member signs. */
export function photoRequestBytes({ method, room, record, peer, timeMs }: PhotoRequest): Uint8Array<ArrayBuffer> {
  return canonicalFields([PURPOSE, room, peer, method, record, String(timeMs)]);
}

export function photoPath(room: RoomKey, record: RecordId): string {
  return `/photos/${room}/${record}`;
}
