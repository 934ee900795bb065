import { LitElement, css, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { query, state } from 'lit/decorators.js';
import { isName } from '../protocol/record.js';
import { normalizeName } from '../protocol/text.js';
import { WORDS } from './strings.js';
import { base } from './tokens.js';

/** The visitor has chosen a name. */
export class NameRequest extends Event {
  static readonly type = 'name-request';
  constructor(readonly displayName: string) {
    super(NameRequest.type, { bubbles: true, composed: true });
  }
}

/**
 * Asks for a name before the first message. Reading needs none.
 *
 * @tagname fc-name-prompt
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
      input {
        font: inherit;
        font-size: max(16px, 1em);
        color: inherit;
        background: var(--_raised);
        border: 1px solid var(--_line);
        border-radius: var(--_radius);
        padding: 0.5em 0.9em;
        min-width: 0;
        min-height: 2.75rem;
      }
      .bad {
        color: var(--_danger);
      }
      button {
        min-height: 2.75rem;
      }
    `,
  ];

  @state() private isBad = false;
  @query('input') private readonly input!: HTMLInputElement;

  override focus(): void {
    this.input.focus();
  }

  protected override render(): TemplateResult {
    return html`
      <form part="name-prompt" @submit=${this.#handleSubmit}>
        <label for="name">${WORDS.nameTitle}</label>
        <input
          id="name"
          part="input"
          maxlength="80"
          autocomplete="nickname"
          enterkeyhint="done"
          aria-describedby="help"
          aria-invalid=${this.isBad}
          @keydown=${(event: KeyboardEvent) => event.stopPropagation()}
        />
        <button class="primary" type="submit">${WORDS.nameGo}</button>
        <span id="help" class="quiet ${this.isBad ? 'bad' : ''}" role=${this.isBad ? 'alert' : nothing}
          >${this.isBad ? WORDS.nameBad : WORDS.nameHelp}</span
        >
      </form>
    `;
  }

  #handleSubmit(event: SubmitEvent): void {
    event.preventDefault();
    const name = normalizeName(this.input.value);
    this.isBad = !isName(name);
    if (this.isBad) this.input.focus();
    else this.dispatchEvent(new NameRequest(name));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fc-name-prompt': FcNamePrompt;
  }
}
