// Messages as people see them, derived from the log: text after edits, reactions counted, delivery told.

import type { AuthorId, RecordId } from '../protocol/ids.js';
import { authorOf, authorTag } from '../protocol/ids.js';
import { FUTURE_ORDER_MAX_MS } from '../protocol/limits.js';
import { idOf } from '../protocol/record.js';
import type { RecordDraft } from '../protocol/record.js';
import { Amendments, isAmendment } from './amendments.js';
import type { ChatAuthor, ChatDelivery, ChatMessage, ChatReaction } from './chat-view.js';
import { packTime, unpackMs } from './hybrid-clock.js';
import { OrderedKeys } from './order.js';
import type { OrderKey } from './order.js';
import type { KeptRecord } from './room-io.js';

export class MessageViews {
  readonly #self: AuthorId;
  readonly #kept: (id: RecordId) => KeptRecord | undefined;
  readonly #delivery: (kept: KeptRecord) => ChatDelivery;
  readonly #isPlaced: (kept: KeptRecord) => boolean;
  /** Authors the visitor has compared keys with. */
  readonly trusted = new Set<AuthorId>();
  readonly #amendments = new Amendments();
  readonly #shown = new OrderedKeys();
  readonly #keyOf = new Map<RecordId, OrderKey>();
  readonly #views = new Map<RecordId, ChatMessage>();
  #list: readonly ChatMessage[] | null = [];

  constructor(options: {
    readonly self: AuthorId;
    readonly kept: (id: RecordId) => KeptRecord | undefined;
    readonly delivery: (kept: KeptRecord) => ChatDelivery;
    readonly isPlaced: (kept: KeptRecord) => boolean;
  }) {
    this.#self = options.self;
    this.#kept = options.kept;
    this.#delivery = options.delivery;
    this.#isPlaced = options.isPlaced;
  }

  /** Oldest first. The same array until something changes. */
  list(): readonly ChatMessage[] {
    this.#list ??= this.#shown.all.flatMap((key) => this.get(key.id) ?? []);
    return this.#list;
  }

  get(id: RecordId): ChatMessage | undefined {
    const cached = this.#views.get(id);
    if (cached !== undefined) return cached;
    const kept = this.#kept(id);
    if (kept === undefined) return undefined;
    const view = this.#build(id, kept);
    if (view !== undefined) this.#views.set(id, view);
    return view;
  }

  /** A record was taken into the log. Returns the message it makes or changes, if that is here. */
  added(kept: KeptRecord): { readonly id: RecordId; readonly isNew: boolean } | null {
    const { record } = kept;
    if (isAmendment(record)) {
      const target = this.#amendments.add(record);
      this.changed(target);
      return this.#kept(target) === undefined ? null : { id: target, isNew: false };
    }
    this.#insert(kept);
    return { id: idOf(record), isNew: true };
  }

  /** Marks what these have written. Returns the messages that changed. */
  trust(authors: readonly AuthorId[]): RecordId[] {
    for (const author of authors) this.trusted.add(author);
    const written = this.#shown.all.map(({ id }) => id).filter((id) => authors.includes(authorOf(id)));
    for (const id of written) this.changed(id);
    return written;
  }

  changed(id: RecordId): void {
    this.#views.delete(id);
    this.#list = null;
  }

  dropped(kept: KeptRecord): void {
    const { record } = kept;
    this.#remove(idOf(record));
    this.#amendments.forget(idOf(record));
    // What is said about a message that is not here is not kept longer than the record that says it.
    if (isAmendment(record) && this.#kept(record.body.target) === undefined)
      this.#amendments.forget(record.body.target);
    this.changed(idOf(record));
  }

  /** Another content stands under this id (rule R7); `aboutTarget` finds the records that amend a message. */
  replaced(before: KeptRecord, kept: KeptRecord, aboutTarget: (target: RecordId) => Iterable<KeptRecord>): void {
    const id = idOf(kept.record);
    this.#remove(id);
    for (const { record } of [before, kept]) {
      if (!isAmendment(record)) continue;
      const { target } = record.body;
      this.#amendments.forget(target);
      for (const other of aboutTarget(target)) if (isAmendment(other.record)) this.#amendments.add(other.record);
      this.changed(target);
    }
    if (!isAmendment(kept.record)) this.#insert(kept);
    this.changed(id);
  }

  /** What is known of its arrival has changed, so its place in the order may have (rule T3). */
  moved(kept: KeptRecord): void {
    const id = idOf(kept.record);
    const before = this.#keyOf.get(id);
    if (before === undefined || before.time === this.#shownKey(kept).time) return;
    this.#remove(id);
    this.#insert(kept);
  }

  /** True when this visitor's reaction stands on the message. */
  hasReacted(id: RecordId, emoji: string): boolean {
    return this.#amendments.reactions(id).get(emoji)?.has(this.#self) ?? false;
  }

  #insert(kept: KeptRecord): void {
    const key = this.#shownKey(kept);
    this.#keyOf.set(key.id, key);
    this.#shown.insert(key);
    this.#list = null;
  }

  #remove(id: RecordId): void {
    const key = this.#keyOf.get(id);
    if (key === undefined) return;
    this.#keyOf.delete(id);
    this.#shown.remove(key);
    this.#list = null;
  }

  /** Rule T3: by its own time; one from the future as of its arrival, at the server when the server has placed it. */
  #shownKey(kept: KeptRecord): OrderKey {
    const { record, arrivedAtMs } = kept;
    const id = idOf(record);
    if (this.#isPlaced(kept)) {
      const { placedAtMs } = kept;
      return { time: typeof placedAtMs === 'number' ? packTime(placedAtMs) : record.time, id };
    }
    const isFromFuture = unpackMs(record.time) > arrivedAtMs + FUTURE_ORDER_MAX_MS;
    return { time: isFromFuture ? packTime(arrivedAtMs) : record.time, id };
  }

  #build(id: RecordId, kept: KeptRecord): ChatMessage | undefined {
    const { record } = kept;
    if (record.body.kind !== 'message') return undefined;
    const retracted = this.#amendments.isRetracted(id);
    const edit = this.#amendments.editedText(id);
    return {
      id,
      room: record.room.slice(record.room.indexOf('/') + 1),
      text: retracted ? '' : (edit ?? record.body.text),
      author: { ...authorView(record, record.body.name), verified: this.trusted.has(record.author) },
      sentAtMs: unpackMs(record.time),
      receivedAtMs: kept.arrivedAtMs,
      mine: record.author === this.#self,
      ...(record.body.replyTo === undefined ? {} : { replyTo: record.body.replyTo }),
      reactions: this.#reactions(id),
      edited: edit !== null && !retracted,
      retracted,
      delivery: this.#delivery(kept),
      path: { route: kept.route, hops: kept.hops },
    };
  }

  #reactions(id: RecordId): readonly ChatReaction[] {
    return [...this.#amendments.reactions(id)].map(([emoji, authors]) => ({
      emoji,
      count: authors.size,
      mine: authors.has(this.#self),
    }));
  }
}

function authorView(record: RecordDraft, name: string): Omit<ChatAuthor, 'verified'> {
  return { id: record.author, name, tag: authorTag(record.author) };
}
