// One crew room on this device: seals what is written, opens what comes, follows its keys. The rules are the book's.

import { CrewBook } from '../../core/crew/crew-book.js';
import type { Given } from '../../core/crew/crew-book.js';
import { named, reopened } from '../../core/crew/crew-change.js';
import type { RoomInput } from '../../core/room-io.js';
import type { AuthorId, PeerId, RecordId, RoomKey, SessionId } from '../../protocol/ids.js';
import { authorTag } from '../../protocol/ids.js';
import { LIMITS } from '../../protocol/limits.js';
import { idOf } from '../../protocol/record.js';
import type { RecordBody, RecordDraft, SealedBody, SignedRecord } from '../../protocol/record.js';
import { isVisitorBody } from '../../protocol/crew/crew-body.js';
import type { OpenedBody, Rotation } from '../../protocol/crew/crew-body.js';
import { ChatError } from '../chat-error.js';
import { placeholderName } from '../client-checks.js';
import type { ChatStorage } from '../storage.js';
import type { CrewDesk, CrewMember, CrewState } from './crew-desk.js';
import { inviteTo } from './invites.js';
import { keepCrew, keptCrew } from './kept-crews.js';
import type { KeptCrew } from './kept-crews.js';
import { PlainDesk } from './plain-desk.js';
import type { DeskPlace } from './plain-desk.js';
import { crewKey, newSecret, opened, sealed } from './sealing.js';
import type { CrewKey } from './sealing.js';
import { SealedStorage, asKept } from './sealed-storage.js';
import { unwrapped, wrapped } from './wrapping.js';

export interface CrewOptions {
  readonly key: RoomKey;
  readonly festival: string;
  readonly author: AuthorId;
  /** The device's own. */
  readonly storage: ChatStorage;
  /** What this visitor is called; null: nothing was given yet. */
  readonly name: () => string | null;
}

/** What a crew room asks of the session that runs it. */
export interface CrewSession {
  /** Its author's key comes before the session. */
  readonly self: PeerId;
  feed(input: RoomInput): void;
  write(body: RecordBody): Promise<RecordId>;
}

/** A sealed record, and what stands in it once it was opened. */
interface Known {
  readonly record: SignedRecord;
  readonly body: OpenedBody | null;
  isShown: boolean;
}

export class Crew extends PlainDesk {
  /** Where the session keeps what is said here. */
  readonly storage: ChatStorage;
  readonly #options: CrewOptions;
  #kept: KeptCrew | null = null;
  #book: CrewBook;
  readonly #keys = new Map<string, CrewKey & { readonly secret: string }>();
  /** By id, in the order in which they came; the oldest is let go beyond what a log holds. */
  readonly #known = new Map<RecordId, Known>();
  #session: CrewSession | null = null;
  /** One thing after the other: a key is learnt before what follows it is looked at. */
  #last: Promise<unknown> = Promise.resolve();
  #told = '';
  #isIntroducing = false;
  /** The key and the name of the card that was written last. */
  #introduction = '';

  private constructor(options: CrewOptions) {
    super(options);
    this.#options = options;
    this.#book = new CrewBook(options.author, options.author);
    this.storage = new SealedStorage(options.storage, {
      open: (records) => this.open(records),
      saved: (record) => this.#saved(record),
    });
  }

  /** The crew room of this key, with what the device keeps of it. */
  static async open(options: CrewOptions): Promise<Crew> {
    const crew = new Crew(options);
    await crew.#load();
    return crew;
  }

  override get state(): CrewState {
    return this.#book.state;
  }

  override get isFounder(): boolean {
    return this.#kept !== null && this.#book.isFounder;
  }

