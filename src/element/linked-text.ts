// Text with its addresses clickable. Parsed, never marked up: only http and https become links, the label is
// what was written, and the address shows its real host.

import { html } from 'lit';
import type { TemplateResult } from 'lit';

/** Ends at blanks and quotes; brackets and full stops at the end are the sentence's. One pass, no backtracking. */
const ADDRESS = /https?:\/\/[^\s<>"'`]+/gi;
const TRAILING = /[.,;:!?)\]}]+$/;
/** Longer runs are text: nobody reads them, and nothing is lost. */
const ADDRESS_LENGTH_MAX = 500;
const LINKS_MAX = 20;

export function linkedText(text: string): (string | TemplateResult)[] {
  const parts: (string | TemplateResult)[] = [];
  let from = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = match[0].replace(TRAILING, '');
    const url = address.length <= ADDRESS_LENGTH_MAX && URL.canParse(address) ? new URL(address) : null;
    if (url === null || !/^https?:$/.test(url.protocol) || parts.length > 2 * LINKS_MAX) continue;
    const label = `${url.host}${address.slice(address.indexOf('//') + 2).replace(/^[^/?#]*/, '')}`;
    parts.push(text.slice(from, match.index));
    parts.push(html`<a href=${url.href} target="_blank" rel="noopener noreferrer nofollow ugc">${label}</a>`);
    from = match.index + address.length;
  }
  parts.push(text.slice(from));
  return parts;
}
