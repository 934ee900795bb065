import { LitElement, css, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { isName } from '../../protocol/record.js';
import { normalizeName } from '../../protocol/text.js';
import { NameRequest } from './requests.js';
import { base } from '../tokens.js';
import { FULL_ENGLISH } from '../words/english-more.js';

/**
 * Asks for a name before the first message. Reading needs none.
 *
 * @tagname fc-name-prompt
 * @csspart name-prompt - The form.
 * @csspart input - The field.
 */
export class FcNamePrompt extends LitElement {
  static override styles = [
    base,
    css`
      form {
        display: grid;
        grid-template-columns: 1fr auto;
        gap: 0.35rem 0.5rem;
        padding: var(--_space) var(--_space) max(var(--_space), env(safe-area-inset-bottom));
        border-top: 1px solid var(--_line);
      }
      label,
      .quiet {
        grid-column: 1 / -1;
      }
      label {
        font-weight: 650;
      }
      .bad {
        color: var(--_danger);
      }
      button {
        min-height: 2.75rem;
      }
    `,
  ];

  @property({ attribute: false }) words = FULL_ENGLISH;
  @state() private isBad = false;

  get #input(): HTMLInputElement {
    return this.renderRoot.querySelector('input') as HTMLInputElement;
  }

  override focus(): void {
    this.#input.focus();
  }

  protected override render(): TemplateResult {
    const { words } = this;
    return html`
      <form part="name-prompt" @submit=${this.#handleSubmit}>
        <label for="name">${words.say('nameTitle')}</label>
        <input
          id="name"
          part="input"
          maxlength="80"
          autocomplete="nickname"
          enterkeyhint="done"
          aria-describedby="help"
          aria-invalid=${this.isBad}
          @keydown=${this.#handleKey}
        />
        <button class="primary" type="submit">${words.say('nameGo')}</button>
        <span id="help" class="quiet ${this.isBad ? 'bad' : ''}" role=${this.isBad ? 'alert' : nothing}
          >${words.say(this.isBad ? 'nameBad' : 'nameHelp')}</span
        >
      </form>
    `;
  }

  /** The page's shortcuts have no business with what is typed here; Escape may close what is around. */
  #handleKey(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || event.isComposing) event.stopPropagation();
  }

  #handleSubmit(event: SubmitEvent): void {
    event.preventDefault();
    const name = normalizeName(this.#input.value);
    this.isBad = !isName(name);
    if (this.isBad) this.#input.focus();
    else this.dispatchEvent(new NameRequest(name));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fc-name-prompt': FcNamePrompt;
  }
}
