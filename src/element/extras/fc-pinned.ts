import { LitElement, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { ChatMessage } from '../../core/chat-view.js';
import { ICONS } from '../icons.js';
import { textOf } from './photo-extras.js';
import { base } from '../tokens.js';
import { FULL_ENGLISH } from '../words/english-more.js';
import { pinnedStyles } from './pinned-styles.js';
import { ClosePinnedRequest, JumpRequest } from './requests.js';
import { SHEET_ICONS } from './sheet-icons.js';

/**
 * What the organiser has pinned, above the messages: one at a time, the latest first. A tap goes to the message; it folds
 * to one line, and can be closed until something else is pinned.
 *
 * @tagname fc-pinned
 * @csspart pinned - The bar.
 * @csspart pinned-text - The text, which goes to the message.
 */
export class FcPinned extends LitElement {
  static override styles = [base, pinnedStyles];

  /** In force and not closed, latest first. */
  @property({ attribute: false }) messages: readonly ChatMessage[] = [];
  @property({ attribute: false }) words = FULL_ENGLISH;
  /** For the big screen: nothing can be pressed. */
  @property({ type: Boolean, reflect: true }) large = false;
  @state() private at: string | null = null;
  @state() private isFolded = false;

  protected override render(): TemplateResult | typeof nothing {
    const { words, messages } = this;
    const index = Math.max(
      0,
      messages.findIndex(({ id }) => id === this.at),
    );
    const message = messages[index];
    if (message === undefined) return nothing;
    return html`<section class=${this.isFolded ? 'folded' : ''} part="pinned" aria-label=${words.say('pinned')}>
      <div class="head">
        ${SHEET_ICONS.pin}
        ${this.isFolded ? this.#text(message) : html`<strong>${words.say('pinnedTitle')}</strong>`}
        ${this.large ? nothing : this.#buttons(index)}
      </div>
      ${this.isFolded ? nothing : this.#text(message)}
    </section>`;
  }

  #text(message: ChatMessage): TemplateResult {
    const { id } = message;
    const text = textOf(message, this.words);
    if (this.large) return html`<div class="text" part="pinned-text" dir="auto">${text}</div>`;
    return html`<button
      class="text"
      part="pinned-text"
      title=${this.words.say('goToPinned')}
      @click=${() => this.dispatchEvent(new JumpRequest(id))}
    >
      <span dir="auto">${text}</span>
    </button>`;
  }

  #buttons(index: number): TemplateResult {
    const { words, messages } = this;
    const fold = words.say(this.isFolded ? 'pinnedUnfold' : 'pinnedFold');
    const place = words.say('pinnedAt', { at: index + 1, all: messages.length });
    return html`${
      messages.length > 1
        ? html`<button
            class="next"
            aria-label="${place}, ${words.say('pinnedNext')}"
            title=${words.say('pinnedNext')}
            @click=${() => this.#next(index)}
          >
            ${place} ${SHEET_ICONS.next}
          </button>`
        : nothing
    }
      <button aria-expanded=${!this.isFolded} aria-label=${fold} title=${fold} @click=${() => (this.isFolded = !this.isFolded)}>
        ${this.isFolded ? SHEET_ICONS.unfold : SHEET_ICONS.fold}
      </button>
      <button
        aria-label=${words.say('pinnedClose')}
        title=${words.say('pinnedClose')}
        @click=${() => this.dispatchEvent(new ClosePinnedRequest())}
      >
        ${ICONS.close}
      </button>`;
  }

  #next(index: number): void {
    this.at = this.messages[(index + 1) % this.messages.length]?.id ?? null;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fc-pinned': FcPinned;
  }
}
