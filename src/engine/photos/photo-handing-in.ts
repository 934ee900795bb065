// Photos that this device owes the server: its own, and those it got from a peer while the server did not have their
// messages (rule F7). One at a time, again after a failure, over reloads.

import type { ChatMessage } from '../../core/chat-view.js';
import type { RecordId, RoomKey } from '../../protocol/ids.js';
import type { PhotoHash } from '../../protocol/photos/bulk-message.js';
import { NotThere } from './photo-server.js';
import type { PhotoServer } from './photo-server.js';
import type { KeptPhoto, PhotoStore } from './photo-store.js';

/** Between two attempts, doubling. */
const AGAIN_MS = 3_000;
const AGAIN_MAX_MS = 60_000;
/** A server that takes none of it so often will not: it has forgotten the record, or its author is restricted. */
const REFUSALS_MAX = 5;
/** Carriers wait a random time up to this, so that the first one spares the others the way: as with records (rule S7). */
const CARRIED_WITHIN_MS = 5_000;

export interface HandingInOptions {
  readonly store: PhotoStore;
  readonly server: PhotoServer;
  /** There is a server now, and it takes photos. */
  readonly takesPhotos: () => boolean;
  readonly changed: (hash: PhotoHash) => void;
}

export class PhotoHandingIn {
  readonly #options: HandingInOptions;
  readonly #message: (hash: PhotoHash) => ChatMessage | undefined;
  #now: { readonly hash: PhotoHash; share: number; readonly ended: AbortController } | null = null;
  readonly #failures = new Map<PhotoHash, number>();
  #timer: ReturnType<typeof setTimeout> | null = null;

  /** @param message the one that shows a photo */
  constructor(options: HandingInOptions, message: (hash: PhotoHash) => ChatMessage | undefined) {
    this.#options = options;
    this.#message = message;
  }

  /** The share that the server has; null when nothing is owed. */
  share(hash: PhotoHash): number | null {
    if (this.#now?.hash === hash) return this.#now.share;
    return this.#options.store.get(hash)?.isOwed === true ? 0 : null;
  }

  /** It came from a peer; when the server has the message, its author hands it in. */
  async owe({ photo, delivery }: ChatMessage): Promise<void> {
    if (photo === undefined || delivery.state === 'stored') return;
    await this.#options.store.note(photo.hash, { isOwed: true });
    const room = this.#options.store.get(photo.hash)?.room;
    if (room !== undefined) this.#later(Math.random() * CARRIED_WITHIN_MS, room);
  }

  /** Begins with the first that is owed and can be handed in now. */
  goOn(kept: readonly KeptPhoto[]): void {
    if (this.#now !== null || this.#timer !== null || !this.#options.takesPhotos()) return;
    for (const photo of kept) {
      const message = photo.isOwed && photo.have === photo.bytes ? this.#message(photo.hash) : undefined;
      if (message?.delivery.state !== 'stored') continue;
      void this.#hand(photo, message.id).then(() => this.goOn(this.#options.store.all(photo.room)));
      return;
    }
  }

  stop(hash: PhotoHash): void {
    if (this.#now?.hash === hash) this.#now.ended.abort();
  }

  end(): void {
    this.#now?.ended.abort();
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  async #hand({ hash, room }: KeptPhoto, record: RecordId): Promise<void> {
    const { store, server, changed } = this.#options;
    const now = { hash, share: 0, ended: new AbortController() };
    this.#now = now;
    try {
      const bytes = await store.read(hash);
      if (bytes === null) throw new NotThere();
      const told = (received: number): void => {
        now.share = received / bytes.length;
        changed(hash);
      };
      await server.hand(record, bytes, told, now.ended.signal);
      this.#failures.delete(hash);
      await store.note(hash, { isOwed: false });
    } catch (error) {
      const failures = (this.#failures.get(hash) ?? 0) + 1;
      this.#failures.set(hash, failures);
      if (error instanceof NotThere && failures >= REFUSALS_MAX) await store.note(hash, { isOwed: false });
      else if (!now.ended.signal.aborted) this.#later(Math.min(AGAIN_MAX_MS, AGAIN_MS * 2 ** (failures - 1)), room);
    }
    this.#now = null;
    changed(hash);
  }

  #later(afterMs: number, room: RoomKey): void {
    if (this.#timer !== null) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.goOn(this.#options.store.all(room));
    }, afterMs);
  }
}
