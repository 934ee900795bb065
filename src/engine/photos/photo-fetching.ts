// Photos that are wanted: from peers first, then from the server, and again when something has changed (rule F6).
// Checks what came before it counts as here (rule F3).

import type { ChatMessage } from '../../core/chat-view.js';
import type { PeerId, RecordId, RoomKey } from '../../protocol/ids.js';
import { authorOf } from '../../protocol/ids.js';
import { hashText } from '../../protocol/photos/bulk-message.js';
import type { BulkMessage, PhotoHash } from '../../protocol/photos/bulk-message.js';
import { PHOTO_LIMITS } from '../../protocol/photos/photo-limits.js';
import { readPictureHeader } from '../../protocol/photos/picture-header.js';
import type { Photo } from '../../protocol/record.js';
import { sha256 } from '../pairing/sha256.js';
import type { BulkPort } from '../peer-link-port.js';
import { PhotoTaking } from './photo-taking.js';
import { NotThere } from './photo-server.js';
import type { PhotoServer } from './photo-server.js';
import type { PhotoStore } from './photo-store.js';

/** What came is kept in parts of this size: a reload loses no more, and a photo is a handful of transactions. */
const GATHER_BYTES = 32 * 1024;
/** The server is asked again after this, doubling: an author on a bad network is still handing in. */
const AGAIN_MS = 3_000;
const AGAIN_MAX_MS = 60_000;
/** For so many of the messages that show a photo it is asked of the server: each is a request, and most have it at once. */
const RECORDS_MAX = 8;

interface Wanted {
  readonly message: ChatMessage & { readonly photo: Photo };
  /** `peers`: asked of them; `server`: of it; `waiting`: nobody has it now; `checking`: all of it came. */
  state: 'peers' | 'server' | 'waiting' | 'checking';
  readonly ended: AbortController;
  /** Came, and not kept yet. */
  parts: Uint8Array<ArrayBuffer>[];
  partBytes: number;
  /** Everything before it is kept, or being kept. */
  keeping: Promise<void>;
  giver: string | null;
  have: number;
  failures: number;
  timer: ReturnType<typeof setTimeout> | null;
}

export interface PhotoFetchingOptions {
  readonly room: RoomKey;
  readonly store: PhotoStore;
  readonly server: PhotoServer;
  readonly bulks: () => ReadonlyMap<PeerId, BulkPort>;
  /** Of the messages that show a photo. */
  readonly records: (hash: PhotoHash) => readonly RecordId[];
  /** There is a server now, and it has photos. */
  readonly takesPhotos: () => boolean;
  readonly changed: (hash: PhotoHash) => void;
  /** All of it is here and is what it should be. */
  readonly complete: (message: ChatMessage) => void;
}

export class PhotoFetching {
  readonly #options: PhotoFetchingOptions;
  readonly #taking: PhotoTaking;
  readonly #wanted = new Map<PhotoHash, Wanted>();

