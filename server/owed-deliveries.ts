// Deliveries asked for before their records came (rule P3).

import type { PeerId, RecordId } from '../src/protocol/ids.js';
import { SERVER_LIMITS } from './limits.js';

export class OwedDeliveries {
  /** In order of asking; the oldest records are forgotten when full. */
  readonly #owed = new Map<RecordId, Set<PeerId>>();
  /** Of all records: one may be owed to many. */
  #count = 0;

  add(id: RecordId, peers: readonly PeerId[]): void {
    const owedTo = this.#owed.get(id) ?? new Set<PeerId>();
    this.#count -= owedTo.size;
    for (const peer of peers) owedTo.add(peer);
    this.#count += owedTo.size;
    this.#owed.set(id, owedTo);
    for (const oldest of this.#owed.keys()) {
      if (this.#count <= SERVER_LIMITS.owedMax) return;
      this.#forget(oldest);
    }
  }

  /** Those to whom one of these is owed; it is theirs now. */
  take(ids: Iterable<RecordId>): ReadonlySet<PeerId> {
    const peers = new Set<PeerId>();
    for (const id of ids) {
      for (const peer of this.#owed.get(id) ?? []) peers.add(peer);
      this.#forget(id);
    }
    return peers;
  }

  #forget(id: RecordId): void {
    this.#count -= this.#owed.get(id)?.size ?? 0;
    this.#owed.delete(id);
  }
}
