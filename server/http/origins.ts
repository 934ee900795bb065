// Requests of pages elsewhere: those of the origins that may connect, and of no other.

import type { Context, MiddlewareHandler } from 'hono';

export interface Shared {
  /** Exact origins; empty: any. */
  readonly origins: readonly string[];
  /** Comma-separated. */
  readonly methods: string;
  readonly headers: string;
  /** Answers pages of other origins. */
  readonly refuse: (c: Context) => Response;
}

export function sharedWith({ origins, methods, headers, refuse }: Shared): MiddlewareHandler {
  return async (c, next) => {
    const origin = c.req.header('Origin');
    if (origin !== undefined && origins.length > 0 && !origins.includes(origin)) return refuse(c);
    c.header('Access-Control-Allow-Origin', origins.length === 0 ? '*' : origin);
    c.header('Vary', 'Origin');
    c.header('Cache-Control', 'no-store');
    if (c.req.method !== 'OPTIONS') return next();
    c.header('Access-Control-Allow-Methods', methods);
    c.header('Access-Control-Allow-Headers', headers);
    c.header('Access-Control-Max-Age', '7200');
    return c.body(null, 204);
  };
}
