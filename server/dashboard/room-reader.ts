// Reads a room's log: its end first, what is new from there on, and what is older when it is asked for.

import type { RoomKey } from '../../src/protocol/ids.js';
import type { LogEntry, LogPage } from '../http/room-log.js';
import type { AdminApi } from './api.js';

const PAGE = 100;
/** Entries held: beyond it the oldest are let go while new ones come; the export has them all. */
const ENTRIES_MAX = 2_000;

export interface RoomEntries {
  /** By offset, without gaps, up to the log's end. */
  readonly entries: readonly LogEntry[];
  /** There are older ones, and there is room for them here. */
  readonly hasOlder: boolean;
}

export class RoomReader {
  readonly #api: AdminApi;
  readonly #path: string;
  #epoch = '';
  #entries: readonly LogEntry[] = [];
  /** What `before` is to be for older ones; null: there are none. */
  #before: number | null = null;

  constructor(api: AdminApi, room: RoomKey) {
    this.#api = api;
    this.#path = `rooms/${encodeURIComponent(room)}/messages`;
  }

  /** @throws {ApiProblem} */
  async latest(): Promise<RoomEntries> {
    const last = this.#entries.at(-1)?.offset;
    const query = last === undefined ? `limit=${PAGE}` : `after=${last}&limit=500`;
    const page = await this.#api.get<LogPage>(`${this.#path}?${query}`);
    const isOver = this.#epoch !== '' && page.epoch !== this.#epoch;
    this.#epoch = page.epoch;
    const held = this.#entries.at(-1)?.offset;
    if (isOver || (last !== undefined && (held === undefined || page.head < last))) {
      // Another database than before: offsets mean something else now.
      this.#entries = [];
      return this.latest();
    }
    if (held === undefined) this.#before = page.before;
    // Another look may have answered meanwhile.
    const news = held === undefined ? page.entries : page.entries.filter(({ offset }) => offset > held);
    this.#take([...this.#entries, ...news]);
    return this.#view();
  }

  /** @throws {ApiProblem} */
  async older(): Promise<RoomEntries> {
    const before = this.#before;
    if (before === null) return this.#view();
    const page = await this.#api.get<LogPage>(`${this.#path}?before=${before}&limit=${PAGE}`);
    // Another look may have brought them meanwhile.
    if (page.epoch === this.#epoch && before === this.#before) {
      this.#before = page.before;
      this.#take([...page.entries, ...this.#entries]);
    }
    return this.#view();
  }

  #take(entries: readonly LogEntry[]): void {
    this.#entries = entries.slice(-ENTRIES_MAX);
    if (entries.length > ENTRIES_MAX) this.#before = this.#entries[0]?.offset ?? null;
  }

  #view(): RoomEntries {
    return { entries: this.#entries, hasOlder: this.#before !== null && this.#entries.length < ENTRIES_MAX };
  }
}
