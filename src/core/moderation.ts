// What the organiser's records make of a room: what is erased, who is restricted, what is pinned, how fast one may write.
// Everything is a function of the set of records, so any order of arrival ends in the same state (rules O1 to O6).

import type { AuthorId, RecordId } from '../protocol/ids.js';
import { LIMITS } from '../protocol/limits.js';
import { idOf } from '../protocol/record.js';
import type { OrganiserBody, RecordBody, RecordDraft } from '../protocol/record.js';
import { compareKeys } from './order.js';
import type { OrderKey } from './order.js';

type Said<Kind extends OrganiserBody['kind']> = OrderKey & { readonly body: Extract<OrganiserBody, { kind: Kind }> };
export type OrganiserRecord = RecordDraft & { readonly body: OrganiserBody };

/** What an author may not do, and until when. */
export interface Restriction {
  readonly level: 'mute' | 'ban';
  /** Milliseconds since 1970 by the server's clock. */
  readonly untilMs: number;
  readonly reason?: string | undefined;
}

/** What a removed message leaves behind (rule O3). */
export type Removal = Said<'remove'>['body'];

const ORGANISER_KINDS: ReadonlySet<RecordBody['kind']> = new Set<OrganiserBody['kind']>([
  'announce',
  'pin',
  'remove',
  'restrict',
  'slow',
  'clear',
]);

export function isOrganisers<Record extends RecordDraft>(record: Record): record is Record & OrganiserRecord {
  return ORGANISER_KINDS.has(record.body.kind);
}

export class Moderation {
  /** The server's key: whoever else says what only the organiser may say is a liar. Null until it is known. */
  organiser: AuthorId | null = null;
  /** Those that hold, latest first, each of another target; and the latest that let go of all. */
  #pins: readonly Said<'pin'>[] = [];
  #unpin: Said<'pin'> | null = null;
  #slow: Said<'slow'> | null = null;
  #clear: Said<'clear'> | null = null;
  readonly #removals = new Map<RecordId, Said<'remove'>>();
  /** What removals that are not kept any more have removed: as long as this page lives it does not come back. */
  readonly #letGo = new Set<RecordId>();
  /** Oldest first. */
  readonly #restrictions = new Map<AuthorId, Said<'restrict'>[]>();

  /** What is pinned, the latest first; at most `pinsMax`. */
  get pinned(): readonly RecordId[] {
    return this.#pins.flatMap(({ body }) => body.target ?? []);
  }

  /** Seconds between two messages of one author; 0 when everybody may write as they like. */
  get slowSeconds(): number {
    return this.#slow?.body.seconds ?? 0;
  }

  /** Everything before this hybrid time is erased; 0 when the room was never cleared. */
  get clearedBefore(): number {
    return this.#clear?.time ?? 0;
  }

  removal(id: RecordId): Removal | undefined {
    return this.#removals.get(id)?.body;
  }

  add(record: OrganiserRecord): void {
    const said = { time: record.time, id: idOf(record) };
    const { body } = record;
    switch (body.kind) {
      case 'announce':
        return;
      case 'pin':
        this.#hold({ ...said, body });
        return;
      case 'slow':
        this.#slow = latest(this.#slow, { ...said, body });
        return;
      case 'clear':
        this.#clear = latest(this.#clear, { ...said, body });
        return;
      case 'remove':
        this.#removals.set(body.target, latest(this.#removals.get(body.target) ?? null, { ...said, body }));
        return;
      case 'restrict': {
        const known = (this.#restrictions.get(body.author) ?? []).filter(({ id }) => id !== said.id);
        this.#restrictions.set(body.author, [...known, { ...said, body }].sort(compareKeys));
      }
    }
  }

  /** A removal is not kept any more (rule L3). */
  letGo(target: RecordId, removal: RecordId): void {
    if (this.#removals.get(target)?.id !== removal) return;
    this.#removals.delete(target);
    this.#letGo.add(target);
    const [oldest = target] = this.#letGo;
    if (this.#letGo.size > LIMITS.clientRecordsMax) this.#letGo.delete(oldest);
  }

  isRemoved(id: RecordId): boolean {
    return this.#removals.has(id) || this.#letGo.has(id);
  }

  /** True for what is to be forgotten and never taken in again (rules O3, O4). */
  isErased(record: RecordDraft): boolean {
    const { body, time } = record;
    if (isOrganisers(record)) return body.kind === 'announce' && time < this.clearedBefore;
    if (time < this.clearedBefore || this.isRemoved(idOf(record))) return true;
    return 'target' in body && body.target !== undefined && this.isRemoved(body.target);
  }

  /** True for what was written by somebody who was not allowed to (rule O5). */
  isSilenced(record: RecordDraft): boolean {
    const word = this.#restrictions
      .get(record.author)
      ?.filter((said) => said.time < record.time)
      .at(-1);
    return word !== undefined && word.body.level !== 'none' && record.time < word.body.untilMs * 1024;
  }

  /** Why an author was restricted last. */
  reasonFor(author: AuthorId): string | undefined {
    return this.#restrictions.get(author)?.at(-1)?.body.reason;
  }

  /** What holds for an author now. */
  restriction(author: AuthorId, nowMs: number): Restriction | null {
    const word = this.#restrictions.get(author)?.at(-1)?.body;
    if (word === undefined || word.level === 'none' || word.untilMs <= nowMs) return null;
    const { level, untilMs, reason } = word;
    return { level, untilMs, reason };
  }

  /** Everybody for whom a restriction holds now. */
  *restricted(nowMs: number): Iterable<readonly [AuthorId, Restriction]> {
    for (const author of this.#restrictions.keys()) {
      const restriction = this.restriction(author, nowMs);
      if (restriction !== null) yield [author, restriction];
    }
  }

  /** What still has an effect, and so outlives retention (rule O7). */
  inForce(nowMs: number): RecordId[] {
    const words: (OrderKey | null)[] = [...this.#pins, this.#clear];
    if (this.slowSeconds > 0) words.push(this.#slow);
    for (const said of this.#restrictions.values()) {
      const last = said.at(-1);
      if (last !== undefined && this.restriction(last.body.author, nowMs) !== null) words.push(last);
    }
    return words.flatMap((word) => word?.id ?? []);
  }

  #hold(pin: Said<'pin'>): void {
    if (pin.body.target === undefined) this.#unpin = latest(this.#unpin, pin);
    const { target } = pin.body;
    const said = [...this.#pins, ...(target === undefined ? [] : [pin])].sort((a, b) => compareKeys(b, a));
    const standing = said.filter((each) => this.#unpin === null || compareKeys(this.#unpin, each) < 0);
    const targets = new Set<RecordId | undefined>();
    const latestOfEach = standing.filter(({ body }) => targets.size < targets.add(body.target).size);
    this.#pins = latestOfEach.slice(0, LIMITS.pinsMax);
  }
}

function latest<Word extends OrderKey>(known: Word | null, word: Word): Word {
  return known === null || compareKeys(known, word) < 0 ? word : known;
}
