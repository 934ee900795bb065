// Deliveries asked for before their records came (rule P3).

import type { PeerId, RecordId } from '../src/protocol/ids.js';
import { SERVER_LIMITS } from './limits.js';

export class OwedDeliveries {
  /** In order of asking; the oldest is forgotten when full. */
  readonly #owed = new Map<RecordId, Set<PeerId>>();

  add(id: RecordId, peer: PeerId): void {
    this.#owed.set(id, (this.#owed.get(id) ?? new Set<PeerId>()).add(peer));
    if (this.#owed.size <= SERVER_LIMITS.owedMax) return;
    for (const oldest of this.#owed.keys()) {
      this.#owed.delete(oldest);
      break;
    }
  }

  /** Those to whom one of these is owed; it is theirs now. */
  take(ids: Iterable<RecordId>): ReadonlySet<PeerId> {
    const peers = new Set<PeerId>();
    for (const id of ids) {
      for (const peer of this.#owed.get(id) ?? []) peers.add(peer);
      this.#owed.delete(id);
    }
    return peers;
  }
}
