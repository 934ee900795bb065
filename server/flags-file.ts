// Keeps what the operator changed at run time over a restart, beside the database.

import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import * as v from 'valibot';
import { flagsSchema } from './flags.js';
import type { Flags } from './flags.js';

const fileSchema = v.object({ over: flagsSchema, flags: flagsSchema });

export class FlagsFile {
  readonly #path: string;
  readonly #configured: Flags;

  /** @param configured what the environment says */
  constructor(path: string, configured: Flags) {
    this.#path = path;
    this.#configured = configured;
  }

  /** What was changed, as long as the environment says what it said then; a new configuration wins. */
  read(): Flags {
    try {
      const kept = v.safeParse(fileSchema, JSON.parse(readFileSync(this.#path, 'utf8')));
      if (kept.success && isDeepStrictEqual(kept.output.over, this.#configured)) return kept.output.flags;
    } catch (error) {
      // No file: nothing was changed. A broken one was not written by this, and is written anew at the next change.
      if (!(error instanceof SyntaxError) && !isMissing(error)) throw error;
    }
    return this.#configured;
  }

  /** @throws {Error} when the disk does not take it */
  write(flags: Flags): void {
    mkdirSync(dirname(this.#path), { recursive: true });
    const fresh = `${this.#path}.new`;
    writeFileSync(fresh, JSON.stringify({ over: this.#configured, flags }));
    renameSync(fresh, this.#path);
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
