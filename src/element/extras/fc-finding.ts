import { LitElement, css, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import type { FindingCode } from '../../core/diagnosis.js';
import { OpenRequest } from '../requests.js';
import { base } from '../tokens.js';
import { FULL_ENGLISH } from '../words/english-more.js';

/**
 * Below the status: what is wrong, in a sentence, as a button that asks for the whole diagnosis.
 *
 * @tagname fc-finding
 * @csspart finding - The button.
 */
export class FcFinding extends LitElement {
  static override shadowRootOptions: ShadowRootInit = { ...LitElement.shadowRootOptions, delegatesFocus: true };
  static override styles = [
    base,
    css`
      button {
        padding: 0;
        min-height: 1.5rem;
        font-size: 0.8125em;
        text-align: start;
        text-decoration: underline;
      }
    `,
  ];

  /** Null: nothing is wrong. */
  @property({ attribute: false }) code: FindingCode | null = null;
  /** The status has a sentence of its own for this finding. */
  @property({ type: Boolean }) known = false;
  @property({ attribute: false }) words = FULL_ENGLISH;

  protected override render(): TemplateResult | typeof nothing {
    const { code, words } = this;
    if (code === null) return nothing;
    const says = words.say(this.known ? 'whatToDo' : `finding-${code}`);
    return html`<button part="finding" aria-haspopup="dialog" @click=${this.#ask}>${says}</button>`;
  }

  #ask(): void {
    this.dispatchEvent(new OpenRequest('diagnosis'));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fc-finding': FcFinding;
  }
}
