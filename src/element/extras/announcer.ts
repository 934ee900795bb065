// One voice for screen readers: a message is read out, a burst is summarised, and nothing queues up behind it.

import { html } from 'lit';
import type { ReactiveController, ReactiveControllerHost, TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import type { ChatMessage } from '../../core/chat-view.js';
import type { Words } from '../words/words.js';
import { excerpt } from './excerpt.js';
import { textOf } from './photo-extras.js';

/** Between two announcements. A sentence takes a screen reader about two seconds. */
const PAUSE_MS = 3_000;
const TEXT_LENGTH_MAX = 160;

interface Sentence {
  readonly text: string;
}

const SILENCE: Sentence = { text: '' };

export class Announcer implements ReactiveController {
  #said = SILENCE;
  /** What is said at once, whatever is being read. */
  #urgent = SILENCE;
  readonly #host: ReactiveControllerHost;
  readonly #words: () => Words;
  #latest: ChatMessage | null = null;
  #count = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #urgentTimer: ReturnType<typeof setTimeout> | null = null;

  constructor(host: ReactiveControllerHost, words: () => Words) {
    this.#host = host;
    this.#words = words;
    host.addController(this);
  }

  hostDisconnected(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#count = 0;
    // An element that is away is not drawn.
    if (this.#urgentTimer !== null) clearTimeout(this.#urgentTimer);
    this.#urgent = SILENCE;
  }

  /** The two live regions. They are there before anything is said, else it would not be heard. */
  render(): TemplateResult {
    return html`<div class="hidden" role="status">${sentence(this.#said)}</div>
      <div class="hidden" role="alert">${sentence(this.#urgent)}</div>`;
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
    this.#said = { text };
    this.#pause();
  }

  /** Something the reader has to know now. */
  insist(text: string): void {
    this.#urgent = { text };
    if (this.#urgentTimer !== null) clearTimeout(this.#urgentTimer);
    this.#urgentTimer = setTimeout(() => this.#hush(), PAUSE_MS);
    this.#host.requestUpdate();
  }

  /** What was said is not there to be read again by whoever comes later. */
  #hush(): void {
    this.#urgent = SILENCE;
    this.#host.requestUpdate();
  }

  #say(): void {
    const message = this.#latest;
    this.#timer = null;
    if (message === null || this.#count === 0) return;
    const { name } = message.author;
    const text =
      this.#count === 1
        ? this.#words().say('heardOne', { name, text: excerpt(textOf(message, this.#words()), TEXT_LENGTH_MAX) })
        : this.#words().say('heardMany', { n: this.#count, name });
    this.#said = { text };
    this.#count = 0;
    this.#pause();
  }

  #pause(): void {
    this.#timer = setTimeout(() => this.#say(), PAUSE_MS);
    this.#host.requestUpdate();
  }
}

/** One that is said again is another, and is heard again, though its words are the same. */
function sentence(said: Sentence): unknown {
  return keyed(said, html`<span>${said.text}</span>`);
}
