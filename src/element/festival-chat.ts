import { LitElement, html, nothing } from 'lit';
import type { PropertyValues, TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import type { ChatMember, ChatMessage, ChatStatus, ConnectionQuality, RoutePreference } from '../core/chat-view.js';
import type { ChatEventMap, FcSendEvent } from '../engine/chat-events.js';
import type { Chat, Diagnostics, SendOptions } from '../engine/chat.js';
import type { RecordId } from '../protocol/ids.js';
import { AttributeReader, clientOptions } from './attributes.js';
import { chatStyles } from './chat-styles.js';
import { ClientHolder } from './client-holder.js';
import { ColorMode } from './color-mode.js';
import { FcCloseEvent, FcOpenEvent } from './element-events.js';
import type { FcUnreadEvent } from './element-events.js';
import type { ChatExtras } from './extras/chat-extras.js';
import { ICONS } from './icons.js';
import { LazyParts } from './lazy-parts.js';
import type { LoadPart } from './lazy-parts.js';
import type { SendRequest } from './requests.js';
import { NEW, Sending } from './sending.js';
import { base, tokens } from './tokens.js';
import type { Phrases } from './words/english.js';
import { Language } from './words/language.js';

/** Attributes a client is made from: a change makes another. */
const OF_CLIENT = ['server', 'festival', 'room', 'token', 'mesh', 'meshScope', 'maxPeers', 'autoUpgradeDelay'] as const;

/** Events kept for what is fetched later: a badge shows no more than two figures anyway. */
const EARLY_MAX = 100;

const LIST_PARTS =
  'messages, message, message-own, bubble, author, avatar, quote, reaction, delivery, retry, tools, day, unread, new-messages, empty';

/**
 * A chat for the visitors of one room. Works with no attribute at all.
 *
 * @tagname festival-chat
 *
 * `location` (nearby peers first) is accepted, and has no effect yet. `lang` names the language of the words (English,
 * Spanish, German, French, Portuguese, Arabic); without it the page's around the element is taken.
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
 * @fires fc-error - Something failed in the background, or what the visitor asked for did.
 *
 * @csspart chat - Everything but the launcher.
 * @csspart header - The head with the room's name.
 * @csspart title - The room's name.
 * @csspart status - The line that says how things are.
 * @csspart members - The button with the number of people.
 * @csspart launcher - The button of the floating mode.
 * @csspart badge - The number of unread messages on the launcher.
 * @csspart close - The button that closes the floating chat.
 * @csspart panel-toggle - The button of the debug panel.
 * @csspart failure - Why the last request failed.
 * @csspart messages - What scrolls. The parts of `fc-message-list` and `fc-composer` are the element's too.
 * @csspart sheet - What opens above the chat.
 *
 * @cssprop --fc-surface - Background.
 * @cssprop --fc-raised - Background of others' messages and of inputs.
 * @cssprop --fc-text - Text.
 * @cssprop --fc-muted - Secondary text.
 * @cssprop --fc-line - Lines.
 * @cssprop --fc-accent - Buttons, focus, marks.
 * @cssprop --fc-on-accent - Text on the accent.
 * @cssprop --fc-own - Background of own messages.
 * @cssprop --fc-on-own - Text of own messages. Default: the text's.
 * @cssprop --fc-header - Background of the head. Default: the surface.
 * @cssprop --fc-on-header - Text of the head. Default: the text's.
 * @cssprop --fc-danger - What failed.
 * @cssprop --fc-good - What is well.
 * @cssprop --fc-space - Distance between things.
 * @cssprop --fc-radius - Roundness.
 * @cssprop --fc-font - Font family.
 * @cssprop --fc-heading-font - Font family of the room's name. Default: the font.
 * @cssprop --fc-size - Size of text.
 * @cssprop --fc-height - Height of the inline and of the floating chat.
 * @cssprop --fc-width - Width of the floating chat.
 * @cssprop --fc-z-index - Layer of the floating and the fullscreen chat. Default 1000.
 */
export class FestivalChat extends LitElement {
  /** Fetches and registers a part. Set by whoever registers the elements. */
  static loadPart: LoadPart = () => Promise.resolve();
  static override styles = [base, tokens, chatStyles];

  static override get observedAttributes(): string[] {
    return [...super.observedAttributes, 'lang'];
  }

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
  /** A ready look: `low-tide`, `neon`, `meadow` or `desert`. Default: plain. Custom properties of the page win over it. */
  @property() theme: string | null = null;
  /** Phrases of your own in place of the widget's, by their key (`src/element/words/english.ts` lists them). */
  @property({ attribute: false }) phrases: Partial<Phrases> = {};
  /** No composer. */
  @property({ type: Boolean }) readonly = false;
  /** The mesh debug panel is available. */
  @property({ type: Boolean }) debug = false;

  readonly #attributes = new AttributeReader(this);
  readonly #language = new Language(this);
  readonly #colors = new ColorMode(this);
  readonly #parts = new LazyParts(
    (part) => FestivalChat.loadPart(part),
    () => this.requestUpdate(),
  );
  readonly #holder = new ClientHolder(
    this,
    () => clientOptions(this.#attributes, this.token),
    (event) => this.#heard(event),
  );
  readonly #sending = new Sending(this, this.#holder);
  /** Null until it is fetched. */
  #extras: ChatExtras | null = null;
  /** What happened before it was, at most EARLY_MAX. */
  readonly #early: Event[] = [];

  /** The headless client. Set one to use a chat of your own making; the element then makes none. */
  @property({ attribute: false })
  get client(): Chat | null {
    return this.#holder.chat;
  }

  set client(client: Chat | null) {
    this.#holder.replace(client);
    this.#sending.write(NEW);
  }

  get messages(): readonly ChatMessage[] {
    return this.client?.messages ?? [];
  }

  get status(): ChatStatus | null {
    return this.client?.status ?? null;
  }

  get members(): readonly ChatMember[] {
    return this.client?.members ?? [];
  }

  get meshEnabled(): boolean {
    return this.client?.meshEnabled ?? false;
  }

  get connectionQuality(): ConnectionQuality | null {
    return this.client?.connectionQuality ?? null;
  }

  get preferredRoute(): RoutePreference {
    return this.client?.preferredRoute ?? 'auto';
  }

  override attributeChangedCallback(name: string, before: string | null, value: string | null): void {
    super.attributeChangedCallback(name, before, value);
    if (name === 'lang') this.requestUpdate();
  }

  /** Resolves when the message is durable on this device. @throws {ChatError} `no-name`, `outbox-full`, `closed` */
  sendMessage(text: string, options?: SendOptions): Promise<ChatMessage> {
    return this.#holder.require().sendMessage(text, options);
  }

  /** Adds this visitor's reaction, or takes it back. */
  react(id: RecordId, emoji: string): Promise<void> {
    return this.#holder.require().react(id, emoji);
  }

  editMessage(id: RecordId, text: string): Promise<void> {
    return this.#holder.require().editMessage(id, text);
  }

  retractMessage(id: RecordId): Promise<void> {
    return this.#holder.require().retractMessage(id);
  }

  setPreferredRoute(route: RoutePreference): void {
    this.#holder.require().setPreferredRoute(route);
  }

  /** Opens links to peers now; resolves when each has opened or failed. */
  attemptP2PUpgrade(): Promise<{ readonly connected: number; readonly attempted: number }> {
    return this.#holder.require().attemptP2PUpgrade();
  }

  getConnectionDiagnostics(): Diagnostics {
    return this.#holder.require().getConnectionDiagnostics();
  }

  /** Drops the socket and opens a new one. Nothing is lost. */
  forceReconnect(): void {
    this.#holder.require().forceReconnect();
  }

  /** Forgets everything this device keeps of this server and festival: key, history, outbox, name, drafts. */
  async wipe(): Promise<void> {
    this.#extras?.wipe();
    await this.#holder.require().wipe();
  }

  /** Opens the floating chat. Does nothing when it is open, or in another mode. */
  openChat(): void {
    if (this.open || this.#mode !== 'floating') return;
    this.open = true;
    this.#extras?.looked();
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
    (this.#part('fc-composer') ?? this.#part('fc-name-prompt'))?.focus();
  }

  scrollToLatest(): void {
    this.#part('fc-message-list')?.scrollToLatest();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!this.hasUpdated || OF_CLIENT.some((name) => changed.has(name))) this.#holder.acquire();
    else {
      const name = this.#attributes.read('display-name');
      if (changed.has('displayName') && name !== undefined) this.client?.setDisplayName(name);
      if (changed.has('route')) this.client?.setPreferredRoute(this.#attributes.route);
    }
    this.#extras?.update(this.messages, this.#attributes.read('theme'));
  }

  protected override updated(): void {
    this.#extras?.updated(this.messages);
    if (this.#extras === null && this.#parts.has('extras')) void this.#extend();
  }

  protected override render(): TemplateResult {
    this.#reflectState();
    return html`<div
      class="root"
      data-layout=${this.#mode}
      data-mode=${this.#colors.resolve(this.#attributes.read('color-mode'))}
      data-theme=${this.#extras?.theme ?? nothing}
      dir=${this.#language.direction ?? nothing}
      ?data-open=${this.open}
      @keydown=${this.#handleKey}
    >
      ${this.#isShown ? this.#renderChat() : this.#renderLauncher()}
    </div>`;
  }

  #renderLauncher(): TemplateResult {
    const { words } = this.#language;
    const unread = this.#extras?.unread ?? 0;
    const label = unread > 0 ? `${words.say('open')}, ${words.say('newMessages', { n: unread })}` : words.say('open');
    return html`<button class="launcher" part="launcher" aria-label=${label} @click=${this.openChat}>
      <slot name="launcher-icon">${ICONS.chat}</slot>
      ${unread > 0 ? html`<span class="badge" part="badge" aria-hidden="true">${unread > 99 ? '99+' : unread}</span>` : nothing}
    </button>`;
  }

  #renderChat(): TemplateResult {
    const { client } = this;
    const extras = this.#extras;
    const { words } = this.#language;
    const roomName = this.roomName ?? client?.room ?? '';
    const isReadonly = this.readonly || this.#mode === 'overlay';
    return html`<section
      class="chat"
      part="chat"
      aria-label=${roomName}
      @send-request=${this.#handleSend}
      @open-request=${this.#heard}
    >
      <div class="body" ?inert=${extras?.isCovering === true}>
        ${this.#renderHeader(roomName)}
        <fc-message-list
          .messages=${extras?.visible(this.messages) ?? this.messages}
          .members=${this.members}
          .selfName=${client?.displayName ?? null}
          .unreadFrom=${extras?.unreadFrom ?? null}
          .makeExtras=${extras?.makeListExtras ?? null}
          .words=${words}
          .label=${roomName}
          ?readonly=${isReadonly}
          ?large=${this.#mode === 'overlay'}
          exportparts=${LIST_PARTS}
        >
          <slot name="empty" slot="empty">${words.say('empty')}</slot>
        </fc-message-list>
        ${this.debug ? extras?.panel() : nothing}
        <slot name="before-composer"></slot>
        ${this.#sending.failure === '' ? nothing : html`<p class="failure" part="failure" role="alert">${words.say('failed', { reason: this.#sending.failure })}</p>`}
        ${client === null || isReadonly ? nothing : this.#renderWriting(client)}
        <slot name="footer"></slot>
      </div>
      ${extras?.render()}
    </section>`;
  }

  #renderHeader(roomName: string): TemplateResult {
    const { words } = this.#language;
    const extras = this.#extras;
    return html`<header part="header">
      <div class="title">
        <slot name="header"
          ><h1 part="title"><bdi>${roomName}</bdi></h1></slot
        >
        <fc-status exportparts="status" .status=${this.status} .words=${words}></fc-status>
      </div>
      <fc-members exportparts="members" .count=${this.status?.members ?? 0} .words=${words}></fc-members>
      ${this.debug ? extras?.panelToggle() : nothing}
      ${
        this.#mode === 'floating'
          ? html`<button part="close" aria-label=${words.say('close')} @click=${this.closeChat}>${ICONS.close}</button>`
          : nothing
      }
    </header>`;
  }

  #renderWriting(chat: Chat): TemplateResult | typeof nothing {
    const { words } = this.#language;
    // While the key and the remembered name are being read nobody is asked for one.
    if (chat.displayName === null && chat.selfId !== null) {
      return this.#extras?.namePrompt() ?? nothing;
    }
    return html`<fc-composer
      exportparts="composer, input, send, emoji-button, context, mentions"
      .writing=${this.#sending.writing}
      .members=${this.members}
      .makeExtras=${this.#extras?.makeComposerExtras ?? null}
      .words=${words}
      ?offline=${!chat.status.isConnected && chat.status.connection !== 'connecting'}
    ></fc-composer>`;
  }

  async #handleSend({ text }: SendRequest): Promise<void> {
    const isNew = this.#sending.writing.kind !== 'edit';
    if ((await this.#sending.send(text, this.#part('fc-composer'))) && isNew) this.scrollToLatest();
  }

  readonly #heard = (event: Event): void => {
    if (this.#extras !== null) this.#extras.heard(event);
    else if (this.#early.length < EARLY_MAX) this.#early.push(event);
  };

  #handleKey(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || this.#mode !== 'floating' || !this.open) return;
    event.stopPropagation();
    this.closeChat();
  }

  async #extend(): Promise<void> {
    const { ChatExtras, ENGLISH_MORE } = await import('./extras/extras.js');
    if (this.#extras !== null) return;
    this.#language.complete(ENGLISH_MORE);
    this.#extras = new ChatExtras({
      element: this,
      sending: this.#sending,
      isShown: () => this.#isShown,
      words: () => this.#language.words,
      options: () => this.#holder.options,
      has: (part) => this.#parts.has(part),
      list: () => this.#part('fc-message-list'),
      composer: () => this.#part('fc-composer'),
      membersButton: () => this.#part('fc-members'),
    });
    for (const event of this.#early.splice(0)) this.#extras.heard(event);
    this.requestUpdate();
  }

  #part<Tag extends keyof HTMLElementTagNameMap>(tag: Tag): HTMLElementTagNameMap[Tag] | null {
    return this.renderRoot.querySelector(tag);
  }

  get #mode(): string {
    return this.#attributes.read('mode') ?? 'inline';
  }

  /** The messages are not behind a launcher. */
  get #isShown(): boolean {
    return this.#mode !== 'floating' || this.open;
  }

  /** States a page may style by. */
  #reflectState(): void {
    const { status } = this;
    this.setAttribute('data-connection', status?.connection ?? 'connecting');
    this.setAttribute('data-route', this.client?.getConnectionDiagnostics().routes.recent[0]?.route ?? 'none');
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
