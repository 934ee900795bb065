// The routes by which an operator moderates. Each answers when its effect is stored, with what it did.

import { Hono } from 'hono';
import type { Context } from 'hono';
import * as v from 'valibot';
import { PATTERNS } from '../../src/protocol/ids.js';
import type { AuthorId, RecordId, RoomKey } from '../../src/protocol/ids.js';
import { LIMITS } from '../../src/protocol/limits.js';
import { isText } from '../../src/protocol/record.js';
import { normalizeText } from '../../src/protocol/text.js';
import { NotEverywhere, NotThere } from '../moderation/desk.js';
import type { ModerationDesk } from '../moderation/desk.js';

/** Minutes of the longest restriction: thirty days, longer than any festival. */
const MINUTES_MAX = 30 * 24 * 60;

const room = v.custom<RoomKey>((value) => typeof value === 'string' && PATTERNS.room.test(value), 'no room');
const message = v.custom<RecordId>((value) => typeof value === 'string' && PATTERNS.record.test(value), 'no message');
const author = v.custom<AuthorId>((value) => typeof value === 'string' && PATTERNS.author.test(value), 'no author');
const text = v.pipe(v.string(), v.transform(normalizeText), v.check(isText, 'no text'));
const reason = v.optional(v.pipe(v.string(), v.transform(normalizeText), v.check(isReason, 'no reason')));
const minutes = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MINUTES_MAX));

const BODIES = {
  announcement: v.strictObject({ text, room: v.optional(room), pin: v.optional(v.boolean()) }),
  nothing: v.strictObject({}),
  slowMode: v.strictObject({
    seconds: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(LIMITS.slowSecondsMax)),
  }),
  pin: v.strictObject({ messageId: v.nullable(message) }),
  removal: v.strictObject({ reason }),
  mute: v.strictObject({ minutes, reason, room: v.optional(room) }),
  ban: v.strictObject({ minutes, reason }),
  wipe: v.strictObject({ confirm: v.literal('wipe') }),
};

const EXPECTED: Readonly<Record<keyof typeof BODIES, string>> = {
  announcement: `{ text: 1 to ${LIMITS.textBytesMax} bytes, room?: "festival/room", pin?: boolean }`,
  nothing: '{}',
  slowMode: `{ seconds: 0 to ${LIMITS.slowSecondsMax} }`,
  pin: '{ messageId: a message’s id, or null }',
  removal: `{ reason?: at most ${LIMITS.reasonBytesMax} bytes }`,
  mute: `{ minutes: 0 to ${MINUTES_MAX}, reason?, room? }`,
  ban: `{ minutes: 0 to ${MINUTES_MAX}, reason? }`,
  wipe: '{ confirm: "wipe" }',
};

export function moderationRoutes(desk: ModerationDesk): Hono {
  const app = new Hono();
  app.onError((error, c) => {
    if (error instanceof BadRequest) return c.json({ code: 'bad-request', message: error.message }, 400);
    if (error instanceof NotThere) return c.json({ code: 'not-there', message: error.message }, 404);
    if (error instanceof NotEverywhere) {
      const { message, done, left } = error;
      return c.json({ code: 'not-stored', message, done, left }, 503);
    }
    return c.json({ code: 'not-stored', message: `Not done, or not all of it: ${error.message}` }, 503);
  });
  app.post('/broadcast', async (c) => {
    const body = await read(c, 'announcement');
    return c.json({ announced: await desk.announce(body.text, body.room, body.pin) });
  });
  app.post('/rooms/:room/clear', async (c) => {
    await read(c, 'nothing');
    return c.json({ id: await desk.clear(param(c, 'room', room)) });
  });
  app.post('/rooms/:room/slow-mode', async (c) => {
    const { seconds } = await read(c, 'slowMode');
    return c.json({ id: await desk.slowDown(param(c, 'room', room), seconds) });
  });
  app.post('/rooms/:room/pin', async (c) => {
    const { messageId } = await read(c, 'pin');
    return c.json({ id: await desk.pin(param(c, 'room', room), messageId) });
  });
  app.post('/rooms/:room/messages/:id/remove', async (c) => {
    const { reason: why } = await read(c, 'removal');
    return c.json({ id: await desk.remove(param(c, 'room', room), param(c, 'id', message), why) });
  });
  app.post('/users/:id/mute', async (c) => {
    const body = await read(c, 'mute');
    return c.json({ rooms: await desk.mute(param(c, 'id', author), body.minutes, body.reason, body.room) });
  });
  app.post('/users/:id/ban', async (c) => {
    const body = await read(c, 'ban');
    return c.json(await desk.ban(param(c, 'id', author), body.minutes, body.reason));
  });
  app.post('/database/wipe', async (c) => {
    await read(c, 'wipe');
    return c.json(await desk.wipe());
  });
  app.get('/moderation', async (c) => c.json(await desk.inForce()));
  app.get('/reports', async (c) => {
    const reports = await desk.reports();
    return c.json({ reports: reports.map(({ by: _, ...report }) => report) });
  });
  return app;
}

class BadRequest extends Error {}

/** @throws {BadRequest} in words that say what is expected */
async function read<Name extends keyof typeof BODIES>(
  c: Context,
  name: Name,
): Promise<v.InferOutput<(typeof BODIES)[Name]>> {
  const body = v.safeParse(BODIES[name], await c.req.json().catch(() => null));
  if (!body.success) throw new BadRequest(`Send JSON as ${EXPECTED[name]}.`);
  return body.output;
}

/** @throws {BadRequest} */
function param<Value>(c: Context, name: string, schema: v.GenericSchema<unknown, Value>): Value {
  const value = v.safeParse(schema, c.req.param(name));
  if (!value.success) throw new BadRequest(`“${name}” in the address is none.`);
  return value.output;
}

function isReason(words: string): boolean {
  return words === '' || (isText(words) && Buffer.byteLength(words) <= LIMITS.reasonBytesMax);
}
