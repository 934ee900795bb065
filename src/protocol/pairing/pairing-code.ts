// What one device shows another so that the two can link without any server: rules Q1 and Q2. Pure.

import type { RoomKey } from '../ids.js';
import { encodeUtf8 } from '../text.js';
import { fromBase32, toBase32 } from './base32.js';
import { candidateBytes, candidateRank, readCandidate } from './host-candidate.js';
import type { HostCandidate } from './host-candidate.js';

export interface PairingCode {
  /** `roomTag` of the room the device is in. */
  readonly roomTag: number;
  /** Seconds since 1970 modulo 2^16: a code of 18 hours ago looks fresh, but nobody answers it any more. */
  readonly madeAtS: number;
  /** SHA-256 of the certificate of the device's end of the channel, 32 bytes. */
  readonly fingerprint: Uint8Array;
  /** Start of the hash of what the device will say of itself on the channel, 9 bytes (rule Q5). */
  readonly commitment: Uint8Array;
  /** ICE credentials as the browser made them. */
  readonly ufrag: string;
  readonly pwd: string;
  /** 1 to 4, the best first. */
  readonly candidates: readonly HostCandidate[];
}

export type ReadCode =
  | { readonly isOk: true; readonly code: PairingCode }
  | { readonly isOk: false; readonly problem: 'not-a-code' | 'other-version' | 'damaged' };

const VERSION = 1;
const PREFIX = 'FC:';
/** What a QR code of version 5 holds in bytes; as base32 it takes version 6, 41 × 41 modules, which phones read at arm's length. */
export const PAIRING_CODE_BYTES_MAX = 106;
/** As text: the prefix, and eight characters for five bytes. */
export const PAIRING_TEXT_MAX = PREFIX.length + Math.ceil((PAIRING_CODE_BYTES_MAX * 8) / 5);
const CANDIDATES_MAX = 4;

const ROOM_AT = 1;
const TIME_AT = 4;
const FINGERPRINT_AT = 6;
const COMMITMENT_AT = 38;
/** 72 bits: nobody finds another statement of the same hash within the life of a code. */
export const COMMITMENT_BYTES = 9;
const LENGTHS_AT = COMMITMENT_AT + COMMITMENT_BYTES;
const CREDENTIALS_AT = LENGTHS_AT + 1;
const CHECKSUM_BYTES = 2;
/** Shortest that ICE allows (RFC 8445); four bits say how many characters more there are. */
const UFRAG_MIN = 4;
const PWD_MIN = 22;
const LENGTH_STEPS = 15;
/** The characters of ICE credentials (RFC 8839), 6 bits each. */
const ICE_CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Tells codes of different rooms apart, for words to people; that the room is the same is proved later (rule M2). */
export function roomTag(room: RoomKey): number {
  return hash(encodeUtf8(room)) & 0xff_ff_ff;
}

/**
 * The code as text: `FC:` and base32. Candidates that have no room are left out.
 * @throws {RangeError} when a field does not fit its place, or no candidate does
 */
export function writeCode(code: PairingCode): string {
  const { roomTag: tag, madeAtS, fingerprint, commitment, ufrag, pwd } = code;
  const steps = [ufrag.length - UFRAG_MIN, pwd.length - PWD_MIN] as const;
  if (steps.some((step) => step < 0 || step > LENGTH_STEPS))
    throw new RangeError('credentials of this length do not fit');
  if (fingerprint.length !== COMMITMENT_AT - FINGERPRINT_AT) throw new RangeError('the fingerprint is not of SHA-256');
  if (commitment.length !== COMMITMENT_BYTES) throw new RangeError('the commitment has another length');
  const bytes = [VERSION, tag >> 16, (tag >> 8) & 0xff, tag & 0xff, madeAtS >> 8, madeAtS & 0xff];
  bytes.push(...fingerprint, ...commitment, steps[0] * 16 + steps[1], ...packed(ufrag + pwd));
  let candidates = 0;
  for (const candidate of [...code.candidates].sort((a, b) => candidateRank(a) - candidateRank(b))) {
    const more = candidateBytes(candidate);
    const isFull = bytes.length + (more?.length ?? 0) + CHECKSUM_BYTES > PAIRING_CODE_BYTES_MAX;
    if (more === null || isFull || candidates === CANDIDATES_MAX) continue;
    bytes.push(...more);
    candidates += 1;
  }
  if (candidates === 0) throw new RangeError('no candidate fits');
  return PREFIX + toBase32(Uint8Array.from([...bytes, ...checksum(bytes)]));
}

