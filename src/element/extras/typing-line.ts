// Who is writing, below the latest message. Screen readers find it there, and are not told of it.

import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import type { ChatTyping } from '../../core/chat-view.js';
import type { Words } from '../words/words.js';

export function typingLine({ members, count }: ChatTyping, words: Words): TemplateResult | typeof nothing {
  if (count === 0) return nothing;
  return html`<div class="typing" part="typing">
    <span class="dots" aria-hidden="true"><i></i><i></i><i></i></span>
    <span dir="auto">${says(members.length === count ? members.map(({ author }) => author.name) : [], count, words)}</span>
  </div>`;
}

function says([name, other]: readonly string[], count: number, words: Words): string {
  if (name !== undefined && count === 1) return words.say('typingOne', { name });
  if (name !== undefined && other !== undefined && count === 2) return words.say('typingTwo', { name, other });
  return words.say('typingMany', { n: count });
}
