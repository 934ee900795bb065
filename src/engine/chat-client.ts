// The headless client of one room: feeds the core, performs what it asks for, holds the one timer.
// What to do is decided in the core; how a page shows it is none of its business.

import type {
  ChatMember,
  ChatMessage,
  ChatStatus,
  ChatTyping,
  ConnectionQuality,
  RoutePreference,
} from '../core/chat-view.js';
import type { RoomEvent, RoomInput, RoomOutput, RoomSettings } from '../core/room-io.js';
import { Room } from '../core/room.js';
import { joinBytes, placesBytes, recordBytes } from '../protocol/canonical.js';
import type { FrameOf } from '../protocol/frames.js';
import type { AuthorId, PeerId, RecordId, RoomKey, SessionId } from '../protocol/ids.js';
import { authorTag, peerId, roomKey } from '../protocol/ids.js';
import { LIMITS, PROTOCOL_VERSION } from '../protocol/limits.js';
import { isName, isText } from '../protocol/record.js';
import type { RecordBody, RecordDraft, SignedRecord } from '../protocol/record.js';
import { normalizeName, normalizeText } from '../protocol/text.js';
import { toBase64Url } from './base64url.js';
import { ChatError } from './chat-error.js';
import {
  ChatEventTarget,
  FcDeliveryEvent,
  FcErrorEvent,
  FcMembersEvent,
  FcMessageEvent,
  FcPeerEvent,
  FcReadyEvent,
  FcRouteEvent,
  FcStatusEvent,
  FcTypingEvent,
} from './chat-events.js';
import type { ChatClientOptions } from './chat-client-options.js';
import type { Chat, Diagnostics, SendOptions } from './chat.js';
import { CLIENT_VERSION, NOBODY, STARTING, UNMEASURED } from './client-defaults.js';
import { loadCrypto } from './crypto-suite.js';
import type { CryptoSuite, DeviceKey } from './crypto-suite.js';
import { IS_DEVELOPMENT } from './development.js';
import { detectNetwork, hasWebRtc, isSecureContext, steadyNowMs, visibility } from './environment.js';
import { nameInToken } from './join-token.js';
import { LinkFaults } from './link-faults.js';
import { acquire, pageRegistry, release } from './page-registry.js';
import type { PeerLinks } from './peer-links.js';
import { ServerSocket } from './server-socket.js';
import type { RoomPort } from './server-socket.js';
import { openStorage } from './storage.js';
import type { ChatStorage } from './storage.js';

/** The mesh could not be fetched: again after this. */
const LOAD_AGAIN_MS = 10_000;
/** The browser's statistics of the links are read this often. */
const MEASURE_EVERY_MS = 5_000;
/** Timers of browsers end at 2^31 ms; a wake-up further away is looked at again then. */
const TIMER_MAX_MS = 2 ** 31 - 1;

/** Everything a started client works with; made once the device's key is there. */
interface Running {
  readonly room: Room;
  readonly self: PeerId;
  readonly key: DeviceKey;
  readonly suite: CryptoSuite;
  readonly storage: ChatStorage;
  /** Null until the mesh is loaded. */
  links: PeerLinks | null;
  readonly socket: ServerSocket;
}

/** A chat in one room of one server. Start it, and stop it when it is no longer needed. */
export class ChatClient extends ChatEventTarget implements Chat {
  readonly room: string;
  readonly faults = IS_DEVELOPMENT ? new LinkFaults() : null;
  readonly #options: ChatClientOptions;
  readonly #key: RoomKey;
  readonly #server: string;
  readonly #festival: string;
  #settings: RoomSettings;
  /** The name its join token gives this visitor: no other will do. */
  readonly #tokenName: string | null;
  #name: string | null;
  #running: Running | null = null;
  #starting: Promise<Running> | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #unwatch = (): void => undefined;
  #measureTimer: ReturnType<typeof setInterval> | null = null;
  #welcome: FrameOf<'welcome'> | null = null;
  #isReady = false;
  readonly #inputs: RoomInput[] = [];
  #isFeeding = false;
  readonly #waitingForSave = new Map<RecordId, (error: ChatError | null) => void>();
  #waitingForUpgrade: ((result: { connected: number; attempted: number }) => void)[] = [];
  readonly #leaving = (): void => this.#feed({ type: 'leave', reason: 'the page was closed' });

