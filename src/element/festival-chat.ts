import { html, nothing } from 'lit';
import { property } from 'lit/decorators.js';
import type { PropertyValues, TemplateResult } from 'lit';
import type { ChatEventMap, FcSendEvent } from '../engine/chat-events.js';
import type { Chat } from '../engine/chat.js';
import { FETCH_AGAIN_MS } from '../engine/begin-with.js';
import { AttributeReader, clientOptions } from './attributes.js';
import { ChatBase } from './chat-base.js';
import { chatStyles } from './chat-styles.js';
import { ClientHolder } from './client-holder.js';
import { ColorMode } from './color-mode.js';
import { forgetPlace, placeOf } from './device-place.js';
import { FcCloseEvent, FcOpenEvent } from './element-events.js';
import type { FcUnreadEvent } from './element-events.js';
import type { ChatExtras } from './extras/chat-extras.js';
import { ICONS } from './icons.js';
import type { LoadPart } from './extras/lazy-parts.js';
import { OpenRequest } from './requests.js';
import type { SendRequest } from './requests.js';
import { NEW, Sending } from './sending.js';
import { base, tokens } from './tokens.js';
import { Language } from './words/language.js';

/** Attributes a client is made from: a change makes another. */
const OF_CLIENT = [
  'server',
  'festival',
  'room',
  'token',
  'mesh',
  'meshScope',
  'power',
  'maxPeers',
  'autoUpgradeDelay',
] as const;

/** Screens draw sixty frames a second. */
const FRAME_MS = 16;

/** Events kept for what is fetched later: a badge shows no more than two figures anyway. */
const EARLY_MAX = 100;

const LIST_PARTS =
  'messages, message, message-own, bubble, photo, photo-state, author, avatar, quote, reaction, delivery, retry, tools, day, unread, new-messages, empty, earlier, typing';

