// Where moderation is kept beside the records, because it outlives them: small collections of named texts.

import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';

export interface Shelf {
  /** By name, in no order. */
  all(collection: string): Promise<ReadonlyMap<string, string>>;
  /** @throws {Error} when it is not kept */
  put(collection: string, name: string, text: string): Promise<void>;
  drop(collection: string, names: readonly string[]): Promise<void>;
}

const collectionSchema = v.record(v.string(), v.string());

/** One JSON file a collection, written whole; null keeps everything for as long as the process lives. */
export class FolderShelf implements Shelf {
  readonly #folder: string | null;
  readonly #collections = new Map<string, Promise<Map<string, string>>>();
  /** One writes at a time. */
  #last: Promise<void> = Promise.resolve();

  constructor(folder: string | null) {
    this.#folder = folder;
  }

  all(collection: string): Promise<Map<string, string>> {
    const known = this.#collections.get(collection) ?? this.#read(collection);
    this.#collections.set(collection, known);
    known.catch(() => this.#collections.delete(collection));
    return known;
  }

  async put(collection: string, name: string, text: string): Promise<void> {
    const all = await this.all(collection);
    if (all.get(name) === text) return;
    all.set(name, text);
    await this.#write(collection, all);
  }

  async drop(collection: string, names: readonly string[]): Promise<void> {
    const all = await this.all(collection);
    if (names.filter((name) => all.delete(name)).length > 0) await this.#write(collection, all);
  }

  async #read(collection: string): Promise<Map<string, string>> {
    if (this.#folder === null) return new Map();
    const path = this.#path(this.#folder, collection);
    const text = await readFile(path, 'utf8').catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '{}';
      throw error;
    });
    return new Map(Object.entries(this.#parsed(path, text)));
  }

  /** @throws {Error} for a damaged file, which stays as it is: nothing is written over what cannot be read */
  #parsed(path: string, text: string): Record<string, string> {
    try {
      return v.parse(collectionSchema, JSON.parse(text));
    } catch {
      throw new Error(`${path} is damaged: mend it or move it away`);
    }
  }

  #write(collection: string, all: ReadonlyMap<string, string>): Promise<void> {
    const folder = this.#folder;
    if (folder === null) return Promise.resolve();
    const path = this.#path(folder, collection);
    const written = this.#last.then(async () => {
      await mkdir(folder, { recursive: true });
      const file = await open(`${path}.new`, 'w');
      try {
        await file.writeFile(JSON.stringify(Object.fromEntries(all)));
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(`${path}.new`, path);
    });
    this.#last = written.catch(() => undefined);
    return written;
  }

  #path(folder: string, collection: string): string {
    return join(folder, `${encodeURIComponent(collection)}.json`);
  }
}
