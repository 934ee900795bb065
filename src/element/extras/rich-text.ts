// Text with its addresses clickable and mentions marked. Parsed, never marked up: only http and https become links,
// the label is what was written, and the address shows its real host.

import { html } from 'lit';
import type { TemplateResult } from 'lit';
import { nameKey } from './names.js';

type Part = string | TemplateResult;

/** Ends at blanks and quotes; brackets and full stops at the end are the sentence's. One pass, no backtracking. */
const ADDRESS = /https?:\/\/[^\s<>"'`]+/gi;
const TRAILING = /[.,;:!?)\]}]+$/;
/** Longer runs are text: nobody reads them, and nothing is lost. */
const ADDRESS_LENGTH_MAX = 500;
const LINKS_MAX = 20;
/** A mention of whoever is not known by name ends with the word. */
const MENTION = /(^|[^\p{L}\p{N}@])@([\p{L}\p{N}][\p{L}\p{N}\p{M}_.-]{0,39})/gu;
const MENTIONS_MAX = 20;

/** One to three emoji and nothing else. */
const ONLY_EMOJI =
  /^(?:(?:\p{Regional_Indicator}{2}|\p{Extended_Pictographic}[\p{Emoji_Modifier}\uFE0F]*(?:\u200D\p{Extended_Pictographic}[\p{Emoji_Modifier}\uFE0F]*)*)\s?){1,3}$/u;

/** `selfName`: mentions of it are marked more strongly. */
export function richText(text: string, selfName: string | null): Part[] {
  const parts: Part[] = [];
  let from = 0;
  let links = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = match[0].replace(TRAILING, '');
    const url = address.length <= ADDRESS_LENGTH_MAX && URL.canParse(address) ? new URL(address) : null;
    if (url === null || !/^https?:$/.test(url.protocol) || links >= LINKS_MAX) continue;
    links += 1;
    const label = `${url.host}${address.slice(address.indexOf('//') + 2).replace(/^[^/?#]*/, '')}`;
    parts.push(...withMentions(text.slice(from, match.index), selfName));
    parts.push(html`<a href=${url.href} target="_blank" rel="noopener noreferrer nofollow ugc">${label}</a>`);
    from = match.index + address.length;
  }
  parts.push(...withMentions(text.slice(from), selfName));
  return parts;
}

/** True when the text names this visitor after an `@`. */
export function mentions(text: string, selfName: string | null): boolean {
  if (selfName === null || !text.includes('@')) return false;
  const wanted = `@${nameKey(selfName)}`;
  const key = nameKey(text);
  for (let at = key.indexOf(wanted); at >= 0; at = key.indexOf(wanted, at + 1)) {
    if (endsWord(key, at + wanted.length)) return true;
  }
  return false;
}

/** No letter and no digit follows: “@Al” does not mean Alice. */
export function endsWord(text: string, at: number): boolean {
  return !/^[\p{L}\p{N}]/u.test(text.slice(at, at + 2));
}

export function isOnlyEmoji(text: string): boolean {
  return text.length <= 48 && ONLY_EMOJI.test(text);
}

function withMentions(text: string, selfName: string | null): Part[] {
  if (!text.includes('@')) return [text];
  const parts: Part[] = [];
  let from = 0;
  let found = 0;
  for (const match of text.matchAll(MENTION)) {
    found += 1;
    if (found > MENTIONS_MAX) break;
    const at = match.index + (match[1] ?? '').length;
    if (at < from) continue;
    // A name of several words is known only when it is one's own.
    const own = selfName === null ? '' : text.slice(at + 1, at + 1 + selfName.length);
    const isOwn = selfName !== null && nameKey(own) === nameKey(selfName) && endsWord(text, at + 1 + selfName.length);
    const end = isOwn ? at + 1 + selfName.length : at + 1 + (match[2] ?? '').length;
    parts.push(text.slice(from, at));
    parts.push(html`<span class=${isOwn ? 'mention own-mention' : 'mention'}>${text.slice(at, end)}</span>`);
    from = end;
  }
  parts.push(text.slice(from));
  return parts;
}
