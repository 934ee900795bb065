// A small plot of round trips: the line, its latest value, and the highest in sight.

import { html, svg } from 'lit';
import type { TemplateResult } from 'lit';
import { milliseconds } from './figures.js';
import type { Series } from './measurements.js';

const WIDTH = 120;
const HEIGHT = 28;

export function plot(name: string, series: Series): TemplateResult {
  const values = series.filter((value) => value !== null);
  const highest = Math.max(1, ...values);
  const latest = series.at(-1) ?? null;
  const label = `${name}: ${milliseconds(latest)}${values.length > 1 ? `, highest ${milliseconds(highest)}` : ''}`;
  return html`<div class="plot">
    <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label=${label} preserveAspectRatio="none">
      ${svg`<path d=${pathOf(series, highest)} vector-effect="non-scaling-stroke"></path>`}
    </svg>
    <span>${label}</span>
  </div>`;
}

/** Where nothing was measured the line has a gap. */
function pathOf(series: Series, highest: number): string {
  const step = WIDTH / Math.max(1, series.length - 1);
  let isDrawn = false;
  return series
    .map((value, index) => {
      const command = isDrawn ? 'L' : 'M';
      isDrawn = value !== null;
      return value === null
        ? ''
        : `${command}${(index * step).toFixed(1)} ${(HEIGHT - 1 - (value / highest) * (HEIGHT - 2)).toFixed(1)}`;
    })
    .join('');
}