  override get people(): readonly CrewMember[] {
    return this.#book.people.map(({ author, card }) => ({
      author,
      name: card.name,
      tag: authorTag(author),
      mine: author === this.#options.author,
      isFounder: author === this.#kept?.founder,
    }));
  }

  /** The session has taken in what was kept. */
  begin(session: CrewSession): void {
    this.#session = session;
    this.#changed();
  }

  /** This visitor has another name. */
  renamed(): void {
    void this.#introduce();
  }

  /** What is signed and sent in the body's place. @throws {ChatError} `crew-closed` when there is no key to seal under */
  async seal(body: RecordBody): Promise<SealedBody | undefined> {
    if (body.kind === 'sealed') return undefined;
    if (!isVisitorBody(body)) throw new TypeError(`a ${body.kind} is not sealed`);
    return this.#alone(() => this.#seal(body));
  }

  /** The same records, in the same order; those that open and count with what stands in them. */
  open(records: readonly SignedRecord[]): Promise<SignedRecord[]> {
    return this.#alone(async () => {
      await this.#take(records.filter(({ body }) => body.kind === 'sealed'));
      return records.map((record) => {
        const known = this.#known.get(idOf(record));
        return known?.record.signature === record.signature ? this.#shown(known) : record;
      });
    });
  }

  override async join(invite: string): Promise<string> {
    const room = await super.join(invite);
    if (room === this.#roomName) await this.#alone(() => this.#load());
    return room;
  }

  override invite(): Promise<string> {
    const { kept, key } = this.#requireKey();
    return inviteTo(this.#options.festival, kept, key.secret);
  }

  override async remove(author: AuthorId): Promise<void> {
    const { kept } = this.#requireKey();
    if (!this.isFounder) throw closed('Only the founder can remove somebody.');
    const secret = newSecret();
    const { id } = await crewKey(secret);
    const { stay, removed } = this.#book.without([author]);
    const own = {
      author: kept.founder,
      card: { kind: 'card', name: this.#name, key: kept.agreement.publicKey },
    } as const;
    const people = [own, ...stay.filter((person) => person.author !== kept.founder)].slice(0, LIMITS.crewMembersMax);
    const { from, wraps } = await wrapped(this.#options.key, { id, secret }, people);
    await this.#write({ kind: 'rotate', next: id, from, wraps, removed: [...removed] });
    await this.#last;
  }

  get #roomName(): string {
    return this.#options.key.slice(this.#options.festival.length + 1);
  }

  get #name(): string {
    return this.#options.name() ?? placeholderName(this.#options.author);
  }

  async #load(): Promise<void> {
    const { storage, author } = this.#options;
    const kept = await keptCrew(storage, this.#roomName);
    if (kept === undefined) return;
    if (this.#kept === null) this.#book = new CrewBook(author, kept.founder);
    this.#kept = kept;
    for (const { secret, time } of kept.keys) await this.#hold(secret, { time, id: '' });
    await this.#take([]);
    this.#changed();
  }

  /** Takes sealed records in, and opens what a key that was among them opens. */
  async #take(records: readonly SignedRecord[]): Promise<void> {
    for (const record of records) {
      const before = this.#known.get(idOf(record));
      if (before?.record.signature === record.signature) continue;
      this.#known.set(idOf(record), { record: asKept(record), body: null, isShown: false });
    }
    let hasLearnt = true;
    while (hasLearnt) hasLearnt = await this.#openAll();
    for (const id of this.#known.keys()) {
      if (this.#known.size <= LIMITS.clientRecordsMax) break;
      this.#known.delete(id);
    }
    this.#reconsider(new Set(records.map(idOf)));
    this.#changed();
  }

  /** True when another key is held now. */
  async #openAll(): Promise<boolean> {
    let hasLearnt = false;
    const closed = [...this.#known].filter(([, { body }]) => body === null);
    const bodies = await Promise.all(closed.map(([, { record }]) => this.#opened(record)));
    for (const [index, [id, known]] of closed.entries()) {
      const body = bodies[index] ?? null;
      const { record } = known;
      if (body === null || record.body.kind !== 'sealed') {
        this.#book.unopened(record);
        continue;
      }
      this.#known.set(id, { ...known, body });
      this.#book.add(record, record.body.key, body);
      if (body.kind === 'rotate' && (await this.#learn(record, body))) hasLearnt = true;
    }
    return hasLearnt;
  }

  async #opened(record: SignedRecord): Promise<OpenedBody | null> {
    const { body } = record;
    const key = body.kind === 'sealed' ? this.#keys.get(body.key) : undefined;
    return key === undefined || body.kind !== 'sealed' ? null : opened(key, record, body);
  }

  /** The key that the founder has given this device. */
  async #learn(record: SignedRecord, rotation: Rotation): Promise<boolean> {
    const kept = this.#kept;
    if (kept === null || record.author !== kept.founder) return false;
    const secret = await unwrapped(this.#options.key, this.#options.author, kept.agreement, rotation);
    if (secret === null) return false;
    const isNew = !this.#keys.has(rotation.next);
    const { time } = record;
    await this.#hold(secret, { time, id: idOf(record) });
    if (isNew) this.#kept = await keepCrew(this.#options.storage, { ...kept, keys: [{ secret, time }] });
    return isNew;
  }

  async #hold(secret: string, given: Given): Promise<void> {
    const key = await crewKey(secret);
    this.#keys.set(key.id, { ...key, secret });
    this.#book.hold(key.id, given);
  }

  /** What was taken in before and is shown otherwise now. @param fresh on their way to the room in any case */
  #reconsider(fresh: ReadonlySet<RecordId>): void {
    const changed: SignedRecord[] = [];
    for (const [id, known] of this.#known) {
      const was = known.isShown;
      const shown = this.#shown(known);
      if (was !== known.isShown && !fresh.has(id)) changed.push(shown);
    }
    if (changed.length > 0) this.#session?.feed({ type: 'crew', change: reopened(changed) });
  }

  /** With what stands in it, if a visitor says it and it counts. */
  #shown(known: Known): SignedRecord {
    const { record, body } = known;
    const envelope = record.body;
    known.isShown = false;
    if (body === null || envelope.kind !== 'sealed' || !isVisitorBody(body)) return record;
    if (!this.#book.counts(record, envelope.key)) return record;
    known.isShown = true;
    return { ...record, body, sealed: envelope };
  }

  /** An own record is durable: what it says of the room holds here as for everybody. */
  #saved(record: SignedRecord): void {
    const isOwn = record.author === this.#options.author && record.body.kind === 'sealed';
    if (isOwn && !this.#known.has(idOf(record))) void this.open([record]);
  }

  #changed(): void {
    const { people, state } = this;
    if (this.#session === null) return;
    const told = JSON.stringify([state, people, this.#book.current]);
    if (told !== this.#told) {
      this.#told = told;
      const names = new Map(people.map(({ author, name }) => [author, name]));
      this.#session.feed({ type: 'crew', change: named(names) });
      this.dispatchEvent(new Event('change'));
    }
    void this.#introduce();
  }

  /** Rule K4: a card under each key, and with each name; one after the other, so that the latest is the one that counts. */
  async #introduce(): Promise<void> {
    const { ownCard, current } = this.#book;
    const kept = this.#kept;
    if (kept === null || this.#session === null || this.#isIntroducing || this.state !== 'open') return;
    const name = this.#options.name() ?? ownCard?.name ?? this.#name;
    const card = { kind: 'card', name, key: kept.agreement.publicKey } as const;
    const introduction = `${current ?? ''} ${card.name}`;
    const isKnown = ownCard?.name === card.name && ownCard.key === card.key;
    if (isKnown || introduction === this.#introduction) return;
    this.#isIntroducing = true;
    this.#introduction = introduction;
    // What could not be written is tried again with the next name, key or start.
    await this.#write(card).catch(() => undefined);
    await this.#last;
    this.#isIntroducing = false;
    await this.#introduce();
  }

  async #write(body: OpenedBody): Promise<void> {
    const seal = await this.#seal(body);
    await this.#session?.write(seal);
  }

  async #seal(body: OpenedBody): Promise<SealedBody> {
    const { key } = this.#requireKey();
    const { key: room, author } = this.#options;
    if (this.#session === null) throw closed('The chat is not started.');
    const sealer: Pick<RecordDraft, 'room' | 'author' | 'session'> = {
      room,
      author,
      session: this.#session.self.slice(author.length + 1) as SessionId,
    };
    return sealed(key, sealer, body);
  }

  #requireKey(): { readonly kept: KeptCrew; readonly key: CrewKey & { readonly secret: string } } {
    const key = this.#keys.get(this.#book.current ?? '');
    if (this.#kept === null || key === undefined || this.state !== 'open') {
      throw closed('This device has no key of this room that is in use.');
    }
    return { kept: this.#kept, key };
  }

  async #alone<Result>(run: () => Promise<Result>): Promise<Result> {
    const running = this.#last.then(run, run);
    this.#last = running.catch(() => undefined);
    return running;
  }
}

/** What can be asked of crew rooms in any room. */
export function deskOf(place: DeskPlace & { readonly crew: Crew | null }): CrewDesk {
  return place.crew ?? new PlainDesk(place);
}

function closed(words: string): ChatError {
  return new ChatError('crew-closed', words, { isRetryable: false });
}
