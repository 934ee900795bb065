import { LitElement, css, html } from 'lit';
import type { TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import type { Flags } from '../flags.js';
import type { Overview } from '../http/admin.js';
import type { AdminApi } from './api.js';
import { clock, duration } from './figures.js';
import { base, states } from './look.js';
import { ActRequest } from './requests.js';
import { changeMesh, wipe } from './server-actions.js';

/**
 * The mesh's flags, what the server says of itself, and the way to empty it.
 *
 * @tagname admin-server
 * @fires admin-act
 */
export class AdminServer extends LitElement {
  static override styles = [
    base,
    states,
    css`
      .halves {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(22rem, 100%), 1fr));
        gap: 0.85rem;
        align-items: start;
      }
      form {
        display: grid;
        gap: 0.75rem;
        margin-top: 0.85rem;
        padding-top: 0.85rem;
        border-top: 1px solid var(--line);
      }
      label {
        display: grid;
        grid-template-columns: minmax(0, 1fr) 8rem;
        align-items: center;
        gap: 0.5rem;
      }
      dl {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        gap: 0.3rem 1rem;
      }
      dt {
        color: var(--muted);
      }
      dd {
        overflow-wrap: anywhere;
      }
      .danger-zone {
        border-color: var(--danger);
      }
      .card > h2 {
        margin-bottom: 0.5rem;
      }
    `,
  ];

  @property({ attribute: false }) api!: AdminApi;
  @property({ attribute: false }) overview: Overview | null = null;

  protected override render(): TemplateResult {
    return html`<div class="stack">
      <h1 tabindex="-1">Server</h1>
      ${
        this.overview === null
          ? html`<p class="empty" role="status">Waiting for the server…</p>`
          : html`<div class="halves">${this.#mesh(this.overview.flags)} ${facts(this.overview)} ${this.#danger()}</div>`
      }
    </div>`;
  }

  #mesh({ enabled, rollout, maxPeers, autoUpgradeDelayMs }: Flags): TemplateResult {
    return html`<section class="card">
      <h2>Mesh</h2>
      <p class="row spread">
        <span>It is <strong>${enabled ? 'on' : 'off'}</strong>.</span>
        <button class=${enabled ? 'danger' : ''} @click=${() => this.#toggle(!enabled)}>
          ${enabled ? 'Switch it off…' : 'Switch it on…'}
        </button>
      </p>
      <form @submit=${this.#change}>
        ${number('rollout', 'Share of users who get it, percent', rollout, 100, 'any')}
        ${number('maxPeers', 'Peers in a full mesh', maxPeers, 8)}
        ${number('autoUpgradeDelayMs', 'Wait after joining, ms', autoUpgradeDelayMs, 86_400_000)}
        <span><button>Change…</button></span>
      </form>
    </section>`;
  }

  #danger(): TemplateResult {
    return html`<section class="card danger-zone">
      <h2>Everything</h2>
      <p class="row spread">
        <span class="quiet">Deletes what was written, in every room, for everybody.</span>
        <button class="danger" @click=${() => this.dispatchEvent(new ActRequest(wipe()))}>Wipe the database…</button>
      </p>
    </section>`;
  }

  #toggle(enabled: boolean): void {
    const words = enabled
      ? 'Devices in small rooms link to each other again.'
      : 'Every link between devices is closed. The chat goes on over this server, which then carries all of it.';
    this.dispatchEvent(new ActRequest(changeMesh({ enabled }, words)));
  }

  #change(event: SubmitEvent): void {
    event.preventDefault();
    const given = Object.fromEntries(
      [...new FormData(event.target as HTMLFormElement)].map(([name, value]) => [name, Number(value)]),
    ) as Partial<Flags>;
    const words = `It will be offered to ${String(given.rollout)} % of users, in rooms of up to ${String(given.maxPeers)}, ${String(given.autoUpgradeDelayMs)} ms after joining.`;
    this.dispatchEvent(new ActRequest(changeMesh(given, words)));
  }
}

/** What somebody is typing is not written over by the next answer. */
function number(name: keyof Flags, words: string, value: number, most: number, step = '1'): TemplateResult {
  return html`<label>
    ${words} <input type="number" name=${name} min="0" max=${most} step=${step} required value=${value} />
  </label>`;
}

function facts({ analytics, epoch, obstacles }: Overview): TemplateResult {
  const { startedAtMs, nowMs } = analytics;
  return html`<section class="card">
    <h2>This server</h2>
    <dl>
      <dt>New visitors</dt>
      <dd>${obstacles.length === 0 ? 'get in' : `do not get in: ${obstacles.join(', ')}`}</dd>
      <dt>Started</dt>
      <dd>${clock(startedAtMs)}, ${duration(nowMs - startedAtMs)} ago</dd>
      <dt>Its clock</dt>
      <dd>${clock(nowMs)}</dd>
      <dt>Epoch</dt>
      <dd class="tag">${epoch}</dd>
    </dl>
  </section>`;
}

declare global {
  interface HTMLElementTagNameMap {
    'admin-server': AdminServer;
  }
}
