// A QR code as a drawing: dark on light in every colour mode, because readers expect it so.

import { html } from 'lit';
import type { TemplateResult } from 'lit';
import encodeQR from 'qr';

/** Modules of light around it that readers need to find it. */
const BORDER = 4;

/** @param encoding `alphanumeric` for capital letters, digits and `:`, which take the least room; `byte` for all else */
export function qrPicture(
  text: string,
  says: string,
  encoding: 'alphanumeric' | 'byte' = 'alphanumeric',
): TemplateResult {
  const rows = encodeQR(text, 'raw', { ecc: 'low', encoding, border: BORDER });
  const path = rows.flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : ''))).join('');
  return html`<svg
    class="qr"
    part="qr"
    role="img"
    aria-label=${says}
    viewBox="0 0 ${rows.length} ${rows.length}"
    shape-rendering="crispEdges"
  >
    <path fill="#fff" d="M0 0h${rows.length}v${rows.length}H0z" />
    <path fill="#000" d=${path} />
  </svg>`;
}
