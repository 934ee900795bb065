// Whether records can be stored now, and a line in the log whenever that changes.

import type { Logger } from '../log.js';

export class StorageWatch {
  readonly #logger: Logger;
  /** False while records are passed on without being stored. */
  #isStoring = true;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** What came of an attempt. One outage is one line, whatever it is called by what fails meanwhile. */
  note(problem: Error | null): void {
    const isStoring = problem === null;
    if (isStoring === this.#isStoring) return;
    this.#isStoring = isStoring;
    if (isStoring) this.#logger.log('info', 'storing again');
    else this.#logger.log('error', 'messages are passed on but not stored', { reason: problem.message });
  }
}
