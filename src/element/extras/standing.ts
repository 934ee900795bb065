// What the organiser lets this visitor write just now, and until when: the composer says so and counts down, screen
// readers are told when it changes. The chat knows; here it is looked at again whenever it may have changed.

import type { ReactiveController } from 'lit';
import type { ModerationView } from '../../core/chat-view.js';
import { UNMODERATED } from '../../core/nothing-yet.js';
import type { Chat } from '../../engine/chat.js';
import type { FestivalChat } from '../festival-chat.js';
import type { Words } from '../words/words.js';
import { duration, until } from '../words/spans.js';
import type { Announcer } from './announcer.js';

/** A countdown steps by this. */
const STEP_MS = 1_000;
/** Timers of browsers end at 2^31 ms; what lasts longer is looked at again then. */
const TIMER_MAX_MS = 2 ** 31 - 1;

export interface StandingParts {
  readonly element: FestivalChat;
  readonly announcer: Announcer;
  readonly words: () => Words;
  /** Why nothing can be written in this private room; empty when one can, and in all others. */
  readonly crewSays: () => string;
  /** What is said, or may be done, is another. */
  readonly changed: () => void;
}

export class Standing implements ReactiveController {
  readonly #parts: StandingParts;
  #client: Chat | null = null;
  #view: ModerationView = UNMODERATED;
  #isHeld = false;
  /** Why nothing could be written in this private room when it was last looked. */
  #closed = '';
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(parts: StandingParts) {
    this.#parts = parts;
    parts.element.addController(this);
  }

  /** Nothing may be written. */
  get isLocked(): boolean {
    return this.#view.restriction !== null || this.#parts.crewSays() !== '';
  }

  /** Nothing may be sent yet; writing goes on. */
  get isWaiting(): boolean {
    return this.#view.slowWaitMs > 0;
  }

  /** For people; empty when everybody may write as they like. */
  get says(): string {
    const words = this.#parts.words();
    const { restriction, slowSeconds, slowWaitMs } = this.#view;
    if (restriction !== null) {
      const { level, untilMs } = restriction;
      // In whatever direction it is written, it turns nothing else around.
      const reason = restriction.reason === undefined ? '' : `\u2068${restriction.reason}\u2069`;
      const time = until(words, untilMs);
      return reason === ''
        ? words.say(level === 'ban' ? 'bannedUntil' : 'mutedUntil', { time })
        : words.say(level === 'ban' ? 'bannedWhy' : 'mutedWhy', { time, reason });
    }
    const closed = this.#parts.crewSays();
    if (closed !== '' || slowSeconds === 0) return closed;
    if (slowWaitMs === 0) return words.say('slowEach', { time: duration(words, slowSeconds * 1_000) });
    return words.say(this.#isHeld ? 'slowGoes' : 'slowNext', { time: duration(words, slowWaitMs) });
  }

  /** After each rendering: looks again. */
  update(): void {
    const { element, changed } = this.#parts;
    const before = { view: this.#view, says: this.says };
    // Another client knows of nothing until it has loaded: that lifts nothing.
    const isOther = this.#client !== null && element.client !== this.#client;
    this.#client = element.client;
    this.#view = element.client?.moderation ?? UNMODERATED;
    this.#isHeld = this.isWaiting && element.messages.some(({ delivery }) => delivery.waitsFor === 'slow-mode');
    this.#schedule();
    if (before.says !== this.says || before.view.slowWaitMs > 0 !== this.isWaiting) changed();
    if (!isOther) this.#announce(before.view);
    this.#announceClosed();
  }

  hostConnected(): void {
    this.#parts.element.requestUpdate();
  }

  hostDisconnected(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** The countdown itself is not read out: it describes the field and the button. */
  #announce(before: ModerationView): void {
    const { announcer, words } = this.#parts;
    const [was, is] = [before.restriction?.level, this.#view.restriction?.level];
    if (is !== undefined && is !== was) announcer.insist(this.says);
    else if (was !== undefined && is === undefined) announcer.tell(words().say('writeAgain'));
    else if (is === undefined && this.#view.slowSeconds !== before.slowSeconds) {
      const time = duration(words(), this.#view.slowSeconds * 1_000);
      announcer.tell(words().say(this.#view.slowSeconds === 0 ? 'slowOver' : 'slowEach', { time }));
    }
  }

  #announceClosed(): void {
    const before = this.#closed;
    this.#closed = this.#parts.crewSays();
    if (this.#closed !== '' && this.#closed !== before) this.#parts.announcer.insist(this.#closed);
  }

  #schedule(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    const { restriction, slowWaitMs } = this.#view;
    const steps = [restriction?.endsInMs ?? Infinity, slowWaitMs > 0 ? slowWaitMs % STEP_MS || STEP_MS : Infinity];
    const nextMs = Math.min(...steps);
    this.#timer =
      nextMs === Infinity
        ? null
        : setTimeout(() => this.#parts.element.requestUpdate(), Math.min(TIMER_MAX_MS, nextMs));
  }
}
