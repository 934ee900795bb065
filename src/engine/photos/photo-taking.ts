// Asks peers for photos, one peer at a time for each, and hands on what they give (rule F6). What is done with the bytes
// is its caller's business.

import type { PeerId } from '../../protocol/ids.js';
import type { BulkMessage, PhotoHash } from '../../protocol/photos/bulk-message.js';
import { encodeBulk } from '../../protocol/photos/bulk-message.js';
import { PHOTO_LIMITS } from '../../protocol/photos/photo-limits.js';
import type { BulkPort } from '../peer-link-port.js';

interface Taking {
  readonly hash: PhotoHash;
  /** Where the next piece begins, and the end of the whole. */
  at: number;
  readonly bytes: number;
  /** Asked in this order; whoever comes later is asked when it comes. */
  readonly author: string;
  readonly asked: Set<PeerId>;
  from: PeerId | null;
  timer: ReturnType<typeof setTimeout> | null;
}

export interface TakingEvents {
  /** The next piece of a photo. */
  piece(hash: PhotoHash, from: PeerId, bytes: Uint8Array<ArrayBuffer>): void;
  /** All of it has come from here and there. */
  complete(hash: PhotoHash): void;
  /** No peer is left to ask. */
  exhausted(hash: PhotoHash): void;
}

export class PhotoTaking {
  readonly #bulks: () => ReadonlyMap<PeerId, BulkPort>;
  readonly #events: TakingEvents;
  readonly #takings = new Map<PhotoHash, Taking>();
  /** Asked of a peer before: a piece that was on its way when that ended is nobody's fault. Bounded by what a room has of both. */
  readonly #everAsked = new Map<PeerId, Set<PhotoHash>>();
  readonly #strikes = new Map<PeerId, number>();
  /** Gave what was wrong: asked for nothing any more. */
  readonly #liars = new Set<PeerId>();

  constructor(bulks: () => ReadonlyMap<PeerId, BulkPort>, events: TakingEvents) {
    this.#bulks = bulks;
    this.#events = events;
  }

  /** @param author whose record it belongs to: asked before others */
  take(photo: {
    readonly hash: PhotoHash;
    readonly bytes: number;
    readonly author: string;
    readonly at: number;
  }): void {
    const { hash, bytes, author, at } = photo;
    this.stop(hash);
    const taking: Taking = { hash, bytes, author, at, asked: new Set(), from: null, timer: null };
    this.#takings.set(hash, taking);
    this.#askNext(taking);
  }

  stop(hash: PhotoHash): void {
    const taking = this.#takings.get(hash);
    if (taking === undefined) return;
    this.#takings.delete(hash);
    this.#leave(taking, true);
    this.#askIdle();
  }

  heard(from: PeerId, message: Extract<BulkMessage, { type: 'piece' | 'lacks' }>): void {
    const taking = this.#takings.get(message.hash);
    const isAwaited = taking?.from === from;
    if (message.type === 'lacks') {
      if (isAwaited) this.#askAnother(taking);
      return;
    }
    const isNext = isAwaited && message.offset === taking.at && taking.at + message.bytes.length <= taking.bytes;
    if (!isNext) {
      if (isAwaited || this.#everAsked.get(from)?.has(message.hash) !== true) this.strike(from);
      return;
    }
    taking.at += message.bytes.length;
    this.#events.piece(message.hash, from, message.bytes);
    if (taking.at < taking.bytes) {
      this.#await(taking);
      return;
    }
    this.#takings.delete(message.hash);
    this.#leave(taking, false);
    this.#events.complete(message.hash);
    this.#askIdle();
  }

  /** What it gave is not what it was asked for. */
  lied(peer: PeerId): void {
    this.#liars.add(peer);
  }

  /** Something that is no message, or that nobody asked for. */
  strike(peer: PeerId): void {
    const strikes = (this.#strikes.get(peer) ?? 0) + 1;
    this.#strikes.set(peer, strikes);
    if (strikes < PHOTO_LIMITS.bulkStrikesMax) return;
    this.#liars.add(peer);
    this.#bulks().get(peer)?.close();
    this.peersChanged();
  }

  /** Somebody was linked, or has gone. */
  peersChanged(): void {
    const bulks = this.#bulks();
    for (const taking of [...this.#takings.values()])
      if (taking.from !== null && !bulks.has(taking.from)) this.#askAnother(taking);
    for (const peer of this.#everAsked.keys()) if (!bulks.has(peer)) this.#everAsked.delete(peer);
    this.#askIdle();
  }

  end(): void {
    for (const hash of [...this.#takings.keys()]) this.stop(hash);
  }

  #askAnother(taking: Taking): void {
    this.#leave(taking, false);
    this.#askNext(taking);
    this.#askIdle();
  }

  /** Those that wait for a peer which was busy. */
  #askIdle(): void {
    for (const taking of [...this.#takings.values()]) if (taking.from === null) this.#askNext(taking);
  }

  #askNext(taking: Taking): void {
    const open = [...this.#bulks()].filter(([peer]) => !taking.asked.has(peer) && !this.#liars.has(peer));
    if (open.length === 0) {
      this.#takings.delete(taking.hash);
      this.#events.exhausted(taking.hash);
      return;
    }
    const free = open.filter(([peer]) => this.#askedOf(peer) < PHOTO_LIMITS.wantsPerPeerMax);
    const [peer, bulk] = free.find(([candidate]) => candidate.startsWith(taking.author)) ?? free[0] ?? [];
    if (peer === undefined || bulk === undefined) return;
    taking.from = peer;
    taking.asked.add(peer);
    const ever = this.#everAsked.get(peer) ?? new Set();
    this.#everAsked.set(peer, ever.add(taking.hash));
    this.#await(taking);
    if (!bulk.send(encodeBulk({ type: 'want', hash: taking.hash, offset: taking.at }))) this.#askAnother(taking);
  }

  #askedOf(peer: PeerId): number {
    return [...this.#takings.values()].filter(({ from }) => from === peer).length;
  }

  #await(taking: Taking): void {
    if (taking.timer !== null) clearTimeout(taking.timer);
    taking.timer = setTimeout(() => {
      if (taking.from !== null) this.#sayStop(taking.from, taking.hash);
      this.#askAnother(taking);
    }, PHOTO_LIMITS.peerIdleMs);
  }

  #leave(taking: Taking, isUnwanted: boolean): void {
    if (taking.timer !== null) clearTimeout(taking.timer);
    taking.timer = null;
    if (isUnwanted && taking.from !== null) this.#sayStop(taking.from, taking.hash);
    taking.from = null;
  }

  #sayStop(peer: PeerId, hash: PhotoHash): void {
    this.#bulks()
      .get(peer)
      ?.send(encodeBulk({ type: 'stop', hash }));
  }
}
