import { LitElement, css, html, nothing } from 'lit';
import type { PropertyValues, TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import type { ChatMember, ChatMessage, ChatStatus, ConnectionQuality, RoutePreference } from '../core/chat-view.js';
import type { RecordId } from '../protocol/ids.js';
import type { ChatClientOptions } from '../engine/chat-client-options.js';
import type { ChatClient } from '../engine/chat-client.js';
import { ChatError } from '../engine/chat-error.js';
import {
  FcDeliveryEvent,
  FcErrorEvent,
  FcMembersEvent,
  FcMessageEvent,
  FcPeerEvent,
  FcReadyEvent,
  FcRouteEvent,
  FcSendEvent,
  FcStatusEvent,
} from '../engine/chat-events.js';
import type { ChatEventMap } from '../engine/chat-events.js';
import type { Chat, Diagnostics, SendOptions } from '../engine/chat.js';
import { acquireClient, releaseClient } from '../engine/shared-clients.js';
import { AttributeReader } from './attributes.js';
import { FcCloseEvent, FcOpenEvent, FcUnreadEvent } from './element-events.js';
import type { FcComposer, SendRequest } from './fc-composer.js';
import type { FcMessageList, RetryRequest } from './fc-message-list.js';
import type { FcNamePrompt, NameRequest } from './fc-name-prompt.js';
import { ICONS } from './icons.js';
import { WORDS, newMessages } from './strings.js';
import { base, tokens } from './tokens.js';

/** How the element makes each event of its client its own. */
const REPEATED: { [Name in keyof ChatEventMap]: (event: ChatEventMap[Name]) => Event } = {
  'fc-ready': (event) => new FcReadyEvent(event.room),
  'fc-message': (event) => new FcMessageEvent(event.message, event.isNew),
  'fc-delivery': (event) => new FcDeliveryEvent(event.message),
  'fc-status': (event) => new FcStatusEvent(event.status),
  'fc-route': (event) => new FcRouteEvent(event.decision),
  'fc-peer': (event) => new FcPeerEvent(event.change),
  'fc-members': (event) => new FcMembersEvent(event.members),
  'fc-error': (event) => new FcErrorEvent(event.error),
};

/** The script's own origin: the server that gave the widget is the one it talks to. */
const SCRIPT_ORIGIN = /^https?:/.test(import.meta.url) ? new URL(import.meta.url).origin : undefined;

/**
 * A chat for the visitors of one room. Works with no attribute at all.
 *
 * @tagname festival-chat
 *
 * Accepted but without effect yet: `location` (nearby peers first), and `lang` for words other than English
 * (times and numbers follow the browser).
 *
 * @slot header - Above everything; replaces the room's name.
 * @slot empty - Shown while nobody has said anything.
 * @slot before-composer - Between the messages and the composer.
 * @slot footer - Below everything.
 * @slot launcher-icon - Inside the launcher of the floating mode.
 *
 * @fires fc-ready - The room was joined, or its kept history is there.
 * @fires fc-message - A message is new, or has changed.
 * @fires fc-send - The visitor is about to send; cancelable.
 * @fires fc-delivery - An own message got further.
 * @fires fc-status - The status has changed.
 * @fires fc-route - A route was chosen for an own message.
 * @fires fc-peer - A peer link has changed.
 * @fires fc-members - Somebody came, went or was renamed.
 * @fires fc-unread - The number of unread messages has changed.
 * @fires fc-open - The floating chat was opened.
 * @fires fc-close - The floating chat was closed.
 * @fires fc-error - Something failed in the background.
 *
 * @csspart chat - Everything but the launcher.
 * @csspart header - The head with the room's name.
 * @csspart launcher - The button of the floating mode.
 *
 * @cssprop --fc-surface - Background.
 * @cssprop --fc-raised - Background of others' messages and of inputs.
 * @cssprop --fc-text - Text.
 * @cssprop --fc-muted - Secondary text.
 * @cssprop --fc-line - Lines.
 * @cssprop --fc-accent - Buttons, focus, marks.
 * @cssprop --fc-on-accent - Text on the accent.
 * @cssprop --fc-own - Background of own messages.
 * @cssprop --fc-danger - What failed.
 * @cssprop --fc-good - What is well.
 * @cssprop --fc-space - Distance between things.
 * @cssprop --fc-radius - Roundness.
 * @cssprop --fc-font - Font family.
 * @cssprop --fc-size - Size of text.
 * @cssprop --fc-height - Height of the inline chat.
 * @cssprop --fc-z-index - Layer of the floating and the fullscreen chat.
 */
export class FestivalChat extends LitElement {
  /** Fetches and registers the debug panel. Set by whoever registers the elements. */
  static loadPanel: () => Promise<void> = () => Promise.resolve();

  static override styles = [
    base,
    tokens,
    css`
      .root {
        display: flex;
        height: var(--fc-height, 34rem);
        min-height: 18rem;
      }
      .chat {
        flex: 1;
        min-width: 0;
        display: flex;
        flex-direction: column;
        background: var(--_surface);
        border: 1px solid var(--_line);
        border-radius: var(--_radius);
        overflow: clip;
      }
      header {
        display: flex;
        align-items: center;
        gap: 0.5rem;
        padding: 0.5rem var(--_space);
        border-bottom: 1px solid var(--_line);
      }
      .title {
        flex: 1;
        min-width: 0;
      }
      h1 {
        font-size: 1.05em;
        line-height: 1.25;
        margin: 0;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      [data-layout='floating'],
      [data-layout='fullscreen'] {
        position: fixed;
        z-index: var(--fc-z-index, 1000);
        inset: auto 1rem 1rem auto;
        height: auto;
        min-height: 0;
      }
      [data-layout='floating'] .chat {
        width: min(24rem, calc(100vw - 2rem));
        height: min(36rem, calc(100dvh - 2rem));
        box-shadow: 0 12px 48px rgb(0 0 0 / 0.3);
      }
      [data-layout='fullscreen'] {
        inset: 0;
      }
      [data-layout='fullscreen'] .chat {
        border: 0;
        border-radius: 0;
      }
      [data-layout='overlay'] {
        height: 100%;
      }
      .launcher {
        background: var(--_accent);
        color: var(--_on-accent);
        border-radius: 2rem;
        min-height: 3.5rem;
        min-width: 3.5rem;
        box-shadow: 0 6px 24px rgb(0 0 0 / 0.3);
        position: relative;
      }
      .launcher:hover {
        background: var(--_accent);
      }
      .badge {
        position: absolute;
        inset-block-start: -0.35rem;
        inset-inline-end: -0.35rem;
        min-width: 1.5rem;
        padding: 0 0.35rem;
        border-radius: 1rem;
        background: var(--_text);
        color: var(--_surface);
        font-size: 0.8125rem;
        line-height: 1.5rem;
      }
      @media (max-width: 480px) {
        [data-layout='floating'][data-open] {
          inset: 0;
        }
        [data-layout='floating'] .chat {
          width: 100%;
          height: 100%;
          border: 0;
          border-radius: 0;
        }
      }
    `,
  ];

  /** Companion server's address. Default: the origin of the script. */
  @property() server: string | null = null;
  /** Namespace of rooms and of what the device stores. Default `default`. */
  @property() festival: string | null = null;
  /** Room id, 1–64 of letters, digits, `-`, `_`, `.`. Default `lobby`. */
  @property() room: string | null = null;
  /** What people read for the room. Default: the room id. */
  @property({ attribute: 'room-name' }) roomName: string | null = null;
  /** 1–40 characters. Default: asked for, and remembered. */
  @property({ attribute: 'display-name' }) displayName: string | null = null;
  /** Signed join token, for sites with logins. A name in it is the visitor's name. */
  @property() token: string | null = null;
  /** Area of the venue. Accepted, without effect yet. */
  @property() location: string | null = null;
  /** `auto`, `manual` or `off`. Default `auto`. */
  @property() mesh: string | null = null;
  /** `any`, `local` or `relay`. Default `any`. */
  @property({ attribute: 'mesh-scope' }) meshScope: string | null = null;
  /** Preferred route: `auto`, `websocket` or `p2p`. Default `auto`. */
  @property() route: string | null = null;
  /** Full-mesh size, 0–8. Default: the server's, 5. */
  @property({ attribute: 'max-peers' }) maxPeers: string | null = null;
  /** Milliseconds after joining before an automatic upgrade. Default: the server's, 10000. */
  @property({ attribute: 'auto-upgrade-delay' }) autoUpgradeDelay: string | null = null;
  /** `inline`, `floating`, `fullscreen` or `overlay`. Default `inline`. */
  @property() mode: string | null = null;
  /** Floating: opened. */
  @property({ type: Boolean, reflect: true }) open = false;
  /** `auto`, `light` or `dark`. Default `auto`. */
  @property({ attribute: 'color-mode' }) colorMode: string | null = null;
  /** No composer. */
  @property({ type: Boolean }) readonly = false;
  /** The mesh debug panel is available. */
  @property({ type: Boolean }) debug = false;

  @state() private chat: Chat | null = null;
  @state() private isPanelOpen = false;
  @state() private isPanelLoaded = false;
  @state() private unread = 0;
  @query('fc-message-list') private readonly list!: FcMessageList | null;
  @query('fc-composer') private readonly composer!: FcComposer | null;
  @query('fc-name-prompt') private readonly namePrompt!: FcNamePrompt | null;

  readonly #attributes = new AttributeReader(this);
  /** The client this element has acquired, and for what; not one that was set from outside. */
  #acquired: { readonly client: ChatClient; readonly options: ChatClientOptions; readonly key: string } | null = null;
  #listening: AbortController | null = null;

  /** The headless client. Set one to use a chat of your own making; the element then makes none. */
  @property({ attribute: false })
  get client(): Chat | null {
    return this.chat;
  }

  set client(client: Chat | null) {
    this.#release();
    this.#use(client);
  }

  get messages(): readonly ChatMessage[] {
    return this.chat?.messages ?? [];
  }

  get status(): ChatStatus | null {
    return this.chat?.status ?? null;
  }

  get members(): readonly ChatMember[] {
    return this.chat?.members ?? [];
  }

  get meshEnabled(): boolean {
    return this.chat?.meshEnabled ?? false;
  }

  get connectionQuality(): ConnectionQuality | null {
    return this.chat?.connectionQuality ?? null;
  }

  get preferredRoute(): RoutePreference {
    return this.chat?.preferredRoute ?? 'auto';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.#acquire();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    // A move within the document disconnects and connects at once: only what stays away is ended.
    queueMicrotask(() => {
      if (!this.isConnected) this.#release();
    });
  }

  /** Resolves when the message is durable on this device. @throws {ChatError} `no-name`, `outbox-full`, `closed` */
  sendMessage(text: string, options?: SendOptions): Promise<ChatMessage> {
    return this.#required().sendMessage(text, options);
  }

  /** Adds this visitor's reaction, or takes it back. */
  react(id: RecordId, emoji: string): Promise<void> {
    return this.#required().react(id, emoji);
  }

  editMessage(id: RecordId, text: string): Promise<void> {
    return this.#required().editMessage(id, text);
  }

  retractMessage(id: RecordId): Promise<void> {
    return this.#required().retractMessage(id);
  }

  setPreferredRoute(route: RoutePreference): void {
    this.#required().setPreferredRoute(route);
  }

  /** Opens links to peers now; resolves when each has opened or failed. */
  attemptP2PUpgrade(): Promise<{ readonly connected: number; readonly attempted: number }> {
    return this.#required().attemptP2PUpgrade();
  }

  getConnectionDiagnostics(): Diagnostics {
    return this.#required().getConnectionDiagnostics();
  }

  /** Drops the socket and opens a new one. Nothing is lost. */
  forceReconnect(): void {
    this.#required().forceReconnect();
  }

  /** Forgets everything this device keeps of this server and festival. */
  wipe(): Promise<void> {
    return this.#required().wipe();
  }

  /** Opens the floating chat. Does nothing when it is open, or in another mode. */
  openChat(): void {
    if (this.open || this.#mode !== 'floating') return;
    this.open = true;
    this.#setUnread(0);
    this.dispatchEvent(new FcOpenEvent());
    void this.updateComplete.then(() => this.focusComposer());
  }

  /** Closes the floating chat and gives the focus back to its launcher. */
  closeChat(): void {
    if (!this.open) return;
    this.open = false;
    this.dispatchEvent(new FcCloseEvent());
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('.launcher')?.focus());
  }

  toggleChat(): void {
    if (this.open) this.closeChat();
    else this.openChat();
  }

  focusComposer(): void {
    (this.composer ?? this.namePrompt)?.focus();
  }

  scrollToLatest(): void {
    this.list?.scrollToLatest();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const ofClient = [
      'server',
      'festival',
      'room',
      'token',
      'mesh',
      'meshScope',
      'maxPeers',
      'autoUpgradeDelay',
    ] as const;
    const isFirst = !this.hasUpdated;
    if (isFirst || ofClient.some((name) => changed.has(name))) this.#acquire();
    else {
      const name = this.#attributes.read('display-name');
      const route = this.#attributes.read('route');
      if (changed.has('displayName') && name !== undefined) this.chat?.setDisplayName(name);
      if (changed.has('route')) this.chat?.setPreferredRoute((route ?? 'auto') as RoutePreference);
    }
    if (this.debug && !this.isPanelLoaded) void this.#loadPanel();
  }

  protected override render(): TemplateResult {
    const mode = this.#mode;
    const isShown = mode !== 'floating' || this.open;
    this.#reflectState();
    return html`<div
      class="root"
      data-layout=${mode}
      data-mode=${this.#attributes.read('color-mode') ?? 'auto'}
      ?data-open=${this.open}
      @keydown=${this.#handleKey}
    >
      ${isShown ? this.#renderChat(mode) : this.#renderLauncher()}
    </div>`;
  }

  #renderLauncher(): TemplateResult {
    const label = this.unread > 0 ? `${WORDS.open}, ${newMessages(this.unread)}` : WORDS.open;
    return html`<button class="launcher" part="launcher" aria-label=${label} @click=${this.openChat}>
      <slot name="launcher-icon">${ICONS.chat}</slot>
      ${this.unread > 0 ? html`<span class="badge" part="badge" aria-hidden="true">${this.unread}</span>` : nothing}
    </button>`;
  }

  #renderChat(mode: string): TemplateResult {
    const { chat } = this;
    const roomName = this.roomName ?? chat?.room ?? '';
    const canWrite = chat !== null && !this.readonly && mode !== 'overlay';
    return html`<section
      class="chat"
      part="chat"
      aria-label=${roomName}
      @send-request=${this.#handleSend}
      @name-request=${this.#handleName}
      @retry-request=${this.#handleRetry}
    >
      <header part="header">
        <div class="title">
          <slot name="header"
            ><h1><bdi>${roomName}</bdi></h1></slot
          >
          <fc-status .status=${chat?.status ?? null}></fc-status>
        </div>
        <fc-members .members=${chat?.members ?? []} .count=${chat?.status.members ?? 0}></fc-members>
        ${
          this.debug
            ? html`<button
                part="panel-toggle"
                aria-expanded=${this.isPanelOpen}
                aria-label=${WORDS.panelTitle}
                @click=${() => (this.isPanelOpen = !this.isPanelOpen)}
              >
                ${ICONS.mesh}
              </button>`
            : nothing
        }
        ${
          mode === 'floating'
            ? html`<button part="close" aria-label=${WORDS.close} @click=${this.closeChat}>${ICONS.close}</button>`
            : nothing
        }
      </header>
      <fc-message-list
        .messages=${chat?.messages ?? []}
        .label=${roomName}
        ?large=${mode === 'overlay'}
        exportparts="message, message-own, bubble, author, day, delivery, reaction, new-messages"
      >
        <slot name="empty" slot="empty">${WORDS.empty}</slot>
      </fc-message-list>
      ${
        this.debug && this.isPanelOpen && this.isPanelLoaded
          ? html`<fc-mesh-panel .chat=${chat}></fc-mesh-panel>`
          : nothing
      }
      <slot name="before-composer"></slot>
      ${canWrite ? this.#renderWriting(chat) : nothing}
      <slot name="footer"></slot>
    </section>`;
  }

  #renderWriting(chat: Chat): TemplateResult {
    // While the key and the remembered name are being read nobody is asked for one.
    if (chat.displayName === null && chat.selfId !== null) return html`<fc-name-prompt></fc-name-prompt>`;
    return html`<fc-composer
      exportparts="composer, input, send"
      ?offline=${!chat.status.isConnected && chat.status.connection !== 'connecting'}
    ></fc-composer>`;
  }

  async #handleSend({ text }: SendRequest): Promise<void> {
    const event = new FcSendEvent(text);
    if (!this.dispatchEvent(event)) return;
    try {
      await this.#required().sendMessage(text);
      this.composer?.clear(text);
      this.list?.scrollToLatest();
    } catch (error) {
      // The text stays in the composer: it is nowhere else.
      const failure =
        error instanceof ChatError
          ? error
          : new ChatError('closed', error instanceof Error ? error.message : String(error), {
              isRetryable: true,
              cause: error,
            });
      this.dispatchEvent(new FcErrorEvent(failure));
    }
  }

  async #handleName({ displayName }: NameRequest): Promise<void> {
    this.chat?.setDisplayName(displayName);
    this.requestUpdate();
    await this.updateComplete;
    this.focusComposer();
  }

  #handleRetry({ message }: RetryRequest): void {
    void this.chat?.retryMessage(message.id);
  }

  #handleKey(event: KeyboardEvent): void {
    if (event.key === 'Escape' && this.#mode === 'floating' && this.open) this.closeChat();
  }

  get #mode(): string {
    return this.#attributes.read('mode') ?? 'inline';
  }

  #required(): Chat {
    if (this.chat === null) throw new ChatError('closed', 'The chat is not in a document.', { isRetryable: true });
    return this.chat;
  }

  async #loadPanel(): Promise<void> {
    await FestivalChat.loadPanel();
    this.isPanelLoaded = true;
    this.isPanelOpen = true;
  }

  /** Takes the page's client for what the attributes say now, unless one was set from outside. */
  #acquire(): void {
    if (this.chat !== null && this.#acquired === null) return;
    const options = this.#options();
    const key = JSON.stringify(options);
    if (options === null || this.#acquired?.key === key) return;
    this.#release();
    const client = acquireClient(options);
    this.#acquired = { client, options, key };
    this.#use(client);
  }

  #release(): void {
    if (this.#acquired !== null) releaseClient(this.#acquired.options, this.#acquired.client);
    if (this.#acquired !== null) this.#use(null);
    this.#acquired = null;
  }

  #options(): ChatClientOptions | null {
    const read = this.#attributes;
    const server = read.read('server') ?? SCRIPT_ORIGIN;
    if (server === undefined) return null;
    const { token } = this;
    const displayName = read.read('display-name');
    const maxPeers = read.readNumber('max-peers');
    const autoUpgradeDelayMs = read.readNumber('auto-upgrade-delay');
    return {
      server,
      festival: read.read('festival') ?? 'default',
      room: read.read('room') ?? 'lobby',
      mesh: (read.read('mesh') ?? 'auto') as 'auto' | 'manual' | 'off',
      meshScope: (read.read('mesh-scope') ?? 'any') as 'any' | 'local' | 'relay',
      route: (read.read('route') ?? 'auto') as RoutePreference,
      ...(token === null ? {} : { token }),
      ...(displayName === undefined ? {} : { displayName }),
      ...(maxPeers === undefined ? {} : { maxPeers }),
      ...(autoUpgradeDelayMs === undefined ? {} : { autoUpgradeDelayMs }),
    };
  }

  #use(chat: Chat | null): void {
    this.#listening?.abort();
    this.chat = chat;
    if (chat === null) return;
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    for (const name of Object.keys(REPEATED) as (keyof ChatEventMap)[]) {
      chat.addEventListener(name, (event) => this.#repeat(name, event), { signal });
    }
  }

  #repeat<Name extends keyof ChatEventMap>(name: Name, event: ChatEventMap[Name]): void {
    if (
      event instanceof FcMessageEvent &&
      event.isNew &&
      !event.message.mine &&
      event.message.path.route !== 'history'
    ) {
      const isHidden = this.#mode === 'floating' && !this.open;
      if (isHidden) this.#setUnread(this.unread + 1);
    }
    this.requestUpdate();
    this.dispatchEvent(REPEATED[name](event));
  }

  #setUnread(count: number): void {
    if (count === this.unread) return;
    this.unread = count;
    this.dispatchEvent(new FcUnreadEvent(count));
  }

  /** States a page may style by. */
  #reflectState(): void {
    const { status } = this;
    this.toggleAttribute('data-mesh', (status?.peers ?? 0) > 0);
    this.setAttribute('data-connection', status?.connection ?? 'connecting');
    this.setAttribute('data-route', this.chat?.getConnectionDiagnostics().routes.recent[0]?.route ?? 'none');
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'festival-chat': FestivalChat;
  }
  interface HTMLElementEventMap extends ChatEventMap {
    'fc-send': FcSendEvent;
    'fc-open': FcOpenEvent;
    'fc-close': FcCloseEvent;
    'fc-unread': FcUnreadEvent;
  }
}