  /** @throws {RangeError} when a room, a festival or a name is none; @throws {TypeError} when the server is no URL */
  constructor(options: ChatClientOptions) {
    super();
    this.#options = options;
    this.room = options.room ?? 'lobby';
    this.#festival = options.festival ?? 'default';
    this.#key = roomKey(this.#festival, this.room);
    this.#server = new URL(options.server).origin;
    this.#tokenName = options.token === undefined ? null : nameInToken(options.token);
    this.#name = this.#tokenName ?? (options.displayName === undefined ? null : checkedName(options.displayName));
    this.#settings = {
      preferredRoute: options.route ?? 'auto',
      mesh: options.mesh ?? 'auto',
      canDial: hasWebRtc(),
      ...(options.maxPeers === undefined ? {} : { maxPeers: options.maxPeers }),
      ...(options.autoUpgradeDelayMs === undefined ? {} : { autoUpgradeDelayMs: options.autoUpgradeDelayMs }),
    };
  }

  /** Loads what the device keeps, and joins. Does nothing when it runs already. */
  start(): void {
    if (this.#starting !== null) return;
    this.#starting = this.#start();
    this.#starting.catch((error: unknown) => {
      const cause = error instanceof Error ? error.message : String(error);
      this.dispatchEvent(new FcErrorEvent(new ChatError('storage', cause, { isRetryable: true, cause: error })));
    });
  }

  /** Says goodbye, closes every link and timer. What is kept stays; `start` goes on from there. */
  async stop(): Promise<void> {
    const running = await this.#starting?.catch(() => null);
    if (!running) return;
    this.#feed({ type: 'leave', reason: 'left the room' });
    running.socket.send({ type: 'leave', room: this.#key });
    this.#end(running);
    running.storage.close();
  }

  get selfId(): AuthorId | null {
    return this.#running?.key.author ?? null;
  }

  get displayName(): string | null {
    return this.#name;
  }

  get messages(): readonly ChatMessage[] {
    return this.#running?.room.messages() ?? [];
  }

  get status(): ChatStatus {
    return this.#running?.room.status() ?? STARTING;
  }

  get members(): readonly ChatMember[] {
    return this.#running?.room.members() ?? [];
  }

  get typing(): ChatTyping {
    return this.#running?.room.typing() ?? NOBODY;
  }

  get meshEnabled(): boolean {
    return this.#running?.room.meshEnabled() ?? (this.#settings.mesh !== 'off' && this.#settings.canDial);
  }

  get connectionQuality(): ConnectionQuality {
    return this.#running?.room.quality(steadyNowMs()) ?? { webSocket: UNMEASURED, p2p: UNMEASURED };
  }

  get preferredRoute(): RoutePreference {
    return this.#settings.preferredRoute;
  }

  setPreferredRoute(route: RoutePreference): void {
    this.#settings = { ...this.#settings, preferredRoute: route };
    this.#feed({ type: 'configure', settings: this.#settings });
  }

  setDisplayName(name: string): void {
    const checked = this.#tokenName ?? checkedName(name);
    if (checked === this.#name) return;
    this.#name = checked;
    this.#feed({ type: 'rename', name: checked });
    void this.#running?.storage.setDisplayName(checked);
    if (this.status.websocket === 'connected') void this.#join();
  }

  async sendMessage(text: string, options: SendOptions = {}): Promise<ChatMessage> {
    const checked = checkedText(text);
    const { replyTo } = options;
    const name = this.#requireName();
    const id = await this.#write({
      kind: 'message',
      name,
      text: checked,
      ...(replyTo === undefined ? {} : { replyTo }),
    });
    return this.#requireMessage(id);
  }

  tellTyping(): void {
    if (this.#name !== null) this.#feed({ type: 'typed' });
  }

  async react(id: RecordId, emoji: string): Promise<void> {
    const { room } = await this.#started();
    this.#requireMessage(id);
    this.#requireName();
    await this.#write({ kind: 'reaction', target: id, emoji, isOn: !room.hasReacted(id, emoji) });
  }

  async editMessage(id: RecordId, text: string): Promise<void> {
    const checked = checkedText(text);
    this.#requireOwn(id);
    await this.#write({ kind: 'edit', target: id, text: checked });
  }

  async retractMessage(id: RecordId): Promise<void> {
    this.#requireOwn(id);
    await this.#write({ kind: 'retract', target: id });
  }

  retryMessage(id: RecordId): Promise<void> {
    this.#requireMessage(id);
    this.#feed({ type: 'retry', id });
    return Promise.resolve();
  }

  loadEarlier(): void {
    this.#feed({ type: 'read-back' });
  }

  async attemptP2PUpgrade(): Promise<{ connected: number; attempted: number }> {
    await this.#started();
    return new Promise((resolve) => {
      this.#waitingForUpgrade.push(resolve);
      this.#feed({ type: 'upgrade' });
    });
  }

  getConnectionDiagnostics(): Diagnostics {
    const nowMs = steadyNowMs();
    const { room, suite, storage, socket } = this.#running ?? {};
    return {
      detector: detectNetwork(),
      circuitBreaker: {
        network: room?.networkBreaker(nowMs) ?? { state: 'closed', outcomes: 0, failures: 0, retryInMs: 0 },
      },
      routes: {
        preferred: this.preferredRoute,
        quality: this.connectionQuality,
        recent: room?.decisions() ?? [],
      },
      links: room?.links(nowMs) ?? [],
      stats: room?.stats() ?? NO_STATS,
      environment: {
        clientVersion: CLIENT_VERSION,
        protocolVersion: PROTOCOL_VERSION,
        isSecureContext: isSecureContext(),
        hasWebRtc: hasWebRtc(),
        hasWebCrypto: suite?.kind === 'webcrypto',
        storage: storage?.kind ?? 'memory',
        visibility: visibility(),
        clockOffsetMs: room?.clockOffsetMs() ?? null,
        transport: socket?.transport ?? null,
      },
    };
  }

  forceReconnect(): void {
    this.#running?.socket.renew();
  }

  async wipe(): Promise<void> {
    const running = await this.#started();
    this.#feed({ type: 'leave', reason: 'wiped' });
    running.socket.send({ type: 'leave', room: this.#key });
    this.#end(running);
    await running.storage.wipe();
    this.#name = this.#tokenName;
    this.start();
    await this.#started();
  }

  // Starting and ending

  async #start(): Promise<Running> {
    const storage = await openStorage(`festival-chat:${this.#server}:${this.#festival}`);
    const suite = await loadCrypto();
    const key = await storage.deviceKey(await suite.createKey());
    if (this.#name === null) this.#name = await storage.displayName();
    else void storage.setDisplayName(this.#name);
    const session = toBase64Url(crypto.getRandomValues(new Uint8Array(9))) as SessionId;
    const self = peerId(key.author, session);
    const name = this.#name ?? placeholderName(key.author);
    const settings = this.#settings;
    const room = new Room({ room: this.#key, author: key.author, session, name, settings, random: Math.random });
    const { records, position } = await storage.load(this.#key);
    const socket = acquire(pageRegistry().sockets, this.#server, () => new ServerSocket(this.#server));
    this.#running = { room, self, key, suite, storage, links: null, socket };
    this.#feed({ type: 'restored', records, position });
    if (records.length > 0) this.#ready();
    socket.attach(this.#key, this.#port());
    this.#measureTimer = setInterval(() => void this.#running?.links?.measure(), MEASURE_EVERY_MS);
    if (typeof addEventListener === 'function') addEventListener('pagehide', this.#leaving);
    return this.#running;
  }

  #end(running: Running): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#measureTimer !== null) clearInterval(this.#measureTimer);
    this.#unwatch();
    if (typeof removeEventListener === 'function') removeEventListener('pagehide', this.#leaving);
    running.links?.closeAll();
    running.socket.detach(this.#key);
    if (release(pageRegistry().sockets, this.#server)) running.socket.end();
    for (const settle of this.#waitingForSave.values()) {
      settle(new ChatError('closed', 'The chat was closed before the message was kept.', { isRetryable: true }));
    }
    this.#waitingForSave.clear();
    this.#running = null;
    this.#starting = null;
    this.#welcome = null;
    this.#isReady = false;
  }

  #started(): Promise<Running> {
    return this.#starting ?? Promise.reject(new ChatError('closed', 'The chat is not started.', { isRetryable: true }));
  }

  #port(): RoomPort {
    return {
      welcomed: (welcome) => {
        this.#welcome = welcome;
        this.#feed({ type: 'server-opening' });
        void this.#join();
      },
      frame: (frame) => {
        this.#feed({ type: 'frame', link: 'server', frame });
        if (frame.type === 'joined') this.#ready();
        if (frame.type === 'refused') this.#announce(frame);
      },
      badFrame: () => this.#feed({ type: 'bad-frame', link: 'server' }),
      lost: (reason) => {
        this.#welcome = null;
        this.#feed({ type: 'server-down', reason });
      },
    };
  }

  async #join(): Promise<void> {
    const welcome = this.#welcome;
    const running = this.#running;
    if (welcome === null || running === null) return;
    const { room, self, suite, key, socket } = running;
    const proof = await suite.sign(key, joinBytes(this.#key, self, welcome.nonce));
    if (this.#welcome !== welcome) return;
    const position = room.joinPosition();
    socket.send({
      type: 'join',
      version: PROTOCOL_VERSION,
      room: this.#key,
      peer: self,
      name: this.#name ?? placeholderName(key.author),
      proof,
      ...(this.#options.token === undefined ? {} : { token: this.#options.token }),
      ...(position === undefined ? {} : { position }),
    });
  }

  // The core's inputs and outputs

  /** Inputs that arise while one is handled wait for their turn. */
  #feed(input: RoomInput): void {
    this.#inputs.push(input);
    if (this.#isFeeding) return;
    this.#isFeeding = true;
    const events: RoomEvent[] = [];
    for (let next = this.#inputs.shift(); next !== undefined; next = this.#inputs.shift()) {
      const running = this.#running;
      if (running === null) continue;
      for (const output of running.room.handle(next, steadyNowMs())) this.#perform(running, output, events);
    }
    this.#isFeeding = false;
    this.#schedule();
    for (const event of events) this.#notify(event);
  }

  #schedule(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    const atMs = this.#running?.room.nextWakeMs() ?? Infinity;
    if (atMs === Infinity) return;
    const delayMs = Math.min(TIMER_MAX_MS, Math.max(0, atMs - steadyNowMs()));
    this.#timer = setTimeout(() => this.#feed({ type: 'wake' }), delayMs);
  }

  #perform(running: Running, output: RoomOutput, events: RoomEvent[]): void {
    const { storage, socket, links } = running;
    switch (output.type) {
      case 'sign':
        void this.#sign(running, output.draft);
        return;
      case 'save':
        void storage.save(output.kept).then(() => this.#saved(running, output.kept.record));
        return;
      case 'save-position':
        void storage.savePosition(this.#key, output.position);
        return;
      case 'drop-server':
        socket.drop();
        return;
      case 'load-peers':
        void this.#loadPeers(running);
        return;
      case 'forget':
        void storage.forget(this.#key, output.ids);
        return;
      case 'verify':
        void this.#verify(running, output);
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
    const room = this.#running?.room;
    if (room === undefined) return;
    switch (event.type) {
      case 'message-added':
      case 'message-changed': {
        const message = room.message(event.id);
        if (message !== undefined) this.dispatchEvent(new FcMessageEvent(message, event.type === 'message-added'));
        return;
      }
      case 'delivery': {
        const message = room.message(event.id);
        if (message !== undefined) this.dispatchEvent(new FcDeliveryEvent(message));
        return;
      }
      case 'status':
        this.dispatchEvent(new FcStatusEvent(room.status()));
        return;
      case 'members':
        this.dispatchEvent(new FcMembersEvent(room.members()));
        return;
      case 'typing':
        this.dispatchEvent(new FcTypingEvent(room.typing()));
        return;
      case 'route':
        this.dispatchEvent(new FcRouteEvent(event.decision));
        return;
      case 'peer':
        if (event.change.state === 'linked') void this.#running?.links?.measure();
        this.dispatchEvent(new FcPeerEvent(event.change));
        return;
      case 'upgrade-ended': {
        const { connected, attempted } = event;
        for (const resolve of this.#waitingForUpgrade.splice(0)) resolve({ connected, attempted });
      }
    }
  }

  /** Fetches the mesh; where that fails, as a page without network does, it is tried again. */
  async #loadPeers(running: Running): Promise<void> {
    const { suite, key, self } = running;
    try {
      const [{ PeerLinks, createPeers }, { watchDevice }] = await Promise.all([
        import('./mesh-chunk.js'),
        import('./device-sensor.js'),
      ]);
      if (this.#running !== running) return;
      running.links = new PeerLinks({
        room: this.#key,
        self,
        name: () => this.#name ?? placeholderName(key.author),
        scope: this.#options.meshScope ?? 'any',
        sign: (bytes) => suite.sign(key, bytes),
        verify: (author, bytes, signature) => suite.verify(author, bytes, signature),
        feed: (input) => this.#feed(input),
        load: async () => {
          const { openPeerLink } = await import('./peer-link.js');
          return { openPeerLink: this.faults?.wrap(openPeerLink) ?? openPeerLink };
        },
      });
      this.#feed({ type: 'peers-loaded', create: createPeers });
      this.#unwatch = watchDevice((device) => this.#feed({ type: 'device', device }));
    } catch {
      setTimeout(() => this.#running === running && void this.#loadPeers(running), LOAD_AGAIN_MS);
    }
  }

  async #sign(running: Running, draft: RecordDraft): Promise<void> {
    const signature = await running.suite.sign(running.key, recordBytes(draft));
    if (this.#running === running) this.#feed({ type: 'signed', record: { ...draft, signature } });
  }

  async #verify(
    running: Running,
    { ticket, records, receipt }: Extract<RoomOutput, { type: 'verify' }>,
  ): Promise<void> {
    const { suite } = running;
    const [isReceiptGood, ...verdicts] = await Promise.all([
      receipt !== null && suite.verify(receipt.serverKey, placesBytes(this.#key, receipt), receipt.proof),
      ...records.map((record) => suite.verify(record.author, recordBytes(record), record.signature)),
    ]);
    if (this.#running !== running) return;
    this.#feed({ type: 'verified', ticket, records: records.filter((_, index) => verdicts[index]), isReceiptGood });
  }

  /** The transaction is complete: an own new record may be shown and sent, and whoever wrote it hears so. */
  #saved(running: Running, record: SignedRecord): void {
    if (this.#running !== running || !running.self.endsWith(record.session)) return;
    const id = `${running.self}.${record.seq}` as RecordId;
    this.#feed({ type: 'saved', id });
    this.#waitingForSave.get(id)?.(null);
    this.#waitingForSave.delete(id);
    running.socket.kick();
  }

  async #write(body: RecordBody): Promise<RecordId> {
    const running = await this.#started();
    if (running.room.status().queued >= LIMITS.outboxMax) {
      const words = 'Too many messages wait for the server. Those are kept; this one was not.';
      throw new ChatError('outbox-full', words, { isRetryable: true });
    }
    const id = this.#nextId(running, body);
    return new Promise((resolve, reject) => {
      this.#waitingForSave.set(id, (error) => (error === null ? resolve(id) : reject(error)));
    });
  }

  /** Hands the body to the core and reads the id it gave from what it wants signed. */
  #nextId(running: Running, body: RecordBody): RecordId {
    const outputs = running.room.handle({ type: 'write', body }, steadyNowMs());
    const events: RoomEvent[] = [];
    let id: RecordId | null = null;
    for (const output of outputs) {
      if (output.type === 'sign') id = `${running.self}.${output.draft.seq}` as RecordId;
      this.#perform(running, output, events);
    }
    for (const event of events) this.#notify(event);
    if (id === null) throw new Error('the room gave a record no id');
    return id;
  }

  // Checks

  #ready(): void {
    if (this.#isReady) return;
    this.#isReady = true;
    this.dispatchEvent(new FcReadyEvent(this.room));
  }

  #announce(frame: FrameOf<'refused'>): void {
    if (frame.code === 'rate-limited' || frame.code === 'not-joined') return;
    const isRetryable = frame.retryAfterMs !== undefined;
    this.dispatchEvent(new FcErrorEvent(new ChatError(frame.code, frame.message, { isRetryable })));
  }

  #requireName(): string {
    if (this.#name === null)
      throw new ChatError('no-name', 'A name is needed before the first message.', { isRetryable: true });
    return this.#name;
  }

  #requireMessage(id: RecordId): ChatMessage {
    const message = this.#running?.room.message(id);
    if (message === undefined)
      throw new ChatError('no-such-message', 'This message is not here.', { isRetryable: false });
    return message;
  }

  #requireOwn(id: RecordId): void {
    if (!this.#requireMessage(id).mine) {
      throw new ChatError('not-yours', 'Only its author can change a message.', { isRetryable: false });
    }
  }
}

const NO_STATS = {
  sent: 0,
  received: 0,
  viaWebSocket: 0,
  viaP2P: 0,
  duplicatesFiltered: 0,
  fallbacks: 0,
  relayed: 0,
  rejected: 0,
} as const;

/** Whoever has given no name yet is in the room to read. */
function placeholderName(author: AuthorId): string {
  return `Guest ${authorTag(author)}`;
}

function checkedName(name: string): string {
  const normal = normalizeName(name);
  if (!isName(normal)) throw new RangeError('a name has 1 to 40 characters, something visible among them');
  return normal;
}

function checkedText(text: string): string {
  const normal = normalizeText(text);
  if (!isText(normal))
    throw new RangeError(`a message has 1 to ${LIMITS.textBytesMax} bytes, something visible among them`);
  return normal;
}
