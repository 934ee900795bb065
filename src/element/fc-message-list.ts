import { LitElement, adoptStyles, html, nothing } from 'lit';
import type { CSSResultOrNative, TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import type { ChatMember, ChatMessage, ChatStatus, ChatTyping } from '../core/chat-view.js';
import { messageListStyles } from './message-list-styles.js';
import { asShown, messageRow } from './message-row.js';
import type { RowPieces } from './message-row.js';
import { rowsOf } from './message-rows.js';
import type { Row } from './message-rows.js';
import { base } from './tokens.js';
import { DEFAULT_WORDS } from './words/words.js';

/** Nearer to the end than this counts as reading the end. */
export const NEAR_END_PX = 48;
/** No row is lower: one line of the smallest type. */
const ROW_MIN_PX = 28;
/**
 * Rows above those in view while the end is read, for who begins to read back; up to as many more before they leave,
 * all at once: to take one out moves all others, which is more work than to draw the new one.
 */
const SPARE = 12;

/**
 * What is fetched after the first messages are there: reading back, and everything that is done with a message. Without
 * it the list shows the latest and follows them.
 */
export interface ListExtras {
  readonly styles: readonly CSSResultOrNative[];
  /** Which of the messages are in the document, as [start, end). */
  range(): readonly [start: number, end: number];
  /** Before each rendering of these rows. */
  update(rows: readonly Row[]): void;
  /** After each rendering. */
  updated(): void;
  /** The rows in their order: each keeps its element for as long as it is there, and is drawn when it has changed. */
  rows(rows: readonly Row[], draw: (row: Row) => TemplateResult): unknown;
  pieces(row: Row): RowPieces;
  /** What stands before the first row. */
  before(): TemplateResult | typeof nothing;
  /** What stands after the last row. */
  after(): TemplateResult | typeof nothing;
  /** What lies above the list. */
  above(): TemplateResult | typeof nothing;
  /** Whether the latest message is in view, from how far away the end of the document's rows is. */
  scrolled(belowPx: number): boolean;
  latest(): void;
  /** Goes to a message, when it is here, and gives it the focus. */
  jump(id: string): void;
}

/**
 * The messages of a room. Follows the end while the end is read, stays in place while something else is.
 *
 * @tagname fc-message-list
 * @slot empty - Shown while there is no message.
 * @csspart messages - What scrolls.
 * @csspart message - One message.
 * @csspart message-own - One of the visitor's own.
 * @csspart bubble - Text and time of a message.
 * @csspart author - Name and key tag above a group.
 * @csspart avatar - The letter before a name.
 * @csspart photo - A photo.
 * @csspart photo-state - How far it is.
 * @csspart quote - The message that was answered.
 * @csspart reaction - A reaction and its number.
 * @csspart delivery - How far an own message got.
 * @csspart retry - Sends a refused message again.
 * @csspart tools - Buttons beside the message under the pointer.
 * @csspart day - The day between messages.
 * @csspart unread - The line above the first message that was not read.
 * @csspart new-messages - Goes to the latest message.
 * @csspart empty - Shown while there is no message.
 * @csspart typing - Who writes just now.
 * @csspart earlier - Above the oldest message: asks for earlier ones, or says that there are none.
 */
export class FcMessageList extends LitElement {
  static override styles = [base, messageListStyles];

  /** Oldest first. */
  @property({ attribute: false }) messages: readonly ChatMessage[] = [];
  /** Who is here, to tell people of one name apart. */
  @property({ attribute: false }) members: readonly ChatMember[] = [];
  /** Name of the list for screen readers: the room's. */
  @property() label = '';
  /** The visitor's own name; mentions of it are marked. */
  @property({ attribute: false }) selfName: string | null = null;
  /** First message that was not read. */
  @property({ attribute: false }) unreadFrom: string | null = null;
  /** Says whether there is more to read back. */
  @property({ attribute: false }) status: ChatStatus | null = null;
  /** Who writes just now. */
  @property({ attribute: false }) typing: ChatTyping | null = null;
  @property({ attribute: false }) words = DEFAULT_WORDS;
  /** No tools and no reactions of one's own. */
  @property({ type: Boolean }) readonly = false;
  /** Large type, for the big screen. */
  @property({ type: Boolean, reflect: true }) large = false;
  /** Makes what is fetched later, once it is there. */
  @property({ attribute: false }) makeExtras: ((list: FcMessageList) => ListExtras) | null = null;

  /** The latest message is in view. */
  isAtEnd = true;
  readonly #resized = new ResizeObserver(() => this.#handleResize());
  #extras: ListExtras | null = null;
  /** As high as it was when it was seen last; before that, as high as it can be without scrolling the page. */
  #heightPx = innerHeight;
  /** Where it was scrolled to last. */
  #topPx = 0;

  /** What scrolls. Only after the first rendering. */
  get scroller(): HTMLElement {
    return this.renderRoot.querySelector('.scroll') as HTMLElement;
  }

  /** Of so many messages, the first that is in the document while the end is read: as few as fill it. */
  firstAtEnd(count: number): number {
    const first = Math.max(0, count - SPARE - Math.ceil(this.#heightPx / ROW_MIN_PX));
    return first - (first % SPARE);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.#resized.observe(this.scroller);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resized.disconnect();
  }

  /** Goes to the latest message, and follows from there. */
  scrollToLatest(): void {
    this.isAtEnd = true;
    this.#extras?.latest();
    this.requestUpdate();
  }

  /** Goes to a message, when it is here, and gives it the focus. */
  jump(id: string): void {
    this.#extras?.jump(id);
  }

  /** A message's element, while it is in the document. */
  rowOf(id: string): HTMLElement | null {
    return this.renderRoot.querySelector(`[data-id="${CSS.escape(id)}"]`);
  }

  protected override willUpdate(): void {
    if (this.#extras === null && this.makeExtras !== null && this.hasUpdated) {
      this.#extras = this.makeExtras(this);
      adoptStyles(this.renderRoot as ShadowRoot, [...FcMessageList.elementStyles, ...this.#extras.styles]);
    }
  }

  protected override firstUpdated(): void {
    this.#resized.observe(this.scroller);
    if (this.makeExtras !== null) this.requestUpdate();
  }

  protected override updated(): void {
    this.#keepEnd();
    this.#extras?.updated();
  }

  protected override render(): TemplateResult {
    const end = this.messages.length;
    const [from, to] = this.#extras?.range() ?? [this.firstAtEnd(end), end];
    const rows = rowsOf(this.messages, from, to, this.unreadFrom).map((row) => asShown(row, this.words));
    this.#extras?.update(rows);
    const draw = (row: Row): TemplateResult => messageRow(row, this.words, this.#extras?.pieces(row) ?? null);
    return html`
      <div class="scroll" part="messages" @scroll=${this.#handleScroll}>
        ${
          rows.length === 0
            ? html`<div class="empty" part="empty"><slot name="empty">${this.words.say('empty')}</slot></div>`
            : html`${this.#extras?.before()}
                <div class="feed" role="feed" aria-label=${this.label} aria-busy=${this.status?.history === 'loading'}>
                ${this.#extras?.rows(rows, draw) ?? rows.map(draw)}
              </div>`
        }${this.#extras?.after()}
      </div>
      ${this.#extras?.above()}
    `;
  }

  #handleScroll(): void {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    const belowPx = scrollHeight - scrollTop - clientHeight;
    const isUp = scrollTop < this.#topPx;
    this.#topPx = scrollTop;
    // What grows below moves the end away; only the reader leaves it.
    if (this.isAtEnd && !isUp) this.#keepEnd();
    else this.isAtEnd = this.#extras?.scrolled(belowPx) ?? belowPx < NEAR_END_PX;
  }

  #handleResize(): void {
    // A list that is hidden will be as high again.
    this.#heightPx = this.scroller.clientHeight || this.#heightPx;
    this.requestUpdate();
  }

  #keepEnd(): void {
    if (!this.isAtEnd) return;
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.#topPx = this.scroller.scrollTop;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fc-message-list': FcMessageList;
  }
}
