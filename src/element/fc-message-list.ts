import { LitElement, css, html, nothing } from 'lit';
import type { PropertyValues, TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { ChatMessage } from '../core/chat-view.js';
import { ICONS } from './icons.js';
import { linkedText } from './linked-text.js';
import { WORDS, deliveryWords, newMessages } from './strings.js';
import { base } from './tokens.js';

/** Messages in the document at one time, and how many more each step back brings. */
const SHOWN = 150;
/** Messages of one author within this are one group under one name. */
const GROUP_MS = 5 * 60_000;
/** Longer texts, or of more lines, are shown in part until they are asked for. */
const LONG_LENGTH = 900;
const LONG_LINES = 12;
/** Nearer to the end than this counts as reading the end. */
const NEAR_END_PX = 48;

/** Asks for a refused message to be sent again. */
export class RetryRequest extends Event {
  static readonly type = 'retry-request';
  constructor(readonly message: ChatMessage) {
    super(RetryRequest.type, { bubbles: true, composed: true });
  }
}

/**
 * The messages of a room. Follows the end while the end is read, stays in place while something else is.
 *
 * @tagname fc-message-list
 */
export class FcMessageList extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        position: relative;
        flex: 1;
        min-height: 0;
        display: flex;
        flex-direction: column;
      }
      .scroll {
        flex: 1;
        overflow-y: auto;
        overscroll-behavior: contain;
        padding: var(--_space);
        scrollbar-width: thin;
      }
      ul {
        list-style: none;
        margin: 0;
        padding: 0;
        display: flex;
        flex-direction: column;
        gap: 0.25rem;
      }
      .day {
        align-self: center;
        margin: 0.75rem 0 0.25rem;
      }
      .message {
        max-width: min(85%, 34rem);
        align-self: flex-start;
        position: relative;
      }
      .message.first {
        margin-top: 0.5rem;
      }
      .mine {
        align-self: flex-end;
      }
      .bubble {
        background: var(--_raised);
        border-radius: var(--_radius);
        padding: 0.5em 0.8em;
        overflow-wrap: anywhere;
        white-space: pre-wrap;
        unicode-bidi: isolate;
        overflow: hidden;
      }
      .clamped {
        max-height: 14rem;
        mask-image: linear-gradient(#000 75%, transparent);
      }
      .mine .bubble {
        background: var(--_own);
      }
      .author {
        font-weight: 650;
        font-size: 0.875em;
        margin: 0 0.8em 0.15em;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .foot {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.35em;
        margin: 0.1em 0.8em 0;
        min-height: 1.2em;
      }
      .mine .foot {
        justify-content: flex-end;
      }
      .foot.failed {
        color: var(--_danger);
      }
      .reaction {
        border: 1px solid var(--_line);
        border-radius: 1em;
        padding: 0 0.5em;
      }
      .reaction.mine {
        border-color: var(--_accent);
      }
      .retracted {
        font-style: italic;
        color: var(--_muted);
      }
      a {
        color: inherit;
        text-decoration-color: var(--_accent);
        text-underline-offset: 0.15em;
      }
      .new {
        position: absolute;
        bottom: 0.75rem;
        inset-inline: 0;
        margin-inline: auto;
        width: fit-content;
        background: var(--_accent);
        color: var(--_on-accent);
        box-shadow: 0 2px 12px rgb(0 0 0 / 0.25);
      }
      .earlier {
        display: block;
        margin: 0 auto 0.5rem;
      }
      .empty {
        margin: auto;
        text-align: center;
        padding: 2rem 1rem;
      }
      :host([large]) .message {
        max-width: 100%;
        font-size: 1.5em;
      }
    `,
  ];

  /** Oldest first. */
  @property({ attribute: false }) messages: readonly ChatMessage[] = [];
  @property() label = '';
  /** Large type, for the big screen. */
  @property({ type: Boolean, reflect: true }) large = false;
  @state() private shown = SHOWN;
  @state() private unseen = 0;
  /** Long messages the visitor has opened. */
  @state() private opened: ReadonlySet<string> = new Set();
  @query('.scroll') private readonly scroller!: HTMLElement;
  #isAtEnd = true;

  scrollToLatest(): void {
    this.#isAtEnd = true;
    this.unseen = 0;
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get('messages');
    if (before === undefined || this.#isAtEnd) return;
    const known = new Set(before.map((message) => message.id));
    this.unseen += this.messages.filter((message) => !known.has(message.id) && !message.mine).length;
  }

  protected override updated(): void {
    if (this.#isAtEnd) this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  protected override render(): TemplateResult {
    const visible = this.messages.slice(-this.shown);
    const hasEarlier = visible.length < this.messages.length;
    return html`
      <div
        class="scroll"
        part="messages"
        @scroll=${this.#handleScroll}
        tabindex="0"
        role="log"
        aria-label=${this.label}
      >
        ${
          hasEarlier
            ? html`<button class="earlier quiet" @click=${this.#showEarlier}>${WORDS.earlier}</button>`
            : nothing
        }
        ${
          visible.length === 0
            ? html`<div class="empty" part="empty"><slot name="empty">${WORDS.empty}</slot></div>`
            : html`<ul>
                ${repeat(
                  visible,
                  (message) => message.id,
                  (message, index) => this.#row(message, visible[index - 1]),
                )}
              </ul>`
        }
      </div>
      ${
        this.unseen > 0
          ? html`<button class="new" part="new-messages" @click=${this.scrollToLatest}>
              ${newMessages(this.unseen)}
            </button>`
          : nothing
      }
    `;
  }

  #row(message: ChatMessage, before: ChatMessage | undefined): TemplateResult {
    const isNewDay = before === undefined || dayOf(before) !== dayOf(message);
    const isSameAuthor = before?.author.id === message.author.id && before.author.name === message.author.name;
    const isFirst = isNewDay || !isSameAuthor || message.sentAtMs - before.sentAtMs > GROUP_MS;
    const { author, mine } = message;
    const isClamped = isLong(message.text) && !this.opened.has(message.id);
    return html`
      ${isNewDay ? html`<li class="day quiet" part="day">${dayOf(message)}</li>` : nothing}
      <li class="message ${mine ? 'mine' : ''} ${isFirst ? 'first' : ''}" part="message ${mine ? 'message-own' : ''}">
        ${
          isFirst && !mine
            ? html`<div class="author" part="author">
                <bdi>${author.name}</bdi> <span class="quiet" title="Key ${author.tag}">${author.tag}</span>
              </div>`
            : nothing
        }
        <div class="bubble ${message.retracted ? 'retracted' : ''} ${isClamped ? 'clamped' : ''}" part="bubble" dir="auto">${message.retracted ? WORDS.retracted : linkedText(message.text)}</div>
        ${isClamped ? html`<button class="quiet" @click=${() => this.#showAll(message)}>${WORDS.showAll}</button>` : nothing}
        ${this.#foot(message)}
      </li>
    `;
  }

  #foot(message: ChatMessage): TemplateResult {
    const { delivery, mine } = message;
    const isFailed = delivery.state === 'failed';
    const words = deliveryWords(delivery);
    return html`<div class="foot quiet ${isFailed ? 'failed' : ''}">
      ${message.reactions.map(
        ({ emoji, count, mine: isMine }) =>
          html`<span class="reaction ${isMine ? 'mine' : ''}" part="reaction">${emoji} ${count}</span>`,
      )}
      <time datetime=${new Date(message.sentAtMs).toISOString()}>${timeOf(message)}</time>
      ${message.edited ? html`<span>${WORDS.edited}</span>` : nothing}
      ${
        mine
          ? html`<span part="delivery" class="delivery" data-state=${delivery.state} title=${words}
              >${ICONS[delivery.state]} <span class=${isFailed ? '' : 'hidden'}>${words}</span></span
            >`
          : nothing
      }
      ${
        isFailed
          ? html`<button @click=${() => this.dispatchEvent(new RetryRequest(message))}>${WORDS.retry}</button>`
          : nothing
      }
    </div>`;
  }

  #showAll(message: ChatMessage): void {
    this.opened = new Set([...this.opened, message.id]);
  }

  #showEarlier(): void {
    const { scrollHeight } = this.scroller;
    this.shown += SHOWN;
    // What is read stays where it is: the list grows above it.
    void this.updateComplete.then(() => (this.scroller.scrollTop += this.scroller.scrollHeight - scrollHeight));
  }

  #handleScroll(): void {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    this.#isAtEnd = scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
    if (this.#isAtEnd) this.unseen = 0;
  }
}

function isLong(text: string): boolean {
  return text.length > LONG_LENGTH || text.split('\n', LONG_LINES + 1).length > LONG_LINES;
}

const dayFormat = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' });
const timeFormat = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });

function dayOf(message: ChatMessage): string {
  return dayFormat.format(message.sentAtMs);
}

function timeOf(message: ChatMessage): string {
  return timeFormat.format(message.sentAtMs);
}

declare global {
  interface HTMLElementTagNameMap {
    'fc-message-list': FcMessageList;
  }
}
