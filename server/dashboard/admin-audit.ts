import { LitElement, css, html } from 'lit';
import type { TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import type { AuditEntry } from '../audit.js';
import type { AdminApi } from './api.js';
import { clock } from './figures.js';
import { base, states, table } from './look.js';
import { shown } from './states.js';
import { Watch } from './watch.js';

const EVERY_MS = 5_000;
const SHOWN = 200;

/**
 * What administrators did, newest first.
 *
 * @tagname admin-audit
 */
export class AdminAudit extends LitElement {
  static override styles = [
    base,
    table,
    states,
    css`
      td time {
        white-space: nowrap;
      }
      code {
        font-size: 0.8125rem;
        overflow-wrap: anywhere;
      }
      .failed {
        color: var(--danger);
        font-weight: 600;
      }
    `,
  ];

  @property({ attribute: false }) api!: AdminApi;
  readonly #entries = new Watch<{ readonly entries: readonly AuditEntry[] }>(this, EVERY_MS, () =>
    this.api.get(`audit?limit=${SHOWN}`),
  );

  protected override render(): TemplateResult {
    return html`<div class="stack">
      <div>
        <h1 tabindex="-1">Audit</h1>
        <p class="quiet">
          What administrators did, with what was asked and what the server answered. Names are as they were given: all
          administrators share one token.
        </p>
      </div>
      <section class="card">${shown(this.#entries, ({ entries }) => tableOf(entries))}</section>
    </div>`;
  }
}

function tableOf(entries: readonly AuditEntry[]): TemplateResult {
  if (entries.length === 0) return html`<p class="empty">No administrator has done anything yet.</p>`;
  return html`<table>
    <caption class="hidden">
      What administrators did, newest first
    </caption>
    <thead>
      <tr>
        <th scope="col">When</th>
        <th scope="col">Who</th>
        <th scope="col">What</th>
        <th scope="col" class="wide">Answered</th>
      </tr>
    </thead>
    <tbody>
      ${entries.map(({ atMs, who, from, action, asked, status, answered }) => {
        const isDone = status < 400;
        return html`<tr>
          <td><time datetime=${new Date(atMs).toISOString()}>${clock(atMs)}</time></td>
          <td>${who === '' ? html`<span class="quiet">no name</span>` : html`<bdi>${who}</bdi>`} <span class="tag">${from}</span></td>
          <td>
            <strong>${action}</strong> <span class=${isDone ? 'quiet' : 'failed'}>${isDone ? 'done' : `not done (${status})`}</span><br />
            <code>${asked}</code>
          </td>
          <td class="wide"><code>${answered}</code></td>
        </tr>`;
      })}
    </tbody>
  </table>`;
}

declare global {
  interface HTMLElementTagNameMap {
    'admin-audit': AdminAudit;
  }
}
