// What this device holds of a room and what it knows about each record. Every change of it is made here,
// together with what must be kept and told because of it.

import type { RefusalCode } from '../protocol/errors.js';
import { LIMITS } from '../protocol/limits.js';
import type { AuthorId, PeerId, RecordId, RoomKey } from '../protocol/ids.js';
import { authorOf } from '../protocol/ids.js';
import { idOf } from '../protocol/record.js';
import type { SignedRecord } from '../protocol/record.js';
import type { ChatDelivery } from './chat-view.js';
import { MessageLog } from './message-log.js';
import { MessageViews } from './message-views.js';
import { Moderation, isOrganisers } from './moderation.js';
import type { OrganiserRecord } from './moderation.js';
import { Outbox } from './outbox.js';
import { groupRecords, recordsFrame } from './record-frames.js';
import type { KeptRecord, LinkId, RoomOutput } from './room-io.js';
import { ServerOffsets } from './server-offsets.js';

/** Records of muted authors that are held back; more come again with the next exchange. */
const HELD_BACK_MAX = 256;

export class Replica {
  readonly log = new MessageLog();
  readonly outbox = new Outbox();
  readonly offsets = new ServerOffsets();
  readonly views: MessageViews;
  moderation: Moderation;
  readonly #self: AuthorId;
  /** Of muted authors. A word that lifts a mute has a lower offset than what it lets through, so none is missed for ever. */
  readonly #heldBack = new Map<RecordId, KeptRecord>();
  /** Others' records that no server is known to hold, and when to offer them to it (rule S7). */
  readonly foreign = new Map<RecordId, number>();

  constructor(self: AuthorId, room: RoomKey) {
    this.#self = self;
    this.moderation = new Moderation();
    this.views = new MessageViews({
      self,
      room: room.slice(room.indexOf('/') + 1),
      kept: (id) => this.log.get(id),
      delivery: (kept) => this.deliveryOf(kept),
      isPlaced: (kept) => this.isPlaced(kept),
      moderation: () => this.moderation,
    });
  }

  /** The server of this epoch has it. */
  isPlaced(kept: KeptRecord): boolean {
    return kept.offset !== null && kept.epoch === this.offsets.epoch;
  }

  deliveryOf(kept: KeptRecord): ChatDelivery {
    return this.outbox.deliveryOf(idOf(kept.record), this.isPlaced(kept) ? kept : { ...kept, offset: null });
  }

  /** It is here with this content, or was. */
  isKnown(record: SignedRecord): boolean {
    const id = idOf(record);
    return this.log.has(id) && !this.log.hasOther(id, record.signature);
  }

  /** It was never here, and is not known to be erased. */
  lacks(id: RecordId): boolean {
    return !this.log.has(id) && !this.moderation.isRemoved(id);
  }

