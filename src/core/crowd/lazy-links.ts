// When a link carries too much, ids go over it instead of records (rule C9): the other parent sends the records,
// and what does not come from there is asked for here.

import type { Frame } from '../../protocol/frames.js';
import type { DialId, RecordId, RoomKey } from '../../protocol/ids.js';
import type { PeerLinkState } from '../peer-link-state.js';
import { groupIds } from '../record-frames.js';
import type { RoomOutput } from '../room-io.js';
import { CROWD } from './crowd-limits.js';

/** Ids waited for at one time; beyond it the exchanges of rule Y1 find what lacks. */
const AWAITED_MAX = 2_000;

export class LazyLinks {
  readonly #room: RoomKey;
  readonly #isKnown: (id: RecordId) => boolean;
  /** Records that passed each link in the last second. */
  readonly #passed = new Map<DialId, number[]>();
  readonly #offers = new Map<DialId, RecordId[]>();
  #offerAtMs = Infinity;
  readonly #awaited = new Map<RecordId, { readonly dial: DialId; readonly askAtMs: number }>();

  constructor(room: RoomKey, isKnown: (id: RecordId) => boolean) {
    this.#room = room;
    this.#isKnown = isKnown;
  }

  /** Counts records that are about to pass, and says whether only their ids should. */
  isLazy(link: PeerLinkState, records: number, nowMs: number): boolean {
    const passed = (this.#passed.get(link.dial) ?? []).filter((atMs) => nowMs - atMs < 1_000);
    for (let count = 0; count < records && passed.length < 1_000; count += 1) passed.push(nowMs);
    this.#passed.set(link.dial, passed);
    return passed.length > CROWD.lazyAboveRecordsPerSecond || link.queuedBytes > CROWD.lazyAboveQueuedBytes;
  }

  offer(link: PeerLinkState, ids: readonly RecordId[], nowMs: number): void {
    this.#offers.set(link.dial, [...(this.#offers.get(link.dial) ?? []), ...ids]);
    this.#offerAtMs = Math.min(this.#offerAtMs, nowMs + CROWD.lazyEveryMs);
  }

  /** A peer has these; what another does not send in time is asked for. */
  offered(link: PeerLinkState, ids: readonly RecordId[], nowMs: number): void {
    for (const id of ids) {
      if (this.#awaited.size >= AWAITED_MAX || this.#isKnown(id) || this.#awaited.has(id)) continue;
      this.#awaited.set(id, { dial: link.dial, askAtMs: nowMs + CROWD.lazyPatienceMs });
    }
  }

  closed(dial: DialId): void {
    this.#passed.delete(dial);
    this.#offers.delete(dial);
    for (const [id, awaited] of this.#awaited) if (awaited.dial === dial) this.#awaited.delete(id);
  }

  wake(nowMs: number): RoomOutput[] {
    return [...this.#flush(nowMs), ...this.#ask(nowMs)];
  }

  nextWakeMs(): number {
    let nextMs = this.#offerAtMs;
    for (const { askAtMs } of this.#awaited.values()) nextMs = Math.min(nextMs, askAtMs);
    return nextMs;
  }

  #flush(nowMs: number): RoomOutput[] {
    if (nowMs < this.#offerAtMs) return [];
    this.#offerAtMs = Infinity;
    const outputs = [...this.#offers].flatMap(([dial, ids]) => this.#frames(dial, 'have', ids));
    this.#offers.clear();
    return outputs;
  }

  #ask(nowMs: number): RoomOutput[] {
    const due = new Map<DialId, RecordId[]>();
    for (const [id, { dial, askAtMs }] of this.#awaited) {
      if (askAtMs > nowMs) continue;
      this.#awaited.delete(id);
      if (!this.#isKnown(id)) due.set(dial, [...(due.get(dial) ?? []), id]);
    }
    return [...due].flatMap(([dial, ids]) => this.#frames(dial, 'want', ids));
  }

  #frames(link: DialId, type: 'have' | 'want', ids: readonly RecordId[]): RoomOutput[] {
    return groupIds(ids).map((group) => {
      const frame: Frame = { type, room: this.#room, ids: group };
      return { type: 'send', link, frame };
    });
  }
}
