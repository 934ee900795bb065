import { LitElement, css, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import type { ChatStatus } from '../core/chat-view.js';
import { statusWords } from './strings.js';
import { base } from './tokens.js';

/**
 * How things are, in plain words: what, why, what to do.
 *
 * @tagname fc-status
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
        color: var(--_muted);
      }
      .dot {
        width: 0.65em;
        height: 0.65em;
        border-radius: 50%;
        flex: none;
        background: var(--_muted);
      }
      [data-connection='online'] .dot {
        background: var(--_good);
      }
      [data-connection='mesh-only'] .dot {
        background: var(--_accent);
      }
      [data-connection='offline'] .dot {
        background: none;
        border: 2px solid var(--_danger);
      }
      strong {
        color: var(--_text);
        font-weight: 600;
      }
    `,
  ];

  @property({ attribute: false }) status: ChatStatus | null = null;

  protected override render(): TemplateResult | typeof nothing {
    if (this.status === null) return nothing;
    const { short, long } = statusWords(this.status);
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
