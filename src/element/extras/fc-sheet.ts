import { LitElement, css, html } from 'lit';
import type { PropertyValues, TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import type { ChatMember, ChatMessage } from '../../core/chat-view.js';
import type { Chat } from '../../engine/chat.js';
import type { AlertChoices } from './alerts.js';
import type { BlockedAuthor } from './device-memory.js';
import type { RecordId } from '../../protocol/ids.js';
import { ICONS } from '../icons.js';
import { DismissRequest } from './requests.js';
import { base } from '../tokens.js';
import type { PhraseKey } from '../words/english.js';
import { FULL_ENGLISH } from '../words/english-more.js';

/** What is shown above the chat. Emoji without a message go into the composer. */
export type Sheet =
  | { readonly kind: 'menu' | 'details' | 'report' | 'photo'; readonly message: ChatMessage }
  | { readonly kind: 'emoji'; readonly message: ChatMessage | null }
  | { readonly kind: 'attach'; readonly file: Blob; readonly replyTo: RecordId | null }
  | { readonly kind: 'members' | 'pairing' | 'diagnosis' | 'crew' };

const TITLES: Readonly<Record<Sheet['kind'], PhraseKey>> = {
  menu: 'actions',
  details: 'details',
  report: 'report',
  emoji: 'emoji',
  photo: 'photo',
  attach: 'attachPhoto',
  members: 'people',
  diagnosis: 'diagnosis',
  pairing: 'pairNearby',
  crew: 'privateRooms',
};

/** The parts of what is shown in it: they are the whole element's too. */
const CONTENT_PARTS: Readonly<Record<Sheet['kind'], string>> = {
  menu: 'quick-reactions, menu-item',
  details: 'details',
  report: 'report',
  emoji: 'emoji',
  photo: 'photo-large',
  attach: 'photo-preview, caption',
  members: 'member, erase',
  diagnosis: 'findings, copy-report',
  pairing: 'qr, digits',
  crew: 'qr',
};

export const SHEET_PARTS = ['sheet', ...Object.values(CONTENT_PARTS)].join(', ');

/**
 * A sheet over the chat, at its lower edge: a message's menu, its way, a report of it, emoji, who is here, what is wrong, or private rooms. Takes the focus when it
 * opens; Escape, the button and a tap beside it ask for it to be closed. Whoever opened it gives the focus back.
 *
 * @tagname fc-sheet
 * @csspart sheet - The sheet.
 */
export class FcSheet extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        position: absolute;
        inset: 0;
        z-index: 3;
        display: flex;
        flex-direction: column;
        justify-content: flex-end;
        background: rgb(0 0 0 / 0.35);
      }
      .sheet {
        display: flex;
        flex-direction: column;
        width: 100%;
        max-width: 28rem;
        max-height: 88%;
        margin-inline: auto;
        background: var(--_surface);
        color: var(--_text);
        border: 1px solid var(--_line);
        border-block-end: 0;
        border-radius: calc(var(--_radius) * 1.25) calc(var(--_radius) * 1.25) 0 0;
        box-shadow: 0 -6px 32px rgb(0 0 0 / 0.25);
      }
      .sheet:focus-visible {
        outline: 0;
      }
      header {
        display: flex;
        align-items: center;
        gap: 0.5rem;
        padding: 0.35rem 0.5rem 0.35rem var(--_space);
        border-block-end: 1px solid var(--_line);
      }
      h2 {
        flex: 1;
        margin: 0;
        font: 650 1em var(--_heading-font);
      }
      .content {
        overflow-y: auto;
        overscroll-behavior: contain;
        scrollbar-width: thin;
        padding: var(--_space);
        padding-block-end: max(var(--_space), env(safe-area-inset-bottom));
      }
      @media (prefers-reduced-motion: no-preference) {
        .sheet {
          animation: rise 0.16s ease-out;
        }
        @keyframes rise {
          from {
            transform: translateY(1.5rem);
            opacity: 0;
          }
        }
      }
    `,
  ];

  @property({ attribute: false }) content: Sheet = { kind: 'members' };
  /** Whose diagnosis is shown, whom to report to, or to ask for a pairing; null until that part is fetched. */
  @property({ attribute: false }) chat: Chat | null = null;
  /** What is to be shown could not be fetched so far. */
  @property({ type: Boolean }) broken = false;
  @property({ attribute: false }) members: readonly ChatMember[] = [];
  /** The whole number of members. */
  @property({ type: Number }) count = 0;
  /** What people call the page's own room; null while it is the one that is shown. */
  @property({ attribute: false }) home: string | null = null;
  /** Whom the visitor has blocked. */
  @property({ attribute: false }) blockedAuthors: readonly BlockedAuthor[] = [];
  /** Whether the screen stays on for others; null where there is nothing to choose. */
  @property({ attribute: false }) awake: boolean | null = null;
  /** How the visitor is told of messages. */
  @property({ attribute: false }) alerts: AlertChoices = { sound: false, notify: 'off' };
  @property({ attribute: false }) words = FULL_ENGLISH;

  /** What was pressed in another sheet is gone with it. */
  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('content') && changed.get('content')?.kind !== this.content.kind) {
      this.renderRoot.querySelector<HTMLElement>('.sheet')?.focus();
    }
  }

  protected override render(): TemplateResult {
    return html`<div
      class="sheet"
      part="sheet"
      role="dialog"
      aria-labelledby="title"
      tabindex="-1"
      @keydown=${this.#handleKey}
    >
      <header>
        <h2 id="title">${this.words.say(TITLES[this.content.kind])}</h2>
        <button aria-label=${this.words.say('dismiss')} @click=${this.#dismiss}>${ICONS.close}</button>
      </header>
      <div class="content">${this.#content()}</div>
    </div>`;
  }

  #content(): TemplateResult {
    const { content, words } = this;
    const parts = CONTENT_PARTS[content.kind];
    switch (content.kind) {
      case 'menu':
        return html`<fc-message-menu exportparts=${parts} .message=${content.message} .words=${words}></fc-message-menu>`;
      case 'details':
        return html`<fc-message-details exportparts=${parts} .message=${content.message} .words=${words}></fc-message-details>`;
      case 'report':
        return html`<fc-report exportparts=${parts} .message=${content.message} .chat=${this.chat} .words=${words}></fc-report>`;
      case 'emoji':
        return html`<fc-emoji-picker exportparts=${parts} .message=${content.message} .words=${words}></fc-emoji-picker>`;
      case 'diagnosis':
        return html`<fc-diagnosis exportparts=${parts} .chat=${this.chat} .words=${words}></fc-diagnosis>`;
      case 'members':
        return html`<fc-member-list
          exportparts=${parts}
          .members=${this.members}
          .count=${this.count}
          .blockedAuthors=${this.blockedAuthors}
          .awake=${this.awake}
          .alerts=${this.alerts}
          .words=${words}
        ></fc-member-list>`;
      case 'crew':
        return this.chat === null
          ? this.#waiting()
          : html`<fc-crew exportparts=${parts} .chat=${this.chat} .home=${this.home} .words=${words}></fc-crew>`;
      case 'photo':
        return html`<fc-photo-view
          exportparts=${parts}
          .message=${content.message}
          .chat=${this.chat}
          .words=${words}
        ></fc-photo-view>`;
      case 'attach':
        return this.chat === null
          ? this.#waiting()
          : html`<fc-photo-draft
              exportparts=${parts}
              .file=${content.file}
              .replyTo=${content.replyTo}
              .chat=${this.chat}
              .words=${words}
            ></fc-photo-draft>`;
      case 'pairing':
        return this.chat === null
          ? this.#waiting()
          : html`<fc-pairing exportparts=${parts} .chat=${this.chat} .words=${words}></fc-pairing>`;
    }
  }

  #waiting(): TemplateResult {
    return html`<p role="status">${this.words.say(this.broken ? 'loadFailed' : 'loading')}</p>`;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.addEventListener('click', this.#handleClick);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.removeEventListener('click', this.#handleClick);
  }

  readonly #handleClick = (event: Event): void => {
    if (event.composedPath()[0] === this) this.#dismiss();
  };

  #handleKey(event: KeyboardEvent): void {
    event.stopPropagation();
    if (event.key === 'Escape') this.#dismiss();
  }

  #dismiss(): void {
    this.dispatchEvent(new DismissRequest());
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fc-sheet': FcSheet;
  }
}
