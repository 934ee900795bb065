// Small drawings. Each has words beside it, so screen readers are told to pass over them.

import { html, svg } from 'lit';
import type { SVGTemplateResult, TemplateResult } from 'lit';

/** A drawing in a field of 24 by 24, as large as the text beside it. */
export function icon(paths: SVGTemplateResult): TemplateResult {
  return html`<svg
    viewBox="0 0 24 24"
    width="16"
    height="16"
    fill="none"
    stroke="currentColor"
    stroke-width="2"
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
  >
    ${paths}
  </svg>`;
}

export const ICONS = {
  queued: icon(svg`<circle cx="12" cy="12" r="9"/><path d="M12 7v5l3 2"/>`),
  sent: icon(svg`<path d="M5 13l4 4L19 7"/>`),
  stored: icon(svg`<path d="M2 13l4 4L16 7M11 15l2 2L23 7"/>`),
  failed: icon(svg`<circle cx="12" cy="12" r="9"/><path d="M12 7v6M12 16.5v.5"/>`),
  send: icon(svg`<path d="M4 12l16-8-6 16-3-7z"/>`),
  chat: icon(svg`<path d="M4 5h16v11H9l-5 4z"/>`),
  close: icon(svg`<path d="M6 6l12 12M18 6L6 18"/>`),
  people: icon(
    svg`<circle cx="9" cy="8" r="3.5"/><path d="M3 20c0-4 3-6 6-6s6 2 6 6M16 5a3.5 3.5 0 010 6M18 14c2 1 3 3 3 6"/>`,
  ),
} as const;
