// The headless client of one room: what a page can ask, checked, and handed to the session that runs.
// What to do is decided in the core; how a page shows it is none of its business.

import type {
  ChatMember,
  ChatMessage,
  ChatStatus,
  ChatTyping,
  ConnectionQuality,
  ModerationView,
  RoutePreference,
} from '../core/chat-view.js';
import { NOBODY, UNMODERATED } from '../core/nothing-yet.js';
import type { RoomSettings } from '../core/room-io.js';
import type { AuthorId, RecordId, RoomKey } from '../protocol/ids.js';
import { roomKey } from '../protocol/ids.js';
import { LIMITS } from '../protocol/limits.js';
import { isCrewRoom } from '../protocol/record.js';
import { normalizeText } from '../protocol/text.js';
import type { ChatClientOptions } from './chat-client-options.js';
import { fetched } from './begin-with.js';
import { ChatError, closedError, storageError } from './chat-error.js';
import { ChatEventTarget, FcErrorEvent } from './chat-events.js';
import type { Chat, Diagnostics, Glance, SendOptions } from './chat.js';
import { checkedLocation, checkedName, checkedText } from './client-checks.js';
import { DEFAULT_FESTIVAL, DEFAULT_ROOM, STARTING, UNMEASURED } from './client-defaults.js';
import { loadCrypto } from './crypto-suite.js';
import { IS_DEVELOPMENT } from './development.js';
import type { CrewDesk } from './crew/crew-desk.js';
import { diagnosticsOf } from './diagnostics.js';
import { hasWebRtc, steadyNowMs } from './environment.js';
import { fetchCrew } from './fetched-parts.js';
import { nameInToken } from './join-token.js';
import { storageName } from './kept-schema.js';
import { LinkFaults } from './link-faults.js';
import type { Pairing } from './pairing/pairing-state.js';
import type { PhotoRoom } from './photos/photo-room.js';
import { Session } from './session.js';
import { openStorage, wipeStorage } from './storage.js';

/** A chat in one room of one server. Start it, and stop it when it is no longer needed. */
export class ChatClient extends ChatEventTarget implements Chat {
  readonly faults = IS_DEVELOPMENT ? new LinkFaults() : null;
  readonly room: string;
  readonly #options: ChatClientOptions;
  readonly #key: RoomKey;
  readonly #server: string;
  readonly #festival: string;
  /** Name of what the device keeps of them. */
  readonly #kept: string;
  #settings: RoomSettings;
  /** The name its join token gives this visitor: no other will do. */
  readonly #tokenName: string | null;
  #name: string | null;
  #session: Session | null = null;
  #starting: Promise<Session> | null = null;
  /** Started, and not stopped since. */
  #isWanted = false;
  /** So often was erased what is kept: what began before is given up. */
  #wipes = 0;

