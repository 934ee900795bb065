import { LitElement, css, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { reportOf } from '../../engine/care/report.js';
import type { Chat } from '../../engine/chat.js';
import type { PhraseKey } from '../words/english.js';
import { base } from '../tokens.js';
import { FULL_ENGLISH } from '../words/english-more.js';

/**
 * What is wrong with this device or its network, in plain words, what to do about it, and a report to copy for whoever
 * can help. The report holds no messages, names or addresses.
 *
 * @tagname fc-diagnosis
 * @csspart findings - The list.
 * @csspart copy-report - The button.
 */
export class FcDiagnosis extends LitElement {
  static override styles = [
    base,
    css`
      ul {
        margin: 0 0 1rem;
        padding: 0;
        list-style: none;
        display: grid;
        gap: 0.75rem;
      }
      p {
        margin: 0.15rem 0 0;
        color: var(--_muted);
      }
      button {
        border: 1px solid var(--_line);
      }
    `,
  ];

  @property({ attribute: false }) chat: Chat | null = null;
  @property({ attribute: false }) words = FULL_ENGLISH;
  @state() private outcome: PhraseKey | null = null;

  protected override render(): TemplateResult | typeof nothing {
    const { chat, words, outcome } = this;
    if (chat === null) return nothing;
    const findings = chat.glance?.findings ?? [];
    return html`${
      findings.length === 0
        ? html`<p>${words.say('nothingWrong')}</p>`
        : html`<ul part="findings">
            ${findings.map(
              (code) =>
                html`<li>
                  <strong>${words.say(`finding-${code}`)}</strong>
                  <p>${words.say(`advice-${code}`)}</p>
                </li>`,
            )}
          </ul>`
    }
      <button part="copy-report" @click=${this.#copy}>${words.say('copyReport')}</button>
      <p role="status">${outcome === null ? nothing : words.say(outcome)}</p>`;
  }

  async #copy(): Promise<void> {
    const { chat } = this;
    if (chat === null) return;
    try {
      await navigator.clipboard.writeText(reportOf(chat.status, chat.getConnectionDiagnostics()));
      this.outcome = 'reportCopied';
    } catch {
      this.outcome = 'reportFailed';
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fc-diagnosis': FcDiagnosis;
  }
}
