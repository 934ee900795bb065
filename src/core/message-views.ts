// Messages as people see them, derived from the log: text after edits, reactions counted, delivery told.

import type { AuthorId, RecordId } from '../protocol/ids.js';
import { authorOf, authorTag } from '../protocol/ids.js';
import { FUTURE_ORDER_MAX_MS } from '../protocol/limits.js';
import { idOf } from '../protocol/record.js';
import type { OrganiserBody } from '../protocol/record.js';
import { Amendments, isAmendment } from './amendments.js';
import type { ChatAuthor, ChatDelivery, ChatMessage, ChatReaction } from './chat-view.js';
import { packTime, unpackMs } from './hybrid-clock.js';
import type { Moderation, Removal } from './moderation.js';
import { OrderedKeys } from './order.js';
import type { OrderKey } from './order.js';
import type { KeptRecord } from './room-io.js';

type AboutTarget = (target: RecordId) => Iterable<KeptRecord>;

export class MessageViews {
  readonly #self: AuthorId;
  readonly #room: string;
  readonly #kept: (id: RecordId) => KeptRecord | undefined;
  readonly #delivery: (kept: KeptRecord) => ChatDelivery;
  readonly #isPlaced: (kept: KeptRecord) => boolean;
  /** Authors the visitor has compared keys with. */
  readonly trusted = new Set<AuthorId>();
  readonly #moderation: () => Moderation;
  readonly #amendments = new Amendments();
  readonly #shown = new OrderedKeys();
  readonly #keyOf = new Map<RecordId, OrderKey>();
  readonly #views = new Map<RecordId, ChatMessage>();
  #list: readonly ChatMessage[] | null = [];

  constructor(options: {
    readonly self: AuthorId;
    /** Its name within the festival. */
    readonly room: string;
    readonly kept: (id: RecordId) => KeptRecord | undefined;
    readonly delivery: (kept: KeptRecord) => ChatDelivery;
    readonly isPlaced: (kept: KeptRecord) => boolean;
    readonly moderation: () => Moderation;
  }) {
    this.#self = options.self;
    this.#room = options.room;
    this.#kept = options.kept;
    this.#delivery = options.delivery;
    this.#isPlaced = options.isPlaced;
    this.#moderation = options.moderation;
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
    const removal = this.#moderation().removal(id);
    const view = kept ? this.#build(id, kept) : removal && this.#buildRemoved(removal);
    if (view !== undefined) this.#views.set(id, view);
    return view;
  }

