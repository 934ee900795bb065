// Rates of an identity or a room are counted in Redis: whoever moves to another node takes the account along. Those of
// an address guard the node it comes to, and are counted there.

import { RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible';
import type { MakeLimiter } from '../rates.js';
import type { RedisConnection } from '../store/redis-connection.js';
import { KEYS } from '../store/redis-scripts.js';

const IS_SHARED = /Per(Author|Room)$/;

export function redisLimiter({ commands }: RedisConnection): MakeLimiter {
  return (name, points, duration) => {
    const here = new RateLimiterMemory({ points, duration });
    if (!IS_SHARED.test(name)) return here;
    // While Redis is away each node counts for itself.
    const shared = { storeClient: commands, keyPrefix: KEYS.rate(name), insuranceLimiter: here };
    return new RateLimiterRedis({ ...shared, points, duration, rejectIfRedisNotReady: true });
  };
}
