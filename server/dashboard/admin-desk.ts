import { LitElement, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import type { Overview } from '../http/admin.js';
import type { AdminConfirm } from './admin-confirm.js';
import type { AdminApi } from './api.js';
import { deskStyles } from './desk-styles.js';
import { clock, duration } from './figures.js';
import { PAGE_ICONS, sun } from './icons.js';
import { base } from './look.js';
import { PAGES, PAGE_TITLES, hrefOf, placeIn } from './place.js';
import type { PageName, Place } from './place.js';
import type { ActRequest } from './requests.js';
import { announce } from './room-actions.js';
import { Watch } from './watch.js';

/** Figures a person can follow, at a cost of one small answer. */
const EVERY_MS = 2_000;
/** What happened within this long is compared with now. */
const EARLIER_MS = 60_000;
/** Rooms offered for an announcement: the busiest. */
const ROOMS_OFFERED = 50;

/**
 * The signed-in dashboard: the header with the connection's state, the pages, and the dialog in which actions are confirmed.
 *
 * @tagname admin-desk
 * @fires admin-sign-out
 */
export class AdminDesk extends LitElement {
  static override styles = [base, deskStyles];

  @property({ attribute: false }) api!: AdminApi;
  @state() private place: Place = placeIn(location.hash);
  /** The rooms to announce in are being asked for. */
  @state() private isAsking = false;
  @query('admin-confirm') private dialog!: AdminConfirm;
  readonly #overview = new Watch<Overview>(this, EVERY_MS, () => this.api.get('overview'));
  /** One a second or so, the oldest about a minute old. */
  #past: Overview[] = [];

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('hashchange', this.#moved);
    document.title = `${PAGE_TITLES[this.place.page]} · festival-chat control`;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('hashchange', this.#moved);
  }

  protected override willUpdate(): void {
    const { answer } = this.#overview;
    if (answer === null || answer === this.#past.at(-1)) return;
    this.#past.push(answer);
    const oldestMs = answer.analytics.nowMs - EARLIER_MS;
    this.#past = this.#past.filter(({ analytics }) => analytics.nowMs >= oldestMs);
  }

  protected override render(): TemplateResult {
    return html`<header>
        <a class="skip" href="#" @click=${this.#skip}>Skip to the content</a>
        <span class="brand">${sun} <span>festival-chat <span class="quiet">control</span></span></span>
        ${this.#state()}
        <span class="row">
          <button class="primary" aria-disabled=${this.isAsking ? 'true' : 'false'} @click=${this.#announce}>Announce…</button>
          <button @click=${this.#signOut}>Sign out</button>
        </span>
      </header>
      <nav aria-label="Pages">
        <ul>
          ${PAGES.map((page) => this.#link(page))}
        </ul>
      </nav>
      <main @admin-act=${this.#act}>${this.#page()}</main>
      <admin-confirm .api=${this.api}></admin-confirm>`;
  }

  #link(page: PageName): TemplateResult {
    return html`<li>
      <a href=${hrefOf(page)} aria-current=${this.place.page === page ? 'page' : nothing}>
        ${PAGE_ICONS[page]}<span>${PAGE_TITLES[page]}</span>
      </a>
    </li>`;
  }

  /** What is said about the connection; a change is read out, the seconds are not. */
  #state(): TemplateResult {
    const { answer, problem } = this.#overview;
    if (problem !== null) {
      const { answeredAtMs } = this.api;
      const since = answeredAtMs === null ? '' : ` What you see is from ${clock(answeredAtMs)}.`;
      const words = problem.kind === 'unreachable' ? 'Server unreachable, trying again.' : problem.message;
      return html`<p class="state danger" role="status"><span class="dot" aria-hidden="true"></span>${words}${since}</p>`;
    }
    if (answer === null) return html`<p class="state" role="status">Asking the server…</p>`;
    const { nowMs, startedAtMs } = answer.analytics;
    return html`<p class="state" role="status">
      <span class="dot" aria-hidden="true"></span>Live
      <span class="quiet" aria-hidden="true"> · up ${duration(nowMs - startedAtMs)}</span>
    </p>`;
  }

  #page(): TemplateResult {
    const { api, place } = this;
    switch (place.page) {
      case 'overview':
        return html`<admin-overview
          .overview=${this.#overview.answer}
          .earlier=${this.#past.length > 1 ? (this.#past[0] ?? null) : null}
          .isStale=${this.#overview.problem !== null}
          .api=${api}
        ></admin-overview>`;
      case 'rooms':
        return place.room === null
          ? html`<admin-rooms .api=${api}></admin-rooms>`
          : html`<admin-room .api=${api} .room=${place.room}></admin-room>`;
      case 'people':
        return html`<admin-people .api=${api}></admin-people>`;
      case 'moderation':
        return html`<admin-moderation .api=${api}></admin-moderation>`;
      case 'audit':
        return html`<admin-audit .api=${api}></admin-audit>`;
      case 'server':
        return html`<admin-server .api=${api} .overview=${this.#overview.answer}></admin-server>`;
    }
  }

  readonly #moved = (): void => {
    this.place = placeIn(location.hash);
    const { page, room } = this.place;
    document.title = `${room ?? PAGE_TITLES[page]} · festival-chat control`;
    scrollTo(0, 0);
    void this.updateComplete.then(() => this.#focusPage());
  };

  #skip(event: Event): void {
    event.preventDefault();
    void this.#focusPage();
  }

  /** Whoever reads by ear hears which page it is. */
  async #focusPage(): Promise<void> {
    const page = this.renderRoot.querySelector('main')?.firstElementChild;
    if (!(page instanceof LitElement)) return;
    await page.updateComplete;
    page.renderRoot.querySelector('h1')?.focus();
  }

  #act({ action }: ActRequest): void {
    this.dialog.open(action);
  }

  async #announce(): Promise<void> {
    if (this.isAsking) return;
    this.isAsking = true;
    const { items } = await this.api
      .get<{ items: readonly { room: string }[] }>(`rooms?order=members&limit=${ROOMS_OFFERED}`)
      .catch(() => ({ items: [] }));
    this.isAsking = false;
    this.dialog.open(
      announce(
        null,
        items.map(({ room }) => room),
      ),
    );
  }

  #signOut(): void {
    this.dispatchEvent(new Event('admin-sign-out', { bubbles: true, composed: true }));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'admin-desk': AdminDesk;
  }
}
