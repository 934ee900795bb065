// Photos of a server that forgets: for tests, and for an operator who asks for `:memory:`.

import { NoSpace } from './photo-shelf.js';
import type { PhotoKey, PhotoShelf } from './photo-shelf.js';

export class PhotoMemory implements PhotoShelf {
  readonly #bytesMax: number;
  readonly #now: () => number;
  readonly #photos = new Map<PhotoKey, { readonly bytes: Buffer; readonly atMs: number }>();

  constructor(bytesMax: number, now: () => number) {
    this.#bytesMax = bytesMax;
    this.#now = now;
  }

  open(): Promise<void> {
    return Promise.resolve();
  }

  size(key: PhotoKey): Promise<number> {
    return Promise.resolve(this.#bytes(key).length);
  }

  append(key: PhotoKey, at: number, bytes: Uint8Array): Promise<number> {
    const before = this.#bytes(key);
    if (before.length !== at) return Promise.resolve(before.length);
    const all = [...this.#photos.values()].reduce((sum, photo) => sum + photo.bytes.length, 0);
    if (all + bytes.length > this.#bytesMax) return Promise.reject(new NoSpace());
    this.#photos.set(key, { bytes: Buffer.concat([before, bytes]), atMs: this.#now() });
    return Promise.resolve(at + bytes.length);
  }

  read(key: PhotoKey, from: number, to: number): Promise<Uint8Array> {
    return Promise.resolve(this.#bytes(key).subarray(from, to));
  }

  drop(key: PhotoKey): Promise<void> {
    this.#photos.delete(key);
    return Promise.resolve();
  }

  prune(olderThanMs: number, staying: ReadonlySet<PhotoKey>): Promise<number> {
    const old = [...this.#photos].filter(([key, { atMs }]) => atMs < olderThanMs && !staying.has(key));
    for (const [key] of old) this.#photos.delete(key);
    return Promise.resolve(old.length);
  }

  #bytes(key: PhotoKey): Buffer {
    return this.#photos.get(key)?.bytes ?? Buffer.alloc(0);
  }
}
