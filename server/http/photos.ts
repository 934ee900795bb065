// Photos over HTTP (rule F7), for pages of the origins that may connect.

import type { IncomingMessage } from 'node:http';
import { Hono } from 'hono';
import type { Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { PATTERNS } from '../../src/protocol/ids.js';
import type { RecordId, RoomKey } from '../../src/protocol/ids.js';
import { PHOTO_LIMITS } from '../../src/protocol/photos/photo-limits.js';
import { readClaim } from '../../src/protocol/request-claim.js';
import type { Admitted, PhotoDesk, PhotoProblem, PieceRange } from '../photos/photo-desk.js';
import { sharedWith } from './origins.js';

export interface PhotoRoutes {
  readonly desk: PhotoDesk;
  /** Exact origins; empty: any. */
  readonly origins: readonly string[];
  readonly addressOf: (request: IncomingMessage) => string;
}

const PROBLEMS: Readonly<Record<PhotoProblem, readonly [ContentfulStatusCode, string]>> = {
  'photos-off': [403, 'There are no photos in this chat.'],
  'rate-limited': [429, 'Too much at once.'],
  'not-a-member': [403, 'Only members of the room have its photos.'],
  'no-such-photo': [404, 'This photo is not here.'],
  'bad-range': [400, 'Content-Range says where a piece goes.'],
  'wrong-hash': [422, 'These are not the bytes of the photo.'],
  'no-space': [507, 'The server has no room for photos now.'],
};

/** Read from the shelf at once: what a slow reader costs. */
const READ_BYTES = 64 * 1024;

export function photoRoutes({ desk, origins, addressOf }: PhotoRoutes): Hono {
  const app = new Hono();
  const admit = (c: Context, method: 'GET' | 'PUT'): Promise<Admitted | PhotoProblem> => {
    const { festival = '', room = '', record = '' } = c.req.param() as Record<string, string>;
    const key = `${festival}/${room}`;
    if (!PATTERNS.room.test(key) || !PATTERNS.record.test(record)) return Promise.resolve('no-such-photo');
    const address = addressOf((c.env as { incoming: IncomingMessage }).incoming);
    const claim = readClaim(c.req.header('Authorization'));
    return desk.admit({ method, room: key as RoomKey, record: record as RecordId, claim, address });
  };
  const headers = 'Authorization, Content-Range, Range';
  app.use(sharedWith({ origins, methods: 'GET, PUT', headers, refuse: (c) => problem(c, 'not-a-member') }));
  app.put(
    '/:festival/:room/:record',
    bodyLimit({ maxSize: PHOTO_LIMITS.uploadBytesMax, onError: tooLarge }),
    async (c) => {
      const range = pieceRange(c.req.header('Content-Range'));
      const admitted = range === undefined ? 'bad-range' : await admit(c, 'PUT');
      if (range === undefined || typeof admitted === 'string') return problem(c, admitted as PhotoProblem);
      const answer = await desk.take(admitted, range, new Uint8Array(await c.req.arrayBuffer()));
      if (typeof answer === 'string') return problem(c, answer);
      return c.json(answer, range !== null && answer.received !== range.through + 1 ? 409 : 200);
    },
  );
  app.get('/:festival/:room/:record', async (c) => {
    const admitted = await admit(c, 'GET');
    if (typeof admitted === 'string') return problem(c, admitted);
    const { photo } = admitted;
    const from = Number(/^bytes=(\d{1,9})-$/.exec(c.req.header('Range') ?? '')?.[1] ?? 0);
    if (from >= photo.bytes || !(await desk.isWhole(admitted))) return problem(c, 'no-such-photo');
    c.header('Content-Type', photo.type);
    c.header('Content-Length', String(photo.bytes - from));
    c.header('Content-Range', `bytes ${from}-${photo.bytes - 1}/${photo.bytes}`);
    // An image that is opened as a page of this origin runs nothing and shows nothing else.
    c.header('Content-Security-Policy', "default-src 'none'; sandbox");
    return c.body(streamed(desk, admitted, from), 206);
  });
  return app;
}

function streamed(desk: PhotoDesk, admitted: Admitted, from: number): ReadableStream<Uint8Array> {
  let at = from;
  const { bytes } = admitted.photo;
  return new ReadableStream({
    async pull(controller) {
      const part = await desk.read(admitted, at, Math.min(bytes, at + READ_BYTES));
      // Erased meanwhile: the reader is told by the length.
      if (part.length === 0) controller.error(new Error('the photo is gone'));
      else controller.enqueue(part);
      at += part.length;
      if (at >= bytes) controller.close();
    },
  });
}

/** Undefined when it is none; null when it asks how much is here. */
function pieceRange(header: string | undefined): PieceRange | undefined {
  const match = /^bytes (?:(\d{1,9})-(\d{1,9})|\*)\/\d{1,9}$/.exec(header ?? '');
  if (match === null) return undefined;
  return match[1] === undefined ? null : { from: Number(match[1]), through: Number(match[2]) };
}

function problem(c: Context, code: PhotoProblem): Response {
  const [status, message] = PROBLEMS[code];
  return c.json({ code, message }, status);
}

function tooLarge(c: Context): Response {
  return c.json({ code: 'too-large', message: `A piece has at most ${PHOTO_LIMITS.uploadBytesMax} bytes.` }, 413);
}
