// What became of the dials of a session: for the server's figures, and to tell a network that keeps devices apart.

import type { IceServer } from '../protocol/frames.js';
import { FAILED_DIALS_MIN } from './mesh-view.js';
import type { CandidateKind, DialFacts } from './mesh-view.js';

/** Rule M12: a dial takes 50 ms of CPU and a radio that wakes; a Wi-Fi that keeps devices apart does so all day. */
const REST_MS = 600_000;

export class DialCount {
  tried = 0;
  failed = 0;
  /** Nobody is dialled by itself before. */
  restsUntilMs = 0;
  #failedInRow = 0;
  readonly #gathered = new Set<CandidateKind>();

  began(): void {
    this.tried += 1;
  }

  /** @param hasLinks others are linked: then it is no network's doing */
  wentDown(hasLinks: boolean, nowMs: number): void {
    this.failed += 1;
    this.#failedInRow = hasLinks ? 0 : this.#failedInRow + 1;
    if (this.#failedInRow >= FAILED_DIALS_MIN) this.restsUntilMs = nowMs + REST_MS;
  }

  /** A link is up, or the network may be another: what was found of it does not hold any more. */
  startOver(): void {
    this.#failedInRow = 0;
    this.restsUntilMs = 0;
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
