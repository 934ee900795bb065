// What an operator may do to rooms and people, each with its observed effect. Every room is reached, open or not.

import type { AuthorId, RecordId, RoomKey } from '../../src/protocol/ids.js';
import type { Restriction } from '../../src/core/moderation.js';
import type { OrganiserBody } from '../../src/protocol/record.js';
import type { PhotoShelf } from '../photos/photo-shelf.js';
import type { Nodes } from '../nodes/nodes.js';
import type { Rooms } from '../rooms.js';
import type { ServerRoom } from '../room.js';
import type { Store } from '../store/store.js';
import type { ModerationBook, Report } from './book.js';
import { removalOf } from './room-organiser.js';

/** Rooms that an error names: as many as can be read in passing. */
const ROOMS_NAMED = 5;

export interface Sanction {
  readonly author: AuthorId;
  readonly room?: RoomKey;
  readonly untilMs: number;
  readonly reason?: string;
}

export interface InForce {
  readonly bans: readonly Sanction[];
  readonly mutes: readonly Sanction[];
  readonly slowMode: readonly { readonly room: RoomKey; readonly seconds: number }[];
  readonly pins: readonly { readonly room: RoomKey; readonly messageId: RecordId }[];
}

/** The room is unknown, the message is not there, or the server holds as many rooms as it may. */
export class NotThere extends Error {}

/** Some rooms could not take it. Those that could have it. */
export class NotEverywhere extends Error {
  readonly done: readonly RoomKey[];
  readonly left: readonly RoomKey[];

  constructor(done: readonly RoomKey[], left: readonly RoomKey[], why: Error) {
    const more = left.length > ROOMS_NAMED ? ` and ${left.length - ROOMS_NAMED} more` : '';
    const names = left.slice(0, ROOMS_NAMED).join(', ') + more;
    super(`Done in ${done.length} of ${done.length + left.length} rooms, not in ${names}: ${why.message}`);
    this.done = done;
    this.left = left;
  }
}

export interface ModerationDeskOptions {
  readonly rooms: Rooms;
  readonly store: Store;
  readonly nodes: Nodes;
  readonly book: ModerationBook;
  readonly photos: PhotoShelf;
  readonly now: () => number;
}

export class ModerationDesk {
  readonly #options: ModerationDeskOptions;

  constructor(options: ModerationDeskOptions) {
    this.#options = options;
  }

