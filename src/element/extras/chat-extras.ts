// Everything that is not needed to show messages and to send one, in one chunk that is fetched right after. Knows the
// element by its public face and the few parts it is given.

import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import type { ChatMessage, ChatTyping } from '../../core/chat-view.js';
import type { ChatClientOptions } from '../../engine/chat-client-options.js';
import { NOBODY } from '../../core/nothing-yet.js';
import { FcMessageEvent } from '../../engine/chat-events.js';
import type { ComposerExtras, FcComposer } from '../fc-composer.js';
import type { FcMessageList, ListExtras } from '../fc-message-list.js';
import type { FestivalChat } from '../festival-chat.js';
import { OpenRequest } from '../requests.js';
import { NEW } from '../sending.js';
import type { Sending } from '../sending.js';
import type { Words } from '../words/words.js';
import { CrewDoor } from '../crew/crew-door.js';
import { Alerts } from './alerts.js';
import { Announcer } from './announcer.js';
import { Attention } from './attention.js';
import { Blocking } from './blocking.js';
import { WritingExtras } from './composer-extras.js';
import { Conversation, focusList, part } from './conversation.js';
import { DeviceMemory, MemoryWatch } from './device-memory.js';
import { LazyParts } from './lazy-parts.js';
import type { LazyPart, LoadPart } from './lazy-parts.js';
import { MessageListExtras } from './list-extras.js';
import { PhotoExtras } from './photo-extras.js';
import { SHEET_PARTS } from './fc-sheet.js';
import type { Sheet } from './fc-sheet.js';
import { Pins } from './pins.js';
import { SHEET_ICONS } from './sheet-icons.js';
import { RelayAwake } from './relay-awake.js';
import { Standing } from './standing.js';
import { Theme } from './theme.js';
import { VisibleArea } from './visible-area.js';

/** What the element lends. */
export interface ChatHost {
  readonly element: FestivalChat;
  readonly sending: Sending;
  /** The messages are not behind a launcher. */
  isShown(): boolean;
  words(): Words;
  /** What its own client was made with; null for one that was set from outside. */
  options(): ChatClientOptions | null;
  /** What its attributes ask for now; null when no server is known. */
  wanted(): ChatClientOptions | null;
  /** Fetches and registers a part. */
  readonly load: LoadPart;
}

/** What a sheet shows may have to be fetched. */
const PART_OF: Readonly<Partial<Record<Sheet['kind'], LazyPart>>> = {
  pairing: 'pairing',
  crew: 'crew',
  attach: 'photos',
  photo: 'photos',
};

