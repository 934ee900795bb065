// What is pinned in a room, kept apart from the log: retention drops a message long before its pin is taken off
// (rule O7). Its latest edit is kept with it, and its retraction.

import { compareKeys } from '../../src/core/order.js';
import type { RecordId, RoomKey } from '../../src/protocol/ids.js';
import { authorOf } from '../../src/protocol/ids.js';
import { idOf } from '../../src/protocol/record.js';
import type { SignedRecord } from '../../src/protocol/record.js';
import type { Store } from '../store/store.js';
import type { ModerationBook } from './book.js';

/** Rows looked through at once for what was said of a message before it was pinned: about a millisecond of the database. */
const SEARCH_PAGE = 256;

export interface PinnedRecordsOptions {
  readonly room: RoomKey;
  readonly store: Store;
  readonly book: ModerationBook;
  /** What is pinned now. */
  readonly targets: () => readonly RecordId[];
  /** True for what the organiser has erased. */
  readonly isGone: (record: SignedRecord) => boolean;
}

export class PinnedRecords {
  readonly #options: PinnedRecordsOptions;
  /** By target and kind: the message, its latest edit, its retraction. */
  #kept = new Map<string, SignedRecord>();

  constructor(options: PinnedRecordsOptions) {
    this.#options = options;
  }

  get all(): readonly SignedRecord[] {
    return [...this.#kept.values()];
  }

  /** What was kept before; what is heard meanwhile is newer. */
  async open(): Promise<void> {
    const { room, book } = this.#options;
    this.#kept = new Map([...(await book.pinned(room)), ...this.#kept]);
  }

  /** An order may have changed what is pinned: keeps that, forgets the rest. */
  async follow(): Promise<void> {
    const { room, store, book, targets, isGone } = this.#options;
    const pinned = targets();
    const isLapsed = (record: SignedRecord): boolean => !pinned.includes(targetOf(record)) || isGone(record);
    const lapsed = [...this.#kept].flatMap(([name, record]) => (isLapsed(record) ? [name] : []));
    for (const name of lapsed) this.#kept.delete(name);
    await book.unpinned(room, lapsed);
    const held = new Set(this.all.map(targetOf));
    const added = pinned.filter((id) => !held.has(id));
    if (added.length === 0) return;
    await this.heard((await store.byIds(room, added)).map(({ record }) => record));
    for (let after = 0; ;) {
      const rows = await store.range(room, after, SEARCH_PAGE);
      await this.heard(rows.map(({ record }) => record));
      after = rows.at(-1)?.offset ?? after;
      if (rows.length < SEARCH_PAGE) return;
    }
  }

  /** Something was stored. */
  async heard(records: readonly SignedRecord[]): Promise<void> {
    const { room, book, targets, isGone } = this.#options;
    const pinned = targets();
    for (const record of records) {
      const target = targetOf(record);
      if (!pinned.includes(target) || !counts(record) || isGone(record)) continue;
      const name = `${target} ${record.body.kind}`;
      const before = this.#kept.get(name);
      if (before !== undefined && compareKeys(keyOf(before), keyOf(record)) >= 0) continue;
      this.#kept.set(name, record);
      await book.keepPinned(room, name, record);
    }
  }
}

/** The message a record is, or is about. */
function targetOf(record: SignedRecord): RecordId {
  const { body } = record;
  return body.kind === 'edit' || body.kind === 'retract' ? body.target : idOf(record);
}

/** A message, or what its own author made of it (rule R6). */
function counts(record: SignedRecord): boolean {
  const { kind } = record.body;
  if (kind === 'message' || kind === 'announce') return true;
  return (kind === 'edit' || kind === 'retract') && authorOf(targetOf(record)) === record.author;
}

function keyOf(record: SignedRecord): { time: number; id: RecordId } {
  return { time: record.time, id: idOf(record) };
}
