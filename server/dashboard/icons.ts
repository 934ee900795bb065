import { svg, html } from 'lit';
import type { SVGTemplateResult, TemplateResult } from 'lit';
import type { PageName } from './place.js';

/** Drawn in the text's colour; words beside them say what they mean. */
function icon(paths: SVGTemplateResult): TemplateResult {
  return html`<svg
    width="20"
    height="20"
    viewBox="0 0 20 20"
    fill="none"
    stroke="currentColor"
    stroke-width="1.6"
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
  >
    ${paths}
  </svg>`;
}

export const PAGE_ICONS: Readonly<Record<PageName, TemplateResult>> = {
  overview: icon(svg`<path d="M3 16V9M8 16V4M13 16v-5M18 16V7" />`),
  rooms: icon(svg`<path d="M3 5h14v8H9l-4 3v-3H3z" />`),
  people: icon(svg`<circle cx="10" cy="6.5" r="3" /><path d="M4 17c.6-3.4 3-5 6-5s5.400 1.600 6 5" />`),
  moderation: icon(svg`<path d="M10 2.500l6 2v5c0 4-2.600 6.600-6 8-3.400-1.400-6-4-6-8v-5z" />`),
  audit: icon(svg`<path d="M5 3h10v14H5zM8 7h4M8 10h4M8 13h2" />`),
  server: icon(svg`<path d="M3 4h14v5H3zM3 11h14v5H3zM6 6.500h.01M6 13.500h.01" />`),
};

export const sun: TemplateResult = html`<svg width="28" height="28" viewBox="0 0 32 32" aria-hidden="true">
  <rect width="32" height="32" rx="8" fill="#17131d" />
  <path d="M6 21a10 10 0 0 1 20 0z" fill="#ff7a3d" />
  <path d="M5 24h22M9 27h14" stroke="#ffb066" stroke-width="2" stroke-linecap="round" />
</svg>`;
