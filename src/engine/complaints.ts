// Reports of messages that wait for the server's answer (rule O8). Nothing is kept: without an answer whoever reports is told.

import type { Frame } from '../protocol/frames.js';
import type { RecordId } from '../protocol/ids.js';
import { ChatError } from './chat-error.js';

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: ChatError) => void;
}

/** Reports waiting at one time; a person makes one at a time. */
const WAITING_MAX = 16;

export class Complaints {
  readonly #waiting = new Map<RecordId, Waiting>();

  /** Resolves when the server has the report. @throws {ChatError} `not-connected`, `rate-limited` */
  wait(target: RecordId): Promise<void> {
    if (this.#waiting.size >= WAITING_MAX) return Promise.reject(unheard('Too many reports wait for the server.'));
    this.#waiting.get(target)?.reject(unheard('The message was reported again.'));
    return new Promise((resolve, reject) => this.#waiting.set(target, { resolve, reject }));
  }

  heard(frame: Frame): void {
    if (frame.type === 'complained') {
      this.#waiting.get(frame.target)?.resolve();
      this.#waiting.delete(frame.target);
    } else if (frame.type === 'refused' && frame.code === 'rate-limited' && frame.ids === undefined) {
      this.#fail(new ChatError(frame.code, frame.message, { isRetryable: true }));
    }
  }

  /** The socket is gone: nobody knows whether the server has heard it. */
  lost(): void {
    this.#fail(unheard('The server did not confirm the report.'));
  }

  #fail(error: ChatError): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

function unheard(words: string): ChatError {
  return new ChatError('not-connected', words, { isRetryable: true });
}
