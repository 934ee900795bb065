// Carries out the organiser's word in one room of this node: stores it, erases what it erases, shows out whom it bans,
// and keeps it standing when retention drops it (rules O3 to O5, O7).

import type { OrganiserBody, SignedRecord, WireRecord } from '../../src/protocol/record.js';
import { idOf } from '../../src/protocol/record.js';
import type { AuthorId, RecordId, RoomKey } from '../../src/protocol/ids.js';
import { packTime, unpackMs } from '../../src/core/hybrid-clock.js';
import { isOrganisers } from '../../src/core/moderation.js';
import type { Restriction } from '../../src/core/moderation.js';
import type { PlacedRecord, Store } from '../store/store.js';
import type { ModerationBook, Order } from './book.js';
import { PinnedRecords } from './pinned-records.js';
import { refusalOf } from './room-moderation.js';
import type { Refusal, RoomModeration } from './room-moderation.js';

/** Rows looked through at once when something is erased: about a millisecond of the database. */
const ERASE_PAGE = 256;

export interface RoomOrganiserOptions {
  readonly room: RoomKey;
  readonly store: Store;
  readonly book: ModerationBook;
  readonly moderation: RoomModeration;
  readonly now: () => number;
  /** Stores them and hands them on to everybody. @throws {Error} when they could not be stored */
  readonly publish: (records: readonly SignedRecord[]) => Promise<void>;
  /** The store has dropped these by the organiser's word. */
  readonly erased: (records: readonly SignedRecord[]) => void;
  /** A member may not be here any more. */
  readonly showOut: (author: AuthorId, refusal: Refusal) => void;
  readonly failed: (error: Error) => void;
}

export class RoomOrganiser {
  readonly #options: RoomOrganiserOptions;
  /** Said here and not yet heard back. */
  readonly #said = new Set<RecordId>();
  readonly #pinned: PinnedRecords;
  #opening: Promise<void> | null = null;
  #obeying: Promise<unknown> | null = null;
  /** Null until the bans of the whole server are said in this room. */
  #bansSaid: Promise<void> | null = null;

