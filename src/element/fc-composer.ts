import { LitElement, css, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { LIMITS } from '../protocol/limits.js';
import { isText } from '../protocol/record.js';
import { normalizeText, utf8Length } from '../protocol/text.js';
import { ICONS } from './icons.js';
import { WORDS } from './strings.js';
import { base } from './tokens.js';

/** The room left is told from here on. */
const NEAR_LIMIT = 0.8;
const HEIGHT_MAX_PX = 140;

/** Asks for a text to be sent. The composer is emptied by `clear`, when the text is safe. */
export class SendRequest extends Event {
  static readonly type = 'send-request';
  constructor(readonly text: string) {
    super(SendRequest.type, { bubbles: true, composed: true });
  }
}

/**
 * Where people write. Enter sends, Shift and Enter starts a line; composing with an input method is left alone.
 *
 * @tagname fc-composer
 */
export class FcComposer extends LitElement {
  static override styles = [
    base,
    css`
      form {
        display: flex;
        align-items: flex-end;
        gap: 0.5rem;
        padding: 0.5rem var(--_space) max(0.5rem, env(safe-area-inset-bottom));
        border-top: 1px solid var(--_line);
      }
      textarea {
        flex: 1;
        min-width: 0;
        font: inherit;
        font-size: max(16px, 1em);
        color: inherit;
        background: var(--_raised);
        border: 1px solid var(--_line);
        border-radius: var(--_radius);
        padding: 0.6em 0.9em;
        resize: none;
        min-height: 2.75rem;
        max-height: 140px;
      }
      textarea::placeholder {
        color: var(--_muted);
        opacity: 1;
      }
      button {
        min-height: 2.75rem;
      }
      .limit {
        padding: 0 var(--_space) 0.25rem;
        text-align: end;
      }
      .over {
        color: var(--_danger);
      }
    `,
  ];

  @property({ type: Boolean }) offline = false;
  @state() private text = '';
  @query('textarea') private readonly area!: HTMLTextAreaElement;

  override focus(): void {
    this.area.focus();
  }

  /** Empties the composer if it still holds what was sent. */
  clear(sent: string): void {
    if (this.area.value !== sent) return;
    this.area.value = '';
    this.#handleInput();
  }

  protected override render(): TemplateResult {
    const bytes = utf8Length(normalizeText(this.text));
    const isOver = bytes > LIMITS.textBytesMax;
    const isNear = bytes > LIMITS.textBytesMax * NEAR_LIMIT;
    return html`
      <form part="composer" @submit=${this.#handleSubmit}>
        <textarea
          part="input"
          rows="1"
          aria-label=${WORDS.write}
          aria-describedby="limit"
          placeholder=${this.offline ? WORDS.writeOffline : WORDS.write}
          enterkeyhint="send"
          autocomplete="off"
          dir="auto"
          @input=${this.#handleInput}
          @keydown=${this.#handleKey}
        ></textarea>
        <button class="primary" part="send" type="submit" aria-label=${WORDS.send} ?disabled=${isOver}>
          ${ICONS.send}
        </button>
      </form>
      <div id="limit" class="limit quiet ${isOver ? 'over' : ''}" role="status">
        ${isNear ? `${isOver ? WORDS.tooLong : ''} ${bytes} / ${LIMITS.textBytesMax}` : nothing}
      </div>
    `;
  }

  #handleInput(): void {
    const { area } = this;
    this.text = area.value;
    // Set through the object model: a strict page policy forbids only the attribute.
    area.style.height = 'auto';
    area.style.height = `${Math.min(HEIGHT_MAX_PX, area.scrollHeight + 2)}px`;
  }

  #handleKey(event: KeyboardEvent): void {
    // The page's shortcuts have no business with what is typed here.
    event.stopPropagation();
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#send();
  }

  #handleSubmit(event: SubmitEvent): void {
    event.preventDefault();
    this.#send();
    this.area.focus();
  }

  #send(): void {
    if (isText(normalizeText(this.area.value))) this.dispatchEvent(new SendRequest(this.area.value));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fc-composer': FcComposer;
  }
}
