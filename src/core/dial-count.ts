// What became of the dials of a session: for the server's figures, and to tell a network that keeps devices apart.

import type { IceServer } from '../protocol/frames.js';
import type { CandidateKind, DialFacts } from './mesh-view.js';

export class DialCount {
  tried = 0;
  failed = 0;
  #failedInRow = 0;
  readonly #gathered = new Set<CandidateKind>();

  began(): void {
    this.tried += 1;
  }

  wentDown(): void {
    this.failed += 1;
    this.#failedInRow += 1;
  }

  opened(): void {
    this.#failedInRow = 0;
  }

  /** A peer connection has something for its other end; a candidate tells what this network lets out. */
  signalled(data: string): void {
    const kind = / typ (host|srflx|relay) /.exec(data)?.[1];
    if (kind !== undefined) this.#gathered.add(kind as CandidateKind);
  }

  view(iceServers: readonly IceServer[]): DialFacts {
    const { tried, failed } = this;
    return {
      tried,
      failed,
      failedInRow: this.#failedInRow,
      gathered: [...this.#gathered].sort(),
      hasIceServers: iceServers.length > 0,
    };
  }
}
