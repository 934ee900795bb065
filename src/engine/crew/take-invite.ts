// Taking an invite before any client runs: whoever opens a private room's link is seen in no other room.

import type { ChatClientOptions } from '../chat-client-options.js';
import { DEFAULT_FESTIVAL } from '../client-defaults.js';
import { storageName } from '../kept-schema.js';
import { openStorage } from '../storage.js';
import { takeInvite } from './plain-desk.js';

/** Resolves with the room's id when its key is kept. @throws {ChatError} `bad-invite`, `no-crypto` */
export async function takeInviteTo(
  { server, festival = DEFAULT_FESTIVAL }: Pick<ChatClientOptions, 'server' | 'festival'>,
  invite: string,
): Promise<string> {
  const storage = await openStorage(storageName(new URL(server).origin, festival));
  try {
    return await takeInvite(storage, festival, invite);
  } finally {
    storage.close();
  }
}
