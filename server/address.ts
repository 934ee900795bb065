// Whose account a request is charged to. An address is never logged, and leaves this file only as a salted hash.

import { createHash, randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isIPv6 } from 'node:net';

/**
 * @param trustedProxies how many proxies in front of this server add to `X-Forwarded-For`; what stands left of
 *   their entries was written by the client and is worth nothing
 */
export function addressKeys(trustedProxies: number): (request: IncomingMessage) => string {
  // Made at each start: nobody can tell from a key which address it was, not even of yesterday.
  const salt = randomBytes(16);
  return (request) =>
    createHash('sha256')
      .update(salt)
      .update(networkOf(addressOf(request, trustedProxies)))
      .digest('base64url')
      .slice(0, 16);
}

export function addressOf({ headers, socket }: IncomingMessage, trustedProxies: number): string {
  const forwarded = headers['x-forwarded-for'];
  const entries = (Array.isArray(forwarded) ? forwarded.join(',') : (forwarded ?? '')).split(',');
  const claimed = trustedProxies === 0 ? undefined : entries.at(-trustedProxies)?.trim();
  return claimed === undefined || claimed === '' ? (socket.remoteAddress ?? 'unknown') : claimed;
}

/** One subscriber holds a whole /64 of IPv6, so that is what counts as one address. */
function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined || !isIPv6(address)) return mapped ?? address;
  const [head = '', tail] = address.split('%')[0]?.split('::') ?? [];
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0');
  return [...left, ...zeros, ...right]
    .slice(0, 4)
    .map((group) => parseInt(group, 16).toString(16))
    .join(':');
}
