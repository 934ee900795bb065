// One run of a client, from its start to its end: feeds the core, performs what it asks for, holds its one timer.
// What to do is decided in the core.

import type { RoomEvent, RoomInput, RoomOutput, RoomSettings } from '../core/room-io.js';
import { Room } from '../core/room.js';
import { placesBytes, recordBytes } from '../protocol/canonical.js';
import type { AuthorId, PeerId, RecordId, RoomKey, SessionId } from '../protocol/ids.js';
import { peerId } from '../protocol/ids.js';
import { LIMITS } from '../protocol/limits.js';
import type { RecordBody, RecordDraft, SignedRecord } from '../protocol/record.js';
import { toBase64Url } from './base64url.js';
import type { ChatClientOptions } from './chat-client-options.js';
import { ChatError } from './chat-error.js';
import { FcReadyEvent } from './chat-events.js';
import { placeholderName } from './client-checks.js';
import { DEFAULT_ROOM } from './client-defaults.js';
import type { CryptoSuite, DeviceKey } from './crypto-suite.js';
import { watchDevice } from './device-sensor.js';
import { steadyNowMs } from './environment.js';
import type { PeerLinks } from './peer-links.js';
import { noticeOf } from './room-notices.js';
import { ServerPort } from './server-port.js';
import type { ServerSocket } from './server-socket.js';
import type { ChatStorage } from './storage.js';

/** The mesh could not be fetched: again after this. */
const LOAD_AGAIN_MS = 10_000;
/** The browser's statistics of the links are read this often. */
const MEASURE_EVERY_MS = 5_000;
/** Timers of browsers end at 2^31 ms; a wake-up further away is looked at again then. */
const TIMER_MAX_MS = 2 ** 31 - 1;

export interface SessionOptions {
  readonly key: RoomKey;
  readonly options: ChatClientOptions;
  readonly settings: RoomSettings;
  readonly device: DeviceKey;
  readonly suite: CryptoSuite;
  readonly storage: ChatStorage;
  readonly socket: ServerSocket;
  /** What the visitor has given; null: nothing yet. */
  readonly name: () => string | null;
  readonly dispatch: (event: Event) => void;
}

export class Session {
  readonly room: Room;
  readonly self: PeerId;
  readonly #options: SessionOptions;
  readonly #port: ServerPort;
  /** Null until the mesh is loaded. */
  #links: PeerLinks | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #measureTimer: ReturnType<typeof setInterval> | null = null;
  #unwatch = (): void => undefined;
  #isReady = false;
  #isEnded = false;
  readonly #inputs: RoomInput[] = [];
  #isFeeding = false;
  readonly #waitingForSave = new Map<RecordId, (error: ChatError | null) => void>();
  readonly #waitingForUpgrade: ((result: { connected: number; attempted: number }) => void)[] = [];
  readonly #leaving = (): void => this.feed({ type: 'leave', reason: 'the page was closed' });

