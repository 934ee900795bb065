// The administration's list of rooms: those with people in them, and those that people have left and that are kept.

import type { RoomKey } from '../../src/protocol/ids.js';
import type { Store } from '../store/store.js';
import type { Administration } from './admin.js';

/** A room as the list shows it; one that people have left has no member, and no link. */
export interface RoomView {
  readonly room: RoomKey;
  readonly members: number;
  /** Records ever stored in it. */
  readonly head: number;
  readonly p2pUsers: number;
  readonly links: number;
}

export interface ListedRoom {
  readonly room: RoomKey;
  /** Null when nobody is in it at this node. */
  readonly open: RoomView | null;
}

type Known = Pick<Administration, 'rooms' | 'roomsAtNodes' | 'countElsewhere'>;

export class RoomList {
  readonly #administration: Known;
  readonly #store: Pick<Store, 'rooms' | 'marks'>;

  constructor(administration: Known, store: Pick<Store, 'rooms' | 'marks'>) {
    this.#administration = administration;
    this.#store = store;
  }

  /** By their names' order. */
  async rooms(): Promise<readonly ListedRoom[]> {
    const others = await Promise.all([this.#administration.roomsAtNodes(), this.#store.rooms()]);
    const open = new Map(this.#administration.rooms().map((room) => [room.room, room]));
    return [...new Set([...open.keys(), ...others.flat()])]
      .sort()
      .map((room) => ({ room, open: open.get(room) ?? null }));
  }

  /** What is known of a few of them. */
  async complete(rooms: readonly ListedRoom[]): Promise<readonly RoomView[]> {
    const left = rooms.flatMap(({ room, open }) => (open === null ? [room] : []));
    const [elsewhere, marks] = await Promise.all([
      this.#administration.countElsewhere(left),
      Promise.all(left.map((room) => this.#store.marks(room))),
    ]);
    const found = new Map(
      left.map((room, index) => {
        const counts = { members: elsewhere[index] ?? 0, head: marks[index]?.head ?? 0 };
        return [room, { room, ...counts, p2pUsers: 0, links: 0 }];
      }),
    );
    return rooms.flatMap(({ room, open }) => open ?? found.get(room) ?? []);
  }
}
