import { LitElement, css, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { ChatMember } from '../core/chat-view.js';
import { ICONS } from './icons.js';
import { WORDS, peopleHere } from './strings.js';
import { base } from './tokens.js';

/** Names listed; the rest of a crowd is its number. */
const LISTED_MAX = 50;

/**
 * How many are here, and who, when asked.
 *
 * @tagname fc-members
 */
export class FcMembers extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        position: relative;
      }
      button {
        font-size: 0.875em;
        white-space: nowrap;
      }
      .list {
        position: absolute;
        inset-inline-end: 0;
        z-index: 2;
        width: max-content;
        max-width: min(18rem, 80vw);
        max-height: 16rem;
        overflow-y: auto;
        margin: 0.25rem 0 0;
        padding: 0.5rem;
        list-style: none;
        background: var(--_surface);
        border: 1px solid var(--_line);
        border-radius: var(--_radius);
        box-shadow: 0 6px 24px rgb(0 0 0 / 0.2);
      }
      li {
        padding: 0.25rem 0.5rem;
        overflow-wrap: anywhere;
      }
    `,
  ];

  @property({ attribute: false }) members: readonly ChatMember[] = [];
  /** The whole number, which may be larger than the list. */
  @property({ type: Number }) count = 0;
  @state() private isOpen = false;

  protected override render(): TemplateResult {
    const listed = this.members.slice(0, LISTED_MAX);
    const rest = this.count - listed.length;
    return html`
      <button part="members" aria-expanded=${this.isOpen} aria-controls="list" @click=${this.#toggle}>
        ${ICONS.people} ${peopleHere(this.count)}
      </button>
      ${
        this.isOpen
          ? html`<ul id="list" class="list" aria-label=${WORDS.people} tabindex="0" @keydown=${this.#handleKey}>
              ${listed.map(
                (member, index) =>
                  html`<li>
                    <bdi>${member.author.name}</bdi>
                    <span class="quiet"
                      >${member.author.tag}${index === 0 && member.mine ? ` · ${WORDS.you}` : ''}</span
                    >
                  </li>`,
              )}
              ${rest > 0 ? html`<li class="quiet">+ ${rest}</li>` : nothing}
            </ul>`
          : nothing
      }
    `;
  }

  #toggle(): void {
    this.isOpen = !this.isOpen;
  }

  #handleKey(event: KeyboardEvent): void {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    this.isOpen = false;
    this.renderRoot.querySelector('button')?.focus();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fc-members': FcMembers;
  }
}
