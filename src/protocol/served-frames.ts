// What the server says to its members, and the fields that all frames are made of. A page decodes nothing else until it
// has peers; PROTOCOL.md says who sends which frame when.

import * as v from 'valibot';
import { REFUSAL_CODES } from './errors.js';
import { between, list, oneOf, shaped, text, whole, yesOrNo } from './fields.js';
import { LIMITS } from './limits.js';
import { PATTERNS } from './ids.js';
import type { DialId, PeerId, RoomKey } from './ids.js';
import { authorSchema, nameSchema, recordIdSchema, wireRecordSchema } from './record.js';

export const room = shaped<RoomKey>(PATTERNS.room);
export const peer = shaped<PeerId>(PATTERNS.peer);
export const dial = shaped<DialId>(PATTERNS.dial);
export const epoch = shaped(PATTERNS.epoch);
export const signature = shaped(PATTERNS.signature);
export const count = whole(0);
const timeMs = between(0, 2 ** 43);
export const durationMs = between(0, 24 * 3_600_000);
export const ids = list(recordIdSchema, LIMITS.idsPerFrameMax, 1);
export const words = text(LIMITS.errorMessageLengthMax);
export const member = v.strictObject({ peer, name: nameSchema });

/** What the server lets the mesh of a room do; an explicit attribute of the page wins, `isEnabled: false` wins over all. */
export const meshSettings = v.strictObject({
  isEnabled: yesOrNo,
  maxPeers: whole(0, 8),
  autoUpgradeDelayMs: durationMs,
});

/** STUN and TURN servers for peer links; credentials of TURN are short-lived (rule M10). */
export const iceServer = v.strictObject({
  urls: list(text(300), 4, 1),
  username: v.optional(text(300)),
  credential: v.optional(text(300)),
});

const iceServers = list(iceServer, 8);

/** Places of records in the server's order, aligned with `records` of the same frame. */
const places = v.strictObject({
  epoch,
  head: count,
  offsets: list(whole(1), LIMITS.recordsPerFrameMax),
  /** Given when one of the records came from the future: the server's clock at its arrival, null for the others. */
  arrivals: v.optional(list(v.nullable(timeMs), LIMITS.recordsPerFrameMax)),
  /** Set on an answer to `want-range` and on catch-up: the frame holds all the server has in (after, through]. */
  range: v.optional(v.strictObject({ after: count, through: count })),
  /** The server's signature over all of it but `range`: with it a peer may pass the places on (rule C6). */
  proof: v.optional(signature),
});

const signatureTag = shaped(PATTERNS.signatureTag);

/** In one array, so that the schema of all frames has them too. */
export const SERVED_FRAMES = [
  // Server, greeting
  v.strictObject({
    type: v.literal('welcome'),
    version: count,
    nonce: shaped(PATTERNS.nonce),
    timeMs,
    /** Whoever loses this socket comes back within this, at a random moment (rule J8). */
    returnWithinMs: v.optional(durationMs),
  }),
  v.strictObject({
    type: v.literal('joined'),
    room,
    epoch,
    head: count,
    /** Lowest offset the server still keeps, minus one: what lies at or below it is gone from the server. */
    floor: count,
    memberCount: count,
    members: list(member, LIMITS.membersPerFrameMax),
    mesh: meshSettings,
    iceServers,
    /** Ed25519 public key under which this server signs receipts. */
    serverKey: v.optional(authorSchema),
    /** Bytes of a photo this server takes at most; without it, it takes none (rule F8). */
    photoBytesMax: v.optional(count),
  }),
  v.strictObject({ type: v.literal('complained'), room, target: recordIdSchema }),
  v.strictObject({
    type: v.literal('refused'),
    room: v.optional(room),
    code: oneOf(REFUSAL_CODES),
    message: words,
    retryAfterMs: v.optional(durationMs),
    ids: v.optional(ids),
  }),
  v.strictObject({ type: v.literal('member-joined'), room, member, memberCount: count }),
  v.strictObject({ type: v.literal('member-left'), room, peer, memberCount: count }),
  v.strictObject({ type: v.literal('mesh-changed'), room, mesh: meshSettings, iceServers }),
  v.strictObject({ type: v.literal('closing'), retryAfterMs: durationMs }),

  // Replication, on every link
  v.strictObject({
    type: v.literal('records'),
    room,
    records: list(wireRecordSchema, LIMITS.recordsPerFrameMax),
    /** Peer links: hops each record has made before this link; outside the signature, clamped by each reader. */
    hops: v.optional(list(count, LIMITS.recordsPerFrameMax)),
    /** Peer links: the sender has no server now; pass this on. */
    isCarried: v.optional(yesOrNo),
    /** Members whom the sender serves itself. */
    covered: v.optional(list(peer, LIMITS.peersPerFrameMax)),
    /** Server to client only. */
    places: v.optional(places),
  }),
  v.strictObject({
    type: v.literal('placed'),
    room,
    epoch,
    head: count,
    /** Id, offset, tag of the signature, and the server's clock at the arrival of a record from the future. */
    places: list(v.strictTuple([recordIdSchema, whole(1), signatureTag, v.nullable(timeMs)]), LIMITS.idsPerFrameMax, 1),
    /** As in `places` of `records`. */
    proof: v.optional(signature),
  }),
  v.strictObject({ type: v.literal('want'), room, ids }),
  v.strictObject({
    type: v.literal('typing'),
    room,
    /** Server to client only: the latest of those who write, and how many they are without the reader (rule W2). */
    who: v.optional(v.strictObject({ peers: list(peer, LIMITS.typingNamedMax), count })),
  }),
  v.strictObject({
    type: v.literal('pong'),
    room,
    nonce: count,
    /** Server only: its clock, its head in the room, and rule J8. */
    timeMs: v.optional(timeMs),
    head: v.optional(count),
    /** In rooms too large for `member-joined`. */
    memberCount: v.optional(count),
    returnWithinMs: v.optional(durationMs),
  }),

  // Signaling and measurement
  v.strictObject({
    type: v.literal('signal'),
    room,
    /** To the server: whom it is for. From the server: whom it is from, as the server knows it. */
    peer,
    dial,
    /** A WebRTC description or candidate as JSON; `knock` asks the lower peer id to dial. */
    data: text(LIMITS.signalLengthMax),
  }),

  // Crowds
  v.strictObject({
    type: v.literal('role'),
    room,
    role: oneOf(['fan-out', 'leaf', 'supernode']),
    parents: list(member, 2),
  }),
] as const;

export const servedFrameSchema = v.variant('type', SERVED_FRAMES);
