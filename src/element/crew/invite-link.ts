// Links to private rooms: this page, with the invite in the fragment, which browsers send to nobody (rule K2).

import { CREW_PREFIX } from '../../protocol/crew/crew-forms.js';
import { CREW_FRAGMENT } from '../../protocol/crew/crew-invite.js';

export function inviteLink(invite: string): string {
  return `${location.origin}${location.pathname}${location.search}${CREW_FRAGMENT}${invite}`;
}

/** Four letters by which people tell two private rooms apart. */
export function roomTag(room: string): string {
  return room.slice(CREW_PREFIX.length, CREW_PREFIX.length + 4);
}
