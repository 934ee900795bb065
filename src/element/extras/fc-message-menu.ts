import { LitElement, css, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { ChatMessage } from '../../core/chat-view.js';
import { isCrewRoom } from '../../protocol/record.js';
import { ICONS } from '../icons.js';
import { MessageRequest } from '../requests.js';
import type { MessageAction } from '../requests.js';
import { DismissRequest, BlockRequest, ReactRequest } from './requests.js';
import { SHEET_ICONS } from './sheet-icons.js';
import { excerpt } from './excerpt.js';
import { textOf } from './photo-extras.js';
import { base } from '../tokens.js';
import { emojiFont } from './people-styles.js';
import { FULL_ENGLISH } from '../words/english-more.js';

/** One tap away; all others are in the picker. */
const QUICK_REACTIONS = ['❤️', '🔥', '😂', '🙌', '🎉', '👍'] as const;

/**
 * What can be done with a message: react, answer, change, take back, copy, see its way, report it, block its author.
 *
 * @tagname fc-message-menu
 * @csspart quick-reactions - The row of emoji.
 * @csspart menu-item - One action.
 */
export class FcMessageMenu extends LitElement {
  static override styles = [
    base,
    emojiFont,
    css`
      .quick {
        display: flex;
        flex-wrap: wrap;
        justify-content: space-between;
        gap: 0.25rem;
        margin-block-end: 0.5rem;
      }
      .quick button {
        min-width: 2.75rem;
        min-height: 2.75rem;
        padding: 0;
        font: 1.35em / 1 var(--_emoji-font);
        border-radius: 50%;
        background: var(--_raised);
      }
      .quick button[aria-pressed='true'] {
        outline: 2px solid var(--_accent);
      }
      .excerpt {
        margin: 0 0 0.6rem;
        overflow: clip;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      ul {
        list-style: none;
        margin: 0;
        padding: 0;
      }
      li button {
        width: 100%;
        justify-content: flex-start;
        text-align: start;
        min-height: 2.75rem;
        gap: 0.75em;
      }
      .danger {
        color: var(--_danger);
      }
    `,
  ];

  @property({ attribute: false }) message: ChatMessage | null = null;
  @property({ attribute: false }) words = FULL_ENGLISH;
  @state() private isSure = false;
  @state() private hasFailed = false;

  protected override render(): TemplateResult | typeof nothing {
    const { message, words } = this;
    if (message === null) return nothing;
    const { mine, retracted, author } = message;
    return html`
      ${retracted ? nothing : html`<p class="excerpt quiet"><bdi>${author.name}</bdi>: <bdi>${excerpt(textOf(message, words), 120)}</bdi></p>`}
      ${retracted ? nothing : this.#quick(message)}
      <ul>
        ${retracted ? nothing : this.#item(words.say('reply'), SHEET_ICONS.reply, this.#ask('reply', message))}
        ${mine && !retracted ? this.#item(words.say('edit'), SHEET_ICONS.edit, this.#ask('edit', message)) : nothing}
        ${retracted ? nothing : this.#item(words.say('copy'), SHEET_ICONS.copy, () => void this.#copy(message))}
        ${this.#item(words.say('details'), SHEET_ICONS.mesh, this.#ask('details', message))}
        ${mine && !retracted ? this.#retract(message) : nothing}
        ${mine || message.kind !== 'message' ? nothing : this.#others(message)}
      </ul>
      ${this.hasFailed ? html`<p role="alert">${words.say('reportFailed')}</p>` : nothing}
    `;
  }

  #quick(message: ChatMessage): TemplateResult {
    return html`<div class="quick" part="quick-reactions">
      ${QUICK_REACTIONS.map(
        (emoji) =>
          html`<button
            aria-pressed=${message.reactions.some((reaction) => reaction.emoji === emoji && reaction.mine)}
            @click=${() => this.#react(message, emoji)}
          >
            ${emoji}
          </button>`,
      )}
      <button aria-label=${this.words.say('moreEmoji')} @click=${this.#ask('emoji', message)}>${SHEET_ICONS.smile}</button>
    </div>`;
  }

  /**
   * The organiser is neither reported nor blocked; what the organiser has removed needs no report, and what is said in a
   * private room cannot be read by whoever gets the report.
   */
  #others(message: ChatMessage): TemplateResult {
    const { words } = this;
    const says = words.say('block', { name: message.author.name });
    return html`${message.removed === null && !isCrewRoom(message.room) ? this.#item(words.say('report'), SHEET_ICONS.report, this.#ask('report', message), true) : nothing}
    ${this.#item(says, SHEET_ICONS.block, () => this.#block(message), true)}`;
  }

  /** Asks twice: it is taken back on every device. */
  #retract(message: ChatMessage): TemplateResult {
    const says = this.words.say(this.isSure ? 'retractSure' : 'retract');
    const act = this.isSure ? this.#ask('retract', message) : (): void => void (this.isSure = true);
    return this.#item(says, ICONS.close, act, true);
  }

  #item(says: string, icon: TemplateResult, act: () => void, isDanger = false): TemplateResult {
    return html`<li>
      <button class=${isDanger ? 'danger' : ''} part="menu-item" @click=${act}>${icon} ${says}</button>
    </li>`;
  }

  #ask(action: MessageAction, message: ChatMessage): () => void {
    return () => this.dispatchEvent(new MessageRequest(action, message));
  }

  #react(message: ChatMessage, emoji: string): void {
    this.dispatchEvent(new ReactRequest(message, emoji));
    this.dispatchEvent(new DismissRequest());
  }

  #block(message: ChatMessage): void {
    this.dispatchEvent(new BlockRequest(message.author, true));
    this.dispatchEvent(new DismissRequest());
  }

  async #copy(message: ChatMessage): Promise<void> {
    try {
      await navigator.clipboard.writeText(message.text);
      this.dispatchEvent(new DismissRequest());
    } catch {
      // On plain http there is no clipboard; elsewhere it may be refused.
      this.hasFailed = true;
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fc-message-menu': FcMessageMenu;
  }
}
