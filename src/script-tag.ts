// A page that may add one script and nothing else: a script tag with `data-room` brings the chat itself.

import { FestivalChat } from './element/festival-chat.js';

/**
 * Puts a floating chat at the end of the page when the tag of `festival-chat.js` has `data-room`. Each `data-…` that is
 * an attribute of the element becomes one; `data-mode` replaces the floating mode. Others are left alone.
 *
 * @param scriptUrl of this code: only a tag of the same origin is meant
 */
export function insertByScriptTag(scriptUrl: string): void {
  if (!('document' in globalThis)) return;
  // This code may stand in a chunk beside the file that the tag names, so the origins are compared.
  const { origin } = new URL(scriptUrl);
  const tags = document.querySelectorAll<HTMLScriptElement>('script[src*="/festival-chat.js"][data-room]');
  const tag = [...tags].find((each) => new URL(each.src).origin === origin);
  if (tag === undefined) return;
  const chat = document.createElement('festival-chat');
  chat.setAttribute('mode', 'floating');
  for (const name of FestivalChat.observedAttributes) {
    const value = tag.getAttribute(`data-${name}`);
    if (value !== null) chat.setAttribute(name, value);
  }
  const insert = (): void => document.body.append(chat);
  // An async script may run before there is a body.
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', insert, { once: true });
  else insert();
}
