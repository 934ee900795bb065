// The administration's routes. Who may ask was settled before; each answers with what the server knows, never with a constant.

import { Hono } from 'hono';
import type { Context } from 'hono';
import * as v from 'valibot';
import { PATTERNS } from '../../src/protocol/ids.js';
import type { AuthorId, PeerId, RoomKey } from '../../src/protocol/ids.js';
import type { Activity } from '../activity.js';
import type { AnalyticsReport } from '../analytics.js';
import { PRESETS, flagsSchema } from '../flags.js';
import type { Flags } from '../flags.js';
import type { MeshLink, MeshStatus } from '../mesh-metrics.js';

/** Entries of one answer, and how many unless asked otherwise. */
const PAGE = { max: 500, usual: 100 } as const;

export interface RoomView {
  /** `festival/room`. */
  readonly room: string;
  readonly members: number;
  /** Records ever stored in it. */
  readonly head: number;
  readonly p2pUsers: number;
  readonly links: number;
}

export interface UserView {
  /** The device's key. */
  readonly id: AuthorId;
  readonly name: string;
  /** One for each tab and room. */
  readonly sessions: readonly { readonly peer: PeerId; readonly room: RoomKey }[];
}

/** What the routes ask of the server. */
export interface Administration {
  meshStatus(): MeshStatus;
  analytics(): AnalyticsReport;
  /** By their names' order. */
  rooms(): readonly RoomView[];
  /** Null when nobody is in such a room. */
  room(key: RoomKey): { readonly users: readonly UserView[]; readonly links: readonly MeshLink[] } | null;
  /** By their keys' order. */
  users(): readonly UserView[];
  /** Newest first. */
  activity(limit: number): readonly Activity[];
  flags(): Flags;
  /**
   * Tells everybody connected, and returns the flags in force.
   * @throws {Error} when they hold now but could not be kept for the next start
   */
  setFlags(change: Partial<Flags>): Flags;
}

const pageSchema = v.object({
  limit: v.optional(
    v.pipe(v.string(), v.digits(), v.transform(Number), v.minValue(1), v.maxValue(PAGE.max)),
    String(PAGE.usual),
  ),
  after: v.optional(v.pipe(v.string(), v.maxLength(200))),
});

const { enabled, rollout, maxPeers, autoUpgradeDelayMs } = flagsSchema.entries;
const flagsChangeSchema = v.strictObject({
  preset: v.optional(v.picklist(Object.keys(PRESETS) as (keyof typeof PRESETS)[])),
  enabled: v.exactOptional(enabled),
  rollout: v.exactOptional(rollout),
  maxPeers: v.exactOptional(maxPeers),
  autoUpgradeDelayMs: v.exactOptional(autoUpgradeDelayMs),
});

export function adminRoutes(administration: Administration): Hono {
  const app = new Hono();
  app.get('/mesh-status', (c) => c.json(administration.meshStatus()));
  app.get('/analytics', (c) => c.json(administration.analytics()));
  app.get('/rooms', (c) => page(c, administration.rooms(), ({ room }) => room));
  app.get('/rooms/:room', (c) => {
    const room = c.req.param('room');
    const found = PATTERNS.room.test(room) ? administration.room(room as RoomKey) : null;
    return found === null ? c.json({ code: 'no-such-room', message: 'Nobody is in this room.' }, 404) : c.json(found);
  });
  app.get('/users', (c) => page(c, administration.users(), ({ id }) => id));
  app.get('/activity', (c) => {
    const query = v.safeParse(pageSchema, c.req.query());
    if (!query.success) return badQuery(c);
    return c.json({ activity: administration.activity(query.output.limit) });
  });
  app.get('/mesh', (c) => c.json(administration.flags()));
  app.post('/mesh', async (c) => {
    const change = v.safeParse(flagsChangeSchema, await c.req.json().catch(() => null));
    if (!change.success || Object.keys(change.output).length === 0) {
      const fields = Object.keys(flagsSchema.entries).join(', ');
      const message = `Send JSON with some of ${fields} within their ranges, or a preset of ${Object.keys(PRESETS).join(', ')}.`;
      return c.json({ code: 'bad-flags', message }, 400);
    }
    const { preset, ...flags } = change.output;
    try {
      return c.json(administration.setFlags({ ...(preset === undefined ? {} : PRESETS[preset]), ...flags }));
    } catch {
      const message = 'The flags are in force, but the disk did not keep them: a restart will forget them.';
      return c.json({ code: 'not-kept', message }, 500);
    }
  });
  return app;
}

/** `?limit=` entries whose names come after `?after=`; `next` is the name to go on from, or null. */
function page<Entry>(c: Context, entries: readonly Entry[], nameOf: (entry: Entry) => string): Response {
  const query = v.safeParse(pageSchema, c.req.query());
  if (!query.success) return badQuery(c);
  const { limit, after } = query.output;
  const rest = after === undefined ? entries : entries.filter((entry) => nameOf(entry) > after);
  const items = rest.slice(0, limit);
  const last = items.at(-1);
  const next = last === undefined || items.length === rest.length ? null : nameOf(last);
  return c.json({ total: entries.length, items, next });
}

function badQuery(c: Context): Response {
  return c.json({ code: 'bad-query', message: `limit is a whole number from 1 to ${PAGE.max}.` }, 400);
}
