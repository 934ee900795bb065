// Photos that this device owes the server: its own, and those it got from a peer while the server did not have their
// messages (rule F7). One at a time, again after a failure, over reloads.

import type { ChatMessage } from '../../core/chat-view.js';
import type { RecordId } from '../../protocol/ids.js';
import type { PhotoHash } from '../../protocol/photos/bulk-message.js';
import { NotThere } from './photo-server.js';
import type { PhotoServer } from './photo-server.js';
import { UNWRITTEN } from './photo-store.js';
import type { PhotoStore } from './photo-store.js';

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
  readonly #message: (record: RecordId) => ChatMessage | undefined;
  #now: { readonly hash: PhotoHash; share: number; readonly ended: AbortController } | null = null;
  /** In a row. */
  #failures = 0;
  /** How often the server has taken none of it, by message. Bounded by what is owed. */
  readonly #refusals = new Map<RecordId, number>();
  #timer: ReturnType<typeof setTimeout> | null = null;

  /** @param message the one of this id, where it is one of this room */
  constructor(options: HandingInOptions, message: (record: RecordId) => ChatMessage | undefined) {
    this.#options = options;
    this.#message = message;
  }

  /** The share that the server has; null when nothing is owed. */
  share(hash: PhotoHash): number | null {
    if (this.#now?.hash === hash) return this.#now.share;
    return (this.#options.store.get(hash)?.owed ?? []).length > 0 ? 0 : null;
  }

  /** It came from a peer; when the server has the message, its author hands it in. */
  async owe({ id, photo, delivery }: ChatMessage): Promise<void> {
    if (photo === undefined || delivery.state === 'stored') return;
    await this.#options.store.note(photo.hash, ({ owed }) => ({ owed: [...new Set([...owed, id])] }));
    this.#later(Math.random() * CARRIED_WITHIN_MS);
  }

  /** Begins with the first that is owed and can be handed in now. */
  goOn(): void {
    if (this.#now !== null || this.#timer !== null || !this.#options.takesPhotos()) return;
    for (const { hash, owed, have, bytes } of this.#options.store.owed()) {
      if (have < bytes) continue;
      const record = owed.find((id): id is RecordId => id !== UNWRITTEN && this.#canGo(id));
      if (record === undefined) continue;
      void this.#hand(hash, record).then(() => this.goOn());
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

  #canGo(record: RecordId): boolean {
    const message = this.#message(record);
    return message?.photo !== undefined && message.delivery.state === 'stored';
  }

  async #hand(hash: PhotoHash, record: RecordId): Promise<void> {
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
      await this.#settle(hash, record);
    } catch (error) {
      this.#failures += 1;
      const refusals = (this.#refusals.get(record) ?? 0) + (error instanceof NotThere ? 1 : 0);
      this.#refusals.set(record, refusals);
      if (refusals >= REFUSALS_MAX) await this.#settle(hash, record);
      else if (!now.ended.signal.aborted) this.#later(Math.min(AGAIN_MAX_MS, AGAIN_MS * 2 ** (this.#failures - 1)));
    }
    this.#now = null;
    changed(hash);
  }

  /** The server has it for this message, or never will. */
  async #settle(hash: PhotoHash, record: RecordId): Promise<void> {
    this.#failures = 0;
    this.#refusals.delete(record);
    await this.#options.store.note(hash, ({ owed }) => ({ owed: owed.filter((id) => id !== record) }));
  }

  #later(afterMs: number): void {
    if (this.#timer !== null) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.goOn();
    }, afterMs);
  }
}