  /** The server's key: what others said as the organiser is void (rule O1). */
  organisedBy(key: AuthorId): RoomOutput[] {
    if (this.moderation.organiser === key) return [];
    this.moderation = new Moderation();
    this.moderation.organiser = key;
    const outputs: RoomOutput[] = [];
    for (const kept of [...this.log.values()]) {
      if (!isOrganisers(kept.record)) continue;
      outputs.push(...(kept.record.author === key ? this.#obey(kept.record, true) : this.#drop([kept])));
    }
    return outputs;
  }

  /** Takes a verified record in. Null when it was here before. */
  takeIn(kept: KeptRecord, options: { readonly isKept: boolean }): RoomOutput[] | null {
    if (this.moderation.isErased(kept.record)) return options.isKept ? this.#forget([idOf(kept.record)]) : null;
    if (this.#isHeldBack(kept.record)) return this.#holdBack(kept);
    if (this.log.hasOther(idOf(kept.record), kept.record.signature)) return this.#settle(kept);
    if (!this.log.add(kept)) return null;
    const outputs: RoomOutput[] = options.isKept ? [] : [{ type: 'save', kept }];
    const effect = this.views.added(kept);
    if (effect !== null) {
      const { id, isNew } = effect;
      outputs.push({ type: 'notify', event: { type: isNew ? 'message-added' : 'message-changed', id } });
    }
    if (isOrganisers(kept.record)) outputs.push(...this.#obey(kept.record, options.isKept));
    else outputs.push(...this.#silence(kept));
    return [...outputs, ...this.#trim()];
  }

  /** The server has given it a place: it is on disk there. */
  place(id: RecordId, epoch: string, offset: number, placedAtMs: number | null): RoomOutput[] {
    const before = this.log.get(id);
    this.foreign.delete(id);
    if (before === undefined || (before.offset === offset && before.epoch === epoch)) return [];
    // One that had a place in an earlier epoch was shown as not stored since (rule S6).
    const wasUnplaced = before.offset !== null && !this.isPlaced(before);
    if (this.moderation.isSilenced(before.record)) return [];
    const kept = this.log.update(id, { epoch, offset, placedAtMs, refusal: undefined, refusalCode: undefined });
    const wasWaiting = this.outbox.release(id);
    this.views.changed(id);
    if (before.refusal !== undefined) this.#standingChanged(kept);
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
  refuse(id: RecordId, reason: string, code: RefusalCode): RoomOutput[] {
    const wasWaiting = this.outbox.release(id);
    // Another tab of this device may have handed in what this one wrote.
    if (!wasWaiting && authorOf(id) !== this.#self) return [];
    const before = this.log.get(id);
    // Somebody who carried it has handed it in meanwhile.
    if (before !== undefined && this.isPlaced(before) && !this.moderation.isSilenced(before.record)) return [];
    const kept = this.log.update(id, { refusal: reason, refusalCode: code });
    this.#standingChanged(kept);
    return kept === undefined ? [] : [{ type: 'save', kept }, ...this.#deliveryChanged(id)];
  }

  /** The visitor wants a refused record tried again. */
  retry(id: RecordId, nowMs: number): RoomOutput[] {
    if (this.log.get(id)?.refusal === undefined) return [];
    const kept = this.log.update(id, { refusal: undefined, refusalCode: undefined });
    this.outbox.add(id, nowMs);
    this.#standingChanged(kept);
    return kept === undefined ? [] : [{ type: 'save', kept }, ...this.#deliveryChanged(id)];
  }

  /** The visitor does not want a refused record any more. */
  discard(id: RecordId): RoomOutput[] {
    const kept = this.log.get(id);
    if (kept?.refusal === undefined) return [];
    this.log.discard(id);
    return this.#gone([kept]);
  }

  /** The room is slow: these wait for their turn (rule O6). */
  hold(ids: readonly RecordId[], afterMs: number, nowMs: number): RoomOutput[] {
    this.outbox.hold(ids, afterMs, nowMs);
    return ids.flatMap((id) => this.#waitChanged(id));
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
    return this.#waitChanged(id);
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
      if ('target' in body && body.target === target) yield kept;
    }
  }

  /** What was refused for good counts for nothing about other messages. */
  #standingChanged(kept: KeptRecord | undefined): void {
    if (kept === undefined) return;
    this.views.changed(idOf(kept.record));
    if (kept.record.body.kind !== 'message') this.views.recount(this.log.values());
  }

  #waitChanged(id: RecordId): RoomOutput[] {
    this.views.changed(id);
    return this.#deliveryChanged(id);
  }

  #deliveryChanged(id: RecordId): RoomOutput[] {
    return [{ type: 'notify', event: { type: 'delivery', id } }];
  }

  /** The organiser's word takes effect; what it erases is forgotten (rules O3, O4). */
  #obey(record: OrganiserRecord, isKept: boolean): RoomOutput[] {
    const isAboutSelf = record.body.kind === 'restrict' && record.body.author === this.#self;
    const silent = isAboutSelf ? this.#ownSilenced() : [];
    this.moderation.add(record);
    const outputs = this.#drop([...this.log.values()].filter((kept) => this.moderation.isErased(kept.record)));
    if (record.body.kind === 'restrict') outputs.push(...this.#restricted(record.body.author));
    if (record.body.kind === 'slow') outputs.push(...this.outbox.letGo().flatMap((id) => this.#waitChanged(id)));
    this.views.moderated(record.body, this.log.values());
    // A restriction that is lifted gives back what it held up; a new one holds up what was written since.
    for (const kept of silent)
      if (!this.moderation.isSilenced(kept.record)) outputs.push(...this.retry(idOf(kept.record), 0));
    if (isAboutSelf) for (const kept of this.#ownSilenced()) outputs.push(...this.#silence(kept));
    if (!isKept) outputs.push({ type: 'notify', event: { type: 'moderation', action: record.body } });
    return outputs;
  }

  /** Written by another under a restriction: it is not taken in, unless a word that is still on its way lifts that. */
  #isHeldBack(record: SignedRecord): boolean {
    return record.author !== this.#self && this.moderation.isSilenced(record);
  }

  #holdBack(kept: KeptRecord): null {
    // The server, which erases it too, is to be asked for its place again when it stands.
    const id = idOf(kept.record);
    this.#heldBack.set(id, { ...kept, offset: null, epoch: null });
    const [oldest = id] = this.#heldBack.keys();
    if (this.#heldBack.size > HELD_BACK_MAX) this.#heldBack.delete(oldest);
    return null;
  }

  /** A word about an author changes which of its records stand. */
  #restricted(author: AuthorId): RoomOutput[] {
    const held = [...this.#heldBack.values()].filter(({ record }) => record.author === author);
    const silenced = [...this.log.values()].filter((kept) => this.#isHeldBack(kept.record));
    for (const kept of silenced) this.#holdBack(kept);
    const outputs = this.#drop(silenced);
    for (const kept of held) {
      if (this.#isHeldBack(kept.record)) continue;
      this.#heldBack.delete(idOf(kept.record));
      const taken = this.takeIn(kept, { isKept: false });
      if (taken === null) continue;
      this.foreign.set(idOf(kept.record), 0);
      outputs.push(...taken);
    }
    return outputs;
  }

  #ownSilenced(): KeptRecord[] {
    return [...this.log.values()].filter(
      ({ record }) => record.author === this.#self && this.moderation.isSilenced(record),
    );
  }

  /** What was written here under a restriction stays here (rule O5). */
  #silence({ record, refusal }: KeptRecord): RoomOutput[] {
    if (record.author !== this.#self || refusal !== undefined || !this.moderation.isSilenced(record)) return [];
    this.log.update(idOf(record), { offset: null, epoch: null });
    return this.refuse(idOf(record), this.moderation.reasonFor(record.author) ?? '', 'muted');
  }

  /** Keeps the log within its bound; what only this device has, what the organiser ordered and what is pinned stays. */
  #trim(): RoomOutput[] {
    return this.#gone(this.log.trim((kept) => this.#holds(kept.record)));
  }

  #holds(record: SignedRecord): boolean {
    const id = idOf(record);
    const { body } = record;
    if (this.outbox.has(id) || this.moderation.pinned.includes(body.kind === 'edit' ? body.target : id)) return true;
    return isOrganisers(record) && body.kind !== 'announce' && body.kind !== 'remove';
  }

  #drop(dropped: readonly KeptRecord[]): RoomOutput[] {
    for (const { record } of dropped) this.log.erase(idOf(record));
    return this.#gone(dropped);
  }

  #gone(dropped: readonly KeptRecord[]): RoomOutput[] {
    for (const kept of dropped) {
      this.views.dropped(kept, (target) => this.#about(target));
      const { body } = kept.record;
      if (body.kind !== 'remove') continue;
      this.moderation.letGo(body.target, idOf(kept.record));
      this.views.trace(body.target);
    }
    return this.#forget(dropped.map((kept) => idOf(kept.record)));
  }

  #forget(ids: readonly RecordId[]): RoomOutput[] {
    for (const id of ids) {
      this.outbox.release(id);
      this.outbox.forget(id);
      this.foreign.delete(id);
    }
    return ids.length === 0 ? [] : [{ type: 'forget', ids }];
  }
}
