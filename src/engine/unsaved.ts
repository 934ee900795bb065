// Who waits for a record to be durable on this device.

import type { RecordId } from '../protocol/ids.js';
import { closedError } from './chat-error.js';
import type { ChatError } from './chat-error.js';

interface Waiting {
  readonly resolve: (id: RecordId) => void;
  readonly reject: (error: ChatError) => void;
}

export class Unsaved {
  /** At most as many as the outbox takes. */
  readonly #waiting = new Map<RecordId, Waiting>();

  /** Resolves with the id when the record is kept. @throws {ChatError} `closed` */
  wait(id: RecordId): Promise<RecordId> {
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  saved(id: RecordId): void {
    this.#waiting.get(id)?.resolve(id);
    this.#waiting.delete(id);
  }

  close(): void {
    for (const { reject } of this.#waiting.values()) reject(closedError());
    this.#waiting.clear();
  }
}
