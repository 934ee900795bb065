// The administration's routes of one room: who is linked to whom, and what was written.

import { Hono } from 'hono';
import type { Context } from 'hono';
import * as v from 'valibot';
import { PATTERNS } from '../../src/protocol/ids.js';
import type { PeerId, RoomKey } from '../../src/protocol/ids.js';
import type { MeshLink } from '../mesh-metrics.js';
import type { Store } from '../store/store.js';
import type { Administration, UserView } from './admin.js';
import { PAGE, limitSchema } from './page.js';
import { RoomLog } from './room-log.js';

/** Members and links of one picture: more would be a grey disc, and half a megabyte. */
const PICTURE = { members: 200, links: 1_000 } as const;

/** Who is linked to whom. Members with links come first; the totals tell what was left out. */
export interface LinksView {
  readonly room: RoomKey;
  readonly total: { readonly members: number; readonly links: number };
  readonly members: readonly { readonly peer: PeerId; readonly name: string }[];
  readonly links: readonly MeshLink[];
}

const logQuerySchema = v.object({
  ...limitSchema.entries,
  before: v.optional(v.pipe(v.string(), v.digits(), v.transform(Number), v.safeInteger())),
  after: v.optional(v.pipe(v.string(), v.digits(), v.transform(Number), v.safeInteger())),
});

export interface RoomSources {
  readonly administration: Administration;
  readonly store: Store;
  readonly now: () => number;
}

export function roomRoutes({ administration, store, now }: RoomSources): Hono {
  const app = new Hono();
  app.get('/:room', (c) => {
    const found = roomOf(c, (key) => administration.room(key));
    return found === null ? nobodyThere(c) : c.json(found);
  });
  app.get('/:room/links', (c) => {
    const found = roomOf(c, (key) => {
      const room = administration.room(key);
      return room === null ? null : linksView(key, room);
    });
    return found === null ? nobodyThere(c) : c.json(found);
  });
  app.get('/:room/messages', async (c) => {
    const query = v.safeParse(logQuerySchema, c.req.query());
    if (!query.success) {
      const message = `limit is a whole number from 1 to ${PAGE.max}; before and after are offsets.`;
      return c.json({ code: 'bad-query', message }, 400);
    }
    const { limit, before = Infinity, after } = query.output;
    return reading(c, async (log) =>
      c.json(after === undefined ? await log.before(before, limit) : await log.after(after, limit)),
    );
  });
  app.get('/:room/export', async (c) => {
    const format = c.req.query('format') ?? 'json';
    if (format !== 'json' && format !== 'csv') {
      return c.json({ code: 'bad-query', message: 'format is json or csv.' }, 400);
    }
    const day = new Date(now()).toISOString().slice(0, 10);
    const file = `${c.req.param('room').replace('/', '_')}-${day}.${format}`;
    return reading(c, (log) =>
      c.body(streamOf(format === 'csv' ? log.csv() : log.json(now())), 200, {
        'Content-Type': format === 'csv' ? 'text/csv; charset=utf-8; header=present' : 'application/json',
        'Content-Disposition': `attachment; filename="${file}"`,
      }),
    );
  });
  return app;

  /** Answers from a room's log; a room in which nothing was written and nobody is was never there. */
  async function reading(c: Context, answer: (log: RoomLog) => Response | Promise<Response>): Promise<Response> {
    const found = roomOf(c, (key) => ({ key, log: new RoomLog(store, key) }));
    if (found === null) return nothingThere(c);
    try {
      const isThere =
        administration.room(found.key) !== null ||
        !(await found.log.isUnwritten()) ||
        (await administration.countElsewhere([found.key])).some((members) => members > 0);
      return isThere ? await answer(found.log) : nothingThere(c);
    } catch {
      return c.json({ code: 'store-away', message: 'The store does not answer; try again.' }, 503);
    }
  }
}

/** Null where the address names no room. */
function roomOf<Found>(c: Context, find: (key: RoomKey) => Found | null): Found | null {
  const room = c.req.param('room') ?? '';
  return PATTERNS.room.test(room) ? find(room as RoomKey) : null;
}

function linksView(
  room: RoomKey,
  { users, links }: { readonly users: readonly UserView[]; readonly links: readonly MeshLink[] },
): LinksView {
  const linked = new Set(links.flatMap(({ ends }) => ends));
  const members = users.flatMap(({ name, sessions }) => sessions.map(({ peer }) => ({ peer, name })));
  members.sort((a, b) => Number(linked.has(b.peer)) - Number(linked.has(a.peer)) || (a.peer < b.peer ? -1 : 1));
  const shown = members.slice(0, PICTURE.members);
  const isShown = new Set(shown.map(({ peer }) => peer));
  return {
    room,
    total: { members: members.length, links: links.length },
    members: shown,
    links: links.filter(({ ends }) => ends.every((end) => isShown.has(end))).slice(0, PICTURE.links),
  };
}

function nobodyThere(c: Context): Response {
  return c.json({ code: 'no-such-room', message: 'Nobody is in this room.' }, 404);
}

function nothingThere(c: Context): Response {
  return c.json({ code: 'no-such-room', message: 'Nobody is in this room, and nothing was written there.' }, 404);
}

/** A piece is made when the one before it was taken. One that fails ends the answer as broken, never as complete. */
function streamOf(pieces: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      const piece = await pieces.next();
      if (piece.done === true) controller.close();
      else controller.enqueue(encoder.encode(piece.value));
    },
    async cancel() {
      await pieces.return(undefined);
    },
  });
}
