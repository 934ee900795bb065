// The widget's bundle and the demo page, from their folders and from nowhere else.

import { join } from 'node:path';
import { Hono } from 'hono';
import { file, packageRoot } from './static-file.js';

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

export function fileRoutes(): Hono {
  const root = packageRoot();
  const [dist, demo] = [join(root, 'dist'), join(root, 'server/demo')];
  const app = new Hono();
  // The bundle is fetched by any festival's page: it carries no secret and no cookie.
  app.get('/festival-chat.js', (c) => file(c, dist, 'festival-chat.js', { isPublic: true, isBuilt: true }));
  app.get('/festival-chat.js.map', (c) => file(c, dist, 'festival-chat.js.map', { isPublic: true }));
  app.get('/chunks/*', (c) => file(c, dist, c.req.path.slice(1), { isPublic: true, isImmutable: true }));
  app.get('/', (c) => file(c, demo, 'index.html', { policy: DEMO_POLICY }));
  app.get('/demo/*', (c) => file(c, demo, c.req.path.slice('/demo/'.length), {}));
  return app;
}
