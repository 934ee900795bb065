// What is shared by everything on a page: one socket a server, one client a room, what is kept in memory. It hangs on a global symbol,
// the only global there is, so that a bundle imported twice shares it too.

import type { ChatClient } from './chat-client.js';
import type { MemoryStorage } from './memory-storage.js';
import type { ServerSocket } from './server-socket.js';

interface Shared<Value> {
  readonly value: Value;
  users: number;
}

export interface PageRegistry {
  readonly sockets: Map<string, Shared<ServerSocket>>;
  readonly clients: Map<string, Shared<ChatClient>>;
  /** What is kept for as long as the page lives, by the database it stands in for. */
  readonly memories: Map<string, MemoryStorage>;
}

const KEY: unique symbol = Symbol.for('festival-chat.page');

export function pageRegistry(): PageRegistry {
  const page = globalThis as unknown as Partial<Record<symbol, PageRegistry>>;
  const registry = page[KEY] ?? { sockets: new Map(), clients: new Map(), memories: new Map() };
  page[KEY] = registry;
  return registry;
}

/** The shared value of this name, made by the first who asks. Each `acquire` is ended by one `release`. */
export function acquire<Value>(shared: Map<string, Shared<Value>>, name: string, make: () => Value): Value {
  const entry = shared.get(name) ?? { value: make(), users: 0 };
  entry.users += 1;
  shared.set(name, entry);
  return entry.value;
}

/** True when this was the last user, and the value is to be ended. */
export function release<Value>(shared: Map<string, Shared<Value>>, name: string): boolean {
  const entry = shared.get(name);
  if (entry === undefined) return false;
  entry.users -= 1;
  if (entry.users > 0) return false;
  shared.delete(name);
  return true;
}
