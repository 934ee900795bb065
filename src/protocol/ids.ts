// Names of things on the wire. Each is a branded string: made here or by a decoder, never by a cast elsewhere.

import { LIMITS } from './limits.js';

type Branded<Name extends string> = string & { readonly '~name': Name };

/** A device's Ed25519 public key: 32 bytes, base64url, 43 characters. */
export type AuthorId = Branded<'AuthorId'>;
/** Random per tab and start: 9 bytes, base64url, 12 characters. */
export type SessionId = Branded<'SessionId'>;
/** One running replica, `author.session`. A member's identity: it outlives every socket and link. */
export type PeerId = Branded<'PeerId'>;
/** One record for ever and on every route, `author.session.seq`. */
export type RecordId = Branded<'RecordId'>;
/** A room within its festival, `festival/room`. */
export type RoomKey = Branded<'RoomKey'>;
/** One attempt to link two peers; what belongs to an earlier attempt is recognised by it and ignored. */
export type DialId = Branded<'DialId'>;
/** A record id, `~`, and the tag of its signature: which of two contents under one id is meant (rule R7). */
export type SyncItem = Branded<'SyncItem'>;

/** The last character of 32 bytes in base64url carries 4 bits, so only these sixteen are canonical. */
const AUTHOR = '[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]';
const SESSION = '[A-Za-z0-9_-]{12}';
const SEQ = '[1-9][0-9]{0,15}';
const ROOM_NAME = `[A-Za-z0-9._-]{1,${LIMITS.roomNameLengthMax}}`;

export const PATTERNS = {
  author: new RegExp(`^${AUTHOR}$`),
  session: new RegExp(`^${SESSION}$`),
  peer: new RegExp(`^${AUTHOR}\\.${SESSION}$`),
  record: new RegExp(`^${AUTHOR}\\.${SESSION}\\.${SEQ}$`),
  /** 64 bytes in base64url; the last character carries 2 bits. */
  signature: /^[A-Za-z0-9_-]{85}[AQgw]$/,
  signatureTag: /^[A-Za-z0-9_-]{16}$/,
  syncItem: new RegExp(`^${AUTHOR}\\.${SESSION}\\.${SEQ}~[A-Za-z0-9_-]{16}$`),
  roomName: new RegExp(`^${ROOM_NAME}$`),
  room: new RegExp(`^${ROOM_NAME}/${ROOM_NAME}$`),
  /** Rule K1. */
  crewRoom: new RegExp(`^(?:[^/]+/)?crew\\.${AUTHOR}$`),
  dial: /^[A-Za-z0-9_-]{8,16}$/,
  nonce: /^[A-Za-z0-9_-]{16,64}$/,
  base64url: /^[A-Za-z0-9_-]+$/,
  epoch: /^[A-Za-z0-9_-]{8,32}$/,
} as const;

export function peerId(author: AuthorId, session: SessionId): PeerId {
  return `${author}.${session}` as PeerId;
}

export function recordId(author: AuthorId, session: SessionId, seq: number): RecordId {
  return `${author}.${session}.${seq}` as RecordId;
}

export function authorOf(id: PeerId | RecordId): AuthorId {
  return id.slice(0, 43) as AuthorId;
}

export function peerOf(id: RecordId): PeerId {
  return id.slice(0, 56) as PeerId;
}

export function seqOf(id: RecordId): number {
  return Number(id.slice(57));
}

/** @throws {RangeError} when a part is not 1–64 of letters, digits, `-`, `_`, `.` */
export function roomKey(festival: string, room: string): RoomKey {
  for (const [what, value] of [
    ['festival', festival],
    ['room', room],
  ] as const) {
    if (!PATTERNS.roomName.test(value)) {
      throw new RangeError(`${what} ${JSON.stringify(value)} is not 1–64 of letters, digits, "-", "_", "."`);
    }
  }
  return `${festival}/${room}` as RoomKey;
}

export function syncItem(id: RecordId, tag: string): SyncItem {
  return `${id}~${tag}` as SyncItem;
}

export function idOfItem(item: SyncItem): RecordId {
  return item.slice(0, item.indexOf('~')) as RecordId;
}

/** A short tag by which people tell two devices of one name apart: the first letters of the key. */
export function authorTag(author: AuthorId): string {
  return author.slice(0, 4);
}
