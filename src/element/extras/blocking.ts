// What the visitor sees of people they have blocked on this device: nothing. Their messages are left out, and others'
// quotes and mentions of them.

import type { ChatAuthor, ChatMessage, ChatTyping } from '../../core/chat-view.js';
import { authorOf } from '../../protocol/ids.js';
import type { BlockedAuthor, DeviceMemory } from './device-memory.js';
import { endsWord } from './rich-text.js';

/** The same messages and the same blocked people make the same list. */
interface Filtered {
  readonly from: readonly ChatMessage[];
  readonly blocked: readonly BlockedAuthor[];
  readonly visible: readonly ChatMessage[];
}

export class Blocking {
  readonly #memory: () => DeviceMemory;
  #filtered: Filtered | null = null;
  /** What each message is shown as; a message that changes is another object. */
  #shown = new WeakMap<ChatMessage, ChatMessage>();

  constructor(memory: () => DeviceMemory) {
    this.#memory = memory;
  }

  isBlocked({ author }: { readonly author: Pick<ChatAuthor, 'id'> }): boolean {
    return this.#memory().blocked.some(({ id }) => id === author.id);
  }

  visible(messages: readonly ChatMessage[]): readonly ChatMessage[] {
    const { blocked } = this.#memory();
    if (blocked.length === 0) return messages;
    if (this.#filtered?.blocked !== blocked) this.#shown = new WeakMap();
    if (this.#filtered?.from !== messages || this.#filtered.blocked !== blocked) {
      const ids = new Set(blocked.map(({ id }) => id));
      const visible = messages.filter(({ author }) => !ids.has(author.id)).map((message) => this.#show(message, ids));
      this.#filtered = { from: messages, blocked, visible };
    }
    return this.#filtered.visible;
  }

  /** Of those who write. */
  visibleTyping({ members, count }: ChatTyping): ChatTyping {
    const visible = members.filter((member) => !this.isBlocked(member));
    return { members: visible, count: count - (members.length - visible.length) };
  }

  #show(message: ChatMessage, ids: ReadonlySet<string>): ChatMessage {
    // One's own stays as it was written: it may be changed, and is then everybody's.
    if (message.mine) return message;
    const known = this.#shown.get(message);
    if (known !== undefined) return known;
    const { replyTo, ...rest } = message;
    const quote = replyTo === undefined || ids.has(authorOf(replyTo)) ? {} : { replyTo };
    const shown = { ...rest, ...quote, text: withoutMentions(message.text, this.#memory().blocked) };
    this.#shown.set(message, shown);
    return shown;
  }
}

/** The `@` stays: what was said to somebody else is not said to everybody. */
function withoutMentions(text: string, blocked: readonly BlockedAuthor[]): string {
  if (!text.includes('@')) return text;
  return blocked.reduce(
    (left, { name }) =>
      left.replaceAll(`@${name}`, (found, at: number) => (endsWord(left, at + found.length) ? '@…' : found)),
    text,
  );
}
