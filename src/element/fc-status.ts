import { LitElement, css, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import type { ChatStatus } from '../core/chat-view.js';
import { base } from './tokens.js';
import { statusWords } from './words/status-words.js';
import { DEFAULT_WORDS } from './words/words.js';

/**
 * How things are, in plain words: what, why, what to do.
 *
 * @tagname fc-status
 * @csspart status - The line.
 */
export class FcStatus extends LitElement {
  static override styles = [
    base,
    css`
      .line {
        display: flex;
        align-items: baseline;
        gap: 0.5em;
        font-size: 0.8125em;
        opacity: 0.9;
      }
      .dot {
        width: 0.65em;
        height: 0.65em;
        border-radius: 50%;
        flex: none;
        border: 2px solid currentColor;
      }
      [data-connection='online'] .dot {
        /* Told from any head it may stand on. */
        background: color-mix(in oklab, var(--_good) 60%, currentColor);
        border: 0;
      }
      [data-connection='mesh-only'] .dot {
        background: var(--_accent);
        border-color: var(--_accent);
      }
      [data-connection='offline'] .dot {
        border-color: var(--_danger);
      }
      strong {
        font-weight: 600;
      }
    `,
  ];

  /** Null until there is a chat; nothing is shown then. */
  @property({ attribute: false }) status: ChatStatus | null = null;
  @property({ attribute: false }) words = DEFAULT_WORDS;

  protected override render(): TemplateResult | typeof nothing {
    if (this.status === null) return nothing;
    const { short, long } = statusWords(this.words, this.status);
    return html`<div class="line" part="status" role="status" data-connection=${this.status.connection}>
      <span class="dot" aria-hidden="true"></span>
      <span><strong>${short}</strong> ${long}</span>
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fc-status': FcStatus;
  }
}
