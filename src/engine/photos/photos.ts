// The photos of one room: which are wanted, from whom each comes, what is to be handed in. Coordinates the store, the
// peers and the server; draws nothing and shows nothing.

import type { ChatMessage } from '../../core/chat-view.js';
import type { PeerId, RecordId, RoomKey } from '../../protocol/ids.js';
import { decodeBulk } from '../../protocol/photos/bulk-message.js';
import type { PhotoHash } from '../../protocol/photos/bulk-message.js';
import type { Photo, RecordBody } from '../../protocol/record.js';
import { normalizeText } from '../../protocol/text.js';
import { ChatError } from '../chat-error.js';
import type { Chat, SendOptions } from '../chat.js';
import { checkedText } from '../client-checks.js';
import { steadyNowMs } from '../environment.js';
import type { BulkPort } from '../peer-link-port.js';
import type { PeerLinks } from '../peer-links.js';
import type { SessionOptions } from '../session.js';
import { storageName } from '../kept-schema.js';
import type { ChatStorage } from '../storage.js';
import { photosOf } from './database-name.js';
import { drawAnew } from './draw-anew.js';
import { PhotoFetching } from './photo-fetching.js';
import { PhotoGiving } from './photo-giving.js';
import { PhotoHandingIn } from './photo-handing-in.js';
import { PhotoChangeEvent } from './photo-room.js';
import type { PhotoRoom, PhotoView, PreparedPhoto } from './photo-room.js';
import { PhotoServer } from './photo-server.js';
import { PhotoStore } from './photo-store.js';
import type { KeptPhoto } from './photo-store.js';

/** A session, as far as its photos go. */
interface PhotoSession {
  readonly self: PeerId;
  readonly room: { clockOffsetMs(): number | null };
  write(body: RecordBody): Promise<RecordId>;
  /** Null until they are opened. */
  openedPhotos: Promise<Photos> | null;
}

/** The one part that has the photos of a session. */
export function openPhotos(
  session: PhotoSession,
  { chat, server, key, storage, suite, device }: SessionOptions,
  links: () => PeerLinks | null,
): Promise<Photos> {
  session.openedPhotos ??= Photos.begin({
    ...{ chat, server, key, storage, session },
    sign: (bytes) => suite.sign(device, bytes),
    bulks: () => links()?.bulks() ?? new Map<PeerId, BulkPort>(),
  });
  return session.openedPhotos;
}

export interface PhotosOptions {
  readonly chat: Chat;
  /** Origin. */
  readonly server: string;
  readonly key: RoomKey;
  readonly storage: ChatStorage;
  readonly session: PhotoSession;
  readonly sign: (bytes: Uint8Array<ArrayBuffer>) => Promise<string>;
  /** Of the peers that are linked. */
  readonly bulks: () => ReadonlyMap<PeerId, BulkPort>;
}

/** Chat events after which something may be possible that was not. */
const NEWS = ['fc-peer', 'fc-status', 'fc-delivery'] as const;

export class Photos extends EventTarget implements PhotoRoom {
  readonly #options: PhotosOptions;
  readonly #store: PhotoStore;
  readonly #giving: PhotoGiving;
  readonly #fetching: PhotoFetching;
  readonly #handingIn: PhotoHandingIn;
  /** Kept, and about to be written of. */
  readonly #sending = new Set<PhotoHash>();
  readonly #listening = new AbortController();

  static async begin(options: PhotosOptions): Promise<Photos> {
    const { server, key, storage } = options;
    const festival = key.slice(0, key.indexOf('/'));
    const name = photosOf(storageName(server, festival));
    return new Photos(options, await PhotoStore.open(storage.kind === 'indexeddb' ? name : null));
  }

