// Reads join tokens (rule J7): who may come into which room, under which name, as what, until when.

import { jwtVerify } from 'jose';
import * as v from 'valibot';
import type { FrameOf } from '../src/protocol/frames.js';
import type { RoomKey } from '../src/protocol/ids.js';
import { PATTERNS, authorOf } from '../src/protocol/ids.js';
import { nameSchema } from '../src/protocol/record.js';

/** A server whose clock differs this much from the token maker's still agrees with it. */
const CLOCK_TOLERANCE_SECONDS = 5;
/** Rooms named in one token; `festival/*` names them all. */
const ROOMS_MAX = 64;

export type Role = 'visitor' | 'reader' | 'moderator';

export interface Grant {
  readonly role: Role;
  /** The name to go by; null: any. */
  readonly name: string | null;
  readonly expiresAtMs: number;
}

const roomClaim = v.pipe(v.string(), v.maxLength(2 * 64 + 1));

/** Who wants to do something in a room, under which name. */
export type TokenBearer = Pick<FrameOf<'join'>, 'token' | 'room' | 'peer'> & { readonly name: string | null };

const claimsSchema = v.object({
  exp: v.number(),
  room: v.union([
    v.pipe(
      roomClaim,
      v.transform((room) => [room]),
    ),
    v.pipe(v.array(roomClaim), v.maxLength(ROOMS_MAX)),
  ]),
  name: v.optional(nameSchema),
  author: v.optional(v.pipe(v.string(), v.regex(PATTERNS.author))),
  role: v.optional(v.picklist(['visitor', 'reader', 'moderator']), 'visitor'),
});

export class JoinTokens {
  readonly #secret: Uint8Array;
  readonly #now: () => number;

  /** @param secret at least 32 bytes, as HS256 wants them */
  constructor(secret: string, now: () => number) {
    this.#secret = new TextEncoder().encode(secret);
    this.#now = now;
  }

  /** Null when the token is missing, not ours, out of its time, or for another room, device or name (null: none is given). */
  async grant({ token, room, peer, name }: TokenBearer): Promise<Grant | null> {
    const claims = token === undefined ? null : await this.#claims(token);
    if (claims === null) return null;
    const isMeant =
      claims.room.some((pattern) => covers(pattern, room)) &&
      (claims.author === undefined || claims.author === authorOf(peer)) &&
      (name === null || claims.name === undefined || claims.name === name);
    if (!isMeant) return null;
    return { role: claims.role, name: claims.name ?? null, expiresAtMs: claims.exp * 1_000 };
  }

  async #claims(token: string): Promise<v.InferOutput<typeof claimsSchema> | null> {
    try {
      const { payload } = await jwtVerify(token, this.#secret, {
        algorithms: ['HS256'],
        audience: 'festival-chat',
        requiredClaims: ['exp'],
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        currentDate: new Date(this.#now()),
      });
      const claims = v.safeParse(claimsSchema, payload);
      return claims.success ? claims.output : null;
    } catch {
      return null;
    }
  }
}

/** `festival/room`, `festival/*` or `*`. */
function covers(pattern: string, room: RoomKey): boolean {
  if (pattern === '*' || pattern === room) return true;
  return pattern.endsWith('/*') && room.startsWith(pattern.slice(0, -1));
}
