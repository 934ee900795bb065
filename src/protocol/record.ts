// A record: the one thing a room's log is made of. Decoding refuses what a writer would not have written.

import * as v from 'valibot';
import { oneOf, shaped, text, whole, yesOrNo } from './fields.js';
import { LIMITS } from './limits.js';
import { PATTERNS, peerId, recordId } from './ids.js';
import type { AuthorId, RecordId, RoomKey, SessionId } from './ids.js';
import { codePointLength, isNormalName, isNormalText, utf8Length } from './text.js';

export const nameSchema = text(LIMITS.nameBytesMax, isName);
const textSchema = text(LIMITS.textBytesMax, isText);
const emojiSchema = text(LIMITS.emojiBytesMax, isShort(LIMITS.emojiBytesMax));
const reasonSchema = v.optional(text(LIMITS.reasonBytesMax, isShort(LIMITS.reasonBytesMax)));
export const recordIdSchema = shaped<RecordId>(PATTERNS.record, 73);
export const authorSchema = shaped<AuthorId>(PATTERNS.author);

const safeCount = whole(1);
const side = whole(1, LIMITS.photoSideMax);

const photoSchema = v.strictObject({
  /** SHA-256 of the picture's bytes, 32 bytes in base64url. */
  hash: authorSchema,
  bytes: whole(1, LIMITS.photoBytesMax),
  /** Pixels. */
  width: side,
  height: side,
  type: oneOf(['image/webp', 'image/jpeg']),
  /** A tiny picture of the same, base64url. */
  thumb: shaped(PATTERNS.base64url, LIMITS.thumbLengthMax),
});

const message = { kind: v.literal('message'), name: nameSchema, replyTo: v.optional(recordIdSchema) } as const;

const AMENDING_BODIES = [
  v.strictObject({ kind: v.literal('edit'), target: recordIdSchema, text: textSchema }),
  v.strictObject({ kind: v.literal('retract'), target: recordIdSchema }),
  v.strictObject({ kind: v.literal('reaction'), target: recordIdSchema, emoji: emojiSchema, isOn: yesOrNo }),
] as const;

/** What a visitor may say sealed: no photo, for its bytes travel beside the records, and nobody seals them. */
export const SEALABLE_BODIES = [v.strictObject({ ...message, text: textSchema }), ...AMENDING_BODIES] as const;

const bodySchema = v.variant('kind', [
  v.pipe(
    v.strictObject({
      ...message,
      /** Empty only beside a photo (rule F1). */
      text: text(LIMITS.textBytesMax, (said) => said === '' || isText(said)),
      photo: v.optional(photoSchema),
    }),
    v.check((said) => said.text !== '' || said.photo !== undefined),
  ),
  ...AMENDING_BODIES,
  /** One of a crew room (rule K3). */
  v.strictObject({
    kind: v.literal('sealed'),
    key: shaped(PATTERNS.session),
    nonce: shaped(PATTERNS.signatureTag),
    data: shaped(PATTERNS.base64url, LIMITS.sealedLengthMax),
  }),
  // What only the organiser may say, under the server's key (rules O1 to O6).
  v.strictObject({ kind: v.literal('announce'), text: textSchema }),
  v.strictObject({ kind: v.literal('pin'), target: v.optional(recordIdSchema) }),
  v.strictObject({
    kind: v.literal('remove'),
    target: recordIdSchema,
    name: nameSchema,
    at: safeCount,
    reason: reasonSchema,
  }),
  v.strictObject({
    kind: v.literal('restrict'),
    author: authorSchema,
    level: oneOf(['none', 'mute', 'ban']),
    untilMs: whole(0),
    reason: reasonSchema,
  }),
  v.strictObject({ kind: v.literal('slow'), seconds: whole(0, LIMITS.slowSecondsMax) }),
  v.strictObject({ kind: v.literal('clear') }),
]);

