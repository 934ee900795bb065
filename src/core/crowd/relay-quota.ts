// How much of one author is passed on eagerly (rule C10): a flood is kept where it began, without a server.

import type { AuthorId } from '../../protocol/ids.js';
import { CROWD } from './crowd-limits.js';

export class RelayQuota {
  readonly #relayed = new Map<AuthorId, number[]>();

  /** True when one more record of this author may be relayed now; it is counted then. */
  spend(author: AuthorId, nowMs: number): boolean {
    const recent = (this.#relayed.get(author) ?? []).filter((atMs) => nowMs - atMs < CROWD.relayWindowMs);
    const mayRelay = recent.length < CROWD.relayedPerAuthorMax;
    this.#relayed.delete(author);
    this.#relayed.set(author, mayRelay ? [...recent, nowMs] : recent);
    const oldest = this.#relayed.size > CROWD.relayAuthorsMax ? this.#relayed.keys().next().value : undefined;
    if (oldest !== undefined) this.#relayed.delete(oldest);
    return mayRelay;
  }
}