  /** @throws {RangeError} when a room, a festival, a name or a location is none; @throws {TypeError} when the server is no URL */
  constructor(options: ChatClientOptions) {
    super();
    this.#options = options;
    this.room = options.room ?? DEFAULT_ROOM;
    this.#festival = options.festival ?? DEFAULT_FESTIVAL;
    this.#key = roomKey(this.#festival, this.room);
    this.#server = new URL(options.server).origin;
    this.#kept = storageName(this.#server, this.#festival);
    this.#tokenName = options.token === undefined ? null : nameInToken(options.token);
    this.#name = this.#tokenName ?? (options.displayName === undefined ? null : checkedName(options.displayName));
    this.#settings = {
      preferredRoute: options.route ?? 'auto',
      mesh: options.mesh ?? 'auto',
      canDial: hasWebRtc(),
      location: checkedLocation(options.location),
      maxPeers: options.maxPeers,
      autoUpgradeDelayMs: options.autoUpgradeDelayMs,
    };
  }

  /** Loads what the device keeps, and joins. Does nothing when it runs already. After an `fc-error` it may be tried again. */
  start(): void {
    this.#isWanted = true;
    this.#starting ??= this.#start();
    // Told as `fc-error`, and to each call that waits for it.
    this.#starting.catch(() => undefined);
  }

  /** Says goodbye, closes every link and timer. What is kept stays; `start` goes on from there. */
  stop(): Promise<void> {
    this.#isWanted = false;
    return this.#endUnwanted();
  }

  get selfId(): AuthorId | null {
    return this.#session?.author ?? null;
  }

  get displayName(): string | null {
    return this.#name;
  }

  get messages(): readonly ChatMessage[] {
    return this.#session?.room.messages() ?? [];
  }

  get status(): ChatStatus {
    return this.#session?.room.status() ?? STARTING;
  }

  get members(): readonly ChatMember[] {
    return this.#session?.room.members() ?? [];
  }

  get typing(): ChatTyping {
    return this.#session?.room.typing() ?? NOBODY;
  }

  tellTyping(): void {
    if (this.#name !== null) this.#session?.feed({ type: 'typed' });
  }

  loadEarlier(): void {
    this.#session?.feed({ type: 'read-back' });
  }

  get meshEnabled(): boolean {
    return this.#session?.room.meshEnabled() ?? (this.#settings.mesh !== 'off' && this.#settings.canDial);
  }

  get photoBytesMax(): number | null {
    return this.#session?.photoBytesMax ?? null;
  }

  async photos(): Promise<PhotoRoom> {
    return (await this.#started()).photos();
  }

  get moderation(): ModerationView {
    return this.#session?.room.moderation(steadyNowMs()) ?? UNMODERATED;
  }

  get connectionQuality(): ConnectionQuality {
    return this.#session?.room.quality(steadyNowMs()) ?? UNMEASURED;
  }

  get preferredRoute(): RoutePreference {
    return this.#settings.preferredRoute;
  }

  setPreferredRoute(route: RoutePreference): void {
    this.#settings = { ...this.#settings, preferredRoute: route };
    this.#session?.configure({ preferredRoute: route });
  }

  setLocation(location: string | null): void {
    const checked = checkedLocation(location ?? undefined);
    if (checked === this.#settings.location) return;
    this.#settings = { ...this.#settings, location: checked };
    this.#session?.configure({ location: checked });
  }

  setDisplayName(name: string): void {
    const checked = this.#tokenName ?? checkedName(name);
    if (checked === this.#name) return;
    this.#name = checked;
    this.#session?.rename(checked);
  }

  async sendMessage(text: string, options: SendOptions = {}): Promise<ChatMessage> {
    const checked = checkedText(text);
    const { replyTo } = options;
    const session = await this.#started();
    const name = this.#requireName();
    const id = await session.write({
      kind: 'message',
      name,
      text: checked,
      ...(replyTo === undefined ? {} : { replyTo }),
    });
    return this.#requireMessage(id);
  }

  async react(id: RecordId, emoji: string): Promise<void> {
    const session = await this.#started();
    this.#requireMessage(id);
    this.#requireName();
    await session.write({ kind: 'reaction', target: id, emoji, isOn: !session.room.hasReacted(id, emoji) });
  }

  async editMessage(id: RecordId, text: string): Promise<void> {
    const checked = checkedText(text);
    this.#requireOwn(id);
    await (await this.#started()).write({ kind: 'edit', target: id, text: checked });
  }

  async retractMessage(id: RecordId): Promise<void> {
    this.#requireOwn(id);
    await (await this.#started()).write({ kind: 'retract', target: id });
  }

  retryMessage(id: RecordId): Promise<void> {
    this.#requireMessage(id);
    this.#session?.feed({ type: 'retry', id });
    return Promise.resolve();
  }

  async discardMessage(id: RecordId): Promise<void> {
    this.#requireOwn(id);
    (await this.#started()).feed({ type: 'discard', id });
  }

  async reportMessage(id: RecordId, reason = ''): Promise<void> {
    const checked = normalizeText(reason);
    if (checked.length > LIMITS.errorMessageLengthMax)
      throw new RangeError(`A reason has at most ${LIMITS.errorMessageLengthMax} characters.`);
    this.#requireMessage(id);
    await (await this.#started()).report(id, checked);
  }

  async attemptP2PUpgrade(): Promise<{ connected: number; attempted: number }> {
    return (await this.#started()).upgrade();
  }

  async pair(): Promise<Pairing> {
    return (await this.#started()).pair(this);
  }

  async crews(): Promise<CrewDesk> {
    const { author, storage, crew } = await this.#started();
    return (await fetchCrew()).deskOf({ author, storage, crew, festival: this.#festival });
  }

  getConnectionDiagnostics(): Diagnostics {
    return this.#session?.diagnostics() ?? diagnosticsOf(this.#settings);
  }

  get glance(): Glance | null {
    return this.#session?.glance ?? null;
  }

  forceReconnect(): void {
    this.#session?.reconnect();
  }

  async wipe(): Promise<void> {
    const storage = this.#session?.storage;
    this.#forget();
    storage?.close();
    try {
      await wipeStorage(this.#kept);
    } catch (cause) {
      throw storageError(cause);
    } finally {
      if (this.#isWanted) this.start();
    }
    // That it could not start is told as `fc-error`; erased it is.
    await this.#starting?.catch(() => undefined);
  }

  async #start(): Promise<Session> {
    const wipes = this.#wipes;
    const isWanted = (): boolean => this.#isWanted && wipes === this.#wipes;
    const storage = await openStorage(this.#kept, () => {
      if (!isWanted()) return;
      this.#forget();
      this.start();
    });
    try {
      const suite = await loadCrypto();
      const device = await storage.deviceKey(await suite.createKey());
      const lastName = await storage.fact('name');
      this.#name ??= lastName ?? null;
      const [key, { author }, festival, name] = [this.#key, device, this.#festival, () => this.#name];
      const crew = isCrewRoom(key)
        ? await (await fetched(fetchCrew, isWanted)).Crew.open({ key, festival, author, storage, name })
        : null;
      const kept = await (crew?.storage ?? storage).load(key);
      const trusted = (await storage.fact('trusted')) ?? [];
      if (!isWanted()) throw closedError();
      this.#session = new Session({
        key,
        options: this.#options,
        settings: this.#settings,
        device,
        suite,
        storage: crew?.storage ?? storage,
        server: this.#server,
        name: () => (crew === null ? this.#name : this.#tokenName),
        crew,
        faults: this.faults,
        chat: this,
      });
      // Whatever was given until now; from here on the session keeps it.
      if (this.#name !== null) void storage.keepFact('name', this.#name);
      this.#session.begin(kept, trusted);
      return this.#session;
    } catch (cause) {
      storage.close();
      if (wipes !== this.#wipes) throw closedError();
      this.#end('could not start');
      if (!this.#isWanted) throw cause;
      const error = storageError(cause);
      this.dispatchEvent(new FcErrorEvent(error));
      throw error;
    }
  }

  /** What is kept is erased, by this chat or by another. */
  #forget(): void {
    this.#wipes += 1;
    this.#end('wiped');
    this.#name = this.#tokenName;
    this.dispatchEvent(new Event('wipe'));
  }

  async #endUnwanted(): Promise<void> {
    const session = await this.#starting?.catch(() => null);
    if (this.#isWanted || session !== this.#session) return;
    this.#end('left the room');
    session?.storage.close();
  }

  #end(reason: string): void {
    this.#session?.end(reason);
    this.#session = null;
    this.#starting = null;
  }

  async #started(): Promise<Session> {
    const session = await this.#starting;
    if (session === null || session !== this.#session) throw closedError();
    return session;
  }

  #requireName(): string {
    if (this.#name === null)
      throw new ChatError('no-name', 'A name is needed before the first message.', { isRetryable: true });
    return this.#name;
  }

  #requireMessage(id: RecordId): ChatMessage {
    const message = this.#session?.room.message(id);
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
