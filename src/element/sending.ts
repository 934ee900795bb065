// From the composer to the chat. What fails is said where it was tried, and the text stays in the composer: it is
// nowhere else.

import type { ReactiveControllerHost } from 'lit';
import { ChatError } from '../engine/chat-error.js';
import { FcErrorEvent, FcSendEvent } from '../engine/chat-events.js';
import { requireChat } from './client-holder.js';
import type { ClientHolder } from './client-holder.js';
import type { FcComposer, Writing } from './fc-composer.js';

export const NEW: Writing = { kind: 'new' };

export class Sending {
  /** What is being written; answers and changes are begun by what is fetched later. */
  writing: Writing = NEW;
  /** Why the last request failed; empty when it did not. */
  failure = '';
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #holder: ClientHolder;
  /** Texts that are being kept on the device; pressed again meanwhile, each is still one message. */
  readonly #underWay = new Set<string>();

  constructor(host: ReactiveControllerHost & HTMLElement, holder: ClientHolder) {
    this.#host = host;
    this.#holder = holder;
  }

  write(writing: Writing): void {
    this.writing = writing;
    this.failure = '';
    this.#host.requestUpdate();
  }

  /** False when it was not sent. A message that the page cancels is not. */
  async send(text: string, composer: FcComposer | null): Promise<boolean> {
    const { writing } = this;
    if (this.#underWay.has(text)) return false;
    if (writing.kind !== 'edit' && !this.#host.dispatchEvent(new FcSendEvent(text))) return false;
    this.#underWay.add(text);
    const isSent = await this.attempt(async () => {
      const chat = requireChat(this.#holder.chat);
      if (writing.kind === 'edit') return chat.editMessage(writing.message.id, text);
      const replyTo = writing.kind === 'reply' ? writing.message.id : writing.message?.replyTo;
      await chat.sendMessage(text, replyTo && { replyTo });
      if (writing.kind === 'rewrite') await chat.discardMessage(writing.message.id);
    });
    this.#underWay.delete(text);
    if (!isSent) return false;
    composer?.clear(text);
    if (this.writing === writing) this.write(NEW);
    return true;
  }

  /** False when it failed; then the visitor and the page are told. */
  async attempt(act: () => Promise<unknown>): Promise<boolean> {
    this.failure = '';
    let isDone = true;
    try {
      await act();
    } catch (error) {
      const cause = error instanceof Error ? error.message : String(error);
      const failure =
        error instanceof ChatError ? error : new ChatError('closed', cause, { isRetryable: true, cause: error });
      this.failure = failure.message;
      isDone = false;
      this.#host.dispatchEvent(new FcErrorEvent(failure));
    }
    this.#host.requestUpdate();
    return isDone;
  }
}
