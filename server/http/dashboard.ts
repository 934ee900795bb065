// The operator's dashboard: a page and its script. Neither holds a secret; what they show is asked for with the token.

import { join } from 'node:path';
import { Hono } from 'hono';
import { file, packageRoot } from './static-file.js';

/** Nothing from anywhere else, no markup but Lit's own, in nobody's frame. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "connect-src 'self'",
  "img-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types lit-html',
].join('; ');

/** @param closedWords why there is no administration; null: there is one */
export function dashboardRoutes(closedWords: string | null): Hono {
  const folder = join(packageRoot(), 'dist/dashboard');
  const app = new Hono();
  app.get('/admin', (c) => {
    if (closedWords !== null) return c.json({ code: 'closed', message: closedWords }, 403);
    // A window that opened this page, or was opened by it, gets no hold of it.
    c.header('Cross-Origin-Opener-Policy', 'same-origin');
    return file(c, folder, 'index.html', { policy: POLICY, isBuilt: true });
  });
  app.get('/admin/', (c) => c.redirect('../admin'));
  app.get('/dashboard/*', (c) => file(c, folder, c.req.path.slice('/dashboard/'.length), {}));
  return app;
}
