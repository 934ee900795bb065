// Photos as files of a folder beside the database. A name is a hash: nothing a visitor chooses becomes a path.

import { createHash } from 'node:crypto';
import { mkdir, open, readdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { NoSpace } from './photo-shelf.js';
import type { PhotoKey, PhotoShelf } from './photo-shelf.js';

/** What a disk that is full or read-only says. */
const NO_SPACE = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EPERM']);

export class PhotoFolder implements PhotoShelf {
  readonly #folder: string;
  readonly #bytesMax: number;
  readonly #now: () => number;
  #bytes = 0;

  /** @param bytesMax of all files together */
  constructor(folder: string, bytesMax: number, now: () => number) {
    this.#folder = folder;
    this.#bytesMax = bytesMax;
    this.#now = now;
  }

  async open(): Promise<void> {
    for (const { size } of await this.#files()) this.#bytes += size;
  }

  async size(key: PhotoKey): Promise<number> {
    return (await stat(this.#path(key)).catch(() => null))?.size ?? 0;
  }

  async append(key: PhotoKey, at: number, bytes: Uint8Array): Promise<number> {
    const size = await this.size(key);
    if (size !== at) return size;
    if (this.#bytes + bytes.length > this.#bytesMax) throw new NoSpace();
    const path = this.#path(key);
    try {
      await mkdir(this.#folder, { recursive: true });
      const file = await open(path, 'a');
      try {
        await file.writeFile(bytes);
      } catch (error) {
        // A disk that is nearly full takes the first of it: all or nothing is here.
        await file.truncate(at);
        throw error;
      } finally {
        await file.close();
      }
      const atSeconds = this.#now() / 1_000;
      await utimes(path, atSeconds, atSeconds);
    } catch (error) {
      if (NO_SPACE.has((error as NodeJS.ErrnoException).code ?? '')) throw new NoSpace();
      throw error;
    }
    this.#bytes += bytes.length;
    return at + bytes.length;
  }

  async read(key: PhotoKey, from: number, to: number): Promise<Uint8Array> {
    const file = await open(this.#path(key), 'r').catch(() => null);
    if (file === null) return new Uint8Array(0);
    try {
      const { buffer, bytesRead } = await file.read(new Uint8Array(to - from), 0, to - from, from);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  }

  drop(key: PhotoKey): Promise<void> {
    return this.#remove(this.#path(key));
  }

  async prune(olderThanMs: number, staying: ReadonlySet<PhotoKey>): Promise<number> {
    const paths = new Set([...staying].map((key) => this.#path(key)));
    const old = (await this.#files()).filter(({ path, atMs }) => atMs < olderThanMs && !paths.has(path));
    for (const { path } of old) await this.#remove(path);
    return old.length;
  }

  async #remove(path: string): Promise<void> {
    const size = (await stat(path).catch(() => null))?.size;
    if (size === undefined) return;
    await rm(path, { force: true });
    this.#bytes -= size;
  }

  async #files(): Promise<{ readonly path: string; readonly size: number; readonly atMs: number }[]> {
    const names = await readdir(this.#folder).catch(() => []);
    const files = names.map(async (name) => {
      const path = join(this.#folder, name);
      const info = await stat(path).catch(() => null);
      return info === null ? [] : [{ path, size: info.size, atMs: info.mtimeMs }];
    });
    return (await Promise.all(files)).flat();
  }

  #path(key: PhotoKey): string {
    return join(this.#folder, createHash('sha256').update(key).digest('hex'));
  }
}
