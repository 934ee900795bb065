import { LitElement, css, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import type { CrewState } from '../../engine/crew/crew-desk.js';
import { SHEET_ICONS } from '../extras/sheet-icons.js';
import { OpenRequest } from '../requests.js';
import { base } from '../tokens.js';
import type { CrewWords } from '../words/crew/crew-words.js';

/**
 * Below the status of a private room: that it is one, and, pressed, whom it is for and how to invite.
 *
 * @tagname fc-crew-mark
 * @csspart private - The button.
 */
export class FcCrewMark extends LitElement {
  static override styles = [
    base,
    css`
      @media (pointer: fine) {
        button {
          min-height: 1.75rem;
        }
      }
      button {
        padding: 0;
        gap: 0.35em;
        font-size: 0.8125em;
        text-align: start;
        color: inherit;
      }
      svg {
        flex: none;
        color: var(--_good);
      }
      [data-state='closed'] svg {
        color: var(--_danger);
      }
    `,
  ];

  /** Null until it is known. */
  @property({ attribute: false }) state: CrewState | null = null;
  /** Null until they are fetched; nothing is shown then. */
  @property({ attribute: false }) words: CrewWords | null = null;

  protected override render(): TemplateResult | typeof nothing {
    const { state, words } = this;
    if (state === null || words === null) return nothing;
    const says = words.say(state === 'open' ? 'onlyInvited' : `state-${state}`);
    return html`<button
      part="private"
      aria-haspopup="dialog"
      data-state=${state === 'open' ? 'open' : 'closed'}
      @click=${this.#open}
    >
      ${SHEET_ICONS.locked} <span>${says}</span>
    </button>`;
  }

  #open(): void {
    this.dispatchEvent(new OpenRequest('crew'));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fc-crew-mark': FcCrewMark;
  }
}