/** What a record says. New kinds are added here, in `canonical.ts` and in PROTOCOL.md. */
export type RecordBody = Readonly<v.InferOutput<typeof bodySchema>>;

/** The photo of a message: all about the picture but its bytes. */
export type Photo = Readonly<v.InferOutput<typeof photoSchema>>;

export type OrganiserBody = Extract<
  RecordBody,
  { kind: 'announce' | 'pin' | 'remove' | 'restrict' | 'slow' | 'clear' }
>;

/** What one of the visitors says. */
export type VisitorBody = Readonly<v.InferOutput<(typeof SEALABLE_BODIES)[number]>>;

/** A body as all but the members of a crew see it. */
export type SealedBody = Extract<RecordBody, { kind: 'sealed' }>;

/** A record before its signature. */
export interface RecordDraft {
  readonly room: RoomKey;
  readonly author: AuthorId;
  readonly session: SessionId;
  /** Counts from 1 within the session. */
  readonly seq: number;
  /** Hybrid time, packed (see `hybrid-clock.ts` in core): milliseconds × 1024 + counter. */
  readonly time: number;
  readonly body: RecordBody;
  /** In a crew room, once `body` was opened: what is signed, kept and passed on in its place (rule K3). */
  readonly sealed?: SealedBody | undefined;
}

export interface SignedRecord extends RecordDraft {
  /** Ed25519 over `recordBytes`, base64url. */
  readonly signature: string;
}

/**
 * A record in a frame: a tuple without the room, which the frame names once. The receiver puts the
 * room of the frame back before it verifies, so a record cannot be moved to another room (rule R2).
 */
export type WireRecord = readonly [
  author: AuthorId,
  session: SessionId,
  seq: number,
  time: number,
  body: RecordBody,
  signature: string,
];

export const wireRecordSchema = v.strictTuple([
  authorSchema,
  shaped<SessionId>(PATTERNS.session),
  safeCount,
  safeCount,
  bodySchema,
  shaped(PATTERNS.signature),
]);

export function toWire(record: SignedRecord): WireRecord {
  return [record.author, record.session, record.seq, record.time, record.sealed ?? record.body, record.signature];
}

export function fromWire(room: RoomKey, [author, session, seq, time, body, signature]: WireRecord): SignedRecord {
  return { room, author, session, seq, time, body, signature };
}

export function idOf(record: RecordDraft): RecordId {
  return recordId(record.author, record.session, record.seq);
}

/** Tells two records under one id apart (rule R7). */
export function tagOf(record: SignedRecord): string {
  return record.signature.slice(0, LIMITS.signatureTagLength);
}

/** True for what visitors of a crew room may not say plainly, and those of other rooms not sealed (rule K1). */
export function isMisplaced({ room, body }: RecordDraft): boolean {
  return isCrewRoom(room) !== (body.kind === 'sealed');
}

/** @param room its key, or its id within a festival */
export function isCrewRoom(room: string): boolean {
  return PATTERNS.crewRoom.test(room);
}

export function writerOf(record: RecordDraft): ReturnType<typeof peerId> {
  return peerId(record.author, record.session);
}

/** True for 1–40 code points of normal text on one line, something visible among them. */
export function isName(name: string): boolean {
  return (
    name.length <= LIMITS.nameBytesMax &&
    isNormalName(name) &&
    codePointLength(name) <= LIMITS.nameLengthMax &&
    utf8Length(name) <= LIMITS.nameBytesMax
  );
}

/** True for normal text, something visible in it, within the limit of bytes. */
export function isText(text: string): boolean {
  return text.length <= LIMITS.textBytesMax && isNormalText(text) && utf8Length(text) <= LIMITS.textBytesMax;
}

/** Normal text, something visible in it, of so many bytes. */
function isShort(bytesMax: number): (text: string) => boolean {
  return (text) => isNormalText(text) && utf8Length(text) <= bytesMax;
}
