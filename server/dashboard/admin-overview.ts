import { LitElement, css, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import type { Overview } from '../http/admin.js';
import type { RoomView } from '../http/room-list.js';
import type { Quantiles } from '../samples.js';
import type { AdminApi } from './api.js';
import { attention } from './attention.js';
import { UNMEASURED, count, counted, megabytes, milliseconds, percent } from './figures.js';
import { base, states, table } from './look.js';
import { hrefOf } from './place.js';
import { shown } from './states.js';
import { Watch } from './watch.js';

const ROOMS_EVERY_MS = 5_000;
const ROOMS_SHOWN = 6;
/** Above this a figure of the event loop is shown as alarming; `attention.ts` says what to do. */
const LAG_ALARM_MS = 300;

const ROUTES: readonly (readonly [key: 'server' | 'p2p' | 'store', words: string])[] = [
  ['server', 'To the server and back'],
  ['p2p', 'From peer to peer and back'],
  ['store', 'Until a message is on disk'],
];

/**
 * How things are: what needs a look, the figures, the last hour, what happened lately.
 *
 * @tagname admin-overview
 */
export class AdminOverview extends LitElement {
  static override styles = [
    base,
    table,
    states,
    css`
      .figures {
        display: grid;
        grid-template-columns: repeat(4, minmax(0, 1fr));
        gap: 0.75rem;
      }
      .halves {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(22rem, 100%), 1fr));
        gap: 0.85rem;
        align-items: start;
      }
      .stale {
        opacity: 0.85;
        filter: grayscale(1);
      }
      .notice {
        border: 1px solid var(--line);
        border-inline-start: 4px solid var(--good);
        border-radius: var(--radius);
        background: var(--surface);
        padding: 0.6rem 0.85rem;
      }
      .notice[data-level='danger'] {
        background: var(--danger-ground);
        border-color: var(--danger);
      }
      .notice[data-level='note'] {
        background: var(--warn-ground);
        border-color: var(--warn);
      }
      .card > h2 {
        margin-bottom: 0.5rem;
      }
      dl {
        display: grid;
        grid-template-columns: 1fr auto;
        gap: 0.2rem 1rem;
        font-size: 0.875rem;
      }
      @media (max-width: 50rem) {
        .figures {
          grid-template-columns: repeat(2, minmax(0, 1fr));
          gap: 0.5rem;
        }
      }
    `,
  ];

  @property({ attribute: false }) api!: AdminApi;
  /** Null before the first answer. */
  @property({ attribute: false }) overview: Overview | null = null;
  /** The one of about a minute ago. */
  @property({ attribute: false }) earlier: Overview | null = null;
  /** The server does not answer now. */
  @property({ attribute: false }) isStale = false;
  readonly #rooms = new Watch<readonly RoomView[]>(this, ROOMS_EVERY_MS, async () => {
    const { items } = await this.api.get<{ items: readonly RoomView[] }>(`rooms?order=members&limit=${ROOMS_SHOWN}`);
    return items.filter(({ members }) => members > 0);
  });

  protected override render(): TemplateResult {
    const { overview } = this;
    return html`<div class="stack">
      <h1 tabindex="-1">Overview</h1>
      ${
        overview === null
          ? html`<p class="empty" role="status">Waiting for the server’s figures…</p>`
          : html`${this.#attention(overview)}
              <div class="stack ${this.isStale ? 'stale' : ''}">
                ${this.#figures(overview)}
                <section class="card">
                  <h2>Messages a minute</h2>
                  <admin-bars .minutes=${overview.analytics.messages.perMinute}></admin-bars>
                </section>
                <div class="halves">
                  <div class="stack">${latencies(overview)} ${this.#busiest()} ${counters(overview)}</div>
                  <section class="card">
                    <h2>Lately</h2>
                    <admin-activity .activity=${overview.activity}></admin-activity>
                  </section>
                </div>
              </div>`
      }
    </div>`;
  }

  /** Changes are read out: who works by ear hears the alarm too. */
  #attention(overview: Overview): TemplateResult {
    const notices = attention(overview, this.earlier);
    return html`<div class="stack" role="status">
      ${notices.map(
        ({ level, title, advice }) =>
          html`<p class="notice" data-level=${level}><strong>${title}.</strong> ${advice}</p>`,
      )}
      ${notices.length === 0 && !this.isStale ? html`<p class="notice">Nothing needs you right now.</p>` : nothing}
    </div>`;
  }

  #figures({ analytics, mesh, trend }: Overview): TemplateResult {
    const { sockets, messages, eventLoopLag, memory } = analytics;
    const dials = mesh.successfulP2PConnections + mesh.failedP2PConnections;
    const success = dials === 0 ? null : mesh.successfulP2PConnections / dials;
    const setUp = mesh.averageConnectionTimeMs;
    return html`<div class="figures">
      <admin-figure
        label="People here"
        value=${count(analytics.members)}
        note="${counted(sockets.current, 'socket')}, at most ${count(sockets.peak)}"
        .trend=${trend.map(({ members }) => members)}
      ></admin-figure>
      <admin-figure
        label="Rooms open"
        value=${count(analytics.rooms)}
        note="${count(mesh.roomsWithMesh)} with links"
      ></admin-figure>
      <admin-figure
        label="Messages this minute"
        value=${count(messages.perMinute.at(-1) ?? 0)}
        note="${count(messages.total)} since the start"
        .trend=${messages.perMinute}
      ></admin-figure>
      <admin-figure
        label="Mesh success"
        value=${percent(success)}
        note=${dials === 0 ? 'no dial has ended yet' : `of ${counted(dials, 'dial')}${setUp === null ? '' : `, ${milliseconds(setUp)} each`}`}
        ?alarming=${dials >= 10 && (success ?? 1) < 0.5}
      ></admin-figure>
      <admin-figure
        label="On the mesh"
        value=${percent(mesh.totalActiveUsers === 0 ? null : mesh.meshUpgradeRate)}
        note="${counted(mesh.currentP2PUsers, 'person', 'people')}, ${counted(mesh.activeP2PConnections, 'link')}"
        .trend=${trend.map(({ p2pUsers }) => p2pUsers)}
      ></admin-figure>
      <admin-figure
        label="Over the mesh"
        value=${count(mesh.p2pMessageCount)}
        note="${counted(mesh.fallbackCount, 'fallback')} to the server"
      ></admin-figure>
      <admin-figure
        label="Event-loop lag"
        value=${milliseconds(eventLoopLag.p99Ms)}
        note="99 % of the last second"
        ?alarming=${eventLoopLag.p99Ms > LAG_ALARM_MS}
        .trend=${trend.map(({ eventLoopLagP99Ms }) => eventLoopLagP99Ms)}
      ></admin-figure>
      <admin-figure
        label="Memory"
        value=${megabytes(memory.rssBytes)}
        note="${megabytes(memory.heapUsedBytes)} of it heap"
        .trend=${trend.map(({ rssBytes }) => rssBytes)}
      ></admin-figure>
    </div>`;
  }

  #busiest(): TemplateResult {
    return html`<section class="card">
      <h2>Busiest rooms</h2>
      ${shown(this.#rooms, (rooms) =>
        rooms.length === 0
          ? html`<p class="empty">Nobody is in any room.</p>`
          : html`<table>
              <thead>
                <tr>
                  <th scope="col">Room</th>
                  <th scope="col" class="number">People</th>
                  <th scope="col" class="number">Links</th>
                </tr>
              </thead>
              <tbody>
                ${rooms.map(
                  ({ room, members, links }) =>
                    html`<tr>
                      <th scope="row"><a href=${hrefOf('rooms', room)}>${room}</a></th>
                      <td class="number">${count(members)}</td>
                      <td class="number">${count(links)}</td>
                    </tr>`,
                )}
              </tbody>
            </table>`,
      )}
    </section>`;
  }
}

