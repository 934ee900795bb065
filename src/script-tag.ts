// A page that may add one script and nothing else: a script tag with `data-room` brings the chat itself.

import { FestivalChat } from './element/festival-chat.js';

/**
 * Puts a floating chat at the end of the page when the script of this address has `data-room`. Each `data-…` that is
 * an attribute of the element becomes one; `data-mode` replaces the floating mode. Others are left alone.
 */
export function insertByScriptTag(scriptUrl: string): void {
  if (!('document' in globalThis)) return;
  const tags = document.querySelectorAll<HTMLScriptElement>('script[src][data-room]');
  const tag = [...tags].find((each) => each.src === scriptUrl);
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
