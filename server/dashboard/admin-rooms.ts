import { LitElement, css, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { PATTERNS } from '../../src/protocol/ids.js';
import type { RoomView } from '../http/room-list.js';
import type { AdminApi } from './api.js';
import { count, counted } from './figures.js';
import { base, states, table } from './look.js';
import { hrefOf } from './place.js';
import { shown } from './states.js';
import { Watch } from './watch.js';

const EVERY_MS = 4_000;
/** The server's largest page. */
const PAGE = 500;

const COLUMNS: readonly (readonly [key: keyof RoomView, words: string, isWide: boolean])[] = [
  ['members', 'People', false],
  ['p2pUsers', 'On the mesh', true],
  ['links', 'Links', false],
  ['head', 'Written', true],
];

interface RoomsPage {
  readonly total: number;
  readonly items: readonly RoomView[];
}

/**
 * The rooms with people in them, those that are kept after people have left, and the way to any by its name.
 *
 * @tagname admin-rooms
 */
export class AdminRooms extends LitElement {
  static override styles = [
    base,
    table,
    states,
    css`
      input {
        flex: 1 1 12rem;
      }
      th button {
        min-height: 1.75rem;
        padding: 0 0.35rem;
        border-color: transparent;
        background: none;
        color: inherit;
        font-size: inherit;
      }
      th.number button {
        margin-inline-end: -0.35rem;
      }
    `,
  ];

  @property({ attribute: false }) api!: AdminApi;
  @state() private sought = '';
  @state() private sortedBy: keyof RoomView = 'members';
  readonly #rooms = new Watch<RoomsPage>(this, EVERY_MS, () => this.api.get(`rooms?limit=${PAGE}&${this.#query()}`));

  protected override render(): TemplateResult {
    return html`<div class="stack">
      <h1 tabindex="-1">Rooms</h1>
      <form class="row" role="search" @submit=${this.#open}>
        <label for="sought" class="hidden">Find a room</label>
        <input
          id="sought"
          type="search"
          placeholder="festival/room"
          autocomplete="off"
          autocapitalize="none"
          spellcheck="false"
          .value=${this.sought}
          @input=${this.#seek}
        />
        <button ?disabled=${!PATTERNS.room.test(this.sought)}>Open this room</button>
      </form>
      <section class="card">${shown(this.#rooms, (page) => this.#table(page))}</section>
    </div>`;
  }

  #table({ total, items }: RoomsPage): TemplateResult {
    if (total === 0) {
      const words = this.sought === '' ? 'Nobody is in a room, and nothing was ever written.' : 'No room is called so.';
      return html`<p class="empty">${words}</p>`;
    }
    const by = this.sortedBy;
    const sorted = [...items].sort((a, b) => (by === 'room' ? 0 : b[by] - a[by]));
    return html`<table>
        <caption class="hidden">
          Rooms with people in them, and rooms that are kept
        </caption>
        <thead>
          <tr>
            ${this.#heading('room', 'Room', '')} ${COLUMNS.map(([key, words, isWide]) => this.#heading(key, words, isWide ? 'number wide' : 'number'))}
          </tr>
        </thead>
        <tbody>
          ${repeat(
            sorted,
            ({ room }) => room,
            (room) =>
              html`<tr class=${room.members === 0 ? 'quiet' : ''}>
                <th scope="row"><a href=${hrefOf('rooms', room.room)}>${room.room}</a></th>
                ${COLUMNS.map(([key, , isWide]) => html`<td class="number ${isWide ? 'wide' : ''}">${count(Number(room[key]))}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
      <p class="quiet" role="status">
        ${counted(total, 'room')}${items.length < total ? `, ${items.length} shown: find the others by name` : nothing}.
      </p>`;
  }

  #heading(key: keyof RoomView, words: string, kind: string): TemplateResult {
    const isSorted = this.sortedBy === key;
    const direction = key === 'room' ? 'ascending' : 'descending';
    return html`<th scope="col" class=${kind} aria-sort=${isSorted ? direction : 'none'}>
      <button
        type="button"
        @click=${() => {
          this.sortedBy = key;
        }}
      >
        ${words}${isSorted ? html`<span aria-hidden="true">${key === 'room' ? ' ↑' : ' ↓'}</span>` : ''}
      </button>
    </th>`;
  }

  #seek(event: InputEvent): void {
    this.sought = (event.target as HTMLInputElement).value;
    this.#rooms.look();
  }

  /** The largest, or those that are sought. */
  #query(): string {
    const sought = this.sought.trim();
    return sought === '' ? 'order=members' : `find=${encodeURIComponent(sought)}`;
  }

  #open(event: SubmitEvent): void {
    event.preventDefault();
    location.hash = hrefOf('rooms', this.sought);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'admin-rooms': AdminRooms;
  }
}
