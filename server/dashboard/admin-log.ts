import { LitElement, css, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { property } from 'lit/decorators.js';
import type { RoomKey } from '../../src/protocol/ids.js';
import { authorTag } from '../../src/protocol/ids.js';
import type { Action } from './action.js';
import type { AdminApi } from './api.js';
import { clock, counted } from './figures.js';
import { base, states } from './look.js';
import { messagesIn } from './messages.js';
import type { ShownMessage } from './messages.js';
import { ban, mute } from './people-actions.js';
import { ActRequest } from './requests.js';
import { pin, removeMessage } from './room-actions.js';
import { RoomReader } from './room-reader.js';
import type { RoomEntries } from './room-reader.js';
import { shown } from './states.js';
import { Watch } from './watch.js';

const EVERY_MS = 2_000;

/**
 * What was written in a room, newest first, with what can be done about each message.
 *
 * @tagname admin-log
 * @fires admin-act
 */
export class AdminLog extends LitElement {
  static override styles = [
    base,
    states,
    css`
      li {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        gap: 0 0.75rem;
        padding: 0.5rem 0;
        border-bottom: 1px solid var(--line);
      }
      li:last-child {
        border: 0;
      }
      .who {
        font-size: 0.8125rem;
      }
      .text {
        white-space: pre-wrap;
        overflow-wrap: anywhere;
        unicode-bidi: isolate;
        max-height: 12rem;
        overflow-y: auto;
      }
      .gone .text {
        color: var(--muted);
        text-decoration: line-through;
      }
      details {
        grid-column: 2;
        grid-row: 1 / span 2;
        position: relative;
      }
      summary {
        cursor: pointer;
        list-style: none;
        border: 1px solid var(--line);
        border-radius: 8px;
        padding: 0.1rem 0.6rem;
        font-size: 0.8125rem;
        font-weight: 550;
      }
      @media (pointer: coarse) {
        summary {
          padding: 0.55rem 0.8rem;
        }
      }
      summary::-webkit-details-marker {
        display: none;
      }
      details .row {
        position: absolute;
        inset-inline-end: 0;
        top: calc(100% + 0.25rem);
        z-index: 2;
        flex-wrap: nowrap;
        padding: 0.4rem;
        background: var(--surface);
        border: 1px solid var(--line);
        border-radius: 10px;
        box-shadow: 0 0.5rem 1.5rem rgb(0 0 0 / 0.25);
      }
    `,
  ];

  @property({ attribute: false }) api!: AdminApi;
  @property({ attribute: false }) room!: RoomKey;
  #reader: RoomReader | null = null;
  readonly #entries = new Watch<RoomEntries>(this, EVERY_MS, () => this.#read().latest());

  protected override render(): TemplateResult {
    return html`${shown(this.#entries, (view) => this.#list(view))}`;
  }

  #list({ entries, hasOlder }: RoomEntries): TemplateResult {
    const messages = messagesIn(this.room, entries).reverse();
    if (messages.length === 0) return html`<p class="empty">Nothing is written here.</p>`;
    return html`<ol aria-label="Messages, newest first">
        ${repeat(
          messages,
          ({ entry }) => entry.id,
          (message) => this.#row(message),
        )}
      </ol>
      <p class="row spread">
        <span class="quiet">${counted(messages.length, 'message')} shown</span>
        ${hasOlder ? html`<button @click=${this.#older}>Show older ones</button>` : nothing}
      </p>`;
  }

  #row(message: ShownMessage): TemplateResult {
    const { entry, name, text, isEdited, isRetracted, reactions } = message;
    const notes = [
      ...(isEdited ? ['changed'] : []),
      ...(isRetracted ? ['taken back'] : []),
      ...(reactions > 0 ? [counted(reactions, 'reaction')] : []),
    ];
    return html`<li class=${isRetracted ? 'gone' : ''}>
      <p class="who">
        <strong><bdi>${name}</bdi></strong> <span class="tag">${authorTag(entry.author)}</span>
        <span class="quiet">
          <time datetime=${new Date(entry.storedAtMs).toISOString()}>${clock(entry.storedAtMs)}</time>
          ${notes.length === 0 ? nothing : ` · ${notes.join(', ')}`}
        </span>
      </p>
      <p class="text">${text}</p>
      <details name="act" @focusout=${this.#leave} @keydown=${this.#escape}>
        <summary>Actions<span class="hidden"> on the message of ${name}</span></summary>
        <div class="row">
          ${this.#button('Remove', removeMessage(this.room, entry.id, text))}
          ${this.#button('Pin', pin(this.room, { id: entry.id, text }))}
          ${this.#button('Mute', mute({ id: entry.author, name }))} ${this.#button('Ban', ban({ id: entry.author, name }))}
        </div>
      </details>
    </li>`;
  }

  #button(words: string, action: Action): TemplateResult {
    return html`<button class="small ${action.isDangerous ? 'danger' : ''}" @click=${() => this.dispatchEvent(new ActRequest(action))}>
      ${words}
    </button>`;
  }

  /** A menu is closed by going elsewhere. Where a browser does not say whither, it stays. */
  #leave(event: FocusEvent): void {
    const menu = event.currentTarget as HTMLDetailsElement;
    if (event.relatedTarget instanceof Node && !menu.contains(event.relatedTarget)) menu.open = false;
  }

  #escape(event: KeyboardEvent): void {
    const menu = event.currentTarget as HTMLDetailsElement;
    if (event.key !== 'Escape' || !menu.open) return;
    menu.open = false;
    menu.querySelector('summary')?.focus();
  }

  #read(): RoomReader {
    return (this.#reader ??= new RoomReader(this.api, this.room));
  }

  async #older(): Promise<void> {
    // What goes wrong shows at the next look, which comes at once.
    await this.#read()
      .older()
      .catch(() => undefined);
    this.#entries.look();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'admin-log': AdminLog;
  }
}
