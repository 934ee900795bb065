import { LitElement, css, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import type { Report } from '../moderation/book.js';
import type { InForce } from '../moderation/desk.js';
import type { Action } from './action.js';
import type { AdminApi } from './api.js';
import { clock, counted } from './figures.js';
import { base, states, table } from './look.js';
import { lift } from './people-actions.js';
import { hrefOf } from './place.js';
import { ActRequest } from './requests.js';
import { pin, removeMessage, slowMode } from './room-actions.js';
import { shown } from './states.js';
import { Watch } from './watch.js';

const EVERY_MS = 5_000;

interface ReportsView {
  readonly reports: readonly Omit<Report, 'by'>[];
}

/**
 * What is in force, with the way to lift it, and what visitors reported.
 *
 * @tagname admin-moderation
 * @fires admin-act
 */
export class AdminModeration extends LitElement {
  static override styles = [
    base,
    table,
    states,
    css`
      .card > h2 {
        margin-bottom: 0.35rem;
      }
    `,
  ];

  @property({ attribute: false }) api!: AdminApi;
  readonly #inForce = new Watch<InForce>(this, EVERY_MS, () => this.api.get('moderation'));
  readonly #reports = new Watch<ReportsView>(this, EVERY_MS, () => this.api.get('reports'));

  protected override render(): TemplateResult {
    return html`<div class="stack">
      <h1 tabindex="-1">Moderation</h1>
      <section class="card">
        <h2>Reported by visitors</h2>
        ${shown(this.#reports, (view) => this.#reported(view))}
      </section>
      ${shown(this.#inForce, (view) => this.#lists(view))}
    </div>`;
  }

  #reported({ reports }: ReportsView): TemplateResult {
    if (reports.length === 0) return html`<p class="empty">Nobody has reported anything.</p>`;
    return html`<table>
      <thead>
        <tr>
          <th scope="col">Reason</th>
          <th scope="col">Room</th>
          <th scope="col" class="number">Reports</th>
          <th scope="col" class="wide">Last</th>
          <th scope="col"><span class="hidden">What can be done</span></th>
        </tr>
      </thead>
      <tbody>
        ${reports.map(
          ({ room, messageId, reason, count, atMs }) =>
            html`<tr>
              <td>${reason}</td>
              <td><a href=${hrefOf('rooms', room)}>${room}</a></td>
              <td class="number">${count}</td>
              <td class="wide">${clock(atMs)}</td>
              <td class="actions">${this.#button('Remove', removeMessage(room, messageId, `reported: ${reason}`))}</td>
            </tr>`,
        )}
      </tbody>
    </table>`;
  }

  #lists({ bans, mutes, slowMode: slow, pins }: InForce): TemplateResult {
    return html`<p class="quiet">
        All bans; what else holds is listed for rooms in which somebody is at the node that answers.
      </p>
      ${this.#sanctions('Banned', 'ban', bans)} ${this.#sanctions('Muted', 'mute', mutes)}
      <section class="card">
        <h2>Slow mode</h2>
        ${
          slow.length === 0
            ? html`<p class="quiet">In no room.</p>`
            : list(
                slow.map(({ room, seconds }) => [
                  html`<a href=${hrefOf('rooms', room)}>${room}</a> <span class="quiet">a message every ${seconds} s</span>`,
                  this.#button('Change…', slowMode(room)),
                ]),
              )
        }
      </section>
      <section class="card">
        <h2>Pinned</h2>
        ${
          pins.length === 0
            ? html`<p class="quiet">In no room.</p>`
            : list(
                pins.map(({ room, messageId }) => [
                  html`<a href=${hrefOf('rooms', room)}>${room}</a> <span class="tag">${messageId.slice(0, 4)}</span>`,
                  this.#button('Unpin…', pin(room, null)),
                ]),
              )
        }
      </section>`;
  }

  #sanctions(title: string, what: 'ban' | 'mute', entries: InForce['bans']): TemplateResult {
    return html`<section class="card">
      <h2>${title} <span class="quiet">${entries.length > 0 ? counted(entries.length, 'device') : nothing}</span></h2>
      ${
        entries.length === 0
          ? html`<p class="quiet">Nobody.</p>`
          : list(
              entries.map(({ author, room, untilMs, reason }) => [
                html`<span class="tag">${author.slice(0, 16)}…</span>
                  <span class="quiet">
                    ${room === undefined ? nothing : `in ${room} `}${`until ${clock(untilMs)}`}${reason === undefined || reason === '' ? nothing : `: ${reason}`}
                  </span>`,
                this.#button('Lift…', lift(what, { id: author, name: author.slice(0, 4) })),
              ]),
            )
      }
    </section>`;
  }

  #button(words: string, action: Action): TemplateResult {
    return html`<button class="small ${action.isDangerous ? 'danger' : ''}" @click=${() => this.dispatchEvent(new ActRequest(action))}>
      ${words}
    </button>`;
  }
}

function list(rows: readonly (readonly [TemplateResult, TemplateResult])[]): TemplateResult {
  return html`<table>
    <tbody>
      ${rows.map(([what, button]) => html`<tr><td>${what}</td><td class="actions">${button}</td></tr>`)}
    </tbody>
  </table>`;
}

declare global {
  interface HTMLElementTagNameMap {
    'admin-moderation': AdminModeration;
  }
}