  /** A record was taken into the log. Returns the message it makes or changes, if that is here. */
  added(kept: KeptRecord): { readonly id: RecordId; readonly isNew: boolean } | null {
    const { record } = kept;
    if (isAmendment(record)) {
      const { target } = record.body;
      if (this.#counts(kept)) this.#amendments.add(record);
      this.changed(target);
      return this.#kept(target) === undefined ? null : { id: target, isNew: false };
    }
    if (record.body.kind !== 'message' && record.body.kind !== 'announce') return null;
    this.#insert(this.#shownKey(kept));
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

  /** `aboutTarget` finds the records that amend a message. */
  dropped({ record }: KeptRecord, aboutTarget: AboutTarget): void {
    // What was said about it stays: another content under its id may come, and stand.
    this.#remove(idOf(record));
    this.changed(idOf(record));
    if (!isAmendment(record)) return;
    this.#amendAnew(record.body.target, aboutTarget);
    this.changed(record.body.target);
  }

  /** The organiser's word has changed what is shown (rules O3 to O5). */
  moderated(word: OrganiserBody, all: Iterable<KeptRecord>): void {
    if (word.kind === 'restrict') this.recount(all);
    if (word.kind === 'remove') this.trace(word.target);
    if (word.kind === 'clear') for (const id of [...this.#keyOf.keys()]) if (!this.#kept(id)) this.trace(id);
  }

  /** Shows what is left of a message that was removed, or nothing (rules O3, O4). */
  trace(id: RecordId): void {
    const removal = this.#moderation().removal(id);
    this.#remove(id);
    this.changed(id);
    if (removal && removal.at >= this.#moderation().clearedBefore) this.#insert({ time: removal.at, id });
  }

  /** Which records count has changed: everything about every message is worked out anew. */
  recount(all: Iterable<KeptRecord>): void {
    this.#amendments.clear();
    this.#views.clear();
    this.#list = null;
    for (const kept of all) if (isAmendment(kept.record) && this.#counts(kept)) this.#amendments.add(kept.record);
  }

  /** Another content stands under this id (rule R7). */
  replaced(before: KeptRecord, kept: KeptRecord, aboutTarget: AboutTarget): void {
    const id = idOf(kept.record);
    this.#remove(id);
    for (const { record } of [before, kept]) {
      if (!isAmendment(record)) continue;
      this.#amendAnew(record.body.target, aboutTarget);
      this.changed(record.body.target);
    }
    if (kept.record.body.kind === 'message') this.#insert(this.#shownKey(kept));
    this.changed(id);
  }

  /** What is known of its arrival has changed, so its place in the order may have (rule T3). */
  moved(kept: KeptRecord): void {
    const id = idOf(kept.record);
    const before = this.#keyOf.get(id);
    if (before === undefined || before.time === this.#shownKey(kept).time) return;
    this.#remove(id);
    this.#insert(this.#shownKey(kept));
  }

  /** True when this visitor's reaction stands on the message. */
  hasReacted(id: RecordId, emoji: string): boolean {
    return this.#amendments.reactions(id).get(emoji)?.has(this.#self) ?? false;
  }

  #amendAnew(target: RecordId, aboutTarget: AboutTarget): void {
    this.#amendments.forget(target);
    for (const other of aboutTarget(target))
      if (isAmendment(other.record) && this.#counts(other)) this.#amendments.add(other.record);
  }

  #counts({ record, refusal }: KeptRecord): boolean {
    return refusal === undefined && !this.#moderation().isSilenced(record);
  }

  #insert(key: OrderKey): void {
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
    const { body } = record;
    if (body.kind !== 'message' && body.kind !== 'announce') return undefined;
    const said = body.kind === 'message' ? body : null;
    const retracted = this.#amendments.isRetracted(id);
    const edit = this.#amendments.editedText(id);
    return {
      id,
      room: this.#room,
      kind: said === null ? 'announcement' : 'message',
      text: retracted ? '' : (edit ?? body.text),
      author: this.#author(record.author, said?.name ?? ''),
      sentAtMs: unpackMs(record.time),
      receivedAtMs: kept.arrivedAtMs,
      mine: record.author === this.#self,
      ...(said?.replyTo && { replyTo: said.replyTo }),
      ...(!retracted && said?.photo && { photo: said.photo }),
      reactions: this.#reactions(id),
      edited: edit !== null && !retracted,
      retracted,
      removed: null,
      delivery: this.#delivery(kept),
      path: { route: kept.route, hops: kept.hops },
    };
  }

  #buildRemoved({ target, name, at, reason }: Removal): ChatMessage {
    const author = authorOf(target);
    return {
      id: target,
      room: this.#room,
      kind: 'message',
      text: '',
      author: this.#author(author, name),
      sentAtMs: unpackMs(at),
      receivedAtMs: unpackMs(at),
      mine: author === this.#self,
      reactions: [],
      edited: false,
      retracted: false,
      removed: { reason: reason ?? null },
      delivery: { state: 'stored', acknowledgedBy: 0 },
      path: { route: 'history', hops: 0 },
    };
  }

  #reactions(id: RecordId): readonly ChatReaction[] {
    return [...this.#amendments.reactions(id)].map(([emoji, authors]) => ({
      emoji,
      count: authors.size,
      mine: authors.has(this.#self),
    }));
  }

  #author(id: AuthorId, name: string): ChatAuthor {
    return { id, name, tag: authorTag(id), verified: this.trusted.has(id) };
  }
}
