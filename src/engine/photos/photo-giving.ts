// Gives photos to peers that ask for them, piece by piece, and no faster than the channel takes them (rule F5).

import type { PeerId } from '../../protocol/ids.js';
import type { BulkMessage, PhotoHash } from '../../protocol/photos/bulk-message.js';
import { encodeBulk } from '../../protocol/photos/bulk-message.js';
import { PHOTO_LIMITS } from '../../protocol/photos/photo-limits.js';
import type { BulkPort } from '../peer-link-port.js';

interface Gift {
  readonly hash: PhotoHash;
  /** Null until it is read. */
  bytes: Uint8Array<ArrayBuffer> | null;
  at: number;
}

export class PhotoGiving {
  readonly #peers = new Map<PeerId, Gift[]>();
  readonly #bulk: (peer: PeerId) => BulkPort | undefined;
  readonly #read: (hash: PhotoHash) => Promise<Uint8Array<ArrayBuffer> | null>;

  /** @param read the whole of a photo that may be given; null when there is none */
  constructor(
    bulk: (peer: PeerId) => BulkPort | undefined,
    read: (hash: PhotoHash) => Promise<Uint8Array<ArrayBuffer> | null>,
  ) {
    this.#bulk = bulk;
    this.#read = read;
  }

  async wanted(peer: PeerId, { hash, offset }: Extract<BulkMessage, { type: 'want' }>): Promise<void> {
    const gifts = this.#peers.get(peer) ?? [];
    this.#peers.set(peer, gifts);
    const isAsked = gifts.some((gift) => gift.hash === hash);
    if (isAsked || gifts.length >= PHOTO_LIMITS.givesPerPeerMax) {
      this.#say(peer, { type: 'lacks', hash });
      return;
    }
    const gift: Gift = { hash, bytes: null, at: offset };
    gifts.push(gift);
    gift.bytes = await this.#read(hash);
    if (gift.bytes === null || offset >= gift.bytes.length) {
      if (this.#end(peer, hash)) this.#say(peer, { type: 'lacks', hash });
    }
    this.pump(peer);
  }

  stopped(peer: PeerId, hash: PhotoHash): void {
    this.#end(peer, hash);
    this.pump(peer);
  }

  gone(peer: PeerId): void {
    this.#peers.delete(peer);
  }

  /** Sends what the channel takes now; the channel says when it takes more. */
  pump(peer: PeerId): void {
    const bulk = this.#bulk(peer);
    for (let gift = this.#next(peer); gift !== undefined; gift = this.#next(peer)) {
      const { hash, at, bytes } = gift;
      if (bytes === null || bulk === undefined || bulk.queuedBytes() >= PHOTO_LIMITS.bulkBufferedMax) return;
      const piece = bytes.slice(at, at + PHOTO_LIMITS.pieceBytes);
      if (!bulk.send(encodeBulk({ type: 'piece', hash, offset: at, bytes: piece }))) return;
      gift.at += piece.length;
      if (gift.at >= bytes.length) this.#end(peer, hash);
    }
  }

  #next(peer: PeerId): Gift | undefined {
    return this.#peers.get(peer)?.[0];
  }

  #end(peer: PeerId, hash: PhotoHash): boolean {
    const gifts = this.#peers.get(peer) ?? [];
    const left = gifts.filter((gift) => gift.hash !== hash);
    if (this.#peers.has(peer)) this.#peers.set(peer, left);
    return left.length < gifts.length;
  }

  #say(peer: PeerId, message: BulkMessage): void {
    this.#bulk(peer)?.send(encodeBulk(message));
  }
}
