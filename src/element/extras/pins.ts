// Which of the pinned messages this visitor is shown: those in force, until they are closed here.

import type { ChatMessage } from '../../core/chat-view.js';
import type { Chat } from '../../engine/chat.js';
import type { Words } from '../words/words.js';
import type { Announcer } from './announcer.js';
import type { Blocking } from './blocking.js';
import type { DeviceMemory } from './device-memory.js';

export interface PinsParts {
  readonly blocking: Blocking;
  readonly announcer: Announcer;
  readonly memory: () => DeviceMemory;
  readonly words: () => Words;
}

export class Pins {
  shown: readonly ChatMessage[] = [];
  readonly #parts: PinsParts;
  /** Read out already, as an announcement or as a pin; at most what was pinned since the page was opened. */
  #said: ReadonlySet<string> = new Set();
  #client: Chat | null = null;
  /** The latest first. */
  #pinned: readonly string[] = [];

  constructor(parts: PinsParts) {
    this.#parts = parts;
  }

  /** Before each rendering. */
  update(client: Chat | null): void {
    const { blocking, memory } = this.#parts;
    const pinned = client?.moderation.pinned ?? [];
    const ids = new Set<string>(pinned.map(({ id }) => id));
    // Another client knows of no pins until it has loaded: none of them was taken off.
    if (client !== this.#client) this.#pinned = [];
    this.#client = client;
    // What was taken off and is pinned again is news.
    const takenOff = this.#pinned.filter((id) => !ids.has(id));
    this.#pinned = [...ids];
    if (takenOff.length > 0) memory().closePins(takenOff, false);
    const closed = new Set(memory().closedPins);
    this.shown = pinned.filter(
      (message) =>
        !closed.has(message.id) && message.removed === null && !message.retracted && !blocking.isBlocked(message),
    );
  }

  /** After each rendering: what is pinned anew is read out once. */
  updated(): void {
    const { announcer, words } = this.#parts;
    const [latest] = this.shown;
    if (latest === undefined || this.#said.has(latest.id)) return;
    this.#said = new Set([...this.#said, latest.id]);
    announcer.tell(words().say('pinnedSays', { text: latest.text }));
  }

  /** An announcement was read out: pinned as well, it is not read out again. */
  said(id: string): void {
    this.#said = new Set([...this.#said, id]);
  }

  /** Not shown on this device any more; what is pinned next is. */
  close(): void {
    this.#parts.memory().closePins(this.shown.map(({ id }) => id));
  }
}
