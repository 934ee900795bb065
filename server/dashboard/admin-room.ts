import { LitElement, css, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import { property, state } from 'lit/decorators.js';
import type { RoomKey } from '../../src/protocol/ids.js';
import type { LinksView } from '../http/room-routes.js';
import type { InForce } from '../moderation/desk.js';
import type { Action } from './action.js';
import { ApiProblem } from './api.js';
import type { AdminApi } from './api.js';
import { counted } from './figures.js';
import { base, states } from './look.js';
import { hrefOf } from './place.js';
import { ActRequest } from './requests.js';
import { announce, clearRoom, pin, slowMode } from './room-actions.js';
import { save } from './save.js';
import { problemWords, shown } from './states.js';
import { Watch } from './watch.js';

const EVERY_MS = 3_000;
/** There is no picture of an empty room. */
const NOBODY = 'nobody';

/**
 * One room: what was written, who is linked to whom, what can be done about it, and all of it as a file.
 *
 * @tagname admin-room
 * @fires admin-act
 */
export class AdminRoom extends LitElement {
  static override styles = [
    base,
    states,
    css`
      .halves {
        display: grid;
        grid-template-columns: minmax(0, 3fr) minmax(0, 2fr);
        gap: 0.85rem;
        align-items: start;
      }
      @media (max-width: 68rem) {
        .halves {
          grid-template-columns: minmax(0, 1fr);
        }
      }
      .card > h2 {
        margin-bottom: 0.5rem;
      }
    `,
  ];

  @property({ attribute: false }) api!: AdminApi;
  @property({ attribute: false }) room = '';
  /** What became of the last export. */
  @state() private exported: 'running' | ApiProblem | null = null;
  readonly #links = new Watch<LinksView | typeof NOBODY>(this, EVERY_MS, () => linksOf(this.api, this.room));

  readonly #inForce = new Watch<InForce>(this, EVERY_MS, () => this.api.get('moderation'));

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('room') && changed.get('room') !== undefined) this.#links.restart();
  }

  protected override render(): TemplateResult {
    const { api, room, exported } = this;
    const picture = this.#links.answer;
    const inForce = this.#inForce.answer;
    const slow = inForce?.slowMode.find((entry) => entry.room === room)?.seconds ?? 0;
    const isPinned = inForce?.pins.some((entry) => entry.room === room) === true;
    const isBusy = exported === 'running';
    return html`<div class="stack">
      <div>
        <a href=${hrefOf('rooms')}>← Rooms</a>
        <h1 tabindex="-1">${room}</h1>
        <p class="quiet">
          ${
            picture === null
              ? nothing
              : picture === NOBODY
                ? 'Nobody is here now.'
                : `${counted(picture.total.members, 'person', 'people')} here, ${counted(picture.total.links, 'link')} between them.`
          }
          ${slow === 0 ? nothing : `Slow mode: a message every ${slow} s.`} ${isPinned ? 'A message is pinned.' : nothing}
        </p>
      </div>
      <div class="row">
        ${this.#button('Announce…', announce(room))} ${this.#button('Slow mode…', slowMode(room))}
        ${isPinned ? this.#button('Unpin…', pin(room, null)) : nothing} ${this.#button('Clear…', clearRoom(room))}
        <button ?disabled=${isBusy} @click=${() => this.#export('csv')}>Export CSV</button>
        <button ?disabled=${isBusy} @click=${() => this.#export('json')}>Export JSON</button>
      </div>
      ${exported instanceof ApiProblem ? problemWords(exported) : nothing}
      <div class="halves">
        <section class="card">
          <h2>Messages</h2>
          ${keyed(room, html`<admin-log .api=${api} .room=${room as RoomKey}></admin-log>`)}
        </section>
        <section class="card">
          <h2>Links</h2>
          ${shown(this.#links, (view) =>
            view === NOBODY
              ? html`<p class="empty">Nobody is here, so nobody is linked.</p>`
              : html`<admin-links .picture=${view}></admin-links>`,
          )}
        </section>
      </div>
    </div>`;
  }

  #button(words: string, action: Action): TemplateResult {
    return html`<button class=${action.isDangerous ? 'danger' : ''} @click=${() => this.dispatchEvent(new ActRequest(action))}>
      ${words}
    </button>`;
  }

  async #export(format: 'csv' | 'json'): Promise<void> {
    this.exported = 'running';
    try {
      save(await this.api.file(`rooms/${encodeURIComponent(this.room)}/export?format=${format}`));
      this.exported = null;
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      this.exported = error;
    }
  }
}

async function linksOf(api: AdminApi, room: string): Promise<LinksView | typeof NOBODY> {
  try {
    return await api.get<LinksView>(`rooms/${encodeURIComponent(room)}/links`);
  } catch (error) {
    if (error instanceof ApiProblem && error.code === 'no-such-room') return NOBODY;
    throw error;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'admin-room': AdminRoom;
  }
}
