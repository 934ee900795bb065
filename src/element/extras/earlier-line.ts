// What stands above the oldest message that is here: more, on the way, the beginning, or why not now.

import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import type { ChatStatus } from '../../core/chat-view.js';
import type { Words } from '../words/words.js';

/** More is kept, and the server is there to give it. */
export function canReadBack(status: ChatStatus | null): boolean {
  return status?.history === 'more' && status.websocket === 'connected';
}

/** `isReading`: the reader has left the end; short of that only what can be done is shown. */
export function earlierLine(
  status: ChatStatus | null,
  words: Words,
  isReading: boolean,
  ask: () => void,
): TemplateResult | typeof nothing {
  const canAsk = canReadBack(status);
  const says = isReading ? sentence(status, words) : '';
  if (!canAsk && says === '') return nothing;
  return html`<div class="earlier" part="earlier">
    <span role="status">${says}</span>
    ${canAsk ? html`<button @click=${ask}>${words.say('earlier')}</button>` : nothing}
  </div>`;
}

function sentence(status: ChatStatus | null, words: Words): string {
  if (status?.history === 'loading') return words.say('loading');
  if (status?.history === 'complete') return words.say('earlierNone');
  return status === null || canReadBack(status) ? '' : words.say('earlierAway');
}
