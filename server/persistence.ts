// Where a server keeps its rooms, and whom it shares them with.

import { join } from 'node:path';
import { AuditFile } from './audit.js';
import type { AuditLog } from './audit.js';
import type { Flags } from './flags.js';
import { FolderShelf } from './moderation/shelf.js';
import type { Shelf } from './moderation/shelf.js';
import type { Logger } from './log.js';
import type { Nodes } from './nodes/nodes.js';
import { RedisAudit } from './nodes/redis-audit.js';
import { RedisFlags } from './nodes/redis-flags.js';
import { redisLimiter } from './nodes/redis-limiter.js';
import { RedisShelf } from './nodes/redis-shelf.js';
import { RedisNodes } from './nodes/redis-nodes.js';
import { soleNode } from './nodes/sole-node.js';
import { PhotoFolder } from './photos/photo-folder.js';
import { PhotoMemory } from './photos/photo-memory.js';
import { PhotoRedis } from './photos/photo-redis.js';
import type { PhotoShelf } from './photos/photo-shelf.js';
import { inMemory } from './rates.js';
import type { MakeLimiter } from './rates.js';
import { keyInFolder, keyInRedis, passingKey } from './server-key.js';
import type { ServerKey } from './server-key.js';
import { MemoryStore } from './store/memory-store.js';
import { RedisConnection } from './store/redis-connection.js';
import { RedisStore } from './store/redis-store.js';
import { SqliteStore } from './store/sqlite-store.js';
import type { Store } from './store/store.js';

export interface Persistence {
  readonly store: Store;
  readonly nodes: Nodes;
  readonly makeLimiter: MakeLimiter;
  /** Flags changed at run time; null where no other node could change them. */
  readonly sharedFlags: RedisFlags | null;
  /** What administrators did. */
  readonly audit: AuditLog;
  /** Where moderation is kept. */
  readonly shelf: Shelf;
  /** Where the bytes of photos are. */
  readonly photos: PhotoShelf;
  /** The server's own key; called once, when everything else is open. */
  readonly openKey: () => Promise<ServerKey>;
}

export interface PersistenceOptions {
  /** Folder of the database, or `:memory:`. Not used with Redis. */
  readonly data: string;
  /** Null: this process is the whole server. */
  readonly redisUrl: string | null;
  /** Bytes of all photos together. */
  readonly photoStoreBytesMax: number;
  /** What the environment says of the flags. */
  readonly configured: Flags;
  readonly now: () => number;
  readonly logger: Logger;
}

export function persistence(options: PersistenceOptions): Persistence {
  const { data, redisUrl, configured, now, logger, photoStoreBytesMax: photoBytes } = options;
  if (redisUrl === null) {
    const store = data === ':memory:' ? new MemoryStore(now) : new SqliteStore(data, now);
    const openKey = (): Promise<ServerKey> => Promise.resolve(data === ':memory:' ? passingKey() : keyInFolder(data));
    const audit = new AuditFile(data === ':memory:' ? null : join(data, 'audit.jsonl'));
    const shelf = new FolderShelf(data === ':memory:' ? null : join(data, 'moderation'));
    const photos =
      data === ':memory:' ? new PhotoMemory(photoBytes, now) : new PhotoFolder(join(data, 'photos'), photoBytes, now);
    return { shelf, photos, store, nodes: soleNode, makeLimiter: inMemory, sharedFlags: null, audit, openKey };
  }
  const connection = new RedisConnection(redisUrl, logger);
  const store = new RedisStore(connection, now, logger);
  return {
    store,
    shelf: new RedisShelf(connection),
    photos: new PhotoRedis(connection, photoBytes, now),
    nodes: new RedisNodes(connection, store, logger),
    makeLimiter: redisLimiter(connection),
    sharedFlags: new RedisFlags(connection, configured),
    audit: new RedisAudit(connection),
    openKey: () => keyInRedis(connection),
  };
}
