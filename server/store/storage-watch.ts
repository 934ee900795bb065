// Whether records can be stored now, and a line in the log whenever that changes.

import type { Logger } from '../log.js';

export class StorageWatch {
  readonly #logger: Logger;
  /** Why records are passed on without being stored; null while they are stored. */
  #problem: string | null = null;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** What came of an attempt. */
  note(problem: Error | null): void {
    const reason = problem?.message ?? null;
    if (reason === this.#problem) return;
    this.#problem = reason;
    if (reason === null) this.#logger.log('info', 'storing again');
    else this.#logger.log('error', 'messages are passed on but not stored', { reason });
  }
}
