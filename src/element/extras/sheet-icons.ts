// Drawings that are not needed at first.

import { svg } from 'lit';
import { icon } from '../icons.js';

export const SHEET_ICONS = {
  mesh: icon(
    svg`<circle cx="6" cy="6" r="2.5"/><circle cx="18" cy="7" r="2.5"/><circle cx="12" cy="18" r="2.5"/><path d="M8 7h7M7 8l4 8M17 9l-4 7"/>`,
  ),
  smile: icon(svg`<circle cx="12" cy="12" r="9"/><path d="M8 14c1 2 2 3 4 3s3-1 4-3M9 9v.5M15 9v.5"/>`),
  picture: icon(
    svg`<rect x="3" y="5" width="18" height="14" rx="2"/><circle cx="8.5" cy="10" r="1.5"/><path d="M5 18l5-5 3 3 3-3 4 4"/>`,
  ),
  down: icon(svg`<path d="M12 5v14M5 12l7 7 7-7"/>`),
  reply: icon(svg`<path d="M10 5L4 11l6 6M4 11h10c4 0 6 3 6 8"/>`),
  more: icon(svg`<path d="M5 12v.01M12 12v.01M19 12v.01"/>`),
  verified: icon(svg`<path d="M12 3l7 3v6c0 5-3 7-7 9-4-2-7-4-7-9V6z"/><path d="M9 12l2 2 4-4"/>`),
  edit: icon(svg`<path d="M4 20l1-5L16 4l4 4L9 19z"/>`),
  copy: icon(svg`<path d="M9 9h11v11H9zM15 9V4H4v11h5"/>`),
  hide: icon(svg`<path d="M3 3l18 18M10 6q8-2 11 6-1 2-3 4M6 8q-2 2-3 4 4 8 12 5"/>`),
  show: icon(svg`<path d="M3 12q9-14 18 0-9 14-18 0"/><circle cx="12" cy="12" r="3"/>`),
  block: icon(svg`<circle cx="12" cy="12" r="9"/><path d="M6 6l12 12"/>`),
  report: icon(svg`<path d="M5 21V4h13l-3 4.5 3 4.5H5"/>`),
  pin: icon(svg`<path d="M9 3h6l-1 7 4 4H6l4-4zM12 14v7"/>`),
  next: icon(svg`<path d="M9 6l6 6-6 6"/>`),
  fold: icon(svg`<path d="M6 15l6-6 6 6"/>`),
  unfold: icon(svg`<path d="M6 9l6 6 6-6"/>`),
  clock: icon(svg`<circle cx="12" cy="12" r="9"/><path d="M12 7v5l3 2"/>`),
  locked: icon(svg`<path d="M6 11h12v9H6zM8 11V8a4 4 0 018 0v3"/>`),
} as const;
