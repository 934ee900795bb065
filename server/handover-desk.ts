// What becomes of records that are handed over without a socket (rule S15): the same that becomes of them on one.

import { createHash } from 'node:crypto';
import { decodeFrameText } from '../src/protocol/decode.js';
import type { RefusalCode } from '../src/protocol/errors.js';
import type { Frame, FrameOf } from '../src/protocol/frames.js';
import type { RoomKey } from '../src/protocol/ids.js';
import { authorOf } from '../src/protocol/ids.js';
import { REQUEST_AGE_MAX_MS } from '../src/protocol/request-claim.js';
import type { RequestClaim } from '../src/protocol/request-claim.js';
import type { Gate } from './gate.js';
import type { Rates } from './rates.js';
import type { Rooms } from './rooms.js';
import type { Verifier } from './verifier.js';

export interface HandoverDeskOptions {
  readonly rooms: Rooms;
  readonly verifier: Verifier;
  readonly rates: Rates;
  readonly gate: Gate;
  readonly now: () => number;
  /** Counts requests that were refused whole. */
  readonly refused: (code: RefusalCode) => void;
}

export interface HandoverAsk {
  readonly room: RoomKey;
  readonly claim: RequestClaim | null;
  readonly token: string | undefined;
  /** See address.ts. */
  readonly address: string;
  /** A frame, `records` or `have`. */
  readonly body: string;
}

/** Why nothing of a request was looked at. */
export interface HandoverRefusal {
  readonly code: RefusalCode;
  readonly message: string;
  readonly retryAfterMs?: number;
  /** The server's clock, for a device whose own is wrong. */
  readonly timeMs?: number;
}

/** Whoever was told that there are too many rooms comes back after this. */
const FULL_WAIT_MS = 30_000;

export class HandoverDesk {
  readonly #options: HandoverDeskOptions;

  constructor(options: HandoverDeskOptions) {
    this.#options = options;
  }

  /** Resolves with what a member would have been told, once it is on the disk. */
  async take(ask: HandoverAsk): Promise<readonly Frame[] | HandoverRefusal> {
    const answer = await this.#take(ask);
    if ('code' in answer) this.#options.refused(answer.code);
    return answer;
  }

  /** Cheap checks first. */
  async #take({ room, claim, token, address, body }: HandoverAsk): Promise<readonly Frame[] | HandoverRefusal> {
    const { rates, verifier, gate, rooms, now } = this.#options;
    const charges = [['handoversPerAddress', address, 1] as const, ['bytesPerAddress', address, body.length] as const];
    const addressWaitMs = await rates.spend(...charges);
    if (addressWaitMs > 0) return tooMuch(addressWaitMs);
    if (claim === null || Math.abs(claim.timeMs - now()) > REQUEST_AGE_MAX_MS) return this.#unproven();
    const decoded = decodeFrameText(body);
    const frame = decoded.ok ? handedOver(decoded.frame) : null;
    if (frame?.room !== room) {
      return { code: 'bad-frame', message: 'The body is a frame with records for this room, or with ids of some.' };
    }
    const { peer, timeMs, proof } = claim;
    const bodyHash = createHash('sha256').update(body).digest('base64url');
    if (!(await verifier.handover({ room, peer, timeMs, bodyHash }, proof))) return this.#unproven();
    const authorWaitMs = await rates.spend(['handoversPerAuthor', authorOf(peer), 1]);
    if (authorWaitMs > 0) return tooMuch(authorWaitMs);
    const barred = await gate.refusesHandover(peer, frame, token);
    const answer = barred ?? (await rooms.handIn(peer, frame));
    if (answer === null) return { code: 'room-full', message: 'There are too many rooms.', retryAfterMs: FULL_WAIT_MS };
    if (!('code' in answer)) return answer;
    const { code, words: message, ...rest } = answer;
    return { code, message, ...rest };
  }

  #unproven(): HandoverRefusal {
    const message = 'The device did not prove that it holds its key, now and for this.';
    return { code: 'bad-proof', message, timeMs: Math.round(this.#options.now()) };
  }
}

/** As much of it as counts. */
function handedOver(frame: Frame): FrameOf<'records' | 'have'> | null {
  if (frame.type === 'records') return { type: 'records', room: frame.room, records: frame.records };
  return frame.type === 'have' ? frame : null;
}

function tooMuch(retryAfterMs: number): HandoverRefusal {
  return { code: 'rate-limited', message: 'Too much at once.', retryAfterMs };
}
