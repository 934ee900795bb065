// What the server answers over HTTP. Every error is `{ code, message }`.

import type { IncomingMessage } from 'node:http';
import { Hono } from 'hono';
import type { Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { PATTERNS } from '../../src/protocol/ids.js';
import type { AuditLog } from '../audit.js';
import { SERVER_LIMITS } from '../limits.js';
import type { Store } from '../store/store.js';
import type { ModerationDesk } from '../moderation/desk.js';
import { adminRoutes } from './admin.js';
import type { Administration } from './admin.js';
import { auditing } from './auditing.js';
import { bearerOnly } from './bearer.js';
import { dashboardRoutes } from './dashboard.js';
import { handoverRoutes } from './handovers.js';
import type { HandoverRoutes } from './handovers.js';
import { photoRoutes } from './photos.js';
import type { PhotoRoutes } from './photos.js';
import { fileRoutes } from './files.js';

export interface HttpContext {
  readonly adminToken: string | null;
  /** Asked of whoever reads `/metrics`; null: anybody who reaches it. */
  readonly metricsToken: string | null;
  /** What keeps new visitors from being accepted, in a word each; empty when nothing does. */
  readonly obstacles: () => readonly string[];
  readonly metrics: { readonly contentType: string; text(): Promise<string> };
  readonly administration: Administration;
  readonly moderation: ModerationDesk;
  readonly store: Store;
  readonly photos: PhotoRoutes;
  readonly handovers: HandoverRoutes;
  readonly audit: AuditLog;
  readonly now: () => number;
  /** Too many wrong administrators' tokens came from one address. */
  readonly lockedOut: () => void;
  /** The address that limits count for a request. */
  readonly addressOf: (request: IncomingMessage) => string;
  /** Something a request caused that should not happen. */
  readonly failed: (error: Error) => void;
}

export function createHttp(context: HttpContext): Hono {
  const { adminToken, metricsToken, obstacles, metrics, audit, now, failed, lockedOut } = context;
  const addressOf = (c: Context): string => context.addressOf((c.env as { incoming: IncomingMessage }).incoming);
  const app = new Hono();
  app.use(async (c, next) => {
    await next();
    c.header('X-Content-Type-Options', 'nosniff');
    c.header('Referrer-Policy', 'no-referrer');
  });
  // Before the bound on bodies: they have one of their own.
  app.route('/photos', photoRoutes(context.photos));
  app.route('/rooms', handoverRoutes(context.handovers));
  app.use(bodyLimit({ maxSize: SERVER_LIMITS.httpBodyBytesMax, onError: tooLarge }));
  app.get('/healthz', (c) => {
    // A page elsewhere asks whether it is this server that answers, or a Wi-Fi's sign-in page in its place.
    c.header('Access-Control-Allow-Origin', '*');
    c.header('Cache-Control', 'no-store');
    const nonce = c.req.query('nonce') ?? '';
    return c.json({ status: 'alive', ...(PATTERNS.nonce.test(nonce) ? { nonce } : {}) });
  });
  app.get('/readyz', (c) => {
    const reasons = obstacles();
    return reasons.length === 0 ? c.json({ status: 'ready' }) : c.json({ status: 'not ready', reasons }, 503);
  });
  if (metricsToken !== null) app.use('/metrics', bearerOnly({ token: metricsToken, closedWords: '', addressOf }));
  app.get('/metrics', async (c) => c.body(await metrics.text(), 200, { 'Content-Type': metrics.contentType }));
  const closedWords = 'Set FESTIVAL_CHAT_ADMIN_TOKEN to open the administration.';
  app.route('/', dashboardRoutes(adminToken === null ? closedWords : null));
  app.use('/admin/:route/*', bearerOnly({ token: adminToken, closedWords, addressOf, lockedOut }));
  app.use('/admin/:route/*', auditing({ audit, now, addressOf, failed }));
  app.route('/admin', adminRoutes(context));
  app.route('/', fileRoutes());
  app.notFound((c) => c.json({ code: 'not-found', message: 'There is nothing here.' }, 404));
  app.onError((error, c) => {
    failed(error);
    return c.json({ code: 'internal', message: 'The server failed at this request.' }, 500);
  });
  return app;
}

function tooLarge(c: Context): Response {
  return c.json({ code: 'too-large', message: `A body has at most ${SERVER_LIMITS.httpBodyBytesMax} bytes.` }, 413);
}
