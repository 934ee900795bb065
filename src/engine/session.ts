// One run of a client, from its start to its end: feeds the core, performs what it asks for, holds its one timer.
// What to do is decided in the core.

import type { KeptRecord, RoomEvent, RoomInput, RoomOutput, RoomSettings } from '../core/room-io.js';
import { Room } from '../core/room.js';
import type { AuthorId, PeerId, RecordId, RoomKey, SessionId } from '../protocol/ids.js';
import { peerId } from '../protocol/ids.js';
import { LIMITS } from '../protocol/limits.js';
import type { RecordBody, SealedBody, SignedRecord } from '../protocol/record.js';
import { toBase64Url } from './base64url.js';
import type { ChatClientOptions } from './chat-client-options.js';
import { ChatError, closedError } from './chat-error.js';
import { FcDiagnosisEvent, FcReadyEvent } from './chat-events.js';
import { placeholderName } from './client-checks.js';
import { DEFAULT_ROOM } from './client-defaults.js';
import type { Complaints } from './complaints.js';
import type { Crew } from './crew/crew.js';
import type { CryptoSuite, DeviceKey } from './crypto-suite.js';
import type { DeviceCare } from './care/device-care.js';
import type { Chat, Diagnostics, Glance } from './chat.js';
import { diagnosticsOf } from './diagnostics.js';
import { steadyNowMs } from './environment.js';
import { beginWith } from './begin-with.js';
import { fetchAfterStart, fetchPeers } from './fetched-parts.js';
import type { AfterStart, PeersPart } from './fetched-parts.js';
import { acquire, pageRegistry, release } from './page-registry.js';
import type { LinkFaults } from './link-faults.js';
import type { Pairing } from './pairing/pairing-state.js';
import type { Photos } from './photos/photos.js';
import { signed, verified } from './record-signatures.js';
import { noticeOf } from './room-notices.js';
import { whenPageGoes } from './page-life.js';
import { ServerPort } from './server-port.js';
import { ServerSocket } from './server-socket.js';
import { SessionLinks } from './session-links.js';
import type { ChatStorage } from './storage.js';
import { Unsaved } from './unsaved.js';

/** Timers of browsers end at 2^31 ms; a wake-up further away is looked at again then. */
const TIMER_MAX_MS = 2 ** 31 - 1;

export interface SessionOptions {
  readonly key: RoomKey;
  /** Origin. */
  readonly server: string;
  readonly options: ChatClientOptions;
  readonly settings: RoomSettings;
  readonly device: DeviceKey;
  readonly suite: CryptoSuite;
  readonly storage: ChatStorage;
  /** What the visitor joins as; null: nothing was given yet, or it is told to the room's members only. */
  readonly name: () => string | null;
  /** Seals and opens what is said; null in a room that is none of a crew. */
  readonly crew: Crew | null;
  /** Faults a developer plants in the links; null in what is published. */
  readonly faults: LinkFaults | null;
  /** Whose session this is: hears its events. */
  readonly chat: Chat;
}

export class Session {
  readonly room: Room;
  readonly self: PeerId;
  readonly crew: Crew | null;
  readonly #options: SessionOptions;
  #settings: RoomSettings;
  readonly #socket: ServerSocket;
  readonly #port: ServerPort;
  readonly #links: SessionLinks;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Null until it is fetched. */
  #care: DeviceCare | null = null;
  #unwatch = (): void => undefined;
  #isReady = false;
  #isEnded = false;
  readonly #inputs: RoomInput[] = [];
  #isFeeding = false;
  readonly #unsaved = new Unsaved();
  /** Null until the first report. */
  #complaints: Complaints | null = null;
  /** Null until the first photo. */
  openedPhotos: Promise<Photos> | null = null;
  readonly #waitingForUpgrade: ((result: { connected: number; attempted: number }) => void)[] = [];

