// Moderation of all nodes: a hash a collection.

import type { Change, Shelf } from '../moderation/shelf.js';
import type { RedisConnection } from '../store/redis-connection.js';
import { KEYS } from '../store/redis-scripts.js';

export class RedisShelf implements Shelf {
  readonly #connection: RedisConnection;

  constructor(connection: RedisConnection) {
    this.#connection = connection;
  }

  async all(collection: string): Promise<ReadonlyMap<string, string>> {
    return new Map(Object.entries(await this.#connection.commands.hgetall(KEYS.shelf(collection))));
  }

  async put(collection: string, name: string, text: string): Promise<void> {
    await this.#connection.commands.hset(KEYS.shelf(collection), name, text);
  }

  async putAll(collection: string, texts: ReadonlyMap<string, string>): Promise<void> {
    if (texts.size > 0) await this.#connection.commands.hset(KEYS.shelf(collection), new Map(texts));
  }

  async update(collection: string, name: string, change: Change): Promise<void> {
    const { commands } = this.#connection;
    const key = KEYS.shelf(collection);
    for (let isDone = false; !isDone;) {
      const kept = await commands.hget(key, name);
      const text = change(kept ?? undefined);
      isDone = text === undefined || (await commands.fcReplace(key, name, kept ?? '', text)) === 1;
    }
  }

  async drop(collection: string, names: readonly string[]): Promise<void> {
    if (names.length > 0) await this.#connection.commands.hdel(KEYS.shelf(collection), ...names);
  }
}
