// What the operator changed at one node holds at all: kept in Redis, and looked at again whenever a node says so or
// may have missed it.

import { isDeepStrictEqual } from 'node:util';
import * as v from 'valibot';
import { flagsSchema } from '../flags.js';
import type { Flags } from '../flags.js';
import type { RedisConnection } from '../store/redis-connection.js';
import { KEYS } from '../store/redis-scripts.js';

const keptSchema = v.object({ over: flagsSchema, flags: flagsSchema });

export class RedisFlags {
  readonly #connection: RedisConnection;
  readonly #configured: Flags;
  #changed: (flags: Flags) => void = () => undefined;

  /** @param configured what the environment says; where it says something new, it wins over what was changed before */
  constructor(connection: RedisConnection, configured: Flags) {
    this.#connection = connection;
    this.#configured = configured;
  }

  /** Called with what holds, once opened and whenever a node changes it, this one included. */
  onChange(listener: (flags: Flags) => void): void {
    this.#changed = listener;
  }

  /** After the connection. */
  async open(): Promise<void> {
    const { ears, channels } = this.#connection;
    ears.on('message', (channel: string) => {
      if (channel === channels.flags) void this.#look();
    });
    ears.on('ready', () => void this.#earsBack());
    await ears.subscribe(channels.flags);
    await this.#look();
  }

  /** @throws {Error} when Redis does not take it: what it has holds again once it is back */
  async write(flags: Flags): Promise<void> {
    const { commands, channels } = this.#connection;
    await commands.set(KEYS.flags, JSON.stringify({ over: this.#configured, flags }));
    await commands.publish(channels.flags, '');
  }

  async #earsBack(): Promise<void> {
    const { ears, channels } = this.#connection;
    // Ears that take no word in are deaf, and are connected anew by `RedisNodes`.
    await ears.subscribe(channels.flags).catch(() => undefined);
    await this.#look();
  }

  async #look(): Promise<void> {
    const text = await this.#connection.commands.get(KEYS.flags).catch(() => null);
    if (text === null) return;
    const kept = v.safeParse(keptSchema, parsed(text));
    if (kept.success && isDeepStrictEqual(kept.output.over, this.#configured)) this.#changed(kept.output.flags);
  }
}

/** A damaged value was not written by this, and is written anew at the next change. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