  constructor(options: SessionOptions) {
    this.#options = options;
    this.crew = options.crew;
    this.#settings = options.settings;
    this.#links = new SessionLinks(options.faults);
    const { key, server, settings, device, suite, chat } = options;
    this.#socket = acquire(pageRegistry().sockets, server, () => new ServerSocket(server));
    const session = toBase64Url(crypto.getRandomValues(new Uint8Array(9))) as SessionId;
    this.self = peerId(device.author, session);
    const name = this.#name;
    this.room = new Room({ room: key, author: device.author, session, name: name(), settings, random: Math.random });
    this.#port = new ServerPort({
      key,
      self: this.self,
      room: this.room,
      socket: this.#socket,
      token: options.options.token,
      name,
      sign: (bytes) => suite.sign(device, bytes),
      feed: (input) => this.feed(input),
      joined: () => this.#ready(),
      dispatch: (event) => chat.dispatchEvent(event),
    });
  }

  get author(): AuthorId {
    return this.#options.device.author;
  }

  get storage(): ChatStorage {
    return this.#options.storage;
  }

  /** Takes in what the device kept, and joins. @param trusted authors the visitor has compared keys with */
  begin({ records, position }: Awaited<ReturnType<ChatStorage['load']>>, trusted: readonly AuthorId[]): void {
    this.feed({ type: 'trust', authors: trusted });
    this.feed({ type: 'restored', records, position });
    if (records.length > 0) this.#ready();
    this.crew?.begin(this);
    this.#socket.attach(this.#options.key, this.#port);
    void beginWith(fetchAfterStart, this.#isRunning, (parts) => this.#hasStarted(parts));
    this.#unwatch = whenPageGoes(() => this.feed({ type: 'leave', reason: 'the page was closed' }));
  }

  /** Says goodbye and closes every link and timer. */
  end(reason: string): void {
    const { key } = this.#options;
    this.feed({ type: 'leave', reason });
    this.#isEnded = true;
    clearTimeout(this.#timer);
    this.#care?.end();
    this.#unwatch();
    this.#links.end();
    void this.openedPhotos?.then((photos) => photos.end());
    this.#socket.detach(key, this.#port);
    if (release(pageRegistry().sockets, this.#socket.server)) this.#socket.end();
    this.#unsaved.close();
    this.#port.heard?.(null);
    this.#notify({ type: 'upgrade-ended', connected: 0, attempted: 0 });
  }

  /** Changes some of the settings; the others stay. */
  configure(change: Partial<RoomSettings>): void {
    const settings = { ...this.#settings, ...change };
    this.#settings = settings;
    this.feed({ type: 'configure', settings });
  }

  rename(name: string): void {
    this.feed({ type: 'rename', name });
    void this.#options.storage.keepFact('name', name);
    void this.#port.join();
    this.crew?.renamed();
  }

  /** Drops the socket and opens another. */
  reconnect(): void {
    this.#socket.renew();
  }

  upgrade(): Promise<{ connected: number; attempted: number }> {
    return new Promise((resolve) => {
      this.#waitingForUpgrade.push(resolve);
      this.feed({ type: 'upgrade' });
    });
  }

  /** Begins to link to a device nearby without any server. */
  async pair(chat: Chat): Promise<Pairing> {
    const { pairClient } = await import('./pairing/pair-client.js');
    this.#requireRunning();
    const { key: room, options, storage } = this.#options;
    const feed = (input: RoomInput): void => this.feed(input);
    const running = { self: this.self, storage, paired: this.#links.paired };
    return pairClient({ chat, room, scope: options.meshScope, name: this.#name, feed }, running);
  }

  /** Bytes a photo may have; null where none is taken, as in a crew room: nobody seals its bytes. */
  get photoBytesMax(): number | null {
    return this.crew === null ? this.#port.photoBytesMax : null;
  }

  /** The part that has the room's photos; fetched when it is first asked for. */
  async photos(): Promise<Photos> {
    const { openPhotos } = await import('./photos/photos.js');
    this.#requireRunning();
    return openPhotos(this, this.#options, () => this.#links.all);
  }

  /** Resolves with the record's id when it is durable on this device. @throws {ChatError} `outbox-full`, `closed`, `crew-closed` */
  async write(body: RecordBody): Promise<RecordId> {
    if (this.room.status().queued >= LIMITS.outboxMax) {
      const words = 'Too many messages wait for the server. Those are kept; this one was not.';
      throw new ChatError('outbox-full', words, { isRetryable: true });
    }
    const sealed = await this.crew?.seal(body);
    this.#requireRunning();
    return this.#unsaved.wait(this.#nextId(body, sealed));
  }

  /** Resolves when the server has the report. @throws {ChatError} `not-connected`, `rate-limited` */
  async report(id: RecordId, reason: string): Promise<void> {
    const { Complaints } = await import('./complaints.js');
    this.#requireRunning();
    this.#complaints ??= new Complaints(this.#port);
    if (this.room.status().websocket !== 'connected') throw Complaints.unheard();
    this.#socket.send({ type: 'complain', room: this.#options.key, target: id, reason });
    return this.#complaints.answer(id);
  }

  get glance(): Glance {
    const { room } = this;
    return {
      route: room.decisions()[0]?.route,
      findings: this.#care?.findings ?? [],
      isSupernode: room.mesh().isSupernode,
    };
  }

  diagnostics(): Diagnostics {
    const { suite, storage } = this.#options;
    return diagnosticsOf(this.#settings, { room: this.room, suite, storage, socket: this.#socket, care: this.#care });
  }

  /** Inputs that arise while one is handled wait for their turn. */
  feed(input: RoomInput): void {
    this.#inputs.push(input);
    if (this.#isFeeding) return;
    this.#isFeeding = true;
    const events: RoomEvent[] = [];
    try {
      for (let next = this.#inputs.shift(); next !== undefined; next = this.#inputs.shift()) {
        if (this.#isEnded) break;
        for (const output of this.room.handle(next, steadyNowMs())) this.#perform(output, events);
      }
    } finally {
      // Something that throws costs what it was to do, not the rest of the session.
      this.#isFeeding = false;
      this.#schedule();
    }
    for (const event of events) this.#notify(event);
  }

  readonly #isRunning = (): boolean => !this.#isEnded;

  /** Asked after each wait. @throws {ChatError} `closed` */
  #requireRunning(): void {
    if (this.#isEnded) throw closedError();
  }

  readonly #name = (): string => this.#options.name() ?? placeholderName(this.#options.device.author);

  #schedule(): void {
    clearTimeout(this.#timer);
    const atMs = this.#isEnded ? Infinity : this.room.nextWakeMs();
    if (atMs === Infinity) return;
    const delayMs = Math.min(TIMER_MAX_MS, Math.max(0, atMs - steadyNowMs()));
    this.#timer = setTimeout(() => this.feed({ type: 'wake' }), delayMs);
  }

  #perform(output: RoomOutput, events: RoomEvent[]): void {
    const { key, storage } = this.#options;
    const socket = this.#socket;
    switch (output.type) {
      case 'sign':
        void signed(this.#options, output.draft).then((input) => this.feed(input));
        return;
      case 'save':
        void storage.save(output.kept, this.#isUrgent(output.kept)).then(() => this.#saved(output.kept.record));
        return;
      case 'save-position':
        void storage.savePosition(key, output.position);
        return;
      case 'drop-server':
        socket.drop();
        return;
      case 'load-peers':
        void beginWith(fetchPeers, this.#isRunning, (part) => this.#beginPeers(part));
        return;
      case 'forget':
        void storage.forget(key, output.ids);
        return;
      case 'verify':
        void verified(this.#options, output).then((input) => this.feed(input));
        return;
      case 'send':
        if (output.link === 'server') socket.send(output.frame);
        else this.#links.all?.send(output.link, output.frame);
        return;
      case 'dial':
      case 'signal':
      case 'hang-up':
        this.#links.perform(output);
        return;
      case 'notify':
        events.push(output.event);
    }
  }

  #notify(event: RoomEvent): void {
    if (event.type === 'peer' && event.change.state === 'linked') this.#links.measure();
    if (event.type === 'upgrade-ended') {
      const { connected, attempted } = event;
      for (const resolve of this.#waitingForUpgrade.splice(0)) resolve({ connected, attempted });
    }
    const notice = noticeOf(event, this.room);
    if (notice !== null && !this.#isEnded) this.#options.chat.dispatchEvent(notice);
  }

  #beginPeers(part: PeersPart): void {
    const { key, options, suite, device } = this.#options;
    this.#links.begin(part, {
      room: key,
      self: this.self,
      name: this.#name,
      scope: options.meshScope ?? 'any',
      sign: (bytes) => suite.sign(device, bytes),
      verify: (author, bytes, signature) => suite.verify(author, bytes, signature),
      feed: (input) => this.feed(input),
      photos: () => this.photos(),
    });
    this.feed({ type: 'peers-loaded', create: part.create });
  }

  #hasStarted({ createBeside, createCare }: AfterStart): void {
    this.feed({ type: 'beside-loaded', create: createBeside });
    this.#care = createCare({
      server: this.#options.server,
      power: this.#options.options.power ?? 'auto',
      outbox: this.#options,
      status: () => this.room.status(),
      diagnostics: () => this.diagnostics(),
      deviceChanged: (device) => this.feed({ type: 'device', device }),
      govern: (power) => this.configure({ power }),
      findingsChanged: (findings) => this.#options.chat.dispatchEvent(new FcDiagnosisEvent(findings)),
    });
  }

  /**
   * What no server is known to hold is on the disk at once when it is this device's own, or when there is no server.
   * While there is one, its author has it on a disk and hands it over: it may wait to be written with others.
   */
  #isUrgent({ offset, record }: KeptRecord): boolean {
    if (offset !== null) return false;
    return this.self.endsWith(record.session) || this.room.status().websocket !== 'connected';
  }

  /** The transaction is complete: an own new record may be shown and sent, and whoever wrote it hears so. */
  #saved(record: SignedRecord): void {
    if (this.#isEnded || !this.self.endsWith(record.session)) return;
    const id = `${this.self}.${record.seq}` as RecordId;
    this.feed({ type: 'saved', id });
    this.#unsaved.saved(id);
    this.#socket.kick();
  }

  /** Hands the body to the core and reads the id it gave from what it wants signed. */
  #nextId(body: RecordBody, sealed: SealedBody | undefined): RecordId {
    const outputs = this.room.handle({ type: 'write', body, sealed }, steadyNowMs());
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
    this.#options.chat.dispatchEvent(new FcReadyEvent(this.#options.options.room ?? DEFAULT_ROOM));
  }
}
