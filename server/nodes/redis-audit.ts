// What administrators did at any node, kept in Redis.

import type { RedisConnection } from '../store/redis-connection.js';
import { KEYS } from '../store/redis-scripts.js';
import { AUDIT_KEPT, entryOf } from '../audit.js';
import type { AuditEntry, AuditLog } from '../audit.js';

export class RedisAudit implements AuditLog {
  readonly #connection: RedisConnection;

  constructor(connection: RedisConnection) {
    this.#connection = connection;
  }

  async add(entry: AuditEntry): Promise<void> {
    const { commands } = this.#connection;
    await commands.lpush(KEYS.audit, JSON.stringify(entry));
    await commands.ltrim(KEYS.audit, 0, AUDIT_KEPT - 1);
  }

  async latest(limit: number): Promise<readonly AuditEntry[]> {
    const lines = await this.#connection.commands.lrange(KEYS.audit, 0, limit - 1);
    return lines.flatMap(entryOf);
  }
}
