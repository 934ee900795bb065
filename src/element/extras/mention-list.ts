// Completion of a mention: whom the word after the `@` may mean, and the list they are chosen from.

import { html } from 'lit';
import type { TemplateResult } from 'lit';
import type { ChatMember } from '../../core/chat-view.js';
import { nameKey } from './names.js';
import type { Words } from '../words/words.js';

/** Names offered at a time: what fits above a keyboard. */
const OFFERED_MAX = 6;

/** Others whose name, or a word of it, begins with what was typed; each person once. */
export function matchingMembers(members: readonly ChatMember[], typed: string): readonly ChatMember[] {
  const wanted = nameKey(typed);
  const found = new Map<string, ChatMember>();
  for (const member of members) {
    if (found.size >= OFFERED_MAX) break;
    const key = nameKey(member.author.name);
    const isMatch = key.startsWith(wanted) || key.split(' ').some((word) => word.startsWith(wanted));
    if (!member.mine && isMatch && !found.has(member.author.id)) found.set(member.author.id, member);
  }
  return [...found.values()];
}

/** Options have the ids `mention-0`, `mention-1`, …; the field points at the chosen one. */
export function mentionList(
  members: readonly ChatMember[],
  chosen: number,
  words: Words,
  choose: (member: ChatMember) => void,
): TemplateResult {
  return html`<ul id="mentions" class="mentions" role="listbox" part="mentions" aria-label=${words.say('mentions')}>
    ${members.map(
      (member, index) =>
        html`<li
          id="mention-${index}"
          role="option"
          aria-selected=${index === chosen}
          @pointerdown=${(event: Event) => event.preventDefault()}
          @click=${() => choose(member)}
        >
          <bdi>${member.author.name}</bdi> <span class="quiet">${member.author.tag}</span>
        </li>`,
    )}
  </ul>`;
}