  constructor(options: PhotoFetchingOptions) {
    this.#options = options;
    this.#taking = new PhotoTaking(options.bulks, {
      piece: (hash, from, bytes) => this.#came(hash, from, bytes),
      complete: (hash) => void this.#check(hash),
      exhausted: (hash) => void this.#askServer(hash),
    });
  }

  /** Null when nobody wants it. */
  stateOf(hash: PhotoHash): 'loading' | 'waiting' | null {
    const wanted = this.#wanted.get(hash);
    if (wanted === undefined) return null;
    return wanted.state === 'waiting' ? 'waiting' : 'loading';
  }

  /** The oldest wish gives way when there are too many. */
  want(message: ChatMessage): void {
    const { photo } = message;
    if (photo === undefined || this.#wanted.has(photo.hash)) return;
    if (this.#wanted.size >= PHOTO_LIMITS.assembliesMax) {
      const [oldest] = this.#wanted.keys();
      if (oldest !== undefined) this.stop(oldest);
    }
    const kept = this.#options.store.get(photo.hash);
    const wanted: Wanted = {
      message: { ...message, photo },
      state: 'waiting',
      ended: new AbortController(),
      parts: [],
      partBytes: 0,
      keeping: Promise.resolve(),
      giver: kept === undefined ? '' : kept.giver,
      have: kept?.have ?? 0,
      failures: 0,
      timer: null,
    };
    this.#wanted.set(photo.hash, wanted);
    this.#begin(wanted);
  }

  stop(hash: PhotoHash): void {
    const wanted = this.#wanted.get(hash);
    if (wanted === undefined) return;
    this.#wanted.delete(hash);
    this.#taking.stop(hash);
    wanted.ended.abort();
    if (wanted.timer !== null) clearTimeout(wanted.timer);
    this.#keep(wanted);
    this.#options.changed(hash);
  }

  heard(peer: PeerId, message: Extract<BulkMessage, { type: 'piece' | 'lacks' }>): void {
    this.#taking.heard(peer, message);
  }

  strike(peer: PeerId): void {
    this.#taking.strike(peer);
  }

  peersChanged(): void {
    this.#taking.peersChanged();
  }

  /** Somebody new may have what nobody had. */
  linked(): void {
    for (const wanted of this.#wanted.values()) {
      if (wanted.state !== 'waiting') continue;
      if (wanted.timer !== null) clearTimeout(wanted.timer);
      wanted.timer = null;
      this.#begin(wanted);
    }
  }

  /** Something has changed: who waits asks again. */
  retry(): void {
    for (const wanted of this.#wanted.values()) {
      const isPossible = this.#options.takesPhotos() || this.#options.bulks().size > 0;
      if (wanted.state === 'waiting' && wanted.timer === null && isPossible) this.#begin(wanted);
    }
  }

  /** Resolves when what came is kept. */
  async end(): Promise<void> {
    const wanted = [...this.#wanted.values()];
    for (const { message } of wanted) this.stop(message.photo.hash);
    this.#taking.end();
    await Promise.all(wanted.map(({ keeping }) => keeping));
  }

  #begin(wanted: Wanted): void {
    const { hash, bytes } = wanted.message.photo;
    wanted.state = 'peers';
    this.#options.changed(hash);
    if (wanted.have >= bytes) void this.#check(hash);
    else this.#taking.take({ hash, bytes, author: authorOf(wanted.message.id), at: wanted.have });
  }

  #came(hash: PhotoHash, from: string, bytes: Uint8Array<ArrayBuffer>): void {
    const wanted = this.#wanted.get(hash);
    if (wanted === undefined) return;
    wanted.giver = wanted.have === 0 || wanted.giver === from ? from : null;
    wanted.have += bytes.length;
    wanted.parts.push(bytes);
    wanted.partBytes += bytes.length;
    if (wanted.partBytes >= GATHER_BYTES) this.#keep(wanted);
    this.#options.changed(hash);
  }

  /** What came so far goes to the store, after what went before it. */
  #keep(wanted: Wanted): void {
    const { parts, giver } = wanted;
    if (parts.length === 0) return;
    const at = wanted.have - wanted.partBytes;
    const { hash, bytes } = wanted.message.photo;
    const { store, room } = this.#options;
    wanted.parts = [];
    wanted.partBytes = 0;
    wanted.keeping = wanted.keeping.then(async () => {
      const kept = { ...{ hash, room, bytes, owed: [], usedAtMs: Date.now() }, ...store.get(hash), giver };
      await store.append(kept, at, joined(parts)).catch(() => this.#noSpace(hash));
    });
  }

  /** It is not fetched again and again for nothing: somebody may ask when there is space. */
  async #noSpace(hash: PhotoHash): Promise<void> {
    this.stop(hash);
    await this.#options.store.drop(hash);
  }

  async #askServer(hash: PhotoHash): Promise<void> {
    const wanted = this.#wanted.get(hash);
    if (wanted === undefined) return;
    if (!this.#options.takesPhotos()) {
      this.#wait(wanted, null);
      return;
    }
    wanted.state = 'server';
    const { bytes } = wanted.message.photo;
    const take = (part: Uint8Array<ArrayBuffer>): void => {
      if (this.#wanted.get(hash) === wanted) this.#came(hash, '', part.slice(0, bytes - wanted.have));
    };
    // The server keeps it for each message by itself, and may have it for one and not yet for another.
    const records = new Set([wanted.message.id, ...this.#options.records(hash)]);
    for (const record of [...records].slice(0, RECORDS_MAX)) {
      try {
        await this.#options.server.fetch(record, wanted.have, take, wanted.ended.signal);
        break;
      } catch (error) {
        // Whatever it was, it is asked again; what came stays.
        if (!(error instanceof NotThere)) break;
      }
    }
    if (this.#wanted.get(hash) !== wanted) return;
    if (wanted.have >= bytes) await this.#check(hash);
    else {
      this.#keep(wanted);
      await wanted.keeping;
      this.#waitAWhile(wanted);
    }
  }

  #waitAWhile(wanted: Wanted): void {
    this.#wait(wanted, Math.min(AGAIN_MAX_MS, AGAIN_MS * 2 ** wanted.failures));
    wanted.failures += 1;
  }

  /** @param forMs null: until something changes */
  #wait(wanted: Wanted, forMs: number | null): void {
    wanted.state = 'waiting';
    this.#options.changed(wanted.message.photo.hash);
    if (forMs === null) return;
    wanted.timer = setTimeout(() => {
      wanted.timer = null;
      this.#begin(wanted);
    }, forMs);
  }

  async #check(hash: PhotoHash): Promise<void> {
    const wanted = this.#wanted.get(hash);
    if (wanted === undefined) return;
    wanted.state = 'checking';
    this.#keep(wanted);
    await wanted.keeping;
    const { store, complete, changed } = this.#options;
    const whole = await store.read(hash);
    const isGood = whole !== null && (await isWhatItSays(whole, wanted.message.photo));
    if (this.#wanted.get(hash) !== wanted) return;
    if (isGood) {
      this.#wanted.delete(hash);
      complete(wanted.message);
      changed(hash);
      return;
    }
    const { giver } = wanted;
    if (whole !== null && giver !== null && giver !== '') this.#taking.lied(giver as PeerId);
    await store.drop(hash);
    wanted.have = 0;
    this.#waitAWhile(wanted);
  }
}

/** Rule F3. */
async function isWhatItSays(bytes: Uint8Array<ArrayBuffer>, photo: Photo): Promise<boolean> {
  const header = readPictureHeader(bytes);
  const isSize = header?.width === photo.width && header.height === photo.height && header.type === photo.type;
  return bytes.length === photo.bytes && isSize && hashText(await sha256(bytes)) === photo.hash;
}

function joined(parts: readonly Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
