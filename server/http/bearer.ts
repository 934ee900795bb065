// Lets in whoever holds a secret, and locks out whoever keeps guessing.

import { createHash, timingSafeEqual } from 'node:crypto';
import type { Context } from 'hono';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { SERVER_LIMITS } from '../limits.js';

export interface BearerOptions {
  /** Null: closed to everybody, with these words. */
  readonly token: string | null;
  readonly closedWords: string;
  readonly addressOf: (c: Context) => string;
  /** An address is locked out from now on. */
  readonly lockedOut?: () => void;
}

/** Both sides are hashed, so that neither content nor length shows in the time it takes. */
export function bearerOnly({ token, closedWords, addressOf, lockedOut }: BearerOptions) {
  const failures = new RateLimiterMemory({
    points: SERVER_LIMITS.adminFailures.points,
    duration: SERVER_LIMITS.adminFailures.durationSeconds,
  });
  return async (c: Context, next: () => Promise<void>): Promise<Response | undefined> => {
    c.header('Cache-Control', 'no-store');
    if (token === null) return c.json({ code: 'closed', message: closedWords }, 403);
    const address = addressOf(c);
    const locked = await failures.get(address);
    if (locked !== null && locked.remainingPoints <= 0) {
      c.header('Retry-After', String(Math.ceil(locked.msBeforeNext / 1000)));
      return c.json({ code: 'locked', message: 'Too many wrong tokens; try again later.' }, 429);
    }
    const given = /^Bearer (.+)$/.exec(c.req.header('Authorization') ?? '')?.[1] ?? '';
    if (!timingSafeEqual(sha256(given), sha256(token))) {
      const { points, durationSeconds } = SERVER_LIMITS.adminFailures;
      const { consumedPoints } = await failures.penalty(address);
      if (consumedPoints === points) {
        // For the whole time from the last failure on, not for what is left of the first one's.
        await failures.block(address, durationSeconds);
        lockedOut?.();
      }
      c.header('WWW-Authenticate', 'Bearer');
      return c.json({ code: 'unauthorized', message: 'A valid bearer token is needed.' }, 401);
    }
    await next();
    return undefined;
  };
}

function sha256(data: string): Buffer {
  return createHash('sha256').update(data).digest();
}
