// Who is here: whom the server names while it is there, and whoever this device is linked to.

import type { Member } from '../protocol/frames.js';
import type { AuthorId, PeerId } from '../protocol/ids.js';
import { authorOf, authorTag } from '../protocol/ids.js';
import type { ChatMember } from './chat-view.js';

/** Members remembered by name; a larger room is known by its number. */
const MEMBERS_MAX = 500;

export class Roster {
  readonly #self: PeerId;
  #name: string;
  readonly #served = new Map<PeerId, string>();
  readonly #linked = new Map<PeerId, string>();
  /** In a crew room what its members call themselves there (rule K4). */
  names: ReadonlyMap<AuthorId, string> = new Map();
  readonly #trusted: ReadonlySet<AuthorId>;
  #servedCount: number | null = null;
  #view: readonly ChatMember[] | null = null;
  #count: number | null = null;

  constructor(self: PeerId, name: string, trusted: ReadonlySet<AuthorId>) {
    this.#trusted = trusted;
    this.#self = self;
    this.#name = name;
  }

  /** The whole number of members as far as this device can tell, itself included. */
  get count(): number {
    // Names that the server gave are all there are, or a sample in which those who left may still be.
    const isWhole = (this.#servedCount ?? this.#served.size) === this.#served.size;
    this.#count ??= Math.max(this.#servedCount ?? 0, 1 + (isWhole ? this.others().length : this.#linked.size));
    return this.#count;
  }

  /** Others, without those the server has dropped and nobody is linked to. */
  others(): PeerId[] {
    const known = new Set([...this.#served.keys(), ...this.#linked.keys()]);
    known.delete(this.#self);
    return [...known];
  }

  isServed(peer: PeerId): boolean {
    return this.#served.has(peer);
  }

  nameOf(peer: PeerId): string {
    return this.#served.get(peer) ?? this.#linked.get(peer) ?? authorTag(authorOf(peer));
  }

  /** Something that is shown of members has changed elsewhere. */
  changed(): void {
    this.#view = null;
    this.#count = null;
  }

  rename(name: string): void {
    this.#name = name;
    this.changed();
  }

  /** The server's list replaces what it said before. */
  joined(members: readonly Member[], count: number): void {
    this.#served.clear();
    for (const { peer, name } of members.slice(0, MEMBERS_MAX)) this.#served.set(peer, name);
    this.#servedCount = count;
    this.changed();
  }

  memberJoined({ peer, name }: Member, count: number): void {
    if (this.#served.size < MEMBERS_MAX || this.#served.has(peer)) this.#served.set(peer, name);
    this.#servedCount = count;
    this.changed();
  }

  /** The whole number in a room too large for names. */
  counted(count: number): void {
    if (this.#servedCount === count) return;
    this.#servedCount = count;
    this.changed();
  }

  memberLeft(peer: PeerId, count: number): void {
    this.#served.delete(peer);
    this.#servedCount = count;
    this.changed();
  }

  /** Without the server only those count who are linked (rule J4: a live link outweighs the server's word). */
  serverGone(): void {
    this.#served.clear();
    this.#servedCount = null;
    this.changed();
  }

  linked(peer: PeerId, name: string): void {
    this.#linked.set(peer, name);
    this.changed();
  }

  unlinked(peer: PeerId): void {
    this.#linked.delete(peer);
    this.changed();
  }

  /** This device first, then by name. */
  members(): readonly ChatMember[] {
    this.#view ??= [
      this.member(this.#self, this.#name),
      ...this.others()
        .map((peer) => this.member(peer))
        .sort((a, b) =>
          a.author.name < b.author.name ? -1 : a.author.name > b.author.name ? 1 : a.id < b.id ? -1 : 1,
        ),
    ];
    return this.#view;
  }

  member(peer: PeerId, name = this.nameOf(peer)): ChatMember {
    const author = authorOf(peer);
    return {
      id: peer,
      author: {
        id: author,
        name: this.names.get(author) ?? name,
        tag: authorTag(author),
        verified: this.#trusted.has(author),
      },
      mine: author === authorOf(this.#self),
      isLinked: this.#linked.has(peer),
    };
  }
}
