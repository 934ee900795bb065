// From a frame of records to the log, its places and what is owed to others: acknowledgement, carrying, passing on.

import type { FrameOf } from '../protocol/frames.js';
import type { PeerId, RecordId } from '../protocol/ids.js';
import { authorOf } from '../protocol/ids.js';
import { idOf } from '../protocol/record.js';
import type { SignedRecord } from '../protocol/record.js';
import type { Beside } from './beside.js';
import type { ClockOffset } from './clock-offset.js';
import type { Counters } from './counters.js';
import type { HybridClock } from './hybrid-clock.js';
import type { Batch, Intake } from './intake.js';
import type { Peers } from './peers.js';
import type { Replica } from './replica.js';
import type { KeptRecord, LinkId, Receipt, RoomOutput } from './room-io.js';
import type { ServerReplication } from './server-replication.js';

export interface ArrivalsParts {
  readonly intake: Intake;
  readonly replica: Replica;
  readonly server: ServerReplication;
  readonly beside: () => Beside | null;
  readonly peers: () => Peers;
  readonly clock: HybridClock;
  readonly offset: ClockOffset;
  readonly counters: Counters;
  /** Something came that should not have (rule L1). */
  readonly strike: (link: LinkId, count: number, nowMs: number) => RoomOutput[];
}

export class Arrivals {
  readonly #parts: ArrivalsParts;

  constructor(parts: ArrivalsParts) {
    this.#parts = parts;
  }

  /**
   * Known ones are acknowledged, the others are to be verified.
   * @param places as far as they may be believed: the server's, or a peer's with the receipt that is to be checked
   */
  records(
    { link, from }: Pick<Batch, 'link' | 'from'>,
    frame: FrameOf<'records'>,
    { places, receipt }: { readonly places: Batch['places']; readonly receipt: Receipt | null },
    nowMs: number,
  ): RoomOutput[] {
    const sorted = this.#parts.intake.sort(frame, link, from, places);
    if (sorted === null) return this.#parts.strike(link, 1, nowMs);
    const { ticket, fresh, known, forged, batch } = sorted;
    this.#parts.counters.duplicatesFiltered += known.length;
    const outputs = from === null ? [] : this.#acknowledge(link, from, known);
    if (forged > 0) outputs.push(...this.#parts.strike(link, forged, nowMs));
    if (ticket !== null) outputs.push({ type: 'verify', ticket, records: fresh, receipt });
    else outputs.push(...this.#batchDone(batch, nowMs), ...this.#parts.peers().passOn(batch, [], nowMs));
    return outputs;
  }

  /** The signatures of a batch have been checked; these were good. */
  verified(ticket: number, records: readonly SignedRecord[], isReceiptGood: boolean, nowMs: number): RoomOutput[] {
    const checked = this.#parts.intake.checked(ticket);
    if (checked === undefined) return [];
    const isForged = checked.from !== null && checked.places !== undefined && !isReceiptGood;
    const batch: Batch = isForged ? { ...checked, places: undefined, offsets: new Map() } : checked;
    const outputs: RoomOutput[] = [];
    const forged = batch.size - records.length + Number(isForged);
    if (forged > 0) outputs.push(...this.#parts.strike(batch.link, forged, nowMs));
    const taken = records.flatMap((record) => this.#takeIn(record, batch, nowMs, outputs) ?? []);
    if (batch.from !== null) outputs.push(...this.#acknowledge(batch.link, batch.from, this.#here(records)));
    return [...outputs, ...this.#batchDone(batch, nowMs), ...this.#parts.peers().passOn(batch, taken, nowMs)];
  }

  /** Rule P2: an author learns who has what it wrote; whoever passes on for others needs no answer. */
  #acknowledge(link: LinkId, from: PeerId, ids: readonly RecordId[]): RoomOutput[] {
    const theirs = ids.filter((id) => authorOf(id) === authorOf(from));
    return theirs.length === 0 ? [] : this.#parts.peers().acknowledge(link, theirs);
  }

  /** The organiser may have erased some while they were checked. */
  #here(records: readonly SignedRecord[]): RecordId[] {
    return records.map(idOf).filter((id) => this.#parts.replica.log.has(id));
  }

  #takeIn(record: SignedRecord, batch: Batch, nowMs: number, outputs: RoomOutput[]): KeptRecord | null {
    const id = idOf(record);
    const correctedMs = this.#parts.offset.correct(nowMs);
    const placing = batch.offsets.get(id);
    const kept: KeptRecord = {
      record,
      arrivedAtMs: correctedMs,
      route: batch.route,
      hops: batch.hops.get(id) ?? 0,
      offset: placing?.offset ?? null,
      epoch: placing === undefined ? null : (batch.places?.epoch ?? null),
      placedAtMs: placing?.placedAtMs ?? null,
    };
    const changes = this.#parts.replica.takeIn(kept, { isKept: false });
    if (changes === null) {
      this.#parts.counters.duplicatesFiltered += 1;
      return null;
    }
    this.#parts.clock.observe(record.time, correctedMs);
    this.#count(kept);
    outputs.push(...changes, ...this.#parts.server.tookIn(kept, batch.isCarried, nowMs));
    return kept;
  }

  /** Every record of a batch is taken in or refused: its places may now be believed. */
  #batchDone(batch: Batch, nowMs: number): RoomOutput[] {
    const { places, offsets } = batch;
    if (places === undefined) return [];
    // A place from the server whose record was refused here is asked for; one from a peer may be as wrong as the peer.
    const known = [...offsets].filter(([id]) => batch.size === 0 || this.#parts.replica.log.has(id));
    const outputs = this.#parts.server.placed(places.epoch, known, places.head, false, nowMs);
    if (places.range !== undefined) {
      outputs.push(...this.#parts.server.rangeDone(places.epoch, places.range, nowMs));
      this.#parts.beside()?.earlier.answered(places.epoch, places.range, nowMs);
    }
    return outputs;
  }

  #count(kept: KeptRecord): void {
    if (kept.record.body.kind !== 'message') return;
    this.#parts.counters.received += 1;
    if (kept.route === 'p2p') this.#parts.counters.viaP2P += 1;
    if (kept.route === 'websocket') this.#parts.counters.viaWebSocket += 1;
  }
}
