// What this device remembers of a room besides the log: the draft, how far it was read, and whom the visitor hid.

import type { ChatAuthor } from '../../core/chat-view.js';
import type { ChatClientOptions } from '../../engine/chat-client-options.js';

/** Authors hidden; the longest hidden is shown again first. 200 × 80 bytes come to 16 KB. */
const HIDDEN_MAX = 200;
const PREFIX = 'festival-chat';

export type HiddenAuthor = Pick<ChatAuthor, 'id' | 'name' | 'tag'>;

export class DeviceMemory {
  readonly #values = new Map<string, string>();
  #hidden: readonly HiddenAuthor[] | null = null;
  readonly #place: { readonly festival: string; readonly room: string } | null = null;

  /** Without a place, or where the browser refuses storage, it lasts as long as the element. */
  constructor(place: Pick<ChatClientOptions, 'server' | 'festival' | 'room'> | null) {
    if (place === null) return;
    const { server, festival = 'default', room = 'lobby' } = place;
    this.#place = { festival: `${PREFIX}:${new URL(server).origin}:${festival}`, room };
  }

  get draft(): string {
    return this.#read(`${this.#place?.room ?? ''}:draft`) ?? '';
  }

  set draft(text: string) {
    this.#write(`${this.#place?.room ?? ''}:draft`, text);
  }

  /** Id of the last message that was read. */
  get lastRead(): string {
    return this.#read(`${this.#place?.room ?? ''}:read`) ?? '';
  }

  set lastRead(id: string) {
    if (id !== this.lastRead) this.#write(`${this.#place?.room ?? ''}:read`, id);
  }

  /** Whose messages are hidden, in all rooms of the festival. */
  get hidden(): readonly HiddenAuthor[] {
    this.#hidden ??= readHidden(this.#read('hidden'));
    return this.#hidden;
  }

  hide({ id, name, tag }: ChatAuthor, isHidden: boolean): void {
    const others = this.hidden.filter((author) => author.id !== id);
    const all = isHidden ? [...others, { id, name, tag }] : others;
    this.#hidden = all.slice(-HIDDEN_MAX);
    this.#write('hidden', JSON.stringify(this.#hidden));
  }

  /** Forgets everything of this festival on this device. */
  wipe(): void {
    this.#values.clear();
    this.#hidden = null;
    const prefix = this.#place?.festival;
    if (prefix === undefined) return;
    attempt(() => {
      for (const key of Object.keys(localStorage)) if (key.startsWith(`${prefix}:`)) localStorage.removeItem(key);
    });
  }

  #read(name: string): string | null {
    const known = this.#values.get(name);
    if (known !== undefined || this.#place === null) return known ?? null;
    const key = `${this.#place.festival}:${name}`;
    return attempt(() => localStorage.getItem(key)) ?? null;
  }

  #write(name: string, value: string): void {
    this.#values.set(name, value);
    if (this.#place === null) return;
    const key = `${this.#place.festival}:${name}`;
    attempt(() => (value === '' ? localStorage.removeItem(key) : localStorage.setItem(key, value)));
  }
}

/** Storage may be forbidden or full: then the values above are all there is. */
function attempt<Value>(use: () => Value): Value | undefined {
  try {
    return use();
  } catch {
    return undefined;
  }
}

function readHidden(kept: string | null): readonly HiddenAuthor[] {
  try {
    const authors: unknown = JSON.parse(kept ?? '[]');
    return Array.isArray(authors) ? authors.filter(isHiddenAuthor) : [];
  } catch {
    // Whatever stands there is not ours; the next change replaces it.
    return [];
  }
}

function isHiddenAuthor(value: unknown): value is HiddenAuthor {
  if (typeof value !== 'object' || value === null) return false;
  const { id, name, tag } = value as Partial<Record<keyof HiddenAuthor, unknown>>;
  return typeof id === 'string' && typeof name === 'string' && typeof tag === 'string';
}
