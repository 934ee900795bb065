// STUN and TURN servers for a member's peer links, with credentials as coturn's `use-auth-secret` checks them:
// the user name is the time of expiry and an id, the password an HMAC-SHA1 of it.
// Source: draft-uberti-behave-turn-rest-00.

import { createHmac } from 'node:crypto';
import type { IceServer } from '../src/protocol/frames.js';
import type { PeerId } from '../src/protocol/ids.js';
import { authorOf } from '../src/protocol/ids.js';

/** Credentials live this long; a stolen one is worth no more. Fresh ones go out at half of it. */
const LIFETIME_MS = 3_600_000;
export const TURN_RENEW_MS = LIFETIME_MS / 2;

export interface IceOptions {
  readonly stunUrls: readonly string[];
  readonly turnUrls: readonly string[];
  /** What the TURN server calls `static-auth-secret`; null: no TURN. */
  readonly turnSecret: string | null;
}

/** The servers for one member, with credentials of its own. */
export function iceServersFor(
  { stunUrls, turnUrls, turnSecret }: IceOptions,
  peer: PeerId,
  nowMs: number,
): IceServer[] {
  const stun = stunUrls.map((url) => ({ urls: [url] }));
  if (turnSecret === null || turnUrls.length === 0) return stun;
  const expiresAtSeconds = Math.floor((nowMs + LIFETIME_MS) / 1_000);
  // The same id for all sessions of a device, so that coturn's quota counts the device; its logs do not tell whose.
  const id = hmac('sha256', turnSecret, authorOf(peer)).replace(/\W/g, '').slice(0, 16);
  const username = `${expiresAtSeconds}:${id}`;
  return [...stun, { urls: [...turnUrls], username, credential: hmac('sha1', turnSecret, username) }];
}

function hmac(algorithm: 'sha1' | 'sha256', secret: string, text: string): string {
  return createHmac(algorithm, secret).update(text).digest('base64');
}
