// What the organiser has ordered and visitors have complained of, over restarts: orders outlive the records they are
// about (rule O7), so they are kept apart from them.

import * as v from 'valibot';
import { unpackMs } from '../../src/core/hybrid-clock.js';
import { isOrganisers } from '../../src/core/moderation.js';
import type { OrganiserRecord } from '../../src/core/moderation.js';
import type { AuthorId, RecordId, RoomKey } from '../../src/protocol/ids.js';
import { fromWire, idOf, toWire } from '../../src/protocol/record.js';
import type { SignedRecord, WireRecord } from '../../src/protocol/record.js';
import { SERVER_LIMITS } from '../limits.js';
import { photoKey } from '../photos/photo-shelf.js';
import type { PhotoKey } from '../photos/photo-shelf.js';
import { photosIn } from '../photos/photos-in.js';
import type { Shelf } from './shelf.js';

/** Messages with a photo that are pinned in some room, with the names they are kept under. */
const PINNED_PHOTOS = 'pinned photos';

export type Order = SignedRecord & OrganiserRecord;

const banSchema = v.object({ untilMs: v.number(), reason: v.optional(v.string()) });
export type Ban = Readonly<v.InferOutput<typeof banSchema>>;

const reportSchema = v.object({
  room: v.string(),
  messageId: v.string(),
  reason: v.string(),
  count: v.number(),
  atMs: v.number(),
  /** Tags of those who complained: each counts once. */
  by: v.array(v.string()),
});
export type Report = Readonly<v.InferOutput<typeof reportSchema>>;

export class ModerationBook {
  readonly #shelf: Shelf;
  readonly #now: () => number;

  constructor(shelf: Shelf, now: () => number) {
    this.#shelf = shelf;
    this.#now = now;
  }

  async orders(room: RoomKey): Promise<Order[]> {
    const kept = await this.#shelf.all(`orders ${room}`);
    return [...kept.values()].map((text) => fromWire(room, JSON.parse(text) as WireRecord)).filter(isOrganisers);
  }

  async keep(room: RoomKey, orders: readonly Order[]): Promise<void> {
    const texts = orders.map((order) => [idOf(order), JSON.stringify(toWire(order))] as const);
    await this.#shelf.putAll(`orders ${room}`, new Map(texts));
  }

  async forget(room: RoomKey, orders: readonly Order[]): Promise<void> {
    await this.#shelf.drop(`orders ${room}`, orders.map(idOf));
  }

  /** Forgets orders that have no effect any more, once those who were away have come back. */
  async tidy(room: RoomKey, inForce: ReadonlySet<RecordId>): Promise<void> {
    const lapsedMs = this.#now() - SERVER_LIMITS.ordersKeptMs;
    const lapsed = (await this.orders(room)).filter(
      (order) => !inForce.has(idOf(order)) && unpackMs(order.time) < lapsedMs,
    );
    await this.forget(room, lapsed);
  }

  /** What is pinned in the room, by the names it was kept under. */
  async pinned(room: RoomKey): Promise<Map<string, SignedRecord>> {
    const kept = await this.#shelf.all(`pinned ${room}`);
    return new Map([...kept].map(([name, text]) => [name, fromWire(room, JSON.parse(text) as WireRecord)]));
  }

  async keepPinned(room: RoomKey, name: string, record: SignedRecord): Promise<void> {
    await this.#shelf.put(`pinned ${room}`, name, JSON.stringify(toWire(record)));
    if (photosIn([record]).length > 0) await this.#shelf.put(PINNED_PHOTOS, photoKey(room, idOf(record)), name);
  }

  async unpinned(room: RoomKey, names: readonly string[]): Promise<void> {
    if (names.length === 0) return;
    await this.#shelf.drop(`pinned ${room}`, names);
    const photos = [...(await this.#shelf.all(PINNED_PHOTOS))];
    const freed = photos.filter(([key, name]) => key.startsWith(`${room} `) && names.includes(name));
    if (freed.length > 0)
      await this.#shelf.drop(
        PINNED_PHOTOS,
        freed.map(([key]) => key),
      );
  }

  /** Of all rooms: their bytes stay as long as the messages do. */
  async pinnedPhotos(): Promise<Set<PhotoKey>> {
    return new Set((await this.#shelf.all(PINNED_PHOTOS)).keys() as Iterable<PhotoKey>);
  }

  /** Of those in force. */
  async bans(): Promise<Map<AuthorId, Ban>> {
    const kept = await this.#shelf.all('bans');
    const bans = [...kept].map(([author, text]) => [author as AuthorId, v.parse(banSchema, JSON.parse(text))] as const);
    return new Map(bans.filter(([, { untilMs }]) => untilMs > this.#now()));
  }

  async ban(author: AuthorId, ban: Ban): Promise<void> {
    if (ban.untilMs <= this.#now()) await this.#shelf.drop('bans', [author]);
    else await this.#shelf.put('bans', author, JSON.stringify(ban));
  }

  /** When everything was last wiped; 0: never. */
  async wipedAtMs(): Promise<number> {
    return Number((await this.#shelf.all('marks')).get('wiped') ?? 0);
  }

  async wiped(): Promise<void> {
    await this.#shelf.put('marks', 'wiped', String(this.#now()));
    for (const collection of ['reports', PINNED_PHOTOS])
      await this.#shelf.drop(collection, [...(await this.#shelf.all(collection)).keys()]);
  }

  /** Newest first. */
  async reports(): Promise<Report[]> {
    const kept = [...(await this.#shelf.all('reports')).values()];
    return kept.map(reportOf).sort((a, b) => b.atMs - a.atMs);
  }

  /**
   * @param by who complains; each counts once for a message
   * @throws {Error} when it is not kept
   */
  async report(room: RoomKey, messageId: RecordId, reason: string, by: AuthorId): Promise<void> {
    const atMs = this.#now();
    await this.#shelf.update('reports', messageId, (kept) => {
      const earlier = kept === undefined ? null : reportOf(kept);
      if (earlier?.by.includes(by) === true) return undefined;
      const others = (earlier?.by ?? []).slice(-SERVER_LIMITS.reportersMax);
      return JSON.stringify({
        ...{ room, messageId, atMs, by: [...others, by], count: (earlier?.count ?? 0) + 1 },
        reason: reason === '' ? (earlier?.reason ?? '') : reason,
      } satisfies Report);
    });
    const tooMany = (await this.reports()).slice(SERVER_LIMITS.reportsMax);
    await this.#shelf.drop(
      'reports',
      tooMany.map((old) => old.messageId),
    );
  }

  async settled(messageIds: readonly RecordId[]): Promise<void> {
    await this.#shelf.drop('reports', messageIds);
  }
}

function reportOf(text: string): Report {
  return v.parse(reportSchema, JSON.parse(text));
}
