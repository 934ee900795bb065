// One voice for screen readers: a message is read out, a burst is summarised, and nothing queues up behind it.

import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { ChatMessage } from '../../core/chat-view.js';
import type { Words } from '../words/words.js';
import { textOf } from './photo-extras.js';

/** Between two announcements. A sentence takes a screen reader about two seconds. */
const PAUSE_MS = 3_000;
const TEXT_LENGTH_MAX = 160;

export class Announcer implements ReactiveController {
  /** For a `role=status`. */
  text = '';
  /** For a `role=alert`: what is said at once, whatever is being read. */
  urgent = '';
  readonly #host: ReactiveControllerHost;
  readonly #words: () => Words;
  #latest: ChatMessage | null = null;
  #count = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(host: ReactiveControllerHost, words: () => Words) {
    this.#host = host;
    this.#words = words;
    host.addController(this);
  }

  hostDisconnected(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#count = 0;
  }

  /** Somebody else wrote this just now. */
  heard(message: ChatMessage): void {
    this.#latest = message;
    this.#count += 1;
    if (this.#timer === null) this.#say();
  }

  /** Something has changed for the reader. Messages go on to be told after a pause. */
  tell(text: string): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.text = text;
    this.#pause();
  }

  /** Something the reader has to know now. */
  insist(text: string): void {
    this.urgent = text;
    this.#host.requestUpdate();
  }

  #say(): void {
    const message = this.#latest;
    this.#timer = null;
    if (message === null || this.#count === 0) return;
    const { name } = message.author;
    this.text =
      this.#count === 1
        ? this.#words().say('heardOne', { name, text: textOf(message, this.#words()).slice(0, TEXT_LENGTH_MAX) })
        : this.#words().say('heardMany', { n: this.#count, name });
    this.#count = 0;
    this.#pause();
  }

  #pause(): void {
    this.#timer = setTimeout(() => this.#say(), PAUSE_MS);
    this.#host.requestUpdate();
  }
}
