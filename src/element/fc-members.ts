import { LitElement, css, html } from 'lit';
import type { TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { ICONS } from './icons.js';
import { OpenRequest } from './requests.js';
import { base } from './tokens.js';
import { DEFAULT_WORDS } from './words/words.js';

/**
 * How many are here. Pressed, it asks for the list.
 *
 * @tagname fc-members
 * @csspart members - The button.
 */
export class FcMembers extends LitElement {
  static override styles = [
    base,
    css`
      button {
        font-size: 0.875em;
        white-space: nowrap;
      }
    `,
  ];

  /** The whole number, as far as it is known. */
  @property({ type: Number }) count = 0;
  @property({ attribute: false }) words = DEFAULT_WORDS;

  override focus(): void {
    this.renderRoot.querySelector('button')?.focus();
  }

  protected override render(): TemplateResult {
    return html`<button
      part="members"
      aria-haspopup="dialog"
      @click=${() => this.dispatchEvent(new OpenRequest('members'))}
    >
      ${ICONS.people} <span>${this.words.say('peopleHere', { n: this.count })}</span>
    </button>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fc-members': FcMembers;
  }
}
