// The organiser's word in one room: made and signed here, and held against what visitors hand in (rules O1 to O8).

import { randomBytes } from 'node:crypto';
import { HybridClock, packTime } from '../../src/core/hybrid-clock.js';
import { Moderation, isOrganisers } from '../../src/core/moderation.js';
import type { Restriction } from '../../src/core/moderation.js';
import type { RefusalCode } from '../../src/protocol/errors.js';
import type { AuthorId, PeerId, RecordId, RoomKey, SessionId } from '../../src/protocol/ids.js';
import { authorOf } from '../../src/protocol/ids.js';
import { idOf, isCrewRoom, isMisplaced, writerOf } from '../../src/protocol/record.js';
import type { OrganiserBody, SignedRecord } from '../../src/protocol/record.js';
import type { ServerKey } from '../server-key.js';
import type { Order } from './book.js';
import type { PhotoQuota, PhotoRefusal } from '../photos/photo-quota.js';
import type { WordFilter } from './word-filter.js';

/** Milliseconds a refusal may name: beyond it nobody counts down. */
const WAIT_MAX_MS = 24 * 3_600_000;

export interface Refusal {
  readonly code: Extract<
    RefusalCode,
    'muted' | 'banned' | 'slow-mode' | 'filtered' | 'bad-record' | PhotoRefusal['code']
  >;
  readonly words: string;
  readonly retryAfterMs?: number;
}

export interface RoomModerationOptions {
  readonly room: RoomKey;
  readonly key: () => ServerKey;
  readonly now: () => number;
  readonly filter: WordFilter;
  readonly photoQuota: PhotoQuota;
}

export class RoomModeration {
  readonly state = new Moderation();
  readonly #options: RoomModerationOptions;
  readonly #clock = new HybridClock();
  readonly #session = randomBytes(9).toString('base64url') as SessionId;
  #seq = 0;
  /** By which order each removed record was. */
  readonly #removedBy = new Map<RecordId, RecordId>();
  /** What each author last wrote and when, while the room is slow. */
  readonly #wrote = new Map<AuthorId, { readonly id: RecordId; readonly atMs: number }>();

  constructor(options: RoomModerationOptions) {
    this.#options = options;
  }

  /** A record of the organiser's; by default later than everything that was stored (rule O4). */
  order(body: OrganiserBody, time = this.#clock.next(this.#options.now())): Order {
    const { room, key } = this.#options;
    this.#seq += 1;
    const [author, session, seq] = [key().publicKey, this.#session, this.#seq];
    const draft = { room, author, session, seq, time, body };
    return { ...draft, signature: key().signRecord(draft) };
  }

  /** Something was stored. */
  heard(record: SignedRecord): void {
    this.#clock.observe(record.time, this.#options.now());
    if (isOrganisers(record)) {
      this.state.add(record);
      if (record.body.kind === 'remove') this.#removedBy.set(record.body.target, idOf(record));
    } else if (this.state.slowSeconds > 0 && record.body.kind === 'message') this.#noteWriting(record);
  }

  restriction(author: AuthorId): Restriction | null {
    return this.state.restriction(author, this.#options.now());
  }

  /** True when it is not to be stored, or not any more. */
  isGone(record: SignedRecord): boolean {
    return this.state.isErased(record) || this.state.isSilenced(record);
  }

  /** Which orders have removed these, and what these are about. */
  removalsOf(targets: readonly RecordId[]): RecordId[] {
    return [...new Set(targets)].flatMap((target) => this.#removedBy.get(target) ?? []);
  }

  /** Records stored here that the room's own clear does not reach: their time lies ahead of the server's clock. */
  isBehindClear(record: SignedRecord, clear: Order): boolean {
    return record.time >= clear.time && !isOrganisers(record) && record.time > packTime(this.#options.now());
  }

  /**
   * Why a record is not taken from this peer; null when it is, and counts as written from then on: records of one frame
   * are judged before any is stored. `gone` is answered with the removal, where it was one; a clear everybody is given.
   */
  judge(from: PeerId, record: SignedRecord): Refusal | 'gone' | null {
    const { key, filter, photoQuota } = this.#options;
    if (isOrganisers(record) !== (record.author === key().publicKey)) {
      return { code: 'bad-record', words: 'Only the organiser may say this.' };
    }
    if (isOrganisers(record)) return null;
    if (isMisplaced(record)) {
      const words = isCrewRoom(record.room)
        ? 'In a private room everything is sealed.'
        : 'This room takes nothing sealed.';
      return { code: 'bad-record', words };
    }
    const isTheirs = authorOf(from) === record.author;
    const restriction = this.restriction(record.author);
    if (isTheirs && restriction !== null) return refusalOf(restriction, this.#options.now());
    if (this.state.isErased(record)) return 'gone';
    if (this.state.isSilenced(record)) return { code: 'muted', words: 'This was written while its author was muted.' };
    const { body } = record;
    const isNew = writerOf(record) === from && body.kind === 'message';
    if ((body.kind === 'message' || body.kind === 'edit') && filter.objectsTo(body.text)) {
      return { code: 'filtered', words: 'The organiser does not want one of the words in this message.' };
    }
    const slow = isNew && this.state.slowSeconds > 0 ? this.#slowDown(record) : null;
    return slow ?? photoQuota.judge(record);
  }

  inForce(): RecordId[] {
    return this.state.inForce(this.#options.now());
  }

  /** What was let pass once passes again: it may not have been stored. */
  #slowDown(record: SignedRecord): Refusal | null {
    const last = this.#wrote.get(record.author);
    const waitMs = (last?.atMs ?? -Infinity) + this.state.slowSeconds * 1_000 - this.#options.now();
    if (waitMs <= 0 || last?.id === idOf(record)) {
      this.#noteWriting(record);
      return null;
    }
    const words = `Slow mode: one message every ${this.state.slowSeconds} s.`;
    return { code: 'slow-mode', words, retryAfterMs: waitMs };
  }

  #noteWriting(record: SignedRecord): void {
    const atMs = this.#options.now();
    this.#wrote.delete(record.author);
    this.#wrote.set(record.author, { id: idOf(record), atMs });
    for (const [author, last] of this.#wrote) {
      if (atMs - last.atMs < this.state.slowSeconds * 1_000) return;
      this.#wrote.delete(author);
    }
  }
}

export function refusalOf({ level, untilMs, reason }: Restriction, nowMs: number): Refusal {
  const did = level === 'ban' ? 'banned you from this room' : 'muted you';
  const words = reason ?? `The organiser has ${did} for a while.`;
  return { code: level === 'ban' ? 'banned' : 'muted', words, retryAfterMs: Math.min(WAIT_MAX_MS, untilMs - nowMs) };
}
