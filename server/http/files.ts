// The widget's bundle and the demo page, from their folders and from nowhere else.

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { dirname, extname, join, normalize, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Hono } from 'hono';
import type { Context } from 'hono';

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
  'trusted-types lit-html festival-chat',
].join('; ');

/** The service worker, and what a page fetches to have it. */
const OFFLINE = ['festival-chat-offline.js', 'festival-chat-worker.js'];

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.map': 'application/json',
  '.ico': 'image/x-icon',
};

export function fileRoutes(): Hono {
  const root = packageRoot();
  const [dist, demo] = [join(root, 'dist'), join(root, 'server/demo')];
  const app = new Hono();
  // The bundle is fetched by any festival's page: it carries no secret and no cookie.
  app.get('/festival-chat.js', (c) => file(c, dist, 'festival-chat.js', { isPublic: true }));
  for (const name of OFFLINE) app.get(`/${name}`, (c) => file(c, dist, name, { isPublic: true }));
  app.get('/festival-chat.js.map', (c) => file(c, dist, 'festival-chat.js.map', { isPublic: true }));
  app.get('/chunks/*', (c) => file(c, dist, c.req.path.slice(1), { isPublic: true, isImmutable: true }));
  app.get('/', (c) => file(c, demo, 'index.html', { policy: DEMO_POLICY }));
  app.get('/demo/*', (c) => file(c, demo, c.req.path.slice('/demo/'.length), {}));
  return app;
}

async function file(
  c: Context,
  folder: string,
  name: string,
  options: { readonly policy?: string; readonly isPublic?: boolean; readonly isImmutable?: boolean },
): Promise<Response> {
  const path = normalize(join(folder, decoded(name)));
  const isInside = path.startsWith(normalize(folder) + sep);
  const info = isInside ? await stat(path).catch(() => null) : null;
  if (info?.isFile() !== true) {
    if (name === 'festival-chat.js') {
      return c.json({ code: 'not-built', message: 'The widget is not built. Run "npm run build" first.' }, 503);
    }
    return c.json({ code: 'not-found', message: 'There is nothing here.' }, 404);
  }
  const body = await readFile(path);
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
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

/** What is no encoding stays as it is, and names no file. */
function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
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
