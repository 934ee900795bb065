// The bytes of photos on this device, in pieces as they came, so that a reload loses none of them. In IndexedDB where it
// may be used, else in the page's memory. What was used longest ago goes first.

import { openDB } from 'idb';
import type { DBSchema, IDBPDatabase } from 'idb';
import type { Photo } from '../../protocol/record.js';
import type { RoomKey } from '../../protocol/ids.js';

/** What is known of the bytes of one photo. */
export interface KeptPhoto {
  readonly hash: Photo['hash'];
  readonly room: RoomKey;
  /** Of the whole. */
  readonly bytes: number;
  /** Here, from the beginning on. */
  readonly have: number;
  /** Who gave them; null when they were several. Empty: the server or this device. */
  readonly giver: string | null;
  /** To be handed in to the server. */
  readonly isOwed: boolean;
  readonly usedAtMs: number;
}

interface Schema extends DBSchema {
  photos: { key: string; value: KeptPhoto };
  pieces: { key: [hash: string, offset: number]; value: Uint8Array<ArrayBuffer> };
}

/** Bytes of all photos of a festival that a device keeps: a few hundred pictures. */
const BYTES_MAX = 64 * 1024 * 1024;
/** A blocked or hanging open is given up after this, as with messages. */
const OPEN_MS = 3_000;

export class PhotoStore {
  /** What is kept, by hash; what is only in memory is nowhere else. */
  readonly #kept = new Map<string, KeptPhoto>();
  readonly #inMemory = new Map<string, Uint8Array<ArrayBuffer>[]>();
  #isClosed = false;
  /** Null where the browser keeps nothing. */
  readonly #database: IDBPDatabase<Schema> | null;

  private constructor(database: IDBPDatabase<Schema> | null, kept: readonly KeptPhoto[]) {
    this.#database = database;
    for (const photo of kept) this.#kept.set(photo.hash, photo);
    // Another tab wipes: let it.
    database?.addEventListener('versionchange', () => this.close());
  }

  /** @param name of its database; null: in memory only, like everything else here */
  static async open(name: string | null): Promise<PhotoStore> {
    if (name === null) return new PhotoStore(null, []);
    try {
      const database = await opened(name);
      return new PhotoStore(database, await database.getAll('photos'));
    } catch {
      return new PhotoStore(null, []);
    }
  }

  get(hash: Photo['hash']): KeptPhoto | undefined {
    return this.#kept.get(hash);
  }

  all(room: RoomKey): readonly KeptPhoto[] {
    return [...this.#kept.values()].filter((photo) => photo.room === room);
  }

  /** Adds what follows what is here. @throws {DOMException} when there is no space for it */
  async append(photo: KeptPhoto, piece: Uint8Array<ArrayBuffer>): Promise<void> {
    if (this.#isClosed) return;
    const grown = { ...photo, have: photo.have + piece.length };
    if (this.#database === null) {
      this.#inMemory.set(photo.hash, [...(this.#inMemory.get(photo.hash) ?? []), piece]);
    } else {
      const transaction = this.#database.transaction(['photos', 'pieces'], 'readwrite');
      await Promise.all([
        transaction.objectStore('pieces').put(piece, [photo.hash, photo.have]),
        transaction.objectStore('photos').put(grown),
        transaction.done,
      ]);
    }
    this.#kept.set(photo.hash, grown);
    await this.#trim(photo.hash);
  }

  /** What is here from the beginning on; null when a part of it is gone. */
  async read(hash: Photo['hash']): Promise<Uint8Array<ArrayBuffer> | null> {
    const photo = this.#kept.get(hash);
    if (photo === undefined || this.#isClosed) return null;
    const pieces =
      this.#database === null
        ? (this.#inMemory.get(hash) ?? [])
        : await this.#database.getAll('pieces', IDBKeyRange.bound([hash], [hash, []]));
    const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
    let at = 0;
    for (const piece of pieces) {
      whole.set(piece, at);
      at += piece.length;
    }
    if (whole.length !== photo.have) return null;
    return whole;
  }

  /** Changes what is known of it, not its bytes. */
  async note(hash: Photo['hash'], change: Partial<Pick<KeptPhoto, 'isOwed' | 'usedAtMs'>>): Promise<void> {
    const photo = this.#kept.get(hash);
    if (photo === undefined) return;
    const noted = { ...photo, ...change };
    this.#kept.set(hash, noted);
    if (!this.#isClosed) await this.#database?.put('photos', noted);
  }

  async drop(hash: Photo['hash']): Promise<void> {
    this.#kept.delete(hash);
    this.#inMemory.delete(hash);
    if (this.#database === null || this.#isClosed) return;
    const transaction = this.#database.transaction(['photos', 'pieces'], 'readwrite');
    await Promise.all([
      transaction.objectStore('photos').delete(hash),
      transaction.objectStore('pieces').delete(IDBKeyRange.bound([hash], [hash, []])),
      transaction.done,
    ]);
  }

  /** Nothing is kept and nothing is found from now on. */
  close(): void {
    this.#isClosed = true;
    this.#database?.close();
  }

  /** What is still to be handed in is on this device only, and is not dropped. */
  async #trim(added: Photo['hash']): Promise<void> {
    const oldest = [...this.#kept.values()].sort((a, b) => a.usedAtMs - b.usedAtMs);
    let bytes = oldest.reduce((sum, photo) => sum + photo.have, 0);
    for (const photo of oldest) {
      if (bytes <= BYTES_MAX) return;
      if (photo.hash === added || photo.isOwed) continue;
      bytes -= photo.have;
      await this.drop(photo.hash);
    }
  }
}

async function opened(name: string): Promise<IDBPDatabase<Schema>> {
  const opening = openDB<Schema>(name, 1, {
    upgrade(database) {
      database.createObjectStore('photos', { keyPath: 'hash' });
      database.createObjectStore('pieces');
    },
  });
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      void opening.then((database) => database.close());
      reject(new Error('the database of photos does not open'));
    }, OPEN_MS);
  });
  return Promise.race([opening, late]).finally(() => clearTimeout(timer));
}
