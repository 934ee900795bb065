// Is somebody looking? Counts what came meanwhile, and remembers where reading stopped.

import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { ChatMessage } from '../../core/chat-view.js';
import type { DeviceMemory } from './device-memory.js';
import { FcUnreadEvent } from '../element-events.js';

export class Attention implements ReactiveController {
  /** Messages that came while nobody looked. */
  unread = 0;
  /** The first message that was not read: a line stands above it. */
  unreadFrom: string | null = null;
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #isShown: () => boolean;
  #memory: DeviceMemory | null = null;
  #hasRestored = false;
  #isCaughtUp = true;
  readonly #handleVisibility = (): void => {
    if (this.#isLookedAt) this.looked();
  };

  /** `isShown`: the messages are not hidden behind a launcher. */
  constructor(host: ReactiveControllerHost & HTMLElement, isShown: () => boolean) {
    this.#host = host;
    this.#isShown = isShown;
    host.addController(this);
  }

  hostConnected(): void {
    document.addEventListener('visibilitychange', this.#handleVisibility);
  }

  hostDisconnected(): void {
    document.removeEventListener('visibilitychange', this.#handleVisibility);
  }

  hostUpdated(): void {
    this.#handleVisibility();
  }

  /** Before each rendering: the messages there are, and where this device had read to in this room. */
  update(memory: DeviceMemory, messages: readonly ChatMessage[]): void {
    if (memory !== this.#memory) {
      this.#memory = memory;
      this.#hasRestored = false;
      this.unreadFrom = null;
    }
    if (this.#hasRestored || messages.length === 0) return;
    this.#hasRestored = true;
    const read = messages.findIndex(({ id }) => id === memory.lastRead);
    if (read < 0) return;
    this.unreadFrom = messages.slice(read + 1).find(({ mine }) => !mine)?.id ?? null;
  }

  /** Somebody wrote. `isAtEnd`: the end of the list is in view. */
  arrived(message: ChatMessage, isAtEnd: boolean): void {
    if (!this.#isLookedAt) this.#count(this.unread + 1);
    if ((this.#isLookedAt && isAtEnd) || !this.#isCaughtUp) return;
    this.#isCaughtUp = false;
    this.unreadFrom = message.id;
  }

  /** The latest message was in view. */
  read(latest: ChatMessage | undefined): void {
    if (latest === undefined || !this.#isLookedAt || this.#memory === null) return;
    this.#memory.lastRead = latest.id;
    this.#isCaughtUp = true;
  }

  /** The visitor has answered: whatever stood before is read. */
  wrote(): void {
    this.unreadFrom = null;
  }

  looked(): void {
    this.#count(0);
  }

  get #isLookedAt(): boolean {
    return this.#isShown() && !document.hidden;
  }

  #count(unread: number): void {
    if (unread === this.unread) return;
    this.unread = unread;
    this.#host.requestUpdate();
    this.#host.dispatchEvent(new FcUnreadEvent(unread));
  }
}