/** Reads what was scanned or pasted; letters of either case, white space ignored. Never throws. */
export function readCode(text: string): ReadCode {
  // White space may be a line break every few letters, as mail programs make them; more is no code.
  const plain = text
    .slice(0, 4 * PAIRING_TEXT_MAX)
    .replace(/\s+/g, '')
    .toUpperCase();
  if (!plain.startsWith(PREFIX)) return { isOk: false, problem: 'not-a-code' };
  const bytes = plain.length > PAIRING_TEXT_MAX ? null : fromBase32(plain.slice(PREFIX.length));
  if (bytes !== null && bytes.length > 0 && bytes[0] !== VERSION) return { isOk: false, problem: 'other-version' };
  const code = bytes === null ? null : fromBytes(bytes);
  return code === null ? { isOk: false, problem: 'damaged' } : { isOk: true, code };
}

function fromBytes(bytes: Uint8Array): PairingCode | null {
  const end = bytes.length - CHECKSUM_BYTES;
  if (end <= CREDENTIALS_AT) return null;
  const content = bytes.subarray(0, end);
  if (checksum(content).some((byte, index) => byte !== bytes[end + index])) return null;
  const number = (at: number, length: number): number =>
    content.subarray(at, at + length).reduce((value, byte) => value * 256 + byte, 0);
  const lengths = number(LENGTHS_AT, 1);
  const ufragLength = UFRAG_MIN + (lengths >> 4);
  const length = ufragLength + PWD_MIN + (lengths & 15);
  const candidatesAt = CREDENTIALS_AT + Math.ceil((length * 6) / 8);
  const credentials = unpacked(content.subarray(CREDENTIALS_AT, candidatesAt), length);
  const candidates = credentials === null ? [] : readCandidates(content, candidatesAt);
  if (credentials === null || candidates.length === 0 || candidates.length > CANDIDATES_MAX) return null;
  return {
    roomTag: number(ROOM_AT, TIME_AT - ROOM_AT),
    madeAtS: number(TIME_AT, FINGERPRINT_AT - TIME_AT),
    fingerprint: content.slice(FINGERPRINT_AT, COMMITMENT_AT),
    commitment: content.slice(COMMITMENT_AT, LENGTHS_AT),
    ufrag: credentials.slice(0, ufragLength),
    pwd: credentials.slice(ufragLength),
    candidates,
  };
}

/** All of them; none when what stands there is not candidates to the end. */
function readCandidates(bytes: Uint8Array, from: number): HostCandidate[] {
  const candidates: HostCandidate[] = [];
  for (let at = from; at < bytes.length;) {
    const next = readCandidate(bytes, at);
    if (next === null) return [];
    candidates.push(next.candidate);
    at = next.end;
  }
  return candidates;
}

/** @throws {RangeError} when a character is none of ICE's */
function packed(text: string): number[] {
  const bytes: number[] = [];
  let [bits, value] = [0, 0];
  for (const character of text) {
    const digit = ICE_CHARACTERS.indexOf(character);
    if (digit < 0) throw new RangeError('credentials have a character that ICE does not know');
    value = ((value << 6) | digit) & 0xff_ff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((value >> bits) & 0xff);
  }
  return bits === 0 ? bytes : [...bytes, (value << (8 - bits)) & 0xff];
}

/** Null when there are fewer characters than `length`, or the rest of the last byte is not zero. */
function unpacked(bytes: Uint8Array, length: number): string | null {
  let text = '';
  let [bits, value] = [0, 0];
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    while (bits >= 6 && text.length < length) {
      bits -= 6;
      text += ICE_CHARACTERS.charAt(value >> bits);
      value &= (1 << bits) - 1;
    }
  }
  return text.length === length && value === 0 ? text : null;
}

function checksum(bytes: ArrayLike<number>): number[] {
  const value = hash(bytes);
  const folded = (value >>> 16) ^ (value & 0xff_ff);
  return [folded >> 8, folded & 0xff];
}

/** FNV-1a, 32 bits: finds slips of a hand or a camera. Against malice there are the fingerprint and the commitment. */
function hash(bytes: ArrayLike<number>): number {
  let value = 0x811c9dc5;
  for (const byte of Array.from(bytes)) value = Math.imul(value ^ byte, 0x01000193);
  return value >>> 0;
}
