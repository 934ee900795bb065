// What travels on a link. One schema a frame: it is the decoder, the type and the definition in one.
// PROTOCOL.md says who sends which frame when.

import * as v from 'valibot';
import { REFUSAL_CODES } from './errors.js';
import { LIMITS } from './limits.js';
import { PATTERNS } from './ids.js';
import type { AuthorId, DialId, PeerId, RoomKey, SyncItem } from './ids.js';
import { nameSchema, recordIdSchema, wireRecordSchema } from './record.js';

const room = v.custom<RoomKey>((value) => typeof value === 'string' && PATTERNS.room.test(value), 'not a room');
const peer = v.custom<PeerId>((value) => typeof value === 'string' && PATTERNS.peer.test(value), 'not a peer');
const author = v.custom<AuthorId>((value) => typeof value === 'string' && PATTERNS.author.test(value), 'not a key');
const dial = v.custom<DialId>((value) => typeof value === 'string' && PATTERNS.dial.test(value), 'not a dial');
const epoch = v.pipe(v.string(), v.regex(PATTERNS.epoch));
const signature = v.pipe(v.string(), v.regex(PATTERNS.signature));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const timeMs = v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(2 ** 43));
const durationMs = v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(24 * 3_600_000));
const ids = v.pipe(v.array(recordIdSchema), v.minLength(1), v.maxLength(LIMITS.idsPerFrameMax));
const words = v.pipe(v.string(), v.maxLength(LIMITS.errorMessageLengthMax));
const member = v.strictObject({ peer, name: nameSchema });

/** What the server lets the mesh of a room do; an explicit attribute of the page wins, `isEnabled: false` wins over all. */
const meshSettings = v.strictObject({
  isEnabled: v.boolean(),
  maxPeers: v.pipe(count, v.maxValue(8)),
  autoUpgradeDelayMs: durationMs,
});

/** STUN and TURN servers for peer links; credentials of TURN are short-lived (rule M10). */
const iceServer = v.strictObject({
  urls: v.pipe(v.array(v.pipe(v.string(), v.maxLength(300))), v.minLength(1), v.maxLength(4)),
  username: v.optional(v.pipe(v.string(), v.maxLength(300))),
  credential: v.optional(v.pipe(v.string(), v.maxLength(300))),
});

const iceServers = v.pipe(v.array(iceServer), v.maxLength(8));

/** Places of records in the server's order, aligned with `records` of the same frame. */
const places = v.strictObject({
  epoch,
  head: count,
  offsets: v.pipe(v.array(v.pipe(count, v.minValue(1))), v.maxLength(LIMITS.recordsPerFrameMax)),
  /** Given when one of the records came from the future: the server's clock at its arrival, null for the others. */
  arrivals: v.optional(v.pipe(v.array(v.nullable(timeMs)), v.maxLength(LIMITS.recordsPerFrameMax))),
  /** Set on an answer to `want-range` and on catch-up: the frame holds all the server has in (after, through]. */
  range: v.optional(v.strictObject({ after: count, through: count })),
  /** The server's signature over all of it but `range`: with it a peer may pass the places on (rule C6). */
  proof: v.optional(signature),
});

const syncBound = v.strictTuple([count, v.pipe(v.string(), v.maxLength(73))]);
/** A record id and the tag of its signature (rule R7). */
const syncItem = v.custom<SyncItem>(
  (value) => typeof value === 'string' && value.length <= 90 && PATTERNS.syncItem.test(value),
  'not an item',
);
const signatureTag = v.pipe(v.string(), v.regex(PATTERNS.signatureTag));
const syncRange = v.strictObject({
  /** Exclusive upper bound (time, id); the lower one is the range before it. `null` is the end. */
  upTo: v.nullable(syncBound),
  content: v.union([
    v.null(),
    v.strictTuple([count, count, count]),
    v.pipe(v.array(syncItem), v.maxLength(LIMITS.syncItemsPerFrameMax)),
  ]),
});

