// What the server answers to a browser or an operator over HTTP.

import { createHash, timingSafeEqual } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { dirname, extname, join, normalize, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Hono } from 'hono';
import type { Context } from 'hono';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { SERVER_LIMITS } from './limits.js';
import type { MeshStatus } from './mesh-metrics.js';

/** The demo page's own policy: the widget needs nothing beyond it, which the page thereby shows. */
const DEMO_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self' ws: wss:",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'self'",
  "require-trusted-types-for 'script'",
  'trusted-types lit-html',
].join('; ');

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.map': 'application/json',
  '.ico': 'image/x-icon',
};

export interface HttpContext {
  readonly adminToken: string | null;
  readonly isReady: () => boolean;
  readonly meshStatus: () => MeshStatus;
}

export function createHttp(context: HttpContext): Hono {
  const root = packageRoot();
  const app = new Hono();
  app.use(async (c, next) => {
    await next();
    c.header('X-Content-Type-Options', 'nosniff');
    c.header('Referrer-Policy', 'no-referrer');
  });
  app.get('/healthz', (c) => c.json({ status: 'alive' }));
  app.get('/readyz', (c) => (context.isReady() ? c.json({ status: 'ready' }) : c.json({ status: 'not ready' }, 503)));
  app.get('/admin/mesh-status', adminOnly(context.adminToken), (c) => c.json(context.meshStatus()));
  // The bundle is fetched by any festival's page: it carries no secret and no cookie.
  app.get('/festival-chat.js', (c) => file(c, join(root, 'dist'), 'festival-chat.js', { isPublic: true }));
  app.get('/festival-chat.js.map', (c) => file(c, join(root, 'dist'), 'festival-chat.js.map', { isPublic: true }));
  app.get('/chunks/*', (c) => file(c, join(root, 'dist'), c.req.path.slice(1), { isPublic: true, isImmutable: true }));
  app.get('/', (c) => file(c, join(root, 'server/demo'), 'index.html', { policy: DEMO_POLICY }));
  app.get('/demo/*', (c) => file(c, join(root, 'server/demo'), c.req.path.slice('/demo/'.length), {}));
  app.notFound((c) => c.json({ code: 'not-found', message: 'There is nothing here.' }, 404));
  app.onError((_error, c) => c.json({ code: 'internal', message: 'The server failed at this request.' }, 500));
  return app;
}

/** Closed without a token; both sides are hashed, so that neither content nor length shows in the time it takes. */
function adminOnly(token: string | null) {
  const failures = new RateLimiterMemory({
    points: SERVER_LIMITS.adminFailures.points,
    duration: SERVER_LIMITS.adminFailures.durationSeconds,
  });
  return async (c: Context, next: () => Promise<void>): Promise<Response | undefined> => {
    if (token === null) {
      return c.json(
        { code: 'admin-closed', message: 'Set FESTIVAL_CHAT_ADMIN_TOKEN to open the administration.' },
        403,
      );
    }
    const address = remoteAddress(c);
    const locked = await failures.get(address);
    if (locked !== null && locked.remainingPoints <= 0) {
      c.header('Retry-After', String(Math.ceil(locked.msBeforeNext / 1000)));
      return c.json({ code: 'locked', message: 'Too many wrong tokens; try again later.' }, 429);
    }
    const given = /^Bearer (.+)$/.exec(c.req.header('Authorization') ?? '')?.[1] ?? '';
    if (!timingSafeEqual(sha256(given), sha256(token))) {
      await failures.consume(address).catch(() => undefined);
      c.header('WWW-Authenticate', 'Bearer');
      return c.json({ code: 'unauthorized', message: 'A valid bearer token is needed.' }, 401);
    }
    c.header('Cache-Control', 'no-store');
    await next();
    return undefined;
  };
}

async function file(
  c: Context,
  folder: string,
  name: string,
  options: { readonly policy?: string; readonly isPublic?: boolean; readonly isImmutable?: boolean },
): Promise<Response> {
  const path = normalize(join(folder, decodeURIComponent(name)));
  const isInside = path.startsWith(normalize(folder) + sep);
  const info = isInside ? await stat(path).catch(() => null) : null;
  if (info?.isFile() !== true) {
    if (name === 'festival-chat.js') {
      return c.json({ code: 'not-built', message: 'The widget is not built. Run "npm run build" first.' }, 503);
    }
    return c.json({ code: 'not-found', message: 'There is nothing here.' }, 404);
  }
  const body = await readFile(path);
  const etag = `"${sha256(body).toString('base64url').slice(0, 22)}"`;
  c.header('ETag', etag);
  c.header('Cache-Control', options.isImmutable === true ? 'public, max-age=31536000, immutable' : 'no-cache');
  if (options.policy !== undefined) c.header('Content-Security-Policy', options.policy);
  if (options.isPublic === true) {
    c.header('Access-Control-Allow-Origin', '*');
    c.header('Cross-Origin-Resource-Policy', 'cross-origin');
  }
  if (c.req.header('If-None-Match') === etag) return c.body(null, 304);
  c.header('Content-Type', TYPES[extname(path)] ?? 'application/octet-stream');
  return c.body(new Uint8Array(body));
}

function sha256(data: string | Uint8Array): Buffer {
  return createHash('sha256').update(data).digest();
}

/** Node's adapter puts the request it came from here. */
function remoteAddress(c: Context): string {
  const { incoming } = c.env as { incoming?: { socket?: { remoteAddress?: string } } };
  return incoming?.socket?.remoteAddress ?? 'unknown';
}

/** The folder of package.json: this file runs from `server/` and from `dist/lib/server/`. */
function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('package.json of festival-chat was not found');
    folder = parent;
  }
  return folder;
}
