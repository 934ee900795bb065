import { LitElement, css, html } from 'lit';
import type { TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { ChatMessage } from '../../core/chat-view.js';
import { loadEmoji } from './emoji-data.js';
import type { Emoji, EmojiData } from './emoji-data.js';
import { DismissRequest, InsertRequest, ReactRequest } from './requests.js';
import { base } from '../tokens.js';
import { emojiFont } from './people-styles.js';
import { FULL_ENGLISH } from '../words/english-more.js';

/** Shown for a search; the next letter makes it fewer. */
const FOUND_MAX = 120;

/**
 * All emoji, by group or by name, from Unicode's own data. With a message it reacts; without one it writes.
 *
 * @tagname fc-emoji-picker
 * @csspart emoji - One emoji.
 */
export class FcEmojiPicker extends LitElement {
  static override styles = [
    base,
    emojiFont,
    css`
      input {
        width: 100%;
      }
      .groups {
        display: flex;
        justify-content: space-between;
        flex-wrap: wrap;
        margin-block: 0.4rem;
      }
      .groups button[aria-pressed='true'] {
        background: var(--_raised);
        box-shadow: inset 0 -2px 0 var(--_accent);
      }
      .grid {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(2.75rem, 1fr));
        height: 15rem;
        overflow-y: auto;
        overscroll-behavior: contain;
        scrollbar-width: thin;
        align-content: start;
      }
      .grid button {
        min-height: 2.75rem;
        min-width: 0;
        padding: 0;
        font: 1.5em / 1 var(--_emoji-font);
      }
      p {
        grid-column: 1 / -1;
        text-align: center;
        color: var(--_muted);
      }
    `,
  ];

  /** Reacts to it; null writes into the composer. */
  @property({ attribute: false }) message: ChatMessage | null = null;
  @property({ attribute: false }) words = FULL_ENGLISH;
  @state() private data: EmojiData | null = null;
  @state() private isBroken = false;
  @state() private group = 0;
  @state() private wanted = '';

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load();
  }

  protected override render(): TemplateResult {
    const { words, data } = this;
    if (data === null) return html`<p role="status">${words.say(this.isBroken ? 'loadFailed' : 'loading')}</p>`;
    const found = this.#found(data);
    return html`
      <input
        type="search"
        aria-label=${words.say('findEmoji')}
        placeholder=${words.say('findEmoji')}
        @input=${this.#handleInput}
      />
      <div class="groups">
        ${data.groups.map(
          ({ order, name }) =>
            html`<button
              aria-label=${name}
              title=${name}
              aria-pressed=${this.wanted === '' && order === this.group}
              @click=${() => this.#choose(order)}
            >
              ${data.emoji.find(({ group }) => group === order)?.unicode}
            </button>`,
        )}
      </div>
      <div class="grid" tabindex="-1">
        ${
          found.length === 0
            ? html`<p role="status">${words.say('noEmoji')}</p>`
            : found.map(
                (emoji) =>
                  html`<button part="emoji" aria-label=${emoji.label} title=${emoji.label} @click=${() => this.#use(emoji)}>
                    ${emoji.unicode}
                  </button>`,
              )
        }
      </div>
    `;
  }

  #found({ emoji }: EmojiData): readonly Emoji[] {
    const wanted = this.wanted.trim().toLowerCase();
    if (wanted === '') return emoji.filter(({ group }) => group === this.group);
    const matches = ({ label, tags }: Emoji): boolean =>
      label.toLowerCase().includes(wanted) || tags.some((tag) => tag.toLowerCase().startsWith(wanted));
    return emoji.filter(matches).slice(0, FOUND_MAX);
  }

  #use({ unicode }: Emoji): void {
    this.dispatchEvent(new DismissRequest());
    this.dispatchEvent(this.message === null ? new InsertRequest(unicode) : new ReactRequest(this.message, unicode));
  }

  #choose(group: number): void {
    this.group = group;
    this.wanted = '';
    const field = this.renderRoot.querySelector('input');
    if (field !== null) field.value = '';
  }

  #handleInput(event: InputEvent): void {
    if (event.target instanceof HTMLInputElement) this.wanted = event.target.value;
  }

  async #load(): Promise<void> {
    try {
      this.data = await loadEmoji(this.words.locale);
    } catch {
      this.isBroken = true;
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fc-emoji-picker': FcEmojiPicker;
  }
}
