// The bytes that names, key ids and seals of a crew room are made of (rules K1 to K5).

import { canonicalFields } from '../canonical.js';
import type { AuthorId, RoomKey, SessionId } from '../ids.js';

/** First field of each form: what was made for one purpose is worthless for another. */
const PURPOSE = {
  room: 'festival-chat/crew-room/1',
  invite: 'festival-chat/crew-invite/1',
  key: 'festival-chat/crew-key/1',
  seal: 'festival-chat/crew-seal/1',
  wrap: 'festival-chat/crew-wrap/1',
} as const;

/** How the name of a crew room begins; the hash of `crewRoomBytes` follows. */
export const CREW_PREFIX = 'crew.';

type Bytes = Uint8Array<ArrayBuffer>;

export function crewRoomBytes(festival: string, founder: AuthorId, salt: string): Bytes {
  return canonicalFields([PURPOSE.room, festival, founder, salt]);
}

export function inviteCheckBytes(festival: string, room: string, secret: string): Bytes {
  return canonicalFields([PURPOSE.invite, festival, room, secret]);
}

export function keyIdBytes(secret: string): Bytes {
  return canonicalFields([PURPOSE.key, secret]);
}

/** What a seal is bound to beside its key. */
export function sealBytes(room: RoomKey, author: AuthorId, session: SessionId, keyId: string): Bytes {
  return canonicalFields([PURPOSE.seal, room, author, session, keyId]);
}

export function wrapBytes(author: AuthorId, keyId: string): Bytes {
  return canonicalFields([PURPOSE.wrap, author, keyId]);
}
