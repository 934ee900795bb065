import { randomBytes } from 'node:crypto';

/** A name for the life of one database. */
export function newEpoch(): string {
  return randomBytes(12).toString('base64url');
}
