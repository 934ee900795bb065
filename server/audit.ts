// What administrators did, in the order they did it. Kept beside the database, as one JSON line each, over restarts.

import { appendFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as v from 'valibot';

/** Entries kept: weeks of a busy festival. The oldest are dropped; on disk when there are twice as many. */
export const AUDIT_KEPT = 2_000;

export const auditEntrySchema = v.object({
  atMs: v.number(),
  /** The name the administrator gave; all share one token, so it is said and not proved. Empty when none was given. */
  who: v.string(),
  /** A salted hash of the address: tells two apart while the server runs. */
  from: v.string(),
  /** The route, without `/admin/`. */
  action: v.string(),
  /** What was asked, as JSON, cut at `AUDIT_TEXT_MAX`. */
  asked: v.string(),
  /** The answer's HTTP status, and its words: what was done, or the error. Cut alike. */
  status: v.number(),
  answered: v.string(),
});
export type AuditEntry = Readonly<v.InferOutput<typeof auditEntrySchema>>;

/** Characters of what was asked and answered: an announcement's beginning, a list of a dozen rooms. */
export const AUDIT_TEXT_MAX = 600;

export interface AuditLog {
  /** @throws {Error} when it is not kept; `latest` tells it all the same */
  add(entry: AuditEntry): Promise<void>;
  /** Newest first. */
  latest(limit: number): Promise<readonly AuditEntry[]>;
}

export class AuditFile implements AuditLog {
  readonly #path: string | null;
  #entries: AuditEntry[] | null = null;
  /** Lines in the file. */
  #lines = 0;
  /** One writes at a time. */
  #last: Promise<void> = Promise.resolve();

  /** @param path null: kept as long as the process lives */
  constructor(path: string | null) {
    this.#path = path;
  }

  add(entry: AuditEntry): Promise<void> {
    const written = this.#last.then(() => this.#add(entry));
    this.#last = written.catch(() => undefined);
    return written;
  }

  async latest(limit: number): Promise<readonly AuditEntry[]> {
    await this.#last;
    return (await this.#read()).slice(-limit).reverse();
  }

  async #add(entry: AuditEntry): Promise<void> {
    const entries = await this.#read();
    entries.push(entry);
    if (entries.length > AUDIT_KEPT) entries.shift();
    if (this.#path === null) return;
    if (this.#lines >= 2 * AUDIT_KEPT) {
      await writeFile(`${this.#path}.new`, entries.map(lineOf).join(''));
      await rename(`${this.#path}.new`, this.#path);
      this.#lines = entries.length;
      return;
    }
    await mkdir(dirname(this.#path), { recursive: true });
    await appendFile(this.#path, lineOf(entry));
    this.#lines += 1;
  }

  async #read(): Promise<AuditEntry[]> {
    if (this.#entries !== null) return this.#entries;
    const text = this.#path === null ? '' : await readFile(this.#path, 'utf8').catch(orEmpty);
    const lines = text.split('\n').filter((line) => line !== '');
    this.#lines = lines.length;
    this.#entries = lines.slice(-AUDIT_KEPT).flatMap(entryOf);
    // What a power cut left of a line would swallow the next one.
    if (this.#path !== null && text !== '' && !text.endsWith('\n')) await appendFile(this.#path, '\n');
    return this.#entries;
  }
}

function lineOf(entry: AuditEntry): string {
  return `${JSON.stringify(entry)}\n`;
}

/** Nothing for a line that is no entry, as half a line is. */
export function entryOf(line: string): AuditEntry[] {
  try {
    const parsed = v.safeParse(auditEntrySchema, JSON.parse(line));
    return parsed.success ? [parsed.output] : [];
  } catch {
    return [];
  }
}

function orEmpty(error: unknown): string {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
  throw error;
}
