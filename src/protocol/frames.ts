// What travels on a link. One schema a frame: it is the decoder, the type and the definition in one.
// PROTOCOL.md says who sends which frame when; those of the server are in served-frames.ts.

import * as v from 'valibot';
import { between, list, oneOf, shaped, text, yesOrNo } from './fields.js';
import { LIMITS } from './limits.js';
import { PATTERNS } from './ids.js';
import type { SyncItem } from './ids.js';
import {
  SERVED_FRAMES,
  count,
  dial,
  durationMs,
  epoch,
  iceServer,
  ids,
  member,
  meshSettings,
  peer,
  room,
  signature,
  words,
} from './served-frames.js';
import { nameSchema, recordIdSchema } from './record.js';

const syncBound = v.strictTuple([count, text(73)]);
/** A record id and the tag of its signature (rule R7). */
const syncItem = shaped<SyncItem>(PATTERNS.syncItem, 90);
const syncItems = list(syncItem, LIMITS.syncItemsPerFrameMax);
const syncSums = v.strictTuple([count, count, count]);
type SyncSums = v.InferOutput<typeof syncSums>;
const syncRange = v.strictObject({
  /** Exclusive upper bound (time, id); the lower one is the range before it. `null` is the end. */
  upTo: v.nullable(syncBound),
  content: v.nullable(v.custom<SyncSums | SyncItem[]>((value) => v.is(syncSums, value) || v.is(syncItems, value))),
});

/** What a device says of itself, so that the server can choose who serves others (rule C2). */
const reportedDevice = v.strictObject({
  isVisible: yesOrNo,
  canDial: yesOrNo,
  /** 0 to 1; null where the browser does not say. */
  battery: v.nullable(between(0, 1)),
  isCharging: v.nullable(yesOrNo),
  /** Area of the venue, where the page names one; in the form of a room's name. */
  location: v.optional(shaped(PATTERNS.roomName)),
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
  isRelayed: v.nullable(yesOrNo),
});

export const frameSchema = v.variant('type', [
  ...SERVED_FRAMES,

  v.strictObject({
    type: v.literal('join'),
    version: count,
    room,
    peer,
    name: nameSchema,
    proof: signature,
    token: v.optional(text(LIMITS.tokenLengthMax)),
    position: v.optional(v.strictObject({ epoch, offset: count })),
  }),
  v.strictObject({ type: v.literal('leave'), room }),
  /** A visitor tells the organiser of a message (rule O8). */
  v.strictObject({ type: v.literal('complain'), room, target: recordIdSchema, reason: words }),

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
  v.strictObject({ type: v.literal('ack'), room, ids }),
  v.strictObject({ type: v.literal('have'), room, ids }),
  v.strictObject({ type: v.literal('want-range'), room, epoch, after: count }),
  v.strictObject({
    type: v.literal('deliver'),
    room,
    ids,
    to: list(peer, LIMITS.peersPerFrameMax, 1),
  }),
  v.strictObject({
    type: v.literal('sync'),
    room,
    /** Fresh for each exchange, so that nobody can prepare two sets with one fingerprint. */
    salt: count,
    /** Records ordered before this are not compared: the sender no longer keeps them all. */
    floor: v.nullable(syncBound),
    ranges: list(syncRange, LIMITS.rangesPerFrameMax, 1),
  }),
  v.strictObject({ type: v.literal('ping'), room, nonce: count }),
  /** Peer links: a signal for a neighbour of the receiver, and from one (rule M9). */
  v.strictObject({
    type: v.literal('relay'),
    room,
    from: peer,
    to: peer,
    dial,
    data: text(LIMITS.signalLengthMax),
  }),
  v.strictObject({
    type: v.literal('neighbours'),
    room,
    members: list(member, LIMITS.neighboursPerFrameMax),
  }),
  /** Leaf to parent: serve me, as my first or my second. */
  v.strictObject({ type: v.literal('attach'), room, order: oneOf([1, 2]) }),
  /** Supernode to server: everything up to this offset is here. */
  v.strictObject({ type: v.literal('reached'), room, epoch, offset: count }),
  v.strictObject({
    type: v.literal('report'),
    room,
    links: list(reportedLink, LIMITS.linksPerReportMax),
    failedDials: list(dial, LIMITS.linksPerReportMax),
    device: reportedDevice,
    /** Since this session started: own messages acknowledged by a peer, and hedges asked of the server. */
    p2pMessages: count,
    fallbacks: count,
    /** Parents that do not pass on what the other one does (rule C11). */
    silent: v.optional(list(peer, 2)),
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

/** The signal by which the higher peer id asks the lower one to dial (rule M1). */
export const KNOCK = 'knock';