  constructor(options: RoomOrganiserOptions) {
    this.#options = options;
    const { room, store, book, moderation } = options;
    this.#pinned = new PinnedRecords({
      ...{ room, store, book },
      targets: () => moderation.state.pinned,
      isGone: (record) => moderation.isGone(record),
    });
  }

  /**
   * Before anything else is done in the room: what was ordered before, here or everywhere. The chat goes on when it
   * cannot be read, and whoever asks next tries again.
   * @param brought what somebody hands in
   */
  async open(brought: readonly WireRecord[] = []): Promise<void> {
    const { failed } = this.#options;
    this.#opening ??= this.#load().catch((error: unknown) => {
      this.#opening = null;
      failed(error as Error);
    });
    await this.#opening;
    if (brought.length === 0) return;
    // Tried again with what is brought next.
    await this.#obeyWipe((wipedAt) => brought.some(([, , , time]) => time < wipedAt)).catch(failed);
    await this.#sayBans().catch(failed);
  }

  /** What holds for somebody who wants to come in: a ban may not have been said in this room. */
  async restriction(author: AuthorId): Promise<Restriction | null> {
    const { book, moderation } = this.#options;
    const said = moderation.restriction(author);
    if (this.#bansSaid !== null || said?.level === 'ban') return said;
    const bans = await book.bans().catch(() => null);
    const ban = bans?.get(author);
    return ban === undefined ? said : { level: 'ban', ...ban };
  }

  async #load(): Promise<void> {
    const { room, store, book, moderation } = this.#options;
    const orders = await book.orders(room);
    for (const order of orders) moderation.heard(order);
    await book.tidy(room, new Set(moderation.inForce()));
    await this.#pinned.open();
    await this.standAgain();
    await this.#obeyWipe((wipedAt) => this.#holdsFromBefore(wipedAt));
    const marks = await store.marks(room).catch(() => null);
    if (marks !== null && marks.head > 0) await this.#sayBans();
  }

  /** In a room that holds something, or is about to: opening one leaves no trace. */
  async #sayBans(): Promise<void> {
    this.#bansSaid ??= this.#sayAllBans().catch((error: unknown) => {
      this.#bansSaid = null;
      throw error;
    });
    await this.#bansSaid;
  }

  async #sayAllBans(): Promise<void> {
    const { book, moderation } = this.#options;
    const unsaid = [...(await book.bans())].filter(([author]) => moderation.restriction(author)?.level !== 'ban');
    if (unsaid.length === 0) return;
    await this.#give(
      unsaid.map(([author, ban]) => moderation.order({ kind: 'restrict', author, level: 'ban', ...ban })),
    );
  }

  /** The organiser speaks. Resolves when it is stored and what it erases is gone from the store. */
  async say(body: OrganiserBody, time?: number): Promise<RecordId> {
    const order = this.#options.moderation.order(body, time);
    await this.#give([order]);
    if (body.kind === 'clear') await this.#removeAhead(order);
    return idOf(order);
  }

  /** Stored by whichever node, or brought back by a member after the store was emptied. */
  heard(records: readonly SignedRecord[]): void {
    const { moderation, failed } = this.#options;
    for (const record of records) moderation.heard(record);
    const news = records.filter(isOrganisers).filter((order) => !this.#said.delete(idOf(order)));
    if (news.length > 0) void this.#obey(news).catch(failed);
    void this.#pinned.heard(records).catch(failed);
  }

  /** What holds, and what is pinned, for somebody who is sent the history above an offset only. */
  async standing(after: number): Promise<PlacedRecord[]> {
    const { room, store, moderation } = this.#options;
    const wanted = [...moderation.inForce(), ...this.#pinned.all.map(idOf)];
    if (wanted.length === 0 || after === 0) return [];
    const items = await store.byIds(room, wanted).catch(() => []);
    return items.filter((item) => item.offset <= after);
  }

  /** Retention may have dropped what still holds, and what is pinned: stored again, under new offsets. */
  async standAgain(): Promise<void> {
    const { room, store, book, moderation } = this.#options;
    const inForce = new Set(moderation.inForce());
    if (inForce.size === 0) return;
    const orders = (await book.orders(room)).filter((order) => inForce.has(idOf(order)));
    const standing = [...orders, ...this.#pinned.all];
    const here = new Set((await store.byIds(room, standing.map(idOf))).map(({ record }) => idOf(record)));
    const lost = standing.filter((record) => !here.has(idOf(record)));
    if (lost.length > 0) await this.#publish(lost);
  }

  /** What has removed these, stored again where it was dropped (rule O3). Nothing while the store is away. */
  async removalsOf(targets: readonly RecordId[]): Promise<PlacedRecord[]> {
    const { room, store, book, moderation, failed } = this.#options;
    const wanted = new Set(moderation.removalsOf(targets));
    if (wanted.size === 0) return [];
    try {
      const here = await store.byIds(room, [...wanted]);
      for (const { record } of here) wanted.delete(idOf(record));
      if (wanted.size > 0) await this.#publish((await book.orders(room)).filter((order) => wanted.has(idOf(order))));
      return here;
    } catch (error) {
      failed(error as Error);
      return [];
    }
  }

  async #publish(records: readonly SignedRecord[]): Promise<void> {
    const orders = records.filter(isOrganisers).map(idOf);
    for (const id of orders) this.#said.add(id);
    await this.#options.publish(records).catch((error: unknown) => {
      for (const id of orders) this.#said.delete(id);
      throw error;
    });
  }

  /** All in one piece, or none. */
  async #give(orders: readonly Order[]): Promise<void> {
    const { room, book, moderation, failed } = this.#options;
    // Before anybody hears of it: a node that opens the room meanwhile reads what is kept, and hears what comes then.
    await book.keep(room, orders);
    await this.#publish(orders).catch(async (error: unknown) => {
      await book.forget(room, orders).catch(failed);
      throw error;
    });
    for (const order of orders) moderation.heard(order);
    await this.#carryOut(orders);
  }

  async #obey(orders: readonly Order[]): Promise<void> {
    const { room, book } = this.#options;
    await book.keep(room, orders);
    await this.#carryOut(orders);
  }

  async #carryOut(orders: readonly Order[]): Promise<void> {
    const { book, moderation, now, showOut } = this.#options;
    for (const { body } of orders) {
      if (body.kind !== 'restrict') continue;
      const restriction: Restriction | null = moderation.restriction(body.author);
      if (restriction?.level === 'ban') showOut(body.author, refusalOf(restriction, now()));
    }
    const removed = orders.flatMap(({ body }) => (body.kind === 'remove' ? body.target : []));
    if (removed.length > 0) await book.settled(removed);
    const isAny = (...kinds: OrganiserBody['kind'][]): boolean => orders.some(({ body }) => kinds.includes(body.kind));
    if (isAny('pin', 'remove', 'restrict', 'clear')) await this.#pinned.follow();
    if (isAny('remove', 'restrict', 'clear')) await this.#erase();
  }

  /**
   * Everything was wiped, and this room was not among those that were cleared: nobody was here, or it was open at another
   * node only. What is from before goes as soon as there is any, what was written since stays.
   * @param isFromBefore whether something here is from before this hybrid time
   */
  async #obeyWipe(isFromBefore: (wipedAt: number) => boolean | Promise<boolean>): Promise<void> {
    const { book, moderation } = this.#options;
    const wipedAtMs = await book.wipedAtMs();
    if (wipedAtMs === 0) return;
    const wipedAt = packTime(wipedAtMs);
    if (wipedAt <= moderation.state.clearedBefore || !(await isFromBefore(wipedAt))) return;
    this.#obeying ??= this.say({ kind: 'clear' }, wipedAt).finally(() => (this.#obeying = null));
    await this.#obeying;
  }

  async #holdsFromBefore(time: number): Promise<boolean> {
    for await (const rows of this.#pages()) if (rows.some(({ record }) => record.time < time)) return true;
    return false;
  }

  /** All that is stored, by offset. */
  async *#pages(): AsyncGenerator<readonly PlacedRecord[]> {
    const { room, store } = this.#options;
    for (let after = 0; ;) {
      const rows = await store.range(room, after, ERASE_PAGE);
      if (rows.length > 0) yield rows;
      if (rows.length < ERASE_PAGE) return;
      after = rows.at(-1)?.offset ?? after;
    }
  }

  async #erase(): Promise<void> {
    const { room, store, moderation, erased } = this.#options;
    for await (const rows of this.#pages()) {
      const gone = rows.filter(({ record }) => moderation.isGone(record));
      if (gone.length === 0) continue;
      await store.drop(
        room,
        gone.map(({ offset }) => offset),
      );
      erased(gone.map(({ record }) => record));
    }
  }

  /** What a clear does not reach is removed one by one, by the node that said it (rule O4). */
  async #removeAhead(clear: Order): Promise<void> {
    const { moderation } = this.#options;
    const removals: Order[] = [];
    for await (const rows of this.#pages()) {
      // What was stored after a wipe is not meant by it, however fast its author's clock.
      const meant = rows.filter(({ storedAtMs }) => storedAtMs <= unpackMs(clear.time)).map(({ record }) => record);
      const ahead = meant.filter(({ body }) => body.kind === 'message');
      for (const record of ahead)
        if (moderation.isBehindClear(record, clear)) removals.push(moderation.order(removalOf(record)));
    }
    if (removals.length > 0) await this.#give(removals);
  }
}

/** @throws {TypeError} for a record that is no message */
export function removalOf(record: SignedRecord, reason?: string): OrganiserBody {
  if (record.body.kind !== 'message') throw new TypeError(`a ${record.body.kind} cannot be removed`);
  const said = reason === undefined ? {} : { reason };
  return { kind: 'remove', target: idOf(record), name: record.body.name, at: record.time, ...said };
}