/**
 * A chat for the visitors of one room. Works with no attribute at all.
 *
 * @tagname festival-chat
 *
 * The words are English, Spanish, German, French, Portuguese or Arabic.
 *
 * @attr {string} lang - Language of the words, as BCP 47. Default: the page's around the element, else English.
 *
 * @slot header - Above everything; replaces the room's name.
 * @slot empty - Shown while nobody has said anything.
 * @slot before-composer - Between the messages and the composer.
 * @slot footer - Below everything.
 * @slot launcher-icon - Inside the launcher of the floating mode.
 *
 * @fires fc-ready - The room was joined, or its kept history is there (`room`).
 * @fires fc-message - A message is new, or has changed (`message`, `isNew`).
 * @fires fc-send - The visitor is about to send; cancelable (`text`).
 * @fires fc-delivery - An own message got further (`message`).
 * @fires fc-status - The status has changed (`status`).
 * @fires fc-route - A route was chosen for an own message (`decision`).
 * @fires fc-peer - A peer link has changed (`change`).
 * @fires fc-members - Somebody came, went or was renamed (`members`).
 * @fires fc-typing - Somebody began to write, or nobody writes any more (`typing`).
 * @fires fc-unread - The number of unread messages has changed (`count`).
 * @fires fc-open - The floating chat was opened.
 * @fires fc-close - The floating chat was closed.
 * @fires fc-announcement - The organiser has said something to everybody (`text`).
 * @fires fc-moderation - The organiser has pinned, removed, restricted, slowed down or cleared (`action`).
 * @fires fc-diagnosis - What is wrong with device or network has changed (`findings`).
 * @fires fc-error - Something failed in the background, or what the visitor asked for did (`error`).
 *
 * @csspart chat - Everything but the launcher.
 * @csspart header - The head with the room's name.
 * @csspart title - The room's name.
 * @csspart status - The line that says how things are.
 * @csspart finding - The button below it that says what is wrong.
 * @csspart members - The button with the number of people.
 * @csspart launcher - The button of the floating mode.
 * @csspart badge - The number of unread messages on the launcher.
 * @csspart close - The button that closes the floating chat.
 * @csspart panel-toggle - The button of the debug panel.
 * @csspart failure - Why the last request failed.
 * @csspart messages - What scrolls. The parts of `fc-message-list` and `fc-composer` are the element's too.
 * @csspart sheet - What opens above the chat.
 * @csspart pinned - The bar with what the organiser has pinned.
 * @csspart pinned-text - Its text, up to three lines.
 * @csspart notice - Above the field: slow mode, a mute or a ban, and until when.
 * @csspart qr - The code by which a device nearby is linked, or a private room's invite.
 * @csspart private - In a private room the button that says so.
 * @csspart photo-large - A photo that was opened.
 * @csspart photo-preview - A picture before it is sent.
 * @csspart caption - The field for its caption.
 * @csspart digits - The four digits that two people compare.
 * @csspart quick-reactions - The row of emoji in a message's menu.
 * @csspart menu-item - One action of that menu.
 * @csspart details - How a message travelled.
 * @csspart report - The form that reports a message.
 * @csspart emoji - One emoji to choose.
 * @csspart member - One person among those who are here.
 * @csspart erase - The button that erases everything on this device.
 * @csspart findings - What is wrong with device or network.
 * @csspart copy-report - The button that copies a report of it.
 * @csspart mesh-panel - The debug panel.
 * @csspart upgrade - Its button that links to peers now.
 * @csspart link - One link in it.
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
export class FestivalChat extends ChatBase {
  /** Fetches and registers a part. Set by whoever registers the elements. */
  static loadPart: LoadPart = () => Promise.resolve();
  static override styles = [base, tokens, chatStyles];

  static override get observedAttributes(): string[] {
    return [...super.observedAttributes, 'lang'];
  }

  /** Attributes as far as they are valid. */
  readonly #checked = new AttributeReader(this);
  readonly #language = new Language(this);
  readonly #colors = new ColorMode(this);
  readonly #holder = new ClientHolder(
    this,
    () => (this.#isAtDoor ? null : clientOptions(this.#checked, this.token)),
    (event) => this.#heard(event),
  );
  readonly #sending = new Sending(this, this.#holder);
  /** Null until it is fetched. */
  #extras: ChatExtras | null = null;
  #isExtending = false;
  /** What happened before it was, at most EARLY_MAX. */
  readonly #early: Event[] = [];

  @property({ attribute: false })
  get client(): Chat | null {
    return this.#holder.chat;
  }

  set client(client: Chat | null) {
    this.#holder.replace(client);
    this.#sending.write(NEW);
  }

  override attributeChangedCallback(name: string, before: string | null, value: string | null): void {
    super.attributeChangedCallback(name, before, value);
    if (name === 'lang') this.requestUpdate();
  }

  /** Forgets everything this device keeps of this server and festival: key, history, outbox, name, drafts, who is blocked. */
  override async wipe(): Promise<void> {
    const { options } = this.#holder;
    if (options !== null) forgetPlace(placeOf(options));
    await super.wipe();
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

  /** Opens the floating chat, or closes it. */
  toggleChat(): void {
    if (this.open) this.closeChat();
    else this.openChat();
  }

  /** Puts the cursor where the visitor writes, or gives a name. */
  focusComposer(): void {
    if (!this.isConnected) return;
    (this.#part('fc-composer') ?? this.#part('fc-name-prompt'))?.focus();
  }

  /** Shows the latest message. */
  scrollToLatest(): void {
    this.#part('fc-message-list')?.scrollToLatest();
  }

  /** A burst of messages, or of acknowledgements from many peers, is one update a frame. */
  protected override async scheduleUpdate(): Promise<void> {
    // A timer, for a page that goes out of sight has no frames, and is to tell of what comes then.
    if (this.hasUpdated && !document.hidden) await new Promise((resolve) => setTimeout(resolve, FRAME_MS));
    await super.scheduleUpdate();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!this.hasUpdated || OF_CLIENT.some((name) => changed.has(name))) this.#holder.acquire();
    // One that was taken just now knows; one that was set from outside, or is for these attributes as well, does not.
    if (this.hasUpdated) {
      const name = this.#checked.read('display-name');
      if (changed.has('displayName') && name !== undefined) this.client?.setDisplayName(name);
      if (changed.has('location')) this.client?.setLocation(this.#checked.read('location') ?? null);
      if (changed.has('route')) this.client?.setPreferredRoute(this.#checked.route);
    }
    this.#extras?.update(this.messages, this.#checked.read('theme'));
  }

  protected override updated(): void {
    this.#extras?.updated(this.messages);
    if (this.#extras === null && !this.#isExtending) void this.#extend();
  }

  protected override render(): TemplateResult {
    // A page may style by it.
    this.setAttribute('data-connection', this.status?.connection ?? 'connecting');
    return html`<div
      class="root"
      data-layout=${this.#mode}
      data-mode=${this.#colors.resolve(this.#checked.read('color-mode'))}
      data-theme=${this.#extras?.theme ?? nothing}
      dir=${this.#language.direction ?? nothing}
      ?data-open=${this.open}
      @keydown=${this.#handleKey}
    >
      ${this.#isShown ? this.#renderChat() : this.#renderLauncher()} ${this.#extras?.voice()}
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
        ${this.#renderHeader(roomName)} ${extras?.pinned(this.#mode === 'overlay')}
        <fc-message-list
          .messages=${extras?.visible(this.messages) ?? this.messages}
          .members=${this.members}
          .status=${this.status}
          .typing=${extras?.typing ?? null}
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
        ${extras?.finding()}
      </div>
      <button class="members" part="members" aria-haspopup="dialog" @click=${this.#openMembers}>
        ${ICONS.people} <span>${words.say('peopleHere', { n: this.status?.members ?? 0 })}</span>
      </button>
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
      exportparts="composer, input, send, attach, emoji-button, context, mentions, notice"
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

  #heard(event: Event): void {
    if (this.#extras !== null) this.#extras.heard(event);
    else if (this.#early.length < EARLY_MAX) this.#early.push(event);
  }

  #openMembers(event: Event): void {
    event.target?.dispatchEvent(new OpenRequest('members'));
  }

  #handleKey(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || event.isComposing || this.#mode !== 'floating' || !this.open) return;
    event.stopPropagation();
    this.closeChat();
  }

  /** Where there is no network it is tried again when something has happened, and after a while. */
  async #extend(): Promise<void> {
    this.#isExtending = true;
    try {
      await FestivalChat.loadPart('extras');
      const { ChatExtras, ENGLISH_MORE } = await import('./extras/extras.js');
      this.#language.complete(ENGLISH_MORE);
      this.#extras = new ChatExtras({
        element: this,
        sending: this.#sending,
        isShown: () => this.#isShown,
        words: () => this.#language.words,
        options: () => this.#holder.options,
        wanted: () => clientOptions(this.#checked, this.token),
        load: (part) => FestivalChat.loadPart(part),
      });
      for (const event of this.#early.splice(0)) this.#extras.heard(event);
    } catch (error) {
      console.warn('<festival-chat>: a part could not be fetched.', error);
      setTimeout(() => this.requestUpdate(), FETCH_AGAIN_MS);
    }
    this.#isExtending = false;
  }

  #part<Tag extends keyof HTMLElementTagNameMap>(tag: Tag): HTMLElementTagNameMap[Tag] | null {
    return this.renderRoot.querySelector(tag);
  }

  get #mode(): string {
    return this.#checked.read('mode') ?? 'inline';
  }

  /** The address names a private room: whoever comes for that is not taken into the page's own first. */
  get #isAtDoor(): boolean {
    return this.#extras === null && location.hash.startsWith('#fc-crew=');
  }

  /** The messages are not behind a launcher. */
  get #isShown(): boolean {
    return this.#mode !== 'floating' || this.open;
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
