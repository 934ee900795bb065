import { LitElement, css, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { UserView } from '../http/admin.js';
import type { AdminApi } from './api.js';
import { counted } from './figures.js';
import { base, states, table } from './look.js';
import { ban, mute } from './people-actions.js';
import { hrefOf } from './place.js';
import { ActRequest } from './requests.js';
import { shown } from './states.js';
import { Watch } from './watch.js';

const EVERY_MS = 5_000;
/** Rows shown at once; the search finds the others. */
const PAGE = 200;
/** What the server looks for is no longer. */
const SOUGHT_MAX = 200;

interface PeoplePage {
  readonly total: number;
  readonly items: readonly UserView[];
}

/**
 * Who is here, by device, and what can be done about somebody.
 *
 * @tagname admin-people
 * @fires admin-act
 */
export class AdminPeople extends LitElement {
  static override styles = [
    base,
    table,
    states,
    css`
      input {
        width: min(24rem, 100%);
      }
      /* A row of two lines: who and what can be done, then where. */
      @media (max-width: 40rem) {
        thead {
          display: none;
        }
        tr {
          display: grid;
          grid-template-columns: minmax(0, 1fr) auto;
          align-items: center;
          border-bottom: 1px solid var(--line);
          padding-block: 0.3rem;
        }
        tr > * {
          border: 0;
          padding-block: 0.1rem;
        }
        td.rooms {
          grid-row: 2;
          grid-column: 1 / -1;
        }
        td.actions .row {
          flex-wrap: nowrap;
        }
      }
    `,
  ];

  @property({ attribute: false }) api!: AdminApi;
  @state() private sought = '';
  readonly #people = new Watch<PeoplePage>(this, EVERY_MS, () =>
    this.api.get(`users?limit=${PAGE}&find=${encodeURIComponent(this.sought.trim())}`),
  );

  protected override render(): TemplateResult {
    return html`<div class="stack">
      <h1 tabindex="-1">People</h1>
      <div>
        <label for="sought" class="hidden">Find somebody by name, key or room</label>
        <input
          id="sought"
          type="search"
          placeholder="Name, key or room"
          autocomplete="off"
          maxlength=${SOUGHT_MAX}
          .value=${this.sought}
          @input=${this.#seek}
        />
      </div>
      <section class="card">${shown(this.#people, (page) => this.#table(page))}</section>
    </div>`;
  }

  #table({ total, items }: PeoplePage): TemplateResult {
    if (total === 0)
      return html`<p class="empty">${this.sought === '' ? 'Nobody is here.' : 'Nobody who is here fits.'}</p>`;
    return html`<table>
        <caption class="hidden">
          People who are here
        </caption>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col" class="wide">Key</th>
            <th scope="col">Rooms</th>
            <th scope="col"><span class="hidden">What can be done</span></th>
          </tr>
        </thead>
        <tbody>
          ${repeat(
            items,
            ({ id }) => id,
            (user) => this.#row(user),
          )}
        </tbody>
      </table>
      <p class="quiet" role="status">
        ${counted(total, 'person', 'people')}${items.length < total ? `, ${items.length} shown: find the others by name, key or room` : nothing}.
      </p>`;
  }

  #row({ id, name, sessions }: UserView): TemplateResult {
    const rooms = [...new Set(sessions.map(({ room }) => room))];
    return html`<tr>
      <th scope="row"><bdi>${name}</bdi> <span class="tag">${id.slice(0, 4)}</span></th>
      <td class="wide tag">${id.slice(0, 16)}…</td>
      <td class="rooms">${rooms.map((room, index) => html`${index > 0 ? ', ' : ''}<a href=${hrefOf('rooms', room)}>${room}</a>`)}</td>
      <td class="actions">
        <span class="row">
          <button class="small" @click=${() => this.dispatchEvent(new ActRequest(mute({ id, name })))}>
            Mute<span class="hidden"> ${name}</span>
          </button>
          <button class="small danger" @click=${() => this.dispatchEvent(new ActRequest(ban({ id, name })))}>
            Ban<span class="hidden"> ${name}</span>
          </button>
        </span>
      </td>
    </tr>`;
  }

  #seek(event: InputEvent): void {
    this.sought = (event.target as HTMLInputElement).value;
    this.#people.look();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'admin-people': AdminPeople;
  }
}
