// What this device holds of a room and what it knows about each record. Every change of it is made here,
// together with what must be kept and told because of it.

import { LIMITS } from '../protocol/limits.js';
import type { AuthorId, PeerId, RecordId, RoomKey } from '../protocol/ids.js';
import { idOf } from '../protocol/record.js';
import type { ChatDelivery } from './chat-view.js';
import { MessageLog } from './message-log.js';
import { MessageViews } from './message-views.js';
import { Outbox } from './outbox.js';
import { groupRecords, recordsFrame } from './record-frames.js';
import type { KeptRecord, LinkId, RoomOutput } from './room-io.js';
import { ServerOffsets } from './server-offsets.js';

export class Replica {
  readonly log = new MessageLog();
  readonly outbox = new Outbox();
  readonly offsets = new ServerOffsets();
  readonly views: MessageViews;
  /** Others' records that no server is known to hold, and when to offer them to it (rule S7). */
  readonly foreign = new Map<RecordId, number>();

  constructor(self: AuthorId) {
    this.views = new MessageViews({
      self,
      kept: (id) => this.log.get(id),
      delivery: (kept) => this.deliveryOf(kept),
      isPlaced: (kept) => this.isPlaced(kept),
    });
  }

  /** The server of this epoch has it. */
  isPlaced(kept: KeptRecord): boolean {
    return kept.offset !== null && kept.epoch === this.offsets.epoch;
  }

  deliveryOf(kept: KeptRecord): ChatDelivery {
    return this.outbox.deliveryOf(idOf(kept.record), this.isPlaced(kept) ? kept : { ...kept, offset: null });
  }

  /** Takes a verified record in. Null when it was here before. */
  takeIn(kept: KeptRecord, options: { readonly isKept: boolean }): RoomOutput[] | null {
    if (this.log.hasOther(idOf(kept.record), kept.record.signature)) return this.#settle(kept);
    if (!this.log.add(kept)) return null;
    const outputs: RoomOutput[] = options.isKept ? [] : [{ type: 'save', kept }];
    const effect = this.views.added(kept);
    if (effect !== null) {
      const { id, isNew } = effect;
      outputs.push({ type: 'notify', event: { type: isNew ? 'message-added' : 'message-changed', id } });
    }
    return [...outputs, ...this.#trim()];
  }

  /** The server has given it a place: it is on disk there. */
  place(id: RecordId, epoch: string, offset: number, placedAtMs: number | null): RoomOutput[] {
    const before = this.log.get(id);
    this.foreign.delete(id);
    if (before === undefined || (before.offset === offset && before.epoch === epoch)) return [];
    // One that had a place in an earlier epoch was shown as not stored since (rule S6).
    const wasUnplaced = before.offset !== null && !this.isPlaced(before);
    const kept = this.log.update(id, { epoch, offset, placedAtMs, refusal: undefined });
    const wasWaiting = this.outbox.release(id);
    this.views.changed(id);
    if (kept === undefined) return [];
    this.views.moved(kept);
    const outputs: RoomOutput[] = [{ type: 'save', kept }];
    if (wasWaiting || wasUnplaced) outputs.push(...this.#deliveryChanged(id));
    return outputs;
  }

  /** Every known place is void (rule S6): what was ordered by it is ordered anew. */
  unplaced(): void {
    for (const kept of this.log.values()) {
      this.views.changed(idOf(kept.record));
      this.views.moved(kept);
    }
  }

  /** The server will never take it. */
  refuse(id: RecordId, reason: string): RoomOutput[] {
    if (!this.outbox.release(id)) return [];
    const kept = this.log.update(id, { refusal: reason });
    this.views.changed(id);
    return kept === undefined ? [] : [{ type: 'save', kept }, ...this.#deliveryChanged(id)];
  }

  /** The visitor wants a refused record tried again. */
  retry(id: RecordId, nowMs: number): RoomOutput[] {
    if (this.log.get(id)?.refusal === undefined) return [];
    const kept = this.log.update(id, { refusal: undefined });
    this.outbox.add(id, nowMs);
    this.views.changed(id);
    return kept === undefined ? [] : [{ type: 'save', kept }, ...this.#deliveryChanged(id)];
  }

  /** Records from the log for whoever asked (rule L2). */
  give(room: RoomKey, link: LinkId, ids: readonly RecordId[]): RoomOutput[] {
    const kept = ids.flatMap((id) => this.log.get(id) ?? []);
    return groupRecords(kept)
      .slice(0, LIMITS.answerFramesMax)
      .map((group) => ({ type: 'send', link, frame: recordsFrame(room, group) }));
  }

  acknowledged(id: RecordId, peer: PeerId): RoomOutput[] {
    if (this.log.get(id) === undefined || !this.outbox.acknowledge(id, peer)) return [];
    this.views.changed(id);
    return this.#deliveryChanged(id);
  }

  /** Two contents under one id: the placed one stays, else the one whose signature sorts lower (rule R7). */
  #settle(kept: KeptRecord): RoomOutput[] | null {
    const id = idOf(kept.record);
    const before = this.log.get(id);
    if (before === undefined) return null;
    const isBetter = this.isPlaced(kept)
      ? true
      : !this.isPlaced(before) && kept.record.signature < before.record.signature;
    if (!isBetter) return null;
    if (this.isPlaced(kept)) this.foreign.delete(id);
    this.log.replace(kept);
    this.views.replaced(before, kept, (target) => this.#about(target));
    return [
      { type: 'save', kept },
      { type: 'notify', event: { type: 'message-changed', id } },
    ];
  }

  *#about(target: RecordId): Iterable<KeptRecord> {
    for (const kept of this.log.values()) {
      const { body } = kept.record;
      if (body.kind !== 'message' && body.target === target) yield kept;
    }
  }

  #deliveryChanged(id: RecordId): RoomOutput[] {
    return [{ type: 'notify', event: { type: 'delivery', id } }];
  }

  /** Keeps the log within its bound; what only this device has is not dropped. */
  #trim(): RoomOutput[] {
    const dropped = this.log.trim((id) => this.outbox.has(id));
    if (dropped.length === 0) return [];
    const ids = dropped.map((kept) => idOf(kept.record));
    for (const kept of dropped) this.views.dropped(kept);
    for (const id of ids) {
      this.outbox.forget(id);
      this.foreign.delete(id);
    }
    return [{ type: 'forget', ids }];
  }
}