function latencies({ analytics }: Overview): TemplateResult {
  const cell = (quantiles: Quantiles | null, pick: (found: Quantiles) => number): string =>
    quantiles === null ? UNMEASURED : milliseconds(pick(quantiles));
  return html`<section class="card">
    <h2>Latency by route</h2>
    <table>
      <thead>
        <tr>
          <th scope="col">Route</th>
          <th scope="col" class="number">Half within</th>
          <th scope="col" class="number">95 %</th>
          <th scope="col" class="number wide">99 %</th>
          <th scope="col" class="number wide">Samples</th>
        </tr>
      </thead>
      <tbody>
        ${ROUTES.map(([key, words]) => {
          const found = analytics.latencyMs[key];
          return html`<tr>
            <th scope="row">${words}</th>
            <td class="number">${cell(found, ({ p50 }) => p50)}</td>
            <td class="number">${cell(found, ({ p95 }) => p95)}</td>
            <td class="number wide">${cell(found, ({ p99 }) => p99)}</td>
            <td class="number wide">${count(found?.samples ?? 0)}</td>
          </tr>`;
        })}
      </tbody>
    </table>
  </section>`;
}

/** What was turned down since the start, by its code. */
function counters({ analytics }: Overview): TemplateResult {
  const { refused, turnedAway, ended } = analytics;
  const { gone: _, draining: __, ...cut } = ended;
  const rows = [
    ...Object.entries(refused).map(([code, value]) => [`refused: ${code}`, value] as const),
    ...Object.entries(turnedAway).map(([why, value]) => [`turned away: ${why}`, value] as const),
    ...Object.entries(cut).map(([why, value]) => [`cut: ${why}`, value] as const),
  ];
  return html`<section class="card">
    <h2>Turned down since the start</h2>
    ${
      rows.length === 0
        ? html`<p class="quiet">Nothing and nobody.</p>`
        : html`<dl>
            ${rows.map(([words, value]) => html`<dt>${words}</dt><dd class="number">${count(value)}</dd>`)}
          </dl>`
    }
  </section>`;
}

declare global {
  interface HTMLElementTagNameMap {
    'admin-overview': AdminOverview;
  }
}
