// Making a crew room, its invites, and taking one (rules K1, K2).

import { CREW_PREFIX, crewRoomBytes, inviteCheckBytes } from '../../protocol/crew/crew-forms.js';
import { inviteText, readInvite } from '../../protocol/crew/crew-invite.js';
import type { AuthorId } from '../../protocol/ids.js';
import { toBase64Url } from '../base64url.js';
import { ChatError } from '../chat-error.js';
import type { KeptCrew } from './kept-crews.js';
import { newSecret } from './sealing.js';
import { newAgreementKeys } from './wrapping.js';

const SALT_BYTES = 16;
const CHECK_BYTES = 6;

/** @throws {ChatError} `no-crypto` on a page without https, where browsers have nothing to encrypt with */
function requireCrypto(): void {
  if ((crypto as Partial<Crypto>).subtle !== undefined) return;
  throw new ChatError('no-crypto', 'Private rooms need a page on https.', { isRetryable: false });
}

/** A room that nobody knows yet. */
export async function newCrew(festival: string, founder: AuthorId, time: number): Promise<KeptCrew> {
  requireCrypto();
  const salt = toBase64Url(crypto.getRandomValues(new Uint8Array(SALT_BYTES)));
  const room = await crewRoom(festival, founder, salt);
  return { room, salt, founder, agreement: await newAgreementKeys(), keys: [{ secret: newSecret(), time }] };
}

/** @throws {ChatError} `bad-invite` when it is none, is damaged, or was made for another festival; `no-crypto` */
export async function crewOf(festival: string, text: string, time: number): Promise<KeptCrew> {
  requireCrypto();
  const invite = readInvite(text);
  if (invite === null)
    throw new ChatError('bad-invite', 'This is no invite, or a part of it is missing.', { isRetryable: false });
  const { salt, founder, secret, check } = invite;
  const room = await crewRoom(festival, founder, salt);
  if ((await checkOf(festival, room, secret)) !== check) {
    throw new ChatError('bad-invite', 'This invite was changed on its way, or is for another chat.', {
      isRetryable: false,
    });
  }
  return { room, salt, founder, agreement: await newAgreementKeys(), keys: [{ secret, time }] };
}

export async function inviteTo(festival: string, { salt, founder, room }: KeptCrew, secret: string): Promise<string> {
  return inviteText({ salt, founder, secret, check: await checkOf(festival, room, secret) });
}

async function crewRoom(festival: string, founder: AuthorId, salt: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', crewRoomBytes(festival, founder, salt));
  return CREW_PREFIX + toBase64Url(new Uint8Array(digest));
}

async function checkOf(festival: string, room: string, secret: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', inviteCheckBytes(festival, room, secret));
  return toBase64Url(new Uint8Array(digest, 0, CHECK_BYTES));
}
