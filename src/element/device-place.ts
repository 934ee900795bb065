// Where a device remembers what belongs to the chats of a festival, besides the log.

import type { ChatClientOptions } from '../engine/chat-client-options.js';

/** What all keys of a festival begin with, a colon after it. */
export function placeOf({ server, festival = 'default' }: Pick<ChatClientOptions, 'server' | 'festival'>): string {
  return `festival-chat:${new URL(server).origin}:${festival}`;
}

/** Forgets everything of this festival on this device. */
export function forgetPlace(place: string): void {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(`${place}:`)) localStorage.removeItem(key);
  } catch {
    // Where storage is forbidden nothing is kept in it.
  }
}
