// Records handed over without a socket, by a page's service worker when the page is gone (rule S15).

import { canonicalFields } from './canonical.js';
import type { PeerId, RoomKey } from './ids.js';

const PURPOSE = 'festival-chat/handover/1';

/** What a page calls the background sync by which its worker hands the outbox over. */
export const HANDOVER_TAG = 'festival-chat-outbox';

/** The header that has a join token, where the server wants one (rule J7). */
export const TOKEN_HEADER = 'Join-Token';

export interface Handover {
  readonly room: RoomKey;
  /** The author of the device, in a session of its own: whoever hands over is no member. */
  readonly peer: PeerId;
  /** Milliseconds since 1970 by the server's clock. */
  readonly timeMs: number;
  /** SHA-256 of the body, 32 bytes in base64url. */
  readonly bodyHash: string;
}

/** What the device signs. */
export function handoverBytes({ room, peer, timeMs, bodyHash }: Handover): Uint8Array<ArrayBuffer> {
  return canonicalFields([PURPOSE, room, peer, String(timeMs), bodyHash]);
}

export function handoverPath(room: RoomKey): string {
  return `/rooms/${room}/records`;
}
