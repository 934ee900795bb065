// What the operator changed at one node holds at all: kept in Redis, and looked at again whenever a node says so or
// may have missed it.

import { isDeepStrictEqual } from 'node:util';
import * as v from 'valibot';
import { flagsSchema } from '../flags.js';
import type { Flags } from '../flags.js';
import type { Logger } from '../log.js';
import type { RedisConnection } from '../store/redis-connection.js';
import { KEYS } from '../store/redis-scripts.js';

const keptSchema = v.object({ over: flagsSchema, flags: flagsSchema });

export class RedisFlags {
  readonly #connection: RedisConnection;
  readonly #configured: Flags;
  readonly #logger: Logger;
  #changed: (flags: Flags) => void = () => undefined;

  /** @param configured what the environment says; where it says something new, it wins over what was changed before */
  constructor(connection: RedisConnection, configured: Flags, logger: Logger) {
    this.#connection = connection;
    this.#configured = configured;
    this.#logger = logger;
  }

  /** Called with what holds, once opened and whenever a node changes it, this one included. */
  onChange(listener: (flags: Flags) => void): void {
    this.#changed = listener;
  }

  /** After the connection. */
  async open(): Promise<void> {
    const { ears } = this.#connection;
    ears.on('message', (channel: string) => {
      if (channel === KEYS.flags) void this.#look();
    });
    ears.on('ready', () => void this.#look());
    await ears.subscribe(KEYS.flags);
    await this.#look();
  }

  write(flags: Flags): void {
    const { commands } = this.#connection;
    const kept = JSON.stringify({ over: this.#configured, flags });
    commands
      .set(KEYS.flags, kept)
      .then(() => commands.publish(KEYS.flags, ''))
      .catch((error: unknown) => this.#logger.log('error', 'flags not kept', { reason: (error as Error).message }));
  }

  async #look(): Promise<void> {
    const text = await this.#connection.commands.get(KEYS.flags).catch(() => null);
    if (text === null) return;
    const kept = v.safeParse(keptSchema, JSON.parse(text));
    if (kept.success && isDeepStrictEqual(kept.output.over, this.#configured)) this.#changed(kept.output.flags);
  }
}
