// Where a server keeps its rooms, and whom it shares them with.

import type { Logger } from './log.js';
import type { Nodes } from './nodes/nodes.js';
import { RedisNodes } from './nodes/redis-nodes.js';
import { soleNode } from './nodes/sole-node.js';
import { MemoryStore } from './store/memory-store.js';
import { RedisConnection } from './store/redis-connection.js';
import { RedisStore } from './store/redis-store.js';
import { SqliteStore } from './store/sqlite-store.js';
import type { Store } from './store/store.js';

export interface Persistence {
  readonly store: Store;
  readonly nodes: Nodes;
}

export interface PersistenceOptions {
  /** Folder of the database, or `:memory:`. Not used with Redis. */
  readonly data: string;
  /** Null: this process is the whole server. */
  readonly redisUrl: string | null;
  readonly now: () => number;
  readonly logger: Logger;
}

export function persistence({ data, redisUrl, now, logger }: PersistenceOptions): Persistence {
  if (redisUrl === null) {
    return { store: data === ':memory:' ? new MemoryStore(now) : new SqliteStore(data, now), nodes: soleNode };
  }
  const connection = new RedisConnection(redisUrl, logger);
  const store = new RedisStore(connection, now, logger);
  return { store, nodes: new RedisNodes(connection, store, logger) };
}
