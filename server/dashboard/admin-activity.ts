import { LitElement, css, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { property } from 'lit/decorators.js';
import type { Activity } from '../activity.js';
import { clock } from './figures.js';
import { base, states } from './look.js';
import { hrefOf } from './place.js';

/** What each kind is called. One that is not here is shown by its own name. */
const WORDS: Readonly<Record<string, string>> = {
  'member-joined': 'came into',
  'member-left': 'left',
  'socket-closed': 'A socket was cut',
  'flags-changed': 'The mesh was changed',
  'administration-locked': 'An address was locked out of this dashboard',
  listening: 'The server started',
  draining: 'The server is being stopped',
};

/**
 * What happened lately, newest first.
 *
 * @tagname admin-activity
 */
export class AdminActivity extends LitElement {
  static override styles = [
    base,
    states,
    css`
      ol {
        max-height: 27rem;
        overflow-y: auto;
        overscroll-behavior: contain;
      }
      li {
        display: grid;
        grid-template-columns: 4.75rem minmax(0, 1fr);
        gap: 0.5rem;
        padding: 0.3rem 0;
        border-bottom: 1px solid var(--line);
        font-size: 0.875rem;
        overflow-wrap: anywhere;
      }
      li:last-child {
        border: 0;
      }
      time {
        color: var(--muted);
      }
    `,
  ];

  /** Newest first. */
  @property({ attribute: false }) activity: readonly Activity[] = [];

  protected override render(): TemplateResult {
    if (this.activity.length === 0) return html`<p class="empty">Nobody has come or gone yet.</p>`;
    return html`<ol tabindex="0" aria-label="What happened lately, newest first">
      ${repeat(
        this.activity,
        (entry, index) => `${entry.atMs} ${this.activity.length - index}`,
        (entry) =>
          html`<li><time datetime=${new Date(entry.atMs).toISOString()}>${clock(entry.atMs)}</time><span>${wordsOf(entry)}</span></li>`,
      )}
    </ol>`;
  }
}

/** Blanks are expressions: those at a template's ends are minified away. */
function wordsOf({ type, name, user, room, detail }: Activity): TemplateResult {
  const what = WORDS[type] ?? type;
  const space = ' ';
  return html`${name === undefined ? nothing : html`<bdi>${name}</bdi>${space}`}${
    user === undefined ? nothing : html`<span class="tag">${user.slice(0, 4)}</span>${space}`
  }${what}${space}${room === undefined ? nothing : html`<a href=${hrefOf('rooms', room)}>${room}</a>`}${
    detail === undefined ? nothing : html`<span class="quiet">${detail}</span>`
  }`;
}

declare global {
  interface HTMLElementTagNameMap {
    'admin-activity': AdminActivity;
  }
}
