// The administration's routes. Who may ask was settled before; each answers with what the server knows, never with a constant.

import { Hono } from 'hono';
import * as v from 'valibot';
import type { AuthorId, PeerId, RoomKey } from '../../src/protocol/ids.js';
import type { Activity } from '../activity.js';
import type { AnalyticsReport } from '../analytics.js';
import type { AuditLog } from '../audit.js';
import { PRESETS, flagsSchema } from '../flags.js';
import type { Flags } from '../flags.js';
import type { MeshLink, MeshStatus } from '../mesh-metrics.js';
import type { ModerationDesk } from '../moderation/desk.js';
import type { Store } from '../store/store.js';
import type { TrendMinute } from '../trend.js';
import { moderationRoutes } from './moderation.js';
import { latest, page } from './page.js';
import { RoomList } from './room-list.js';
import type { RoomView } from './room-list.js';
import { roomRoutes } from './room-routes.js';

/** Happenings in an overview. */
const OVERVIEW_ACTIVITY = 60;

export interface UserView {
  /** The device's key. */
  readonly id: AuthorId;
  readonly name: string;
  /** One for each tab and room. */
  readonly sessions: readonly { readonly peer: PeerId; readonly room: RoomKey }[];
}

/** What the dashboard asks again and again: everything but lists. */
export interface Overview {
  /** What keeps new visitors from being accepted, in a word each. */
  readonly obstacles: readonly string[];
  readonly epoch: string;
  readonly analytics: AnalyticsReport;
  readonly mesh: Omit<MeshStatus, 'rooms'>;
  readonly flags: Flags;
  /** The last hour by minutes, oldest first. */
  readonly trend: readonly TrendMinute[];
  /** Newest first. */
  readonly activity: readonly Activity[];
}

/** What the routes ask of the server. */
export interface Administration {
  meshStatus(): MeshStatus;
  analytics(): AnalyticsReport;
  trend(): readonly TrendMinute[];
  /** Those with people at this node. */
  rooms(): readonly RoomView[];
  /** Rooms that are open at any of several nodes. */
  roomsAtNodes(): Promise<readonly RoomKey[]>;
  /** Members at other nodes of rooms in which nobody is at this one, in the order of `rooms`. */
  countElsewhere(rooms: readonly RoomKey[]): Promise<readonly number[]>;
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
  setFlags(change: Partial<Flags>): Promise<Flags>;
}

const { enabled, rollout, maxPeers, autoUpgradeDelayMs } = flagsSchema.entries;
const flagsChangeSchema = v.strictObject({
  preset: v.optional(v.picklist(Object.keys(PRESETS) as (keyof typeof PRESETS)[])),
  enabled: v.exactOptional(enabled),
  rollout: v.exactOptional(rollout),
  maxPeers: v.exactOptional(maxPeers),
  autoUpgradeDelayMs: v.exactOptional(autoUpgradeDelayMs),
});

export interface AdminSources {
  readonly administration: Administration;
  readonly moderation: ModerationDesk;
  readonly store: Store;
  readonly audit: AuditLog;
  readonly obstacles: () => readonly string[];
  readonly now: () => number;
}

export function adminRoutes({ administration, moderation, store, audit, obstacles, now }: AdminSources): Hono {
  const app = new Hono();
  app.get('/overview', (c) => {
    const { rooms: _, ...mesh } = administration.meshStatus();
    const overview: Overview = {
      obstacles: obstacles(),
      epoch: store.epoch,
      analytics: administration.analytics(),
      mesh,
      flags: administration.flags(),
      trend: administration.trend(),
      activity: administration.activity(OVERVIEW_ACTIVITY),
    };
    return c.json(overview);
  });
  app.get('/mesh-status', (c) => c.json(administration.meshStatus()));
  app.get('/analytics', (c) => c.json(administration.analytics()));
  const list = new RoomList(administration, store);
  app.get('/rooms', async (c) => {
    const entries = await list.rooms();
    if (c.req.query('order') !== 'members') {
      return page(c, { entries, nameOf: ({ room }) => room, wordsOf: ({ room }) => [room] }, (items) =>
        list.complete(items),
      );
    }
    return latest(c, async (limit) => {
      const largest = [...entries].sort((a, b) => (b.open?.members ?? 0) - (a.open?.members ?? 0)).slice(0, limit);
      return c.json({ total: entries.length, items: await list.complete(largest), next: null });
    });
  });
  app.route('/rooms', roomRoutes({ administration, store, now }));
  app.route('/', moderationRoutes(moderation));
  app.get('/users', (c) =>
    page(c, {
      entries: administration.users(),
      nameOf: ({ id }) => id,
      wordsOf: ({ id, name, sessions }) => [id, name, ...sessions.map(({ room }) => room)],
    }),
  );
  app.get('/activity', (c) => latest(c, (limit) => c.json({ activity: administration.activity(limit) })));
  app.get('/audit', (c) => latest(c, async (limit) => c.json({ entries: await audit.latest(limit) })));
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
      return c.json(await administration.setFlags({ ...(preset === undefined ? {} : PRESETS[preset]), ...flags }));
    } catch {
      const message =
        'The flags are in force at this node, but were not kept: they end with a restart, or when Redis is back.';
      return c.json({ code: 'not-kept', message }, 500);
    }
  });
  return app;
}
