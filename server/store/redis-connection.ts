// The two connections of a node to Redis: one that asks, one that listens. Each comes back by itself; what is asked
// while it is away fails at once, so that nothing waits for a Redis that may never answer.

import { setTimeout } from 'node:timers/promises';
import { Redis } from 'ioredis';
import type { RedisOptions } from 'ioredis';
import type { Logger } from '../log.js';
import { SCRIPTS, channelsOf } from './redis-scripts.js';
import type { Channels, Scripts } from './redis-scripts.js';

/** An answer later than this is none: the connection is given up and made anew. A flush takes milliseconds. */
const ANSWER_MS = 2_000;
/** Longest wait for Redis at the start; it may be starting too. */
const START_MS = 10_000;
/** Between attempts to connect: random, so that nodes do not come back in step. */
const RETRY_MIN_MS = 100;
const RETRY_SPREAD_MS = 400;

export type Commands = Redis & Scripts;

export class RedisConnection {
  readonly commands: Commands;
  readonly ears: Redis;
  readonly channels: Channels;
  readonly #address: string;
  readonly #logger: Logger;
  /** What went wrong last. */
  #problem = 'no answer';
  #isClosing = false;

  /** @param url `redis://` or `rediss://`, with user, password and database number where there are any */
  constructor(url: string, logger: Logger) {
    const options = {
      lazyConnect: true,
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      connectTimeout: ANSWER_MS,
      commandTimeout: ANSWER_MS,
      retryStrategy: () => RETRY_MIN_MS + Math.random() * RETRY_SPREAD_MS,
    } satisfies RedisOptions;
    this.#logger = logger;
    // Without user and password: this goes into the log.
    this.#address = new URL(url).host;
    this.commands = new Redis(url, { ...options, socketTimeout: ANSWER_MS, scripts: SCRIPTS }) as Commands;
    // What it listened to is said again by those who listen: the library's own way fails where nobody hears it, and
    // keeps up what was given up meanwhile.
    this.ears = new Redis(url, { ...options, autoResubscribe: false });
    this.channels = channelsOf(this.commands.options.db ?? 0);
    for (const client of [this.commands, this.ears]) client.on('error', (error) => (this.#problem = error.message));
    this.commands.on('close', () => {
      if (!this.#isClosing) logger.log('warn', 'redis away', { redis: this.#address });
    });
  }

  /** @throws {Error} in one line when Redis cannot be used within 10 s */
  async open(): Promise<void> {
    const started = new AbortController();
    const isReady = await Promise.race([
      Promise.all([firstReady(this.commands), firstReady(this.ears)]).then(() => true),
      setTimeout(START_MS, false, { signal: started.signal }),
    ]);
    started.abort();
    if (!isReady) {
      this.close();
      throw new Error(`Redis at ${this.#address} cannot be used: ${this.#problem}`);
    }
    this.commands.on('ready', () => this.#logger.log('info', 'redis back', { redis: this.#address }));
  }

  close(): void {
    this.#isClosing = true;
    this.commands.disconnect();
    this.ears.disconnect();
  }
}

function firstReady(client: Redis): Promise<void> {
  return new Promise((resolve) => {
    client.once('ready', resolve);
    // It tries again by itself.
    client.connect().catch(() => undefined);
  });
}