  /**
   * @param room default: every room that anybody is in, or has written in
   * @throws {NotEverywhere}
   */
  async announce(text: string, room?: RoomKey, isPinned = false): Promise<{ room: RoomKey; id: RecordId }[]> {
    const announced: { room: RoomKey; id: RecordId }[] = [];
    await this.#inRooms(room, async (key) => {
      const id = await this.#say(key, { kind: 'announce', text });
      if (isPinned) await this.#say(key, { kind: 'pin', target: id });
      announced.push({ room: key, id });
    });
    return announced;
  }

  clear(room: RoomKey): Promise<RecordId> {
    return this.#say(room, { kind: 'clear' });
  }

  slowDown(room: RoomKey, seconds: number): Promise<RecordId> {
    return this.#say(room, { kind: 'slow', seconds });
  }

  /** @throws {NotThere} */
  async pin(room: RoomKey, messageId: RecordId | null): Promise<RecordId> {
    if (messageId === null) return this.#say(room, { kind: 'pin' });
    const [found] = await this.#options.store.byIds(room, [messageId]);
    if (found === undefined) throw new NotThere('There is no such message in this room.');
    return this.#say(room, { kind: 'pin', target: messageId });
  }

  /** @throws {NotThere} */
  async remove(room: RoomKey, messageId: RecordId, reason?: string): Promise<RecordId> {
    const [found] = await this.#options.store.byIds(room, [messageId]);
    if (found?.record.body.kind !== 'message') throw new NotThere('There is no such message in this room.');
    return this.#say(room, removalOf(found.record, reason));
  }

  /**
   * @param room default: every room
   * @throws {NotEverywhere}
   */
  async mute(author: AuthorId, minutes: number, reason?: string, room?: RoomKey): Promise<RoomKey[]> {
    return this.#restrict('mute', author, minutes, reason, room);
  }

  /** @throws {NotEverywhere} where people may still be; nobody is let in all the same */
  async ban(author: AuthorId, minutes: number, reason?: string): Promise<{ rooms: RoomKey[]; disconnected: number }> {
    const { book, rooms, now } = this.#options;
    const present = rooms.all().reduce((sum, room) => sum + room.sessionsOf(author), 0);
    const untilMs = now() + minutes * 60_000;
    await book.ban(author, { untilMs, ...(reason === undefined ? {} : { reason }) });
    const banned = await this.#restrict('ban', author, minutes, reason);
    const left = rooms.all().reduce((sum, room) => sum + room.sessionsOf(author), 0);
    return { rooms: banned, disconnected: present - left };
  }

  /**
   * Every room is cleared; those that only devices remember as soon as something from before comes.
   * @throws {NotEverywhere}
   */
  async wipe(): Promise<{ rooms: RoomKey[] }> {
    const { book, photos } = this.#options;
    await book.wiped();
    // Now, because what is shown while rooms are being cleared is not meant.
    await photos.prune(Infinity, new Set());
    return { rooms: await this.#inRooms(undefined, (room) => this.clear(room)) };
  }

  async inForce(): Promise<InForce> {
    const { rooms, book, now } = this.#options;
    const mutes: Sanction[] = [];
    const slowMode: InForce['slowMode'][number][] = [];
    const pins: InForce['pins'][number][] = [];
    for (const room of rooms.all()) {
      const { state } = room.moderation;
      if (state.slowSeconds > 0) slowMode.push({ room: room.key, seconds: state.slowSeconds });
      for (const messageId of state.pinned) pins.push({ room: room.key, messageId });
      for (const [author, restriction] of state.restricted(now())) {
        if (restriction.level === 'mute') mutes.push(sanction(author, restriction, room.key));
      }
    }
    const bans = [...(await book.bans())].map(([author, ban]) => sanction(author, ban));
    return { bans, mutes, slowMode, pins };
  }

  reports(): Promise<Report[]> {
    return this.#options.book.reports();
  }

  async #restrict(
    level: 'mute' | 'ban',
    author: AuthorId,
    minutes: number,
    reason?: string,
    room?: RoomKey,
  ): Promise<RoomKey[]> {
    const untilMs = this.#options.now() + minutes * 60_000;
    const said = reason === undefined ? {} : { reason };
    const body: OrganiserBody = { kind: 'restrict', author, level: minutes === 0 ? 'none' : level, untilMs, ...said };
    return this.#inRooms(room, (key) => this.#say(key, body));
  }

  /** In the one room, or in all; one that cannot take it does not keep it from the others. */
  async #inRooms(room: RoomKey | undefined, act: (room: RoomKey) => Promise<unknown>): Promise<RoomKey[]> {
    if (room !== undefined) {
      await act(room);
      return [room];
    }
    const done: RoomKey[] = [];
    const left: RoomKey[] = [];
    let why: Error | null = null;
    for (const key of await this.#allRooms()) {
      try {
        await act(key);
        done.push(key);
      } catch (error) {
        left.push(key);
        why = error as Error;
      }
    }
    if (why !== null) throw new NotEverywhere(done, left, why);
    return done;
  }

  async #allRooms(): Promise<RoomKey[]> {
    const { rooms, nodes, store } = this.#options;
    const here = rooms.all().map(({ key }) => key);
    return [...new Set([...here, ...(await nodes.rooms()), ...(await store.rooms())])].sort();
  }

  async #say(key: RoomKey, body: OrganiserBody): Promise<RecordId> {
    const { rooms } = this.#options;
    const room: ServerRoom | null = rooms.open(key);
    if (room === null) throw new NotThere('The server holds as many rooms as it may.');
    try {
      return await room.organise(body);
    } finally {
      rooms.left(room);
    }
  }
}

function sanction(
  author: AuthorId,
  { untilMs, reason }: Pick<Restriction, 'untilMs' | 'reason'>,
  room?: RoomKey,
): Sanction {
  return { author, untilMs, ...(reason === undefined ? {} : { reason }), ...(room === undefined ? {} : { room }) };
}
