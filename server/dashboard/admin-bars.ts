import { LitElement, css, html, svg } from 'lit';
import type { TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { counted } from './figures.js';
import { base } from './look.js';

const WIDTH = 600;
const HEIGHT = 120;

/**
 * Messages in each minute of the last hour. The last bar is still growing.
 *
 * @tagname admin-bars
 */
export class AdminBars extends LitElement {
  static override styles = [
    base,
    css`
      svg {
        width: 100%;
        height: 7.5rem;
      }
      rect {
        fill: var(--sea);
      }
      .running {
        fill: var(--accent);
      }
      line {
        stroke: var(--line);
        vector-effect: non-scaling-stroke;
      }
      .axis {
        display: flex;
        justify-content: space-between;
        margin-top: 0.25rem;
      }
    `,
  ];

  /** Oldest first. */
  @property({ attribute: false }) minutes: readonly number[] = [];

  protected override render(): TemplateResult {
    const { minutes } = this;
    const most = Math.max(...minutes, 0);
    const total = minutes.reduce((sum, value) => sum + value, 0);
    const words = `${counted(total, 'message')} in the last hour; the busiest minute had ${most}.`;
    const step = WIDTH / Math.max(1, minutes.length);
    const bars = minutes.map((value, index) => {
      const height = most === 0 ? 0 : (value / most) * (HEIGHT - 4);
      const isRunning = index === minutes.length - 1;
      return svg`<rect class=${isRunning ? 'running' : ''} x=${index * step + 1} y=${HEIGHT - height} width=${step - 2} height=${height} rx="1.5" />`;
    });
    return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label=${words}>
        ${svg`<line x1="0" x2=${WIDTH} y1=${HEIGHT} y2=${HEIGHT} />`}${bars}
      </svg>
      <p class="axis quiet"><span>an hour ago</span><span>now</span></p>
      <p class="quiet" aria-hidden="true">${words}</p>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'admin-bars': AdminBars;
  }
}