  private constructor(options: PhotosOptions, store: PhotoStore) {
    super();
    this.#options = options;
    this.#store = store;
    const { server: origin, key: room, session, sign, bulks } = options;
    const nowMs = (): number => steadyNowMs() + (session.room.clockOffsetMs() ?? 0);
    const server = new PhotoServer({ server: origin, room, self: session.self, sign, nowMs });
    const changed = (hash: PhotoHash): void => void this.dispatchEvent(new PhotoChangeEvent(hash));
    const common = { store, server, changed, takesPhotos: () => this.#hasServer };
    this.#giving = new PhotoGiving(
      (peer) => bulks().get(peer),
      (hash) => this.#mayGive(hash),
    );
    this.#handingIn = new PhotoHandingIn(common, (hash) =>
      options.chat.messages.find(({ photo }) => photo?.hash === hash),
    );
    this.#fetching = new PhotoFetching({
      ...{ ...common, room, bulks },
      complete: (message) => void this.#handingIn.owe(message),
    });
    this.#listen();
    this.#handingIn.goOn(store.all(room));
    this.sweep();
  }

  get savesData(): boolean {
    const profile = this.#options.chat.getConnectionDiagnostics().power?.profile;
    return profile === 'saving' || profile === 'server-only';
  }

  view({ hash, bytes }: Photo): PhotoView {
    const kept = this.#store.get(hash);
    if (kept?.have === bytes) return { state: 'here', sending: this.#handingIn.share(hash) };
    const share = (kept?.have ?? 0) / bytes;
    const state = this.#fetching.stateOf(hash);
    return state === null ? { state: 'absent' } : { state, share };
  }

  load(message: ChatMessage): void {
    if (message.photo !== undefined && this.view(message.photo).state !== 'here') this.#fetching.want(message);
  }

  stop({ hash }: Photo): void {
    this.#fetching.stop(hash);
  }

  async blob({ hash, type, bytes }: Photo): Promise<Blob> {
    const whole = await this.#store.read(hash);
    if (whole?.length !== bytes) {
      throw new ChatError('no-such-message', 'This photo is not here.', { isRetryable: true });
    }
    void this.#store.note(hash, { usedAtMs: Date.now() });
    return new Blob([whole], { type });
  }

  async prepare(file: Blob): Promise<PreparedPhoto> {
    const { photoBytesMax } = this.#options.chat;
    if (photoBytesMax === null) {
      throw new ChatError('photos-off', 'The organiser takes no photos here.', { isRetryable: false });
    }
    return drawAnew(file, photoBytesMax);
  }

  async send({ photo, bytes }: PreparedPhoto, text = '', { replyTo }: SendOptions = {}): Promise<ChatMessage> {
    const { chat, session, key: room } = this.#options;
    const caption = normalizeText(text) === '' ? '' : checkedText(text);
    const name = chat.displayName;
    if (name === null)
      throw new ChatError('no-name', 'A name is needed before the first message.', { isRetryable: true });
    const { hash } = photo;
    this.#sending.add(hash);
    try {
      await this.#keep(
        { hash, room, bytes: photo.bytes, have: 0, giver: '', isOwed: true, usedAtMs: Date.now() },
        bytes,
      );
      const replied = replyTo === undefined ? {} : { replyTo };
      const id = await session.write({ kind: 'message', name, text: caption, ...replied, photo });
      const message = chat.messages.find((each) => each.id === id);
      if (message === undefined) throw new ChatError('closed', 'The chat has ended.', { isRetryable: true });
      this.#handingIn.goOn(this.#store.all(room));
      return message;
    } finally {
      this.#sending.delete(hash);
    }
  }

  /** A message came on a peer's bulk channel. */
  heard(peer: PeerId, data: unknown): void {
    const bulk = this.#options.bulks().get(peer);
    if (bulk !== undefined) bulk.drained = () => this.#giving.pump(peer);
    const message = decodeBulk(data);
    if (message === null) this.#fetching.strike(peer);
    else if (message.type === 'want') void this.#giving.wanted(peer, message);
    else if (message.type === 'stop') this.#giving.stopped(peer, message.hash);
    else this.#fetching.heard(peer, message);
  }

  /** Drops the bytes of messages that stand no more (rule F9). */
  sweep(): void {
    const { chat, key } = this.#options;
    const standing = new Set(chat.messages.map(({ photo }) => photo?.hash));
    for (const { hash } of this.#store.all(key)) {
      if (standing.has(hash) || this.#sending.has(hash)) continue;
      this.#fetching.stop(hash);
      this.#handingIn.stop(hash);
      void this.#store.drop(hash);
    }
  }

  end(): void {
    this.#listening.abort();
    this.#handingIn.end();
    void this.#fetching.end().then(() => this.#store.close());
  }

  get #hasServer(): boolean {
    const { chat } = this.#options;
    return chat.photoBytesMax !== null && chat.status.websocket === 'connected';
  }

  #listen(): void {
    const { chat, bulks } = this.#options;
    const { signal } = this.#listening;
    for (const name of NEWS) chat.addEventListener(name, () => this.#news(), { signal });
    chat.addEventListener('fc-moderation', () => this.sweep(), { signal });
    chat.addEventListener('fc-message', ({ message, isNew }) => !isNew && message.retracted && this.sweep(), {
      signal,
    });
    chat.addEventListener(
      'fc-peer',
      ({ change: { peer, state } }) => {
        if (!bulks().has(peer)) this.#giving.gone(peer);
        this.#fetching.peersChanged();
        if (state === 'linked') this.#fetching.linked();
      },
      { signal },
    );
  }

  #news(): void {
    this.#fetching.retry();
    this.#handingIn.goOn(this.#store.all(this.#options.key));
  }

  /** Only what is shown here: a message that was taken back or removed is not given on (rule F5). */
  async #mayGive(hash: PhotoHash): Promise<Uint8Array<ArrayBuffer> | null> {
    const kept = this.#store.get(hash);
    const stands = this.#options.chat.messages.some(({ photo }) => photo?.hash === hash);
    return stands && kept !== undefined && kept.have === kept.bytes ? this.#store.read(hash) : null;
  }

  /** On the disk before anybody hears of it. @throws {ChatError} `no-space` */
  async #keep(kept: KeptPhoto, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    try {
      await this.#store.drop(kept.hash);
      await this.#store.append(kept, bytes);
    } catch (cause) {
      throw new ChatError('no-space', 'This device has no room for the picture.', { isRetryable: true, cause });
    }
  }
}
