// Photos of several nodes, in the Redis they share. One hash says how large each is and another when it was added to, so
// that their sum and their age are known without looking at each.

import type { RedisConnection } from '../store/redis-connection.js';
import { NoSpace } from './photo-shelf.js';
import type { PhotoKey, PhotoShelf } from './photo-shelf.js';

const AGES = 'fc:photo-ages';
const SUM = 'fc:photo-bytes';
const bytesKey = (key: string): string => `fc:photo:${key}`;

/** KEYS photo ages sum; ARGV at bytes nowMs bytesMax key. Returns the bytes here then, or -1 when there is no room. */
const APPEND = `
  local size = redis.call('STRLEN', KEYS[1])
  if size ~= tonumber(ARGV[1]) then return size end
  if tonumber(redis.call('GET', KEYS[3]) or '0') + #ARGV[2] > tonumber(ARGV[4]) then return -1 end
  redis.call('INCRBY', KEYS[3], #ARGV[2])
  redis.call('ZADD', KEYS[2], ARGV[3], ARGV[5])
  return redis.call('APPEND', KEYS[1], ARGV[2])
`;

/** KEYS photo ages sum; ARGV key. */
const DROP = `
  redis.call('DECRBY', KEYS[3], redis.call('STRLEN', KEYS[1]))
  redis.call('DEL', KEYS[1])
  return redis.call('ZREM', KEYS[2], ARGV[1])
`;

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
    return this.#connection.commands.strlen(bytesKey(key));
  }

  async append(key: PhotoKey, at: number, bytes: Uint8Array): Promise<number> {
    const said = [at, Buffer.from(bytes), this.#now(), this.#bytesMax, key];
    const size = await this.#connection.commands.eval(APPEND, 3, bytesKey(key), AGES, SUM, ...said);
    if (size === -1) throw new NoSpace();
    return Number(size);
  }

  read(key: PhotoKey, from: number, to: number): Promise<Uint8Array> {
    return this.#connection.commands.getrangeBuffer(bytesKey(key), from, to - 1);
  }

  async drop(key: PhotoKey): Promise<void> {
    await this.#connection.commands.eval(DROP, 3, bytesKey(key), AGES, SUM, key);
  }

  async prune(olderThanMs: number, staying: ReadonlySet<PhotoKey>): Promise<number> {
    const aged = await this.#connection.commands.zrangebyscore(AGES, '-inf', `(${olderThanMs}`);
    const old = (aged as PhotoKey[]).filter((key) => !staying.has(key));
    for (const key of old) await this.drop(key);
    return old.length;
  }
}