  constructor(options: SessionOptions) {
    this.#options = options;
    const { key, settings, device, suite, socket, dispatch } = options;
    const session = toBase64Url(crypto.getRandomValues(new Uint8Array(9))) as SessionId;
    this.self = peerId(device.author, session);
    const name = this.#name;
    this.room = new Room({ room: key, author: device.author, session, name: name(), settings, random: Math.random });
    this.#port = new ServerPort({
      key,
      self: this.self,
      room: this.room,
      socket,
      token: options.options.token,
      name,
      sign: (bytes) => suite.sign(device, bytes),
      feed: (input) => this.feed(input),
      joined: () => this.#ready(),
      dispatch,
    });
  }

  get author(): AuthorId {
    return this.#options.device.author;
  }

  get suite(): CryptoSuite {
    return this.#options.suite;
  }

  get storage(): ChatStorage {
    return this.#options.storage;
  }

  get socket(): ServerSocket {
    return this.#options.socket;
  }

  /** Takes in what the device kept, and joins. */
  begin({ records, position }: Awaited<ReturnType<ChatStorage['load']>>): void {
    const { key, socket } = this.#options;
    this.feed({ type: 'restored', records, position });
    if (records.length > 0) this.#ready();
    socket.attach(key, this.#port);
    this.#unwatch = watchDevice((device) => this.feed({ type: 'device', device }));
    this.#measureTimer = setInterval(() => void this.#links?.measure(), MEASURE_EVERY_MS);
    if (typeof addEventListener === 'function') addEventListener('pagehide', this.#leaving);
  }

  /** Says goodbye and closes every link and timer. */
  end(reason: string): void {
    const { key, socket } = this.#options;
    this.feed({ type: 'leave', reason });
    socket.send({ type: 'leave', room: key });
    this.#isEnded = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#measureTimer !== null) clearInterval(this.#measureTimer);
    this.#unwatch();
    if (typeof removeEventListener === 'function') removeEventListener('pagehide', this.#leaving);
    this.#links?.closeAll();
    socket.detach(key);
    for (const settle of this.#waitingForSave.values()) {
      settle(new ChatError('closed', 'The chat was closed before the message was kept.', { isRetryable: true }));
    }
  }

  configure(settings: RoomSettings): void {
    this.feed({ type: 'configure', settings });
  }

  rename(name: string): void {
    this.feed({ type: 'rename', name });
    void this.#options.storage.setDisplayName(name);
    void this.#port.join();
  }

  upgrade(): Promise<{ connected: number; attempted: number }> {
    return new Promise((resolve) => {
      this.#waitingForUpgrade.push(resolve);
      this.feed({ type: 'upgrade' });
    });
  }

  /** Resolves with the record's id when it is durable on this device. @throws {ChatError} `outbox-full`, `closed` */
  async write(body: RecordBody): Promise<RecordId> {
    if (this.room.status().queued >= LIMITS.outboxMax) {
      const words = 'Too many messages wait for the server. Those are kept; this one was not.';
      throw new ChatError('outbox-full', words, { isRetryable: true });
    }
    const id = this.#nextId(body);
    return new Promise((resolve, reject) => {
      this.#waitingForSave.set(id, (error) => (error === null ? resolve(id) : reject(error)));
    });
  }

  /** Inputs that arise while one is handled wait for their turn. */
  feed(input: RoomInput): void {
    this.#inputs.push(input);
    if (this.#isFeeding) return;
    this.#isFeeding = true;
    const events: RoomEvent[] = [];
    for (let next = this.#inputs.shift(); next !== undefined; next = this.#inputs.shift()) {
      if (this.#isEnded) continue;
      for (const output of this.room.handle(next, steadyNowMs())) this.#perform(output, events);
    }
    this.#isFeeding = false;
    this.#schedule();
    for (const event of events) this.#notify(event);
  }

  readonly #name = (): string => this.#options.name() ?? placeholderName(this.#options.device.author);

  #schedule(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    const atMs = this.#isEnded ? Infinity : this.room.nextWakeMs();
    if (atMs === Infinity) return;
    const delayMs = Math.min(TIMER_MAX_MS, Math.max(0, atMs - steadyNowMs()));
    this.#timer = setTimeout(() => this.feed({ type: 'wake' }), delayMs);
  }

  #perform(output: RoomOutput, events: RoomEvent[]): void {
    const { key, storage, socket } = this.#options;
    const links = this.#links;
    switch (output.type) {
      case 'sign':
        void this.#sign(output.draft);
        return;
      case 'save':
        void storage.save(output.kept).then(() => this.#saved(output.kept.record));
        return;
      case 'save-position':
        void storage.savePosition(key, output.position);
        return;
      case 'drop-server':
        socket.drop();
        return;
      case 'load-peers':
        void this.#loadPeers();
        return;
      case 'forget':
        void storage.forget(key, output.ids);
        return;
      case 'verify':
        void this.#verify(output);
        return;
      case 'send':
        if (output.link === 'server') socket.send(output.frame);
        else links?.send(output.link, output.frame);
        return;
      case 'dial':
        links?.dial(output.dial, output.peer, output.isInitiator, output.iceServers);
        return;
      case 'signal':
        links?.signal(output.dial, output.data);
        return;
      case 'hang-up':
        links?.hangUp(output.dial);
        return;
      case 'notify':
        events.push(output.event);
    }
  }

  #notify(event: RoomEvent): void {
    if (event.type === 'peer' && event.change.state === 'linked') void this.#links?.measure();
    if (event.type === 'upgrade-ended') {
      const { connected, attempted } = event;
      for (const resolve of this.#waitingForUpgrade.splice(0)) resolve({ connected, attempted });
    }
    const notice = noticeOf(event, this.room);
    if (notice !== null && !this.#isEnded) this.#options.dispatch(notice);
  }

  /** Fetches the mesh; where that fails, as a page without network does, it is tried again. */
  async #loadPeers(): Promise<void> {
    const { key, options, suite, device } = this.#options;
    try {
      const { PeerLinks, createPeers } = await import('./mesh-chunk.js');
      if (this.#isEnded) return;
      this.#links = new PeerLinks({
        room: key,
        self: this.self,
        name: this.#name,
        scope: options.meshScope ?? 'any',
        sign: (bytes) => suite.sign(device, bytes),
        verify: (author, bytes, signature) => suite.verify(author, bytes, signature),
        feed: (input) => this.feed(input),
        load: () => import('./peer-link.js'),
      });
      this.feed({ type: 'peers-loaded', create: createPeers });
    } catch {
      setTimeout(() => !this.#isEnded && void this.#loadPeers(), LOAD_AGAIN_MS);
    }
  }

  async #sign(draft: RecordDraft): Promise<void> {
    const { suite, device } = this.#options;
    const signature = await suite.sign(device, recordBytes(draft));
    this.feed({ type: 'signed', record: { ...draft, signature } });
  }

  async #verify({ ticket, records, receipt }: Extract<RoomOutput, { type: 'verify' }>): Promise<void> {
    const { key, suite } = this.#options;
    const [isReceiptGood, ...verdicts] = await Promise.all([
      receipt !== null && suite.verify(receipt.serverKey, placesBytes(key, receipt), receipt.proof),
      ...records.map((record) => suite.verify(record.author, recordBytes(record), record.signature)),
    ]);
    this.feed({ type: 'verified', ticket, records: records.filter((_, index) => verdicts[index]), isReceiptGood });
  }

  /** The transaction is complete: an own new record may be shown and sent, and whoever wrote it hears so. */
  #saved(record: SignedRecord): void {
    if (this.#isEnded || !this.self.endsWith(record.session)) return;
    const id = `${this.self}.${record.seq}` as RecordId;
    this.feed({ type: 'saved', id });
    this.#waitingForSave.get(id)?.(null);
    this.#waitingForSave.delete(id);
    this.#options.socket.kick();
  }

  /** Hands the body to the core and reads the id it gave from what it wants signed. */
  #nextId(body: RecordBody): RecordId {
    const outputs = this.room.handle({ type: 'write', body }, steadyNowMs());
    const events: RoomEvent[] = [];
    let id: RecordId | null = null;
    for (const output of outputs) {
      if (output.type === 'sign') id = `${this.self}.${output.draft.seq}` as RecordId;
      this.#perform(output, events);
    }
    for (const event of events) this.#notify(event);
    if (id === null) throw new Error('the room gave a record no id');
    return id;
  }

  #ready(): void {
    if (this.#isReady) return;
    this.#isReady = true;
    this.#options.dispatch(new FcReadyEvent(this.#options.options.room ?? DEFAULT_ROOM));
  }
}