/** What a device says of itself, so that the server can choose who serves others (rule C2). */
const reportedDevice = v.strictObject({
  isVisible: v.boolean(),
  canDial: v.boolean(),
  /** 0 to 1; null where the browser does not say. */
  battery: v.nullable(v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
  isCharging: v.nullable(v.boolean()),
  /** Median round trip to the server, milliseconds. */
  rttMs: v.nullable(durationMs),
  /** Since the session started. */
  dialsTried: count,
  dialsFailed: count,
});

const reportedLink = v.strictObject({
  peer,
  dial,
  connectMs: durationMs,
  rttMs: v.nullable(durationMs),
  /** Goes through somebody's TURN server; null until the browser has said so or not. */
  isRelayed: v.nullable(v.boolean()),
});

export const frameSchema = v.variant('type', [
  // Server, greeting
  v.strictObject({
    type: v.literal('welcome'),
    version: count,
    nonce: v.pipe(v.string(), v.regex(PATTERNS.nonce)),
    timeMs,
    /** Whoever loses this socket comes back within this, at a random moment (rule J8). */
    returnWithinMs: v.optional(durationMs),
  }),
  v.strictObject({
    type: v.literal('join'),
    version: count,
    room,
    peer,
    name: nameSchema,
    proof: signature,
    token: v.optional(v.pipe(v.string(), v.maxLength(LIMITS.tokenLengthMax))),
    position: v.optional(v.strictObject({ epoch, offset: count })),
  }),
  v.strictObject({
    type: v.literal('joined'),
    room,
    epoch,
    head: count,
    /** Lowest offset the server still keeps, minus one: what lies at or below it is gone from the server. */
    floor: count,
    memberCount: count,
    members: v.pipe(v.array(member), v.maxLength(LIMITS.membersPerFrameMax)),
    mesh: meshSettings,
    iceServers,
    /** Ed25519 public key under which this server signs receipts. */
    serverKey: v.optional(author),
  }),
  v.strictObject({ type: v.literal('leave'), room }),
  /** A visitor tells the organiser of a message (rule O8). */
  v.strictObject({ type: v.literal('complain'), room, target: recordIdSchema, reason: words }),
  v.strictObject({ type: v.literal('complained'), room, target: recordIdSchema }),
  v.strictObject({
    type: v.literal('refused'),
    room: v.optional(room),
    code: v.picklist(REFUSAL_CODES),
    message: words,
    retryAfterMs: v.optional(durationMs),
    ids: v.optional(ids),
  }),
  v.strictObject({ type: v.literal('member-joined'), room, member, memberCount: count }),
  v.strictObject({ type: v.literal('member-left'), room, peer, memberCount: count }),
  v.strictObject({ type: v.literal('mesh-changed'), room, mesh: meshSettings, iceServers }),
  v.strictObject({ type: v.literal('closing'), retryAfterMs: durationMs }),

  // Peer, greeting and parting
  v.strictObject({
    type: v.literal('hello'),
    version: count,
    room,
    peer,
    dial,
    name: nameSchema,
    proof: signature,
  }),
  v.strictObject({ type: v.literal('bye'), room, reason: words }),

  // Replication, on every link
  v.strictObject({
    type: v.literal('records'),
    room,
    records: v.pipe(v.array(wireRecordSchema), v.minLength(0), v.maxLength(LIMITS.recordsPerFrameMax)),
    /** Peer links: hops each record has made before this link; outside the signature, clamped by each reader. */
    hops: v.optional(v.pipe(v.array(count), v.maxLength(LIMITS.recordsPerFrameMax))),
    /** Peer links: the sender has no server now; pass this on. */
    isCarried: v.optional(v.boolean()),
    /** Members whom the sender serves itself. */
    covered: v.optional(v.pipe(v.array(peer), v.maxLength(LIMITS.peersPerFrameMax))),
    /** Server to client only. */
    places: v.optional(places),
  }),
  v.strictObject({ type: v.literal('ack'), room, ids }),
  v.strictObject({
    type: v.literal('placed'),
    room,
    epoch,
    head: count,
    /** Id, offset, tag of the signature, and the server's clock at the arrival of a record from the future. */
    places: v.pipe(
      v.array(v.strictTuple([recordIdSchema, v.pipe(count, v.minValue(1)), signatureTag, v.nullable(timeMs)])),
      v.minLength(1),
      v.maxLength(LIMITS.idsPerFrameMax),
    ),
    /** As in `places` of `records`. */
    proof: v.optional(signature),
  }),
  v.strictObject({ type: v.literal('have'), room, ids }),
  v.strictObject({ type: v.literal('want'), room, ids }),
  v.strictObject({ type: v.literal('want-range'), room, epoch, after: count }),
  v.strictObject({
    type: v.literal('deliver'),
    room,
    ids,
    to: v.pipe(v.array(peer), v.minLength(1), v.maxLength(LIMITS.peersPerFrameMax)),
  }),
  v.strictObject({
    type: v.literal('sync'),
    room,
    /** Fresh for each exchange, so that nobody can prepare two sets with one fingerprint. */
    salt: count,
    /** Records ordered before this are not compared: the sender no longer keeps them all. */
    floor: v.nullable(syncBound),
    ranges: v.pipe(v.array(syncRange), v.minLength(1), v.maxLength(LIMITS.rangesPerFrameMax)),
  }),
  v.strictObject({
    type: v.literal('typing'),
    room,
    /** Server to client only: the latest of those who write, and how many they are without the reader (rule W2). */
    who: v.optional(v.strictObject({ peers: v.pipe(v.array(peer), v.maxLength(LIMITS.typingNamedMax)), count })),
  }),
  v.strictObject({ type: v.literal('ping'), room, nonce: count }),
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
    data: v.pipe(v.string(), v.maxLength(LIMITS.signalLengthMax)),
  }),
  /** Peer links: a signal for a neighbour of the receiver, and from one (rule M9). */
  v.strictObject({
    type: v.literal('relay'),
    room,
    from: peer,
    to: peer,
    dial,
    data: v.pipe(v.string(), v.maxLength(LIMITS.signalLengthMax)),
  }),
  v.strictObject({
    type: v.literal('neighbours'),
    room,
    members: v.pipe(v.array(member), v.maxLength(LIMITS.neighboursPerFrameMax)),
  }),

  // Crowds
  v.strictObject({
    type: v.literal('role'),
    room,
    role: v.picklist(['fan-out', 'leaf', 'supernode']),
    parents: v.pipe(v.array(member), v.maxLength(2)),
  }),
  /** Leaf to parent: serve me, as my first or my second. */
  v.strictObject({ type: v.literal('attach'), room, order: v.picklist([1, 2]) }),
  /** Supernode to server: everything up to this offset is here. */
  v.strictObject({ type: v.literal('reached'), room, epoch, offset: count }),
  v.strictObject({
    type: v.literal('report'),
    room,
    links: v.pipe(v.array(reportedLink), v.maxLength(LIMITS.linksPerReportMax)),
    failedDials: v.pipe(v.array(dial), v.maxLength(LIMITS.linksPerReportMax)),
    device: reportedDevice,
    /** Since this session started: own messages acknowledged by a peer, and hedges asked of the server. */
    p2pMessages: count,
    fallbacks: count,
  }),
]);

/** Any frame. */
export type Frame = v.InferOutput<typeof frameSchema>;
export type FrameType = Frame['type'];
/** The frame of one type. */
export type FrameOf<Type extends FrameType> = Extract<Frame, { type: Type }>;

export type Member = v.InferOutput<typeof member>;
export type MeshSettings = v.InferOutput<typeof meshSettings>;
export type IceServer = v.InferOutput<typeof iceServer>;
export type SyncRange = v.InferOutput<typeof syncRange>;
/** A record's place in the server's order, as `placed` tells it. */
export type Place = FrameOf<'placed'>['places'][number];
export type SyncBound = v.InferOutput<typeof syncBound>;
export type ReportedDevice = v.InferOutput<typeof reportedDevice>;
export type Role = FrameOf<'role'>['role'];
export type ReportedLink = v.InferOutput<typeof reportedLink>;

/** The signal by which the higher peer id asks the lower one to dial (rule M1). */
export const KNOCK = 'knock';
