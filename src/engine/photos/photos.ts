// The photos of one room: which are wanted, from whom each comes, what is to be handed in. Coordinates the store, the
// peers and the server; draws nothing and shows nothing.

import type { ChatMessage } from '../../core/chat-view.js';
import { authorOf } from '../../protocol/ids.js';
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
import { PhotoStore, UNWRITTEN } from './photo-store.js';
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

/** What is owed for a message that is not here may be another tab's, which has just written it; after this it is nobody's. */
const UNKNOWN_MS = 24 * 60 * 60_000;

export class Photos extends EventTarget implements PhotoRoom {
  readonly #options: PhotosOptions;
  readonly #store: PhotoStore;
  readonly #giving: PhotoGiving;
  readonly #fetching: PhotoFetching;
  readonly #handingIn: PhotoHandingIn;
  /** Kept, and about to be written of. */
  readonly #sending = new Set<PhotoHash>();
  /** Messages with a photo that were here. Bounded by what a session sees. */
  readonly #seen = new Set<RecordId>();
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
    this.#handingIn = new PhotoHandingIn(common, (record) => options.chat.messages.find(({ id }) => id === record));
    this.#fetching = new PhotoFetching({
      ...{ ...common, room, bulks },
      records: (hash) => this.#showing(hash).map(({ id }) => id),
      complete: (message) => void this.#handingIn.owe(message),
    });
    this.#listen();
    this.#handingIn.goOn();
    this.#findWritten();
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
    void this.#store.note(hash, () => ({ usedAtMs: Date.now() }));
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
      await this.#keep({ hash, room, bytes: photo.bytes, giver: '', owed: [UNWRITTEN], usedAtMs: Date.now() }, bytes);
      const replied = replyTo === undefined ? {} : { replyTo };
      const id = await session.write({ kind: 'message', name, text: caption, ...replied, photo });
      this.#seen.add(id);
      await this.#writtenAs(hash, [id]);
      const message = chat.messages.find((each) => each.id === id);
      if (message === undefined) throw new ChatError('closed', 'The chat has ended.', { isRetryable: true });
      this.#handingIn.goOn();
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
    const messages = new Map(chat.messages.map((message) => [message.id, message]));
    for (const [id, { photo }] of messages) if (photo !== undefined) this.#seen.add(id);
    for (const { hash, owed, usedAtMs } of this.#store.all(key)) {
      const isOld = Date.now() - usedAtMs > UNKNOWN_MS;
      const gone = owed.filter((id) => {
        const message = id === UNWRITTEN ? undefined : messages.get(id);
        return message === undefined ? isOld || (id !== UNWRITTEN && this.#seen.has(id)) : message.photo === undefined;
      });
      const stands = this.#showing(hash).length > 0 || this.#sending.has(hash);
      if (!stands || gone.length > 0) void this.#letGo(hash, gone, stands);
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
    this.#handingIn.goOn();
  }

  async #letGo(hash: PhotoHash, gone: readonly string[], stands: boolean): Promise<void> {
    if (!stands) {
      this.#fetching.stop(hash);
      this.#handingIn.stop(hash);
    }
    if (gone.length > 0) {
      await this.#store.note(hash, ({ owed }) => ({ owed: owed.filter((id) => !gone.includes(id)) }));
    }
    if (!stands) await this.#store.drop(hash);
  }

  /** A page that was closed between keeping a photo and noting its message: it is one of this author's. */
  #findWritten(): void {
    const author = authorOf(this.#options.session.self);
    for (const { hash, owed } of this.#store.all(this.#options.key)) {
      const own = this.#showing(hash).flatMap(({ id }) => (authorOf(id) === author ? id : []));
      if (owed.includes(UNWRITTEN) && own.length > 0) void this.#writtenAs(hash, own);
    }
  }

  async #writtenAs(hash: PhotoHash, records: readonly RecordId[]): Promise<void> {
    await this.#store.note(hash, ({ owed }) => ({
      owed: [...new Set([...owed.filter((id) => id !== UNWRITTEN), ...records])],
    }));
  }

  #showing(hash: PhotoHash): readonly ChatMessage[] {
    return this.#options.chat.messages.filter(({ photo }) => photo?.hash === hash);
  }

  /** Only what is shown here: a message that was taken back or removed is not given on (rule F5). */
  async #mayGive(hash: PhotoHash): Promise<Uint8Array<ArrayBuffer> | null> {
    const kept = this.#store.get(hash);
    return this.#showing(hash).length > 0 && kept !== undefined && kept.have === kept.bytes
      ? this.#store.read(hash)
      : null;
  }

  /** On the disk before anybody hears of it. @throws {ChatError} `no-space` */
  async #keep(kept: Omit<KeptPhoto, 'have'>, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    try {
      await this.#store.append(kept, 0, bytes);
    } catch (cause) {
      throw new ChatError('no-space', 'This device has no room for the picture.', { isRetryable: true, cause });
    }
  }
}
