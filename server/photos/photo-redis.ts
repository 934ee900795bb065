// Photos of several nodes, in the Redis they share. A number says how large all of them are, and a sorted set when each was
// last added to, so that their sum and their age are known without looking at each.

import type { RedisConnection } from '../store/redis-connection.js';
import { KEYS } from '../store/redis-scripts.js';
import { NoSpace } from './photo-shelf.js';
import type { PhotoKey, PhotoShelf } from './photo-shelf.js';

export class PhotoRedis implements PhotoShelf {
  readonly #connection: RedisConnection;
  readonly #bytesMax: number;
  readonly #now: () => number;

  constructor(connection: RedisConnection, bytesMax: number, now: () => number) {
    this.#connection = connection;
    this.#bytesMax = bytesMax;
    this.#now = now;
  }

  open(): Promise<void> {
    return Promise.resolve();
  }

  size(key: PhotoKey): Promise<number> {
    return this.#connection.commands.strlen(KEYS.photo(key));
  }

  async append(key: PhotoKey, at: number, bytes: Uint8Array): Promise<number> {
    const said = [at, Buffer.from(bytes), this.#now(), this.#bytesMax, key] as const;
    const { commands } = this.#connection;
    const size = await commands.fcPhotoAppend(KEYS.photo(key), KEYS.photoAges, KEYS.photoSum, ...said);
    if (size === -1) throw new NoSpace();
    return size;
  }

  read(key: PhotoKey, from: number, to: number): Promise<Uint8Array> {
    return this.#connection.commands.getrangeBuffer(KEYS.photo(key), from, to - 1);
  }

  async drop(key: PhotoKey): Promise<void> {
    await this.#connection.commands.fcPhotoDrop(KEYS.photo(key), KEYS.photoAges, KEYS.photoSum, key);
  }

  async prune(olderThanMs: number, staying: ReadonlySet<PhotoKey>): Promise<number> {
    const aged = await this.#connection.commands.zrangebyscore(KEYS.photoAges, '-inf', `(${olderThanMs}`);
    const old = (aged as PhotoKey[]).filter((key) => !staying.has(key));
    for (const key of old) await this.drop(key);
    return old.length;
  }
}
