// What an invite says, as text (rule K2). Whether its check fits is found out by whoever can hash.

import type { AuthorId } from '../ids.js';

export interface CrewInvite {
  /** 16 random bytes, base64url. */
  readonly salt: string;
  readonly founder: AuthorId;
  /** 32 random bytes, base64url: whoever has them reads everything that is sealed under them. */
  readonly secret: string;
  /** 6 bytes, base64url. */
  readonly check: string;
}

/** In a link's fragment: before an invite, and before the room's name alone once its key is kept. */
export const CREW_FRAGMENT = '#fc-crew=';

const INVITE =
  /^([A-Za-z0-9_-]{21}[AQgw])\.([A-Za-z0-9_-]{42}[AEIMQUYcgkosw048])\.([A-Za-z0-9_-]{42}[AEIMQUYcgkosw048])\.([A-Za-z0-9_-]{8})$/;

export function inviteText({ salt, founder, secret, check }: CrewInvite): string {
  return [salt, founder, secret, check].join('.');
}

/** Reads an invite, or a link with one in its fragment. Null when it is neither. Never throws. */
export function readInvite(text: string): CrewInvite | null {
  const at = text.indexOf(CREW_FRAGMENT);
  const [, salt, founder, secret, check] =
    INVITE.exec((at < 0 ? text : text.slice(at + CREW_FRAGMENT.length)).trim()) ?? [];
  if (salt === undefined || founder === undefined || secret === undefined || check === undefined) return null;
  return { salt, founder: founder as AuthorId, secret, check };
}
