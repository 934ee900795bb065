// What a room says to a socket about records: pages, places, refusals (rules S1, S4, S8, S12, L2).

import type { RefusalCode } from '../src/protocol/errors.js';
import type { Place } from '../src/protocol/frames.js';
import type { PeerId, RecordId, RoomKey } from '../src/protocol/ids.js';
import { LIMITS } from '../src/protocol/limits.js';
import { groupRecords, placeOf } from '../src/core/record-frames.js';
import { idOf } from '../src/protocol/record.js';
import type { SignedRecord } from '../src/protocol/record.js';
import { SERVER_LIMITS } from './limits.js';
import { placedFrames, placedRecordsFrame, unplacedFrames } from './room-frames.js';
import type { Sign, Standing } from './room-frames.js';
import type { Connection, Listener, RoomMembers } from './room-members.js';
import type { PlacedRecord, Store } from './store/store.js';

export interface VoiceOptions {
  readonly room: RoomKey;
  readonly store: Store;
  readonly members: RoomMembers;
  readonly head: () => number;
  readonly sign: Sign;
  /** Counts records that were refused, by the code of the refusal. */
  readonly refused: (code: RefusalCode, count: number) => void;
}

export class RoomVoice {
  readonly #options: VoiceOptions;
  /** Places for covered members, gathered for one frame. */
  readonly #later = new Map<PeerId, Place[]>();
  #timer: NodeJS.Timeout | null = null;

  constructor(options: VoiceOptions) {
    this.#options = options;
  }

  /** One page of what the store has above an offset, up to `head`. A store that is away says nothing: rule S3 asks again. */
  async page(connection: Connection, after: number, head: number): Promise<void> {
    const { room, store } = this.#options;
    const rows = await store.range(room, after, LIMITS.recordsPerFrameMax).catch(() => null);
    if (rows === null) return;
    const [page = []] = groupRecords(rows);
    const isAll = page.length === rows.length && rows.length < LIMITS.recordsPerFrameMax;
    const through = Math.max(isAll ? head : 0, page.at(-1)?.offset ?? head);
    connection.send(placedRecordsFrame(this.#standing(), page, { after, through }));
  }

  records(connections: Iterable<Listener>, items: readonly PlacedRecord[], framesMax = Infinity): void {
    const groups = groupRecords(items).slice(0, framesMax);
    const frames = groups.map((group) => placedRecordsFrame(this.#standing(), group));
    for (const connection of connections) for (const frame of frames) connection.send(frame);
  }

  /** For supernodes: with the receipts their leaves will believe. */
  recordsToPassOn(connections: readonly Connection[], items: readonly PlacedRecord[]): void {
    if (connections.length === 0) return;
    const { sign } = this.#options;
    const frames = groupRecords(items).map((group) => placedRecordsFrame(this.#standing(), group, undefined, sign));
    for (const connection of connections) for (const frame of frames) connection.send(frame);
  }

  /** For supernodes that have the records from their author. */
  placesToPassOn(connections: readonly Connection[], items: readonly PlacedRecord[]): void {
    if (connections.length === 0) return;
    const frames = placedFrames(this.#standing(), items.map(placeOf), this.#options.sign);
    for (const connection of connections) for (const frame of frames) connection.send(frame);
  }

  /** Records the store could not write. */
  unplaced(connections: Iterable<Connection>, records: readonly SignedRecord[]): void {
    const frames = unplacedFrames(this.#options.room, records);
    for (const connection of connections) for (const frame of frames) connection.send(frame);
  }

  places(connection: Listener, places: readonly Place[]): void {
    const { head, ...standing } = this.#standing();
    // The publisher hears of a place before it is passed on, and so before the room's head is that far.
    const headNow = Math.max(head, ...places.map(([, offset]) => offset));
    for (const frame of placedFrames({ ...standing, head: headNow }, places)) connection.send(frame);
  }

  /** Places of records that a member gets from its peers. */
  placesLater(peer: PeerId, items: readonly PlacedRecord[]): void {
    this.#later.set(peer, [...(this.#later.get(peer) ?? []), ...items.map(placeOf)]);
    this.#timer ??= setTimeout(() => this.#flush(), SERVER_LIMITS.placedEveryMs);
  }

  forget(peer: PeerId): void {
    this.#later.delete(peer);
  }

  refuse(
    connection: Listener,
    code: RefusalCode,
    message: string,
    records: readonly SignedRecord[],
    retryAfterMs = code === 'not-stored' ? notStoredWaitMs() : undefined,
  ): void {
    if (records.length === 0) return;
    this.#options.refused(code, records.length);
    const ids: RecordId[] = records.map(idOf);
    const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
    connection.send({ type: 'refused', room: this.#options.room, code, message, ids, ...wait });
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #flush(): void {
    this.#timer = null;
    for (const [peer, places] of this.#later) {
      const connection = this.#options.members.connection(peer);
      if (connection !== undefined) this.places(connection, places);
    }
    this.#later.clear();
  }

  #standing(): Standing {
    const { room, store, head } = this.#options;
    return { room, epoch: store.epoch, head: head() };
  }
}

/** Spread, so that a crowd's retries do not meet a store that has just come back all at once. */
function notStoredWaitMs(): number {
  return Math.round(SERVER_LIMITS.notStoredWaitMs * (0.5 + Math.random()));
}
