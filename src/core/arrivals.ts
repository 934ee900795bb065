// From a frame of records to the log, its places and what is owed to the sender: acknowledgement, carrying on.

import type { FrameOf } from '../protocol/frames.js';
import type { PeerId } from '../protocol/ids.js';
import { idOf } from '../protocol/record.js';
import type { SignedRecord } from '../protocol/record.js';
import type { ClockOffset } from './clock-offset.js';
import type { Counters } from './counters.js';
import type { HybridClock } from './hybrid-clock.js';
import type { Batch, Intake } from './intake.js';
import type { PeerReplication } from './peer-replication.js';
import type { Replica } from './replica.js';
import type { KeptRecord, LinkId, RoomOutput } from './room-io.js';
import type { ServerReplication } from './server-replication.js';

export interface ArrivalsParts {
  readonly intake: Intake;
  readonly replica: Replica;
  readonly server: ServerReplication;
  readonly peers: PeerReplication;
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

  /** Known ones are acknowledged, the others are to be verified. */
  records(link: LinkId, from: PeerId | null, frame: FrameOf<'records'>, nowMs: number): RoomOutput[] {
    const sorted = this.#parts.intake.sort(frame, link, from);
    if (sorted === null) return this.#parts.strike(link, 1, nowMs);
    const { ticket, fresh, known, batch } = sorted;
    this.#parts.counters.duplicatesFiltered += known.length;
    const outputs: RoomOutput[] = [];
    if (from !== null && known.length > 0) outputs.push(...this.#parts.peers.acknowledge(link, known));
    if (ticket !== null) outputs.push({ type: 'verify', ticket, records: fresh });
    else outputs.push(...this.#batchDone(batch, nowMs));
    return outputs;
  }

  /** The signatures of a batch have been checked; these were good. */
  verified(ticket: number, records: readonly SignedRecord[], nowMs: number): RoomOutput[] {
    const batch = this.#parts.intake.checked(ticket);
    if (batch === undefined) return [];
    const outputs: RoomOutput[] = [];
    const forged = batch.size - records.length;
    if (forged > 0) outputs.push(...this.#parts.strike(batch.link, forged, nowMs));
    const taken = records.flatMap((record) => this.#takeIn(record, batch, nowMs, outputs) ?? []);
    if (batch.from !== null && records.length > 0) {
      outputs.push(
        ...this.#parts.peers.acknowledge(batch.link, records.map(idOf)),
        ...this.#parts.peers.carry(taken, batch),
      );
    }
    return [...outputs, ...this.#batchDone(batch, nowMs)];
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
    const { places, link, offsets } = batch;
    if (places === undefined || link !== 'server') return [];
    const known = [...offsets].filter(([id]) => this.#parts.replica.log.has(id));
    const outputs = this.#parts.server.placed(places.epoch, known, places.head, nowMs);
    if (places.range !== undefined) outputs.push(...this.#parts.server.rangeDone(places.epoch, places.range, nowMs));
    return outputs;
  }

  #count(kept: KeptRecord): void {
    if (kept.record.body.kind !== 'message') return;
    this.#parts.counters.received += 1;
    if (kept.route === 'p2p') this.#parts.counters.viaP2P += 1;
    if (kept.route === 'websocket') this.#parts.counters.viaWebSocket += 1;
  }
}
