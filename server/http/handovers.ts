// Records handed over by a service worker (rule S15), from pages of the origins that may connect.

import type { IncomingMessage } from 'node:http';
import { Hono } from 'hono';
import type { Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { RefusalCode } from '../../src/protocol/errors.js';
import { TOKEN_HEADER } from '../../src/protocol/handover.js';
import { PATTERNS } from '../../src/protocol/ids.js';
import type { RoomKey } from '../../src/protocol/ids.js';
import { LIMITS } from '../../src/protocol/limits.js';
import { readClaim } from '../../src/protocol/request-claim.js';
import type { HandoverDesk, HandoverRefusal } from '../handover-desk.js';
import { sharedWith } from './origins.js';

export interface HandoverRoutes {
  readonly desk: HandoverDesk;
  /** Exact origins; empty: any. */
  readonly origins: readonly string[];
  readonly addressOf: (request: IncomingMessage) => string;
}

/** All others are 403. */
const STATUS: Partial<Readonly<Record<RefusalCode, ContentfulStatusCode>>> = {
  'bad-frame': 400,
  'rate-limited': 429,
  'room-full': 503,
};

export function handoverRoutes({ desk, origins, addressOf }: HandoverRoutes): Hono {
  const app = new Hono();
  const headers = `Authorization, Content-Type, ${TOKEN_HEADER}`;
  const refuse = (c: Context): Response => refused(c, { code: 'bad-proof', message: 'Not from this page.' });
  app.use(sharedWith({ origins, methods: 'POST', headers, refuse }));
  app.post('/:festival/:room/records', bodyLimit({ maxSize: LIMITS.frameBytesMax, onError: tooLarge }), async (c) => {
    const room = `${c.req.param('festival')}/${c.req.param('room')}`;
    if (!PATTERNS.room.test(room)) return refused(c, { code: 'bad-frame', message: 'This is no name of a room.' });
    const answer = await desk.take({
      room: room as RoomKey,
      claim: readClaim(c.req.header('Authorization')),
      token: c.req.header(TOKEN_HEADER)?.slice(0, LIMITS.tokenLengthMax),
      address: addressOf((c.env as { incoming: IncomingMessage }).incoming),
      body: await c.req.text(),
    });
    return 'code' in answer ? refused(c, answer) : c.json(answer);
  });
  return app;
}

function refused(c: Context, refusal: HandoverRefusal): Response {
  if (refusal.retryAfterMs !== undefined) c.header('Retry-After', String(Math.ceil(refusal.retryAfterMs / 1_000)));
  return c.json(refusal, STATUS[refusal.code] ?? 403);
}

function tooLarge(c: Context): Response {
  return c.json({ code: 'too-large', message: `A frame has at most ${LIMITS.frameBytesMax} bytes.` }, 413);
}
