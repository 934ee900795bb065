// Two elements in one room of one page are one member with one log: they share a client, made by the first.

import type { ChatClientOptions } from './chat-client-options.js';
import { ChatClient } from './chat-client.js';
import { DEFAULT_FESTIVAL, DEFAULT_ROOM } from './client-defaults.js';
import { acquire, pageRegistry, release } from './page-registry.js';

/** The page's client of this room, started. Each call is ended by one `releaseClient`. */
export function acquireClient(options: ChatClientOptions): ChatClient {
  const client = acquire(pageRegistry().clients, nameOf(options), () => new ChatClient(options));
  client.start();
  return client;
}

/** Stops the client when nobody uses it any more. */
export function releaseClient(options: ChatClientOptions, client: ChatClient): void {
  if (release(pageRegistry().clients, nameOf(options))) void client.stop();
}

function nameOf({ server, festival = DEFAULT_FESTIVAL, room = DEFAULT_ROOM }: ChatClientOptions): string {
  return `${new URL(server).origin} ${festival}/${room}`;
}