export class ChatExtras {
  readonly makeListExtras = (list: FcMessageList): ListExtras => new MessageListExtras(list, this.#photos);
  readonly makeComposerExtras = (composer: FcComposer): ComposerExtras =>
    new WritingExtras(composer, { memory: () => this.#memory, standing: this.#standing, photos: this.#photos });
  readonly #host: ChatHost;
  readonly #conversation: Conversation;
  readonly #blocking = new Blocking(() => this.#memory);
  readonly #pins: Pins;
  readonly #standing: Standing;
  readonly #attention: Attention;
  readonly #announcer: Announcer;
  readonly #parts: LazyParts;
  readonly #photos: PhotoExtras;
  readonly #theme: Theme;
  readonly #awake: RelayAwake;
  readonly #alerts: Alerts;
  readonly #crew: CrewDoor;
  #isPanelOpen = true;
  #memory = new DeviceMemory(null);
  #options: ChatClientOptions | null = null;
  /** Which room was shown last. */
  #room: string | null = null;

  constructor(host: ChatHost) {
    this.#host = host;
    const { element } = host;
    this.#conversation = new Conversation(host, () => this.#memory);
    this.#attention = new Attention(element, () => host.isShown());
    this.#announcer = new Announcer(element, () => host.words());
    const announcer = this.#announcer;
    const words = (): Words => host.words();
    this.#pins = new Pins({ announcer, words, blocking: this.#blocking, memory: () => this.#memory });
    const changed = (): void => part(element, 'fc-composer')?.requestUpdate();
    this.#crew = new CrewDoor(host, changed);
    this.#standing = new Standing({ announcer, words, crewSays: () => this.#crew.says, element, changed });
    element.renderRoot.addEventListener('close-pinned-request', () => this.#closePinned());
    this.#parts = new LazyParts(host.load, () => {
      element.requestUpdate();
      part(element, 'fc-message-list')?.requestUpdate();
    });
    const mayWrite = (): boolean => !this.#standing.isLocked;
    this.#photos = new PhotoExtras({ element, parts: this.#parts, words, mayWrite, changed });
    this.#theme = new Theme(element);
    this.#awake = new RelayAwake(element, () => this.#memory);
    const isShown = (): boolean => host.isShown();
    this.#alerts = new Alerts({ element, isShown, words, memory: () => this.#memory });
    element.requestUpdate();
    new MemoryWatch(element);
    new VisibleArea(element);
  }

  /** Messages that came while nobody looked. */
  get unread(): number {
    return this.#attention.unread;
  }

  get unreadFrom(): string | null {
    return this.#attention.unreadFrom;
  }

  /** The ready look that is shown; undefined without one. */
  get theme(): string | undefined {
    return this.#theme.name;
  }

  /** A sheet is open: what is under it takes no input. */
  get isCovering(): boolean {
    return this.#conversation.sheet !== null;
  }

  /** Who writes, without people the visitor has blocked. */
  get typing(): ChatTyping {
    return this.#blocking.visibleTyping(this.#host.element.client?.typing ?? NOBODY);
  }

  /** Somebody looks at the messages again. */
  looked(): void {
    this.#attention.looked();
  }

  visible(messages: readonly ChatMessage[]): readonly ChatMessage[] {
    return this.#blocking.visible(messages);
  }

  /** Before each rendering. */
  update(messages: readonly ChatMessage[], theme: string | undefined): void {
    this.#theme.use(theme);
    this.#crew.update();
    const options = this.#host.options();
    if (options !== this.#options) this.#remember(options);
    this.#follow();
    this.#attention.update(this.#memory, messages);
    this.#pins.update(this.#host.element.client);
  }

  #remember(options: ChatClientOptions | null): void {
    this.#options = options;
    this.#memory = new DeviceMemory(options);
    this.#conversation.reset();
    part(this.#host.element, 'fc-composer')?.requestUpdate();
  }

  /** Also what stands in the field, and what was not kept on the device but here. */
  #wipe(): void {
    this.#remember(this.#host.options());
    this.#alerts.wipe();
    this.#host.sending.write(NEW);
    this.#crew.wiped();
  }

  /** Another room is shown than before. A client for a new token is of the same room: what is being written goes on. */
  #follow(): void {
    const { client } = this.#host.element;
    if (client === null) return;
    const room = `${this.#memory.place} ${client.room}`;
    if (this.#room !== null && room !== this.#room) this.#conversation.leave();
    this.#room = room;
  }

  /** After each rendering. */
  updated(messages: readonly ChatMessage[]): void {
    if (part(this.#host.element, 'fc-message-list')?.isAtEnd === true) this.#attention.read(messages.at(-1));
    if (this.#host.isShown()) this.#pins.updated();
    this.#standing.update();
    this.#photos.updated(messages);
    // A page may style by it.
    const { element } = this.#host;
    element.setAttribute('data-route', element.client?.glance?.route ?? 'none');
  }

  /** An event of the client, or a request. */
  heard(event: Event): void {
    if (event.type === 'wipe') this.#wipe();
    if (event instanceof OpenRequest) this.#open(event);
    if (!(event instanceof FcMessageEvent) || !event.isNew) return;
    const { message } = event;
    if (message.path.route === 'history') return;
    if (message.mine) this.#attention.wrote();
    else if (!this.#blocking.isBlocked(message)) {
      this.#attention.arrived(message, part(this.#host.element, 'fc-message-list')?.isAtEnd ?? true);
      void this.#alerts.heard(message);
      if (message.kind === 'announcement') this.#insist(message);
      else if (this.#host.isShown()) this.#announcer.heard(message);
    }
  }

  /** What is pinned, for above the messages. @param isLarge nothing can be pressed */
  pinned(isLarge: boolean): TemplateResult | typeof nothing {
    const { shown } = this.#pins;
    if (shown.length === 0) return nothing;
    return html`<fc-pinned
      exportparts="pinned, pinned-text"
      .messages=${shown}
      .words=${this.#host.words()}
      ?large=${isLarge}
    ></fc-pinned>`;
  }

  /** For below the status: whether the room is private, and what is wrong; an organiser's choice is nothing a visitor would want to change. */
  finding(): TemplateResult {
    const { client, status } = this.#host.element;
    const code = client?.glance?.findings.find((found) => found !== 'p2p-disabled');
    return html`${this.#crew.mark()}<fc-finding
      exportparts="finding"
      .code=${code ?? null}
      ?known=${code === status?.reason}
      .words=${this.#host.words()}
      ></fc-finding>`;
  }

  namePrompt(): TemplateResult {
    return html`<fc-name-prompt exportparts="name-prompt, input" .words=${this.#host.words()}></fc-name-prompt>`;
  }

  panelToggle(): TemplateResult {
    return html`<button
      part="panel-toggle"
      aria-expanded=${this.#isPanelOpen}
      aria-label=${this.#host.words().say('panelTitle')}
      @click=${() => this.#togglePanel()}
    >
      ${SHEET_ICONS.mesh}
    </button>`;
  }

  panel(): TemplateResult | typeof nothing {
    if (!this.#isPanelOpen || !this.#parts.has('panel')) return nothing;
    return html`<fc-mesh-panel exportparts="mesh-panel, upgrade, link" .chat=${this.#host.element.client} .words=${this.#host.words()}></fc-mesh-panel>`;
  }

  /** The one voice for screen readers, also while the chat is behind its launcher. */
  voice(): TemplateResult {
    return this.#announcer.render();
  }

  /** What lies above the chat. */
  render(): TemplateResult | typeof nothing {
    const { sheet } = this.#conversation;
    const { members, status } = this.#host.element;
    if (sheet === null) return nothing;
    const needed = PART_OF[sheet.kind];
    return html`<fc-sheet
      exportparts=${SHEET_PARTS}
      .content=${sheet}
      .chat=${needed === undefined || this.#parts.has(needed) ? this.#host.element.client : null}
      ?broken=${needed !== undefined && this.#parts.hasFailed(needed)}
      .home=${this.#crew.home}
      .members=${members}
      .count=${status?.members ?? 0}
      .blockedAuthors=${this.#memory.blocked}
      .awake=${this.#awake.choice}
      .alerts=${this.#alerts.choices}
      .words=${this.#host.words()}
    ></fc-sheet>`;
  }

  /** Whoever opens something once more wants what it needs to be tried once more. */
  #open(request: OpenRequest): void {
    this.#parts.askAgain();
    this.#conversation.open(request);
  }

  /** An announcement is heard whatever is being read, once, also behind a launcher. */
  #insist({ id, text }: ChatMessage): void {
    this.#pins.said(id);
    this.#announcer.insist(this.#host.words().say('organiserSays', { text }));
  }

  /** The focus goes on to the messages. */
  #closePinned(): void {
    const { element } = this.#host;
    this.#pins.close();
    element.requestUpdate();
    void element.updateComplete.then(() => focusList(element));
  }

  #togglePanel(): void {
    this.#isPanelOpen = !this.#isPanelOpen;
    this.#host.element.requestUpdate();
  }
}
