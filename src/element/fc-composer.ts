import { LitElement, adoptStyles, html, nothing } from 'lit';
import type { CSSResultOrNative, TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import type { ChatMember, ChatMessage } from '../core/chat-view.js';
import { isText } from '../protocol/record.js';
import { normalizeText } from '../protocol/text.js';
import { composerStyles } from './composer-styles.js';
import { ICONS } from './icons.js';
import { SendRequest } from './requests.js';
import { base } from './tokens.js';
import { DEFAULT_WORDS } from './words/words.js';

/** What Safari reports for the Enter that ends a composition. */
const COMPOSING_KEY_CODE = 229;

/** What is being written: something new, an answer, another text for an own message, or for one that was refused. */
export type Writing =
  | { readonly kind: 'new'; readonly message?: undefined }
  | { readonly kind: 'reply'; readonly message: ChatMessage }
  | { readonly kind: 'edit'; readonly message: ChatMessage }
  | { readonly kind: 'rewrite'; readonly message: ChatMessage };

/** What is fetched after the first messages are there: answers, changes, mentions, emoji, drafts. */
export interface ComposerExtras {
  readonly styles: CSSResultOrNative;
  /** What stands above the field; what the organiser allows describes it by the id `notice`. */
  above(): TemplateResult | typeof nothing;
  /** What stands below the field, and describes it by the id `limit`. */
  below(): TemplateResult;
  /** The text is longer than may be sent, or its time has not come. */
  readonly isHeld: boolean;
  /** Nothing may be written; what stands there stays. */
  readonly isLocked: boolean;
  /** What stands within the field. */
  within(): TemplateResult;
  /** Id of the option that is chosen above the field. */
  readonly activeOption: string | undefined;
  /** The text has changed, or the caret was moved by typing. */
  typed(area: HTMLTextAreaElement): void;
  /** True when the key was for what stands above. */
  pressed(event: KeyboardEvent): boolean;
  updated(): void;
}

/**
 * Where people write. Enter sends, Shift and Enter starts a line; composing with an input method is left alone.
 * Escape ends an answer or a change.
 *
 * @tagname fc-composer
 * @csspart composer - The form.
 * @csspart input - The field.
 * @csspart send - The button.
 * @csspart emoji-button - Opens the emoji.
 * @csspart attach - Sends a photo.
 * @csspart context - What is answered or changed.
 * @csspart mentions - Names offered after an `@`.
 */
export class FcComposer extends LitElement {
  static override styles = [base, composerStyles];

  /** Nobody can be reached; what is written waits. */
  @property({ type: Boolean }) offline = false;
  @property({ attribute: false }) writing: Writing = { kind: 'new' };
  /** Offered for mentions. */
  @property({ attribute: false }) members: readonly ChatMember[] = [];
  @property({ attribute: false }) words = DEFAULT_WORDS;
  /** Makes what is fetched later, once it is there. */
  @property({ attribute: false }) makeExtras: ((composer: FcComposer) => ComposerExtras) | null = null;
  #extras: ComposerExtras | null = null;

  get #area(): HTMLTextAreaElement {
    return this.renderRoot.querySelector('textarea') as HTMLTextAreaElement;
  }

  override focus(): void {
    this.#area.focus();
  }

  /** What stands in the field. */
  get value(): string {
    return this.#area.value;
  }

  set value(text: string) {
    this.#area.value = text;
    this.#handleInput();
  }

  /** Empties the composer if it still holds what was sent. */
  clear(sent: string): void {
    if (this.value === sent) this.value = '';
  }

  /** Puts text in place of what is selected, or of what stands between two places. */
  insert(text: string, from = this.#area.selectionStart, to = this.#area.selectionEnd): void {
    this.#area.setRangeText(text, from, to, 'end');
    this.#handleInput();
    this.focus();
  }

  protected override updated(): void {
    if (this.#extras === null && this.makeExtras !== null) {
      this.#extras = this.makeExtras(this);
      adoptStyles(this.renderRoot as ShadowRoot, [...FcComposer.elementStyles, this.#extras.styles]);
      this.requestUpdate();
    }
    this.#extras?.updated();
  }

  protected override render(): TemplateResult {
    const { words } = this;
    const option = this.#extras?.activeOption;
    return html`
      ${this.#extras?.above()}
      <form part="composer" @submit=${this.#handleSubmit}>
        <span class="field">
          <textarea
            part="input"
            rows="1"
            aria-label=${words.say('write')}
            aria-describedby="limit notice"
            ?readonly=${this.#extras?.isLocked}
            aria-activedescendant=${option ?? nothing}
            placeholder=${this.#extras?.isLocked ? '' : words.say(this.offline ? 'writeOffline' : 'write')}
            enterkeyhint="send"
            autocomplete="off"
            dir="auto"
            @input=${this.#handleInput}
            @keydown=${this.#handleKey}
          ></textarea>
          ${this.#extras?.within()}
        </span>
        <button
          class="send primary"
          part="send"
          type="submit"
          aria-label=${words.say(this.writing.kind === 'edit' ? 'save' : 'send')}
          aria-describedby="limit notice"
          aria-disabled=${this.#extras?.isHeld === true}
        >
          ${this.writing.kind === 'edit' ? ICONS.sent : ICONS.send}
        </button>
      </form>
      ${this.#extras?.below()}
    `;
  }

  #handleInput(): void {
    const area = this.#area;
    // Set through the object model: a strict page policy forbids only the attribute.
    area.style.height = 'auto';
    area.style.height = `${area.scrollHeight + 2}px`;
    this.#extras?.typed(area);
    this.requestUpdate();
  }

  #handleKey(event: KeyboardEvent): void {
    // The page's shortcuts have no business with what is typed here; Escape may close what is around.
    if (event.key !== 'Escape') event.stopPropagation();
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- Safari tells of a composition's end in no other way.
    if (event.isComposing || event.keyCode === COMPOSING_KEY_CODE) return;
    if (this.#extras?.pressed(event) !== true) {
      if (event.key !== 'Enter' || event.shiftKey) return;
      this.#send();
    }
    event.preventDefault();
    event.stopPropagation();
  }

  #handleSubmit(event: SubmitEvent): void {
    event.preventDefault();
    this.#send();
    this.focus();
  }

  #send(): void {
    if (this.#extras?.isHeld !== true && isText(normalizeText(this.value)))
      this.dispatchEvent(new SendRequest(this.value));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fc-composer': FcComposer;
  }
}
