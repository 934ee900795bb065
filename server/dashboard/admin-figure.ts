import { LitElement, css, html, nothing, svg } from 'lit';
import type { TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { base } from './look.js';

const WIDTH = 120;
const HEIGHT = 28;

/**
 * One figure: what it is, how much, what stands beside it, and how it went in the last hour.
 *
 * @tagname admin-figure
 */
export class AdminFigure extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: grid;
        grid-template-rows: auto auto 1fr auto;
        gap: 0.125rem;
        background: var(--surface);
        border: 1px solid var(--line);
        border-radius: var(--radius);
        padding: 0.7rem 0.85rem;
      }
      .label {
        color: var(--muted);
        font-size: 0.8125rem;
      }
      .value {
        font-size: 1.625rem;
        line-height: 1.15;
        font-weight: 650;
        letter-spacing: -0.02em;
        font-variant-numeric: tabular-nums;
      }
      .note {
        font-size: 0.8125rem;
        color: var(--muted);
        min-height: 1.2em;
      }
      svg {
        width: 100%;
        height: 28px;
        margin-top: 0.35rem;
        overflow: visible;
      }
      polyline {
        fill: none;
        stroke: var(--sea);
        stroke-width: 1.5;
        vector-effect: non-scaling-stroke;
        stroke-linejoin: round;
      }
      polygon {
        fill: color-mix(in srgb, var(--sea) 16%, transparent);
      }
      :host([alarming]) .value {
        color: var(--danger);
      }
    `,
  ];

  @property() label = '';
  @property() value = '';
  /** What stands below it. */
  @property() note = '';
  /** It is higher, or lower, than it should be. */
  @property({ type: Boolean, reflect: true }) alarming = false;
  /** The last hour, oldest first; nothing is drawn of less than two. */
  @property({ attribute: false }) trend: readonly number[] = [];

  protected override render(): TemplateResult {
    return html`<span class="label">${this.label}</span>
      <span class="value">${this.value}${this.alarming ? html`<span class="hidden"> (look at this)</span>` : nothing}</span>
      <span class="note">${this.note}</span>
      ${this.trend.length < 2 ? nothing : curve(this.trend)}`;
  }
}

/** From zero, so that a flat line is a flat line. */
function curve(values: readonly number[]): TemplateResult {
  const most = Math.max(...values) || 1;
  const points = values.map((value, index) => {
    const x = (index / (values.length - 1)) * WIDTH;
    return `${x.toFixed(1)},${(HEIGHT - (value / most) * HEIGHT).toFixed(1)}`;
  });
  return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true">
    ${svg`<polygon points="0,${HEIGHT} ${points.join(' ')} ${WIDTH},${HEIGHT}" /><polyline points=${points.join(' ')} />`}
  </svg>`;
}

declare global {
  interface HTMLElementTagNameMap {
    'admin-figure': AdminFigure;
  }
}
