// Reports of messages that wait for the server's answer (rule O8). Nothing is kept: without an answer whoever reports is told.

import type { Frame } from '../protocol/frames.js';
import type { RecordId } from '../protocol/ids.js';
import { ChatError } from './chat-error.js';

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: ChatError) => void;
}

/** Where answers come from: null is the socket's end. */
interface Source {
  heard: ((frame: Frame | null) => void) | null;
}

export class Complaints {
  /** By message. A person makes one report at a time, and each ends with the socket at the latest. */
  readonly #waiting = new Map<RecordId, Waiting>();

  constructor(source: Source) {
    source.heard = (frame) => this.#heard(frame);
  }

  /** Nobody knows whether the server has heard it. */
  static unheard(): ChatError {
    return new ChatError('not-connected', 'The server did not confirm the report.', { isRetryable: true });
  }

  /** Resolves when the server has the report of this message. @throws {ChatError} `not-connected`, `rate-limited` */
  answer(target: RecordId): Promise<void> {
    this.#waiting.get(target)?.reject(Complaints.unheard());
    return new Promise((resolve, reject) => this.#waiting.set(target, { resolve, reject }));
  }

  #heard(frame: Frame | null): void {
    if (frame === null) this.#fail(Complaints.unheard());
    else if (frame.type === 'complained') {
      this.#waiting.get(frame.target)?.resolve();
      this.#waiting.delete(frame.target);
    } else if (frame.type === 'refused' && frame.ids === undefined) {
      const { code, message } = frame;
      if (code === 'rate-limited') this.#fail(new ChatError(code, message, { isRetryable: true }));
      // It has heard it, and cannot keep it.
      else if (code === 'not-stored') this.#fail(Complaints.unheard());
    }
  }

  #fail(error: ChatError): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
