// What this device remembers of a room besides the log: the draft, how far it was read, what was closed, and whom the visitor blocked.

import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { ChatAuthor } from '../../core/chat-view.js';
import type { ChatClientOptions } from '../../engine/chat-client-options.js';
import { placeOf } from '../device-place.js';

/** Authors blocked; the longest blocked is shown again first. 200 × 80 bytes come to 16 KB. */
const BLOCKED_MAX = 200;
/** Pinned messages closed in one room, far more than are pinned at one time; the longest closed goes first. */
const CLOSED_PINS_MAX = 20;
/** Told on the window when a chat of this page has changed what a festival's chats share; other tabs tell by `storage`. */
const CHANGED = 'festival-chat-memory';

export type BlockedAuthor = Pick<ChatAuthor, 'id' | 'name' | 'tag'>;

export class DeviceMemory {
  /** What storage did not take. */
  readonly #values = new Map<string, string>();
  /** This chat's own, though another tab writes in the same room. */
  #draft: string | null = null;
  /** Who is blocked, and the text it was read from. */
  #blocked: { readonly from: string | null; readonly authors: readonly BlockedAuthor[] } | null = null;
  readonly #place: { readonly festival: string; readonly room: string } | null = null;

  /** Without a place, or where the browser refuses storage, it lasts as long as the element. */
  constructor(place: Pick<ChatClientOptions, 'server' | 'festival' | 'room'> | null) {
    if (place === null) return;
    this.#place = { festival: placeOf(place), room: place.room ?? 'lobby' };
  }

  /** Which room of which festival and server; empty without one. */
  get place(): string {
    return this.#place === null ? '' : `${this.#place.festival}:${this.#place.room}`;
  }

  /** What the places of all rooms of the festival begin with; empty without one. */
  get rooms(): string {
    return this.#place === null ? '' : `${this.#place.festival}:`;
  }

  get draft(): string {
    this.#draft ??= this.#read(`${this.#place?.room ?? ''}:draft`) ?? '';
    return this.#draft;
  }

  set draft(text: string) {
    this.#draft = text;
    this.#write(`${this.#place?.room ?? ''}:draft`, text);
  }

  /** Id of the last message that was read. */
  get lastRead(): string {
    return this.#read(`${this.#place?.room ?? ''}:read`) ?? '';
  }

  set lastRead(id: string) {
    if (id !== this.lastRead) this.#write(`${this.#place?.room ?? ''}:read`, id);
  }

  /** Ids of pinned messages the visitor has closed. */
  get closedPins(): readonly string[] {
    return (this.#read(`${this.#place?.room ?? ''}:pins`) ?? '').split(' ');
  }

  closePins(ids: readonly string[], isClosed = true): void {
    const others = this.closedPins.filter((id) => !ids.includes(id));
    const closed = isClosed ? [...others, ...ids].slice(-CLOSED_PINS_MAX) : others;
    this.#write(`${this.#place?.room ?? ''}:pins`, closed.join(' '));
  }

  /** Who is blocked, in all rooms of the festival; the same list until that changes, here or in another chat or tab. */
  get blocked(): readonly BlockedAuthor[] {
    const from = this.#read('blocked');
    if (this.#blocked?.from !== from) this.#blocked = { from, authors: readBlocked(from) };
    return this.#blocked.authors;
  }

  block({ id, name, tag }: ChatAuthor, isBlocked: boolean): void {
    const others = this.blocked.filter((author) => author.id !== id);
    const all = isBlocked ? [...others, { id, name, tag }] : others;
    this.#write('blocked', JSON.stringify(all.slice(-BLOCKED_MAX)));
    dispatchEvent(new Event(CHANGED));
  }

  /** The visitor wants the screen on while this device passes on what others write, in all rooms of the festival. */
  get keepsAwake(): boolean {
    return this.#read('awake') === 'on';
  }

  set keepsAwake(isOn: boolean) {
    this.#write('awake', isOn ? 'on' : '');
  }

  /** The visitor wants to hear that somebody has written. */
  get sounds(): boolean {
    return this.#read('sound') === 'on';
  }

  set sounds(isOn: boolean) {
    this.#write('sound', isOn ? 'on' : '');
  }

  /** The visitor wants to be notified while the page is in the background. */
  get notifies(): boolean {
    return this.#read('notify') === 'on';
  }

  set notifies(isOn: boolean) {
    this.#write('notify', isOn ? 'on' : '');
  }

  #read(name: string): string | null {
    const known = this.#values.get(name);
    if (known !== undefined || this.#place === null) return known ?? null;
    const key = `${this.#place.festival}:${name}`;
    return attempt(() => localStorage.getItem(key)) ?? null;
  }

  #write(name: string, value: string): void {
    const key = this.#place === null ? null : `${this.#place.festival}:${name}`;
    const isKept = key !== null && attempt(() => keep(key, value)) === true;
    if (isKept) this.#values.delete(name);
    else this.#values.set(name, value);
  }
}

/** Draws its host anew when another chat of this page, or another tab, has changed what is remembered. */
export class MemoryWatch implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #handleChange = (): void => this.#host.requestUpdate();

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    addEventListener('storage', this.#handleChange);
    addEventListener(CHANGED, this.#handleChange);
  }

  hostDisconnected(): void {
    removeEventListener('storage', this.#handleChange);
    removeEventListener(CHANGED, this.#handleChange);
  }
}

function keep(key: string, value: string): true {
  if (value === '') localStorage.removeItem(key);
  else localStorage.setItem(key, value);
  return true;
}

/** Storage may be forbidden or full: then the values above are all there is. */
function attempt<Value>(use: () => Value): Value | undefined {
  try {
    return use();
  } catch {
    return undefined;
  }
}

function readBlocked(kept: string | null): readonly BlockedAuthor[] {
  try {
    const authors: unknown = JSON.parse(kept ?? '[]');
    return Array.isArray(authors) ? authors.filter(isBlockedAuthor) : [];
  } catch {
    // Whatever stands there is not ours; the next change replaces it.
    return [];
  }
}

function isBlockedAuthor(value: unknown): value is BlockedAuthor {
  if (typeof value !== 'object' || value === null) return false;
  const { id, name, tag } = value as Partial<Record<keyof BlockedAuthor, unknown>>;
  return typeof id === 'string' && typeof name === 'string' && typeof tag === 'string';
}
