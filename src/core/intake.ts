// From a frame of records to records in the log: duplicates out, signatures checked, then taken in.
// Nothing is shown, acknowledged, relayed or remembered as seen before its signature was found good (R5, D3).

import type { FrameOf } from '../protocol/frames.js';
import type { PeerId, RecordId, RoomKey } from '../protocol/ids.js';
import { LIMITS } from '../protocol/limits.js';
import { fromWire, idOf, isMisplaced, tagOf } from '../protocol/record.js';
import type { SignedRecord } from '../protocol/record.js';
import { isOrganisers } from './moderation.js';
import type { Replica } from './replica.js';
import type { MessageRoute } from './chat-view.js';
import type { LinkId } from './room-io.js';

/** Records of one link whose signatures are being checked; more are dropped and come again by reconciliation. */
const CHECKING_MAX = 1_024;

/** What the server says of one record: its place, which content it means, when it came if from the future. */
export interface Placing {
  readonly offset: number;
  readonly tag: string;
  readonly placedAtMs: number | null;
}

/** Where a batch of records came from and what was said along with it. */
export interface Batch {
  readonly frame: FrameOf<'records'>;
  readonly link: LinkId;
  /** The peer at the other end; null for the server. */
  readonly from: PeerId | null;
  readonly route: MessageRoute;
  readonly hops: ReadonlyMap<RecordId, number>;
  readonly offsets: ReadonlyMap<RecordId, Placing>;
  readonly places: FrameOf<'records'>['places'];
  readonly isCarried: boolean;
  readonly covered: readonly PeerId[];
  readonly size: number;
}

export interface Sorted {
  /** To be verified under this ticket; null when every record was known. */
  readonly ticket: number | null;
  readonly fresh: readonly SignedRecord[];
  readonly known: readonly RecordId[];
  /** Said as the organiser by somebody else (rule O1), or not as it is said in this room (rule K1). */
  readonly forged: number;
  readonly batch: Batch;
}

export class Intake {
  readonly #room: RoomKey;
  readonly #replica: Replica;
  readonly #isUnsaved: (id: RecordId) => boolean;
  readonly #checking = new Map<number, Batch>();
  readonly #checkingOf = new Map<LinkId, number>();
  #nextTicket = 1;

  /** @param isUnsaved true for own records that are not durable yet */
  constructor(room: RoomKey, replica: Replica, isUnsaved: (id: RecordId) => boolean) {
    this.#room = room;
    this.#replica = replica;
    this.#isUnsaved = isUnsaved;
  }

  /** Sorts a frame into what is known and what must be verified. Null when the link sends faster than is checked. */
  sort(frame: FrameOf<'records'>, link: LinkId, from: PeerId | null, places: Batch['places']): Sorted | null {
    const records = frame.records.map((wire) => fromWire(this.#room, wire));
    const fresh: SignedRecord[] = [];
    const known: RecordId[] = [];
    const { organiser } = this.#replica.moderation;
    let forged = 0;
    const hops = new Map<RecordId, number>();
    const offsets = new Map<RecordId, Placing>();
    records.forEach((record, index) => {
      const id = idOf(record);
      // The server lets nobody else speak as the organiser, so what comes from it before it said its key is its own.
      const isTheirs = record.author === organiser || (organiser === null && from === null);
      if (isOrganisers(record) ? !isTheirs : record.author === organiser) {
        // Before the key is known nobody can be called a liar; the record comes again.
        if (organiser !== null) forged += 1;
        return;
      }
      if (!isOrganisers(record) && isMisplaced(record)) {
        forged += 1;
        return;
      }
      if (this.#replica.moderation.isErased(record)) return;
      const offset = places?.offsets[index];
      if (offset !== undefined) {
        offsets.set(id, { offset, tag: tagOf(record), placedAtMs: places?.arrivals?.[index] ?? null });
      }
      // Rule M4: a figure outside the signature, believed only within its bound.
      hops.set(id, Math.min(LIMITS.hopsMax, frame.hops?.[index] ?? 0));
      if (this.#isUnsaved(id) || this.#replica.isKnown(record)) known.push(id);
      else fresh.push(record);
    });
    const checking = this.#checkingOf.get(link) ?? 0;
    if (checking + fresh.length > CHECKING_MAX) return null;
    const batch: Batch = {
      frame,
      link,
      from,
      route: routeOf(frame, from),
      hops,
      offsets,
      places,
      isCarried: frame.isCarried ?? false,
      covered: frame.covered ?? [],
      size: fresh.length,
    };
    const hasToCheck = fresh.length > 0 || (from !== null && places !== undefined);
    return { ticket: hasToCheck ? this.#open(batch) : null, fresh, known, forged, batch };
  }

  /** Places without records, to be believed when the receipt is good. */
  await(batch: Batch): number {
    return this.#open(batch);
  }

  #open(batch: Batch): number {
    const ticket = this.#nextTicket;
    this.#nextTicket += 1;
    this.#checking.set(ticket, batch);
    this.#checkingOf.set(batch.link, (this.#checkingOf.get(batch.link) ?? 0) + batch.size);
    return ticket;
  }

  /** The batch of a ticket whose signatures have been checked. */
  checked(ticket: number): Batch | undefined {
    const batch = this.#checking.get(ticket);
    if (batch === undefined) return undefined;
    this.#checking.delete(ticket);
    const left = (this.#checkingOf.get(batch.link) ?? 0) - batch.size;
    if (left > 0) this.#checkingOf.set(batch.link, left);
    else this.#checkingOf.delete(batch.link);
    return batch;
  }
}

/** A push says its hops or its place; an answer from a log is history. */
function routeOf(frame: FrameOf<'records'>, from: PeerId | null): MessageRoute {
  if (from === null) return frame.places?.range === undefined ? 'websocket' : 'history';
  return frame.hops === undefined ? 'history' : 'p2p';
}
