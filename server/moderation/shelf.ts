// Where moderation is kept beside the records, because it outlives them: small collections of named texts.

import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';

export interface Shelf {
  /** By name, in no order. */
  all(collection: string): Promise<ReadonlyMap<string, string>>;
  /** @throws {Error} when it is not kept */
  put(collection: string, name: string, text: string): Promise<void>;
  /** All at once, for the price of one. @throws {Error} when they are not kept */
  putAll(collection: string, texts: ReadonlyMap<string, string>): Promise<void>;
  /** Puts what `change` makes of what is there, in one piece. @throws {Error} when it is not kept */
  update(collection: string, name: string, change: Change): Promise<void>;
  drop(collection: string, names: readonly string[]): Promise<void>;
}

/** Undefined: nothing is changed. Asked again when somebody else has changed it meanwhile. */
export type Change = (kept: string | undefined) => string | undefined;

const collectionSchema = v.record(v.string(), v.string());

/** One JSON file a collection, written whole; null keeps everything for as long as the process lives. */
export class FolderShelf implements Shelf {
  readonly #folder: string | null;
  /** Those that hold something, and those being read: one for each room that was ever asked for would be too many. */
  readonly #collections = new Map<string, Promise<ReadonlyMap<string, string>>>();
  /** One writes at a time. */
  #last: Promise<void> = Promise.resolve();

  constructor(folder: string | null) {
    this.#folder = folder;
  }

  all(collection: string): Promise<ReadonlyMap<string, string>> {
    const known = this.#collections.get(collection);
    if (known !== undefined) return known;
    const read = this.#read(collection);
    this.#collections.set(collection, read);
    const forget = (): void => {
      if (this.#collections.get(collection) === read) this.#collections.delete(collection);
    };
    read.then(({ size }) => size === 0 && forget(), forget);
    return read;
  }

  put(collection: string, name: string, text: string): Promise<void> {
    return this.putAll(collection, new Map([[name, text]]));
  }

  putAll(collection: string, texts: ReadonlyMap<string, string>): Promise<void> {
    return this.#change(collection, (all) => {
      const news = [...texts].filter(([name, text]) => all.get(name) !== text);
      for (const [name, text] of news) all.set(name, text);
      return news.length > 0;
    });
  }

  update(collection: string, name: string, change: Change): Promise<void> {
    return this.#change(collection, (all) => {
      const text = change(all.get(name));
      if (text !== undefined) all.set(name, text);
      return text !== undefined;
    });
  }

  drop(collection: string, names: readonly string[]): Promise<void> {
    return this.#change(collection, (all) => names.filter((name) => all.delete(name)).length > 0);
  }

  /** @param change says whether there is something to write */
  #change(collection: string, change: (all: Map<string, string>) => boolean): Promise<void> {
    const done = this.#last.then(async () => {
      const all = new Map(await this.all(collection));
      if (!change(all)) return;
      await this.#write(collection, all);
      if (all.size > 0) this.#collections.set(collection, Promise.resolve(all));
      else this.#collections.delete(collection);
    });
    this.#last = done.catch(() => undefined);
    return done;
  }

  async #read(collection: string): Promise<ReadonlyMap<string, string>> {
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

  async #write(collection: string, all: ReadonlyMap<string, string>): Promise<void> {
    const folder = this.#folder;
    if (folder === null) return;
    const path = this.#path(folder, collection);
    await mkdir(folder, { recursive: true });
    const file = await open(`${path}.new`, 'w');
    try {
      await file.writeFile(JSON.stringify(Object.fromEntries(all)));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(`${path}.new`, path);
  }

  #path(folder: string, collection: string): string {
    return join(folder, `${encodeURIComponent(collection)}.json`);
  }
}
