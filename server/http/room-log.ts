// A room's log as administrators read it: pages of it, and the whole of it as a file.

import type { AuthorId, RecordId, RoomKey } from '../../src/protocol/ids.js';
import { idOf } from '../../src/protocol/record.js';
import type { RecordBody } from '../../src/protocol/record.js';
import { unpackMs } from '../../src/core/hybrid-clock.js';
import type { PlacedRecord, Store } from '../store/store.js';
import { CSV_MARK, csvLine } from './csv.js';

/** Records read from the store at once for a file: about 200 KB. */
const SLICE = 500;

/** What was signed, and when the server placed it. */
export interface LogEntry {
  readonly id: RecordId;
  /** Its place in the room's order. */
  readonly offset: number;
  readonly author: AuthorId;
  /** By the writer's clock. */
  readonly sentAtMs: number;
  /** The same, packed with a counter: the order of what changes a message. */
  readonly time: number;
  readonly storedAtMs: number;
  readonly body: RecordBody;
}

export interface LogPage {
  readonly room: RoomKey;
  /** Offsets mean something within one epoch only. */
  readonly epoch: string;
  readonly head: number;
  /** By offset. Changes of a message are entries of their own, further on. */
  readonly entries: readonly LogEntry[];
  /** What `before` is to be for the entries before these; null when these are the oldest kept. */
  readonly before: number | null;
}

export class RoomLog {
  readonly #store: Store;
  readonly #room: RoomKey;

  constructor(store: Store, room: RoomKey) {
    this.#store = store;
    this.#room = room;
  }

  /** True when nothing was ever stored in the room. */
  async isUnwritten(): Promise<boolean> {
    return (await this.#store.marks(this.#room)).head === 0;
  }

  /** The latest `limit` entries below offset `before`; fewer where offsets are missing. */
  async before(before: number, limit: number): Promise<LogPage> {
    const { head, floor } = await this.#store.marks(this.#room);
    const end = Math.min(before, head + 1);
    const after = Math.max(floor, end - 1 - limit);
    const found = await this.#store.range(this.#room, after, limit);
    const entries = found.filter(({ offset }) => offset < end).map(entryOf);
    return { ...this.#heading(head), entries, before: after > floor ? after + 1 : null };
  }

  /** The first `limit` entries above offset `after`. */
  async after(after: number, limit: number): Promise<LogPage> {
    const { head, floor } = await this.#store.marks(this.#room);
    const entries = (await this.#store.range(this.#room, after, limit)).map(entryOf);
    return { ...this.#heading(head), entries, before: after > floor ? after + 1 : null };
  }

  /** All of it, in pieces of text. */
  async *csv(): AsyncGenerator<string> {
    const names = ['offset', 'stored at', 'sent at', 'kind', 'id', 'author', 'name', 'text', 'about', 'more'];
    yield CSV_MARK + csvLine(names);
    for await (const entries of this.#slices()) yield entries.map(csvOf).join('');
  }

  /** All of it, in pieces of text. */
  async *json(exportedAtMs: number): AsyncGenerator<string> {
    const { head } = await this.#store.marks(this.#room);
    yield `${JSON.stringify({ ...this.#heading(head), exportedAtMs }).slice(0, -1)},"entries":[`;
    let separator = '\n';
    for await (const entries of this.#slices()) {
      yield separator + entries.map((entry) => JSON.stringify(entry)).join(',\n');
      separator = ',\n';
    }
    yield '\n]}\n';
  }

  #heading(head: number): Pick<LogPage, 'room' | 'epoch' | 'head'> {
    return { room: this.#room, epoch: this.#store.epoch, head };
  }

  async *#slices(): AsyncGenerator<readonly LogEntry[]> {
    for (let after = 0; ;) {
      const found = await this.#store.range(this.#room, after, SLICE);
      if (found.length === 0) return;
      yield found.map(entryOf);
      after = found.at(-1)?.offset ?? Infinity;
    }
  }
}

function entryOf({ record, offset, storedAtMs }: PlacedRecord): LogEntry {
  const { author, time, body } = record;
  return { id: idOf(record), offset, author, sentAtMs: unpackMs(time), time, storedAtMs, body };
}

function csvOf({ id, offset, author, sentAtMs, storedAtMs, body }: LogEntry): string {
  const { kind, name = '', text = '', target, replyTo, ...more } = body as { kind: string } & Record<string, unknown>;
  const about = target ?? replyTo ?? '';
  const rest = Object.keys(more).length === 0 ? '' : JSON.stringify(more);
  return csvLine([
    offset,
    iso(storedAtMs),
    iso(sentAtMs),
    kind,
    id,
    author,
    words(name),
    words(text),
    words(about),
    rest,
  ]);
}

function words(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** A writer's clock may say anything. */
function iso(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? String(ms) : date.toISOString();
}
