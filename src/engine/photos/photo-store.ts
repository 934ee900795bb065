// The bytes of photos on this device, in pieces as they came, so that a reload loses none of them. In IndexedDB where it
// may be used, else in the page's memory. What was used longest ago goes first.

import type { DBSchema, IDBPDatabase } from 'idb';
import type { Photo } from '../../protocol/record.js';
import type { RecordId, RoomKey } from '../../protocol/ids.js';
import { openDatabase } from '../open-database.js';

/** Photos of an earlier one are let go: they come again. */
const SCHEMA_VERSION = 2;
/** In place of the id of a message that is being written. */
export const UNWRITTEN = 'unwritten';

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
  /** Messages for which it is to be handed in to the server, which keeps it for each. */
  readonly owed: readonly (RecordId | typeof UNWRITTEN)[];
  readonly usedAtMs: number;
}

interface Schema extends DBSchema {
  photos: { key: string; value: KeptPhoto };
  pieces: { key: [hash: string, offset: number]; value: Uint8Array<ArrayBuffer> };
}

/** Bytes of all photos of a festival that a device keeps: a few hundred pictures. */
const BYTES_MAX = 64 * 1024 * 1024;

export class PhotoStore {
  /** What is kept, by hash; what is only in memory is nowhere else. */
  readonly #kept = new Map<string, KeptPhoto>();
  readonly #inMemory = new Map<string, Map<number, Uint8Array<ArrayBuffer>>>();
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
      const upgrade = (old: IDBPDatabase<Schema>): void => {
        for (const store of [...old.objectStoreNames]) old.deleteObjectStore(store);
        old.createObjectStore('photos', { keyPath: 'hash' });
        old.createObjectStore('pieces');
      };
      const database = await openDatabase(name, upgrade, SCHEMA_VERSION);
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

  /** What is to be handed in, for messages of whatever room. */
  owed(): readonly KeptPhoto[] {
    return [...this.#kept.values()].filter(({ owed }) => owed.length > 0);
  }

  /**
   * Adds a piece of what is here from the beginning to `at`, or further. Other tabs do it too: what they have added stays.
   * @throws {DOMException} when there is no space for it
   */
  async append(photo: Omit<KeptPhoto, 'have'>, at: number, piece: Uint8Array<ArrayBuffer>): Promise<void> {
    if (this.#isClosed) return;
    const { hash } = photo;
    const grown = (kept: KeptPhoto | undefined): KeptPhoto => ({
      ...photo,
      have: Math.max(kept?.have ?? 0, at + piece.length),
      owed: [...new Set([...(kept?.owed ?? []), ...photo.owed])],
    });
    if (this.#database === null) {
      const pieces = this.#inMemory.get(hash) ?? new Map<number, Uint8Array<ArrayBuffer>>();
      this.#inMemory.set(hash, pieces.set(at, piece));
      this.#kept.set(hash, grown(this.#kept.get(hash)));
    } else {
      const transaction = this.#database.transaction(['photos', 'pieces'], 'readwrite');
      const [photos, pieces] = [transaction.objectStore('photos'), transaction.objectStore('pieces')];
      const change = async (): Promise<KeptPhoto> => {
        const [kept, before] = await Promise.all([photos.get(hash), pieces.get([hash, at])]);
        const known = grown(kept);
        await photos.put(known);
        if ((before?.length ?? 0) < piece.length) await pieces.put(piece, [hash, at]);
        return known;
      };
      const [known] = await Promise.all([change(), transaction.done]);
      this.#kept.set(hash, known);
    }
    await this.#trim(hash);
  }

  /** What is here from the beginning on; null when a part of it is gone. */
  async read(hash: Photo['hash']): Promise<Uint8Array<ArrayBuffer> | null> {
    const photo = this.#kept.get(hash);
    if (photo === undefined || this.#isClosed) return null;
    const whole = new Uint8Array(photo.have);
    let end = 0;
    // Pieces of several tabs lie over each other.
    for (const [at, piece] of await this.#pieces(hash)) {
      if (at > end) return null;
      const more = piece.subarray(end - at, photo.have - at);
      whole.set(more, end);
      end += more.length;
    }
    return end === photo.have ? whole : null;
  }

  /** Changes what is known of it, not its bytes. */
  async note(
    hash: Photo['hash'],
    change: (kept: KeptPhoto) => Partial<Pick<KeptPhoto, 'owed' | 'usedAtMs'>>,
  ): Promise<void> {
    if (this.#database === null || this.#isClosed) {
      const kept = this.#kept.get(hash);
      if (kept !== undefined) this.#kept.set(hash, { ...kept, ...change(kept) });
      return;
    }
    const { store, done } = this.#database.transaction('photos', 'readwrite');
    const kept = await store.get(hash);
    const noted = kept === undefined ? undefined : { ...kept, ...change(kept) };
    if (noted !== undefined) await store.put(noted);
    await done;
    if (noted !== undefined) this.#kept.set(hash, noted);
  }

  /** What is owed is on this device only, and stays: another tab may have noted it. */
  async drop(hash: Photo['hash']): Promise<void> {
    const known = this.#kept.get(hash);
    if (known !== undefined && known.owed.length > 0) return;
    this.#kept.delete(hash);
    this.#inMemory.delete(hash);
    if (this.#database === null || this.#isClosed) return;
    const transaction = this.#database.transaction(['photos', 'pieces'], 'readwrite');
    const [photos, pieces] = [transaction.objectStore('photos'), transaction.objectStore('pieces')];
    const kept = await photos.get(hash);
    if (kept !== undefined && kept.owed.length > 0) this.#kept.set(hash, kept);
    else await Promise.all([photos.delete(hash), pieces.delete(piecesOf(hash))]);
    await transaction.done;
  }

  /** Nothing is kept and nothing is found from now on. */
  close(): void {
    this.#isClosed = true;
    this.#database?.close();
  }

  /** With where they begin, in that order. */
  async #pieces(hash: Photo['hash']): Promise<readonly (readonly [at: number, piece: Uint8Array<ArrayBuffer>])[]> {
    if (this.#database === null) return [...(this.#inMemory.get(hash) ?? [])].sort(([a], [b]) => a - b);
    const { store } = this.#database.transaction('pieces');
    const [keys, pieces] = await Promise.all([store.getAllKeys(piecesOf(hash)), store.getAll(piecesOf(hash))]);
    return pieces.map((piece, index) => [keys[index]?.[1] ?? 0, piece]);
  }

  async #trim(added: Photo['hash']): Promise<void> {
    const oldest = [...this.#kept.values()].sort((a, b) => a.usedAtMs - b.usedAtMs);
    let bytes = oldest.reduce((sum, photo) => sum + photo.have, 0);
    for (const photo of oldest) {
      if (bytes <= BYTES_MAX) return;
      if (photo.hash === added || photo.owed.length > 0) continue;
      bytes -= photo.have;
      await this.drop(photo.hash);
    }
  }
}

function piecesOf(hash: Photo['hash']): IDBKeyRange {
  return IDBKeyRange.bound([hash], [hash, []]);
}
