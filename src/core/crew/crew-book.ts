// What a crew's own records make of its room: which key is sealed under, who is in, and whose words count. Everything is
// a function of the set of records and of the keys that are held, so any order of arrival ends in the same (K4 to K7).

import type { AuthorId } from '../../protocol/ids.js';
import { LIMITS } from '../../protocol/limits.js';
import { idOf } from '../../protocol/record.js';
import type { RecordDraft } from '../../protocol/record.js';
import type { Card, OpenedBody, Rotation } from '../../protocol/crew/crew-body.js';
import { compareKeys } from '../order.js';
import type { OrderKey } from '../order.js';

/** Whether this device can take part, and why not. The element has a sentence for each. */
export type CrewState =
  | 'open'
  /** The founder has changed the key, and this device was not given the next one. */
  | 'replaced'
  /** The same, and the founder has named this device's author. */
  | 'removed'
  /** What is said here is sealed under a key that this device does not have. */
  | 'unreadable'
  /** This device has no key of this room. */
  | 'no-key';

/** What gave this device a key: a `rotate`, or an invite, which has no id. */
export interface Given {
  readonly time: number;
  readonly id: string;
}

type Said<Body> = OrderKey & { readonly keyId: string; readonly body: Body };

/** What is known of an author of the room. */
export interface CrewPerson {
  readonly author: AuthorId;
  readonly card: Card;
}

export class CrewBook {
  readonly #self: AuthorId;
  readonly #founder: AuthorId;
  /** Keys this device holds, and what gave each. */
  readonly #held = new Map<string, Given>();
  readonly #cards = new Map<AuthorId, Said<Card>>();
  /** The latest that replaces each key. */
  readonly #rotations = new Map<string, Said<Rotation>>();
  /** The earliest record opened under each key. */
  readonly #began = new Map<string, OrderKey>();
  #hasHeardOthers = false;
  readonly #unopened = new Map<OrderKey['id'], RecordDraft>();

  constructor(self: AuthorId, founder: AuthorId) {
    this.#self = self;
    this.#founder = founder;
  }

  get isFounder(): boolean {
    return this.#self === this.#founder;
  }

  /** @param given an invite counts as of when it was taken */
  hold(keyId: string, given: Given): void {
    this.#held.set(keyId, given);
  }

  /** A verified record that does not open. */
  unopened(record: RecordDraft): void {
    const id = idOf(record);
    this.#unopened.set(id, record);
    const [oldest = id] = this.#unopened.keys();
    if (this.#unopened.size > LIMITS.clientRecordsMax) this.#unopened.delete(oldest);
  }

  /** A verified record that opened under this key, which is held. */
  add(record: RecordDraft, keyId: string, body: OpenedBody): void {
    const key = { time: record.time, id: idOf(record) };
    this.#unopened.delete(key.id);
    if (record.author !== this.#self) this.#hasHeardOthers = true;
    const began = this.#began.get(keyId);
    if (began === undefined || compareKeys(key, began) < 0) this.#began.set(keyId, key);
    if (body.kind === 'card')
      this.#cards.set(record.author, later(this.#cards.get(record.author), { ...key, keyId, body }));
    if (body.kind === 'rotate' && record.author === this.#founder) {
      this.#rotations.set(keyId, later(this.#rotations.get(keyId), { ...key, keyId, body }));
    }
  }

  /** Rule K7. */
  counts(record: RecordDraft, keyId: string): boolean {
    const rotation = this.#rotations.get(keyId);
    if (rotation === undefined || record.author === this.#founder) return true;
    const isEarlier = compareKeys({ time: record.time, id: idOf(record) }, rotation) < 0;
    return isEarlier || isGiven(rotation.body, record.author);
  }

  /** The key to seal under (rule K6); null when there is none. */
  get current(): string | null {
    let current: readonly [string, Given] | null = null;
    for (const held of this.#held) {
      const isReplaced = this.#rotations.has(held[0]);
      if (!isReplaced && (current === null || compareKeys(current[1], held[1]) < 0)) current = held;
    }
    return current?.[0] ?? null;
  }

  get state(): CrewState {
    if (this.#held.size === 0) return 'no-key';
    const { current } = this;
    if (current !== null) return this.#isBehind(current) ? 'unreadable' : 'open';
    return this.#latest?.body.removed.includes(this.#self) === true ? 'removed' : 'replaced';
  }

  /** Everybody in the room who has told who they are, and has the key as far as can be known; the latest card first. */
  get people(): readonly CrewPerson[] {
    const rotation = this.#latest;
    return [...this.#cards]
      .filter(([author, { keyId }]) => {
        if (rotation === null || author === this.#founder) return true;
        return isGiven(rotation.body, author) || !this.#rotations.has(keyId);
      })
      .sort(([, a], [, b]) => compareKeys(b, a))
      .map(([author, { body }]) => ({ author, card: body }));
  }

  /** This author's own card, if it stands under the current key. */
  get ownCard(): Card | null {
    const card = this.#cards.get(this.#self);
    return card !== undefined && card.keyId === this.current ? card.body : null;
  }

  /** Whom the next key goes to, and who is shut out, when these are removed (rule K5). */
  without(removed: readonly AuthorId[]): {
    readonly stay: readonly CrewPerson[];
    readonly removed: readonly AuthorId[];
  } {
    const gone = new Set([...(this.#latest?.body.removed ?? []), ...removed]);
    gone.delete(this.#founder);
    for (const { author } of this.people) if (!removed.includes(author)) gone.delete(author);
    const stay = this.people.filter(({ author }) => !gone.has(author)).slice(0, LIMITS.crewMembersMax);
    return { stay, removed: [...gone].slice(-LIMITS.crewMembersMax) };
  }

  get #latest(): Said<Rotation> | null {
    let latest: Said<Rotation> | null = null;
    for (const rotation of this.#rotations.values()) {
      if (latest === null || compareKeys(latest, rotation) < 0) latest = rotation;
    }
    return latest;
  }

  /** Only the founder's word says that there is a later key: strangers can hand in what nobody opens. */
  #isBehind(current: string): boolean {
    if (this.isFounder || this.#unopened.size === 0) return false;
    if (!this.#hasHeardOthers) return true;
    const began = this.#began.get(current);
    for (const record of this.#unopened.values()) {
      const isLater = began !== undefined && compareKeys(began, { time: record.time, id: idOf(record) }) < 0;
      if (isLater && record.author === this.#founder) return true;
    }
    return false;
  }
}

function isGiven({ wraps }: Rotation, author: AuthorId): boolean {
  return wraps.some(([given]) => given === author);
}

function later<Body>(known: Said<Body> | undefined, said: Said<Body>): Said<Body> {
  return known === undefined || compareKeys(known, said) < 0 ? said : known;
}
