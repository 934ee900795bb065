// What becomes of a record that is handed in: verified, stored, placed for its publisher, and handed on to the feed and
// to other nodes; or passed on all the same when it cannot be stored (rules R5, R7, S1, S2, S12).

import type { FrameOf } from '../src/protocol/frames.js';
import type { PeerId, RecordId, RoomKey } from '../src/protocol/ids.js';
import { fromWire, idOf } from '../src/protocol/record.js';
import type { SignedRecord } from '../src/protocol/record.js';
import type { RoomModeration } from './moderation/room-moderation.js';
import type { RoomLine } from './nodes/nodes.js';
import { isOther } from './record-claims.js';
import type { Cover, RoomFeed } from './room-feed.js';
import { placeOf } from '../src/core/record-frames.js';
import type { Listener } from './room-members.js';
import type { RoomVoice } from './room-voice.js';
import type { PlacedRecord, Store } from './store/store.js';
import { UnstoredRecords } from './unstored-records.js';
import type { Verifier } from './verifier.js';

const NOT_STORED = 'The server cannot save messages now. This one is passed on, and will be sent again.';
const NOBODY: Cover = { from: null, covered: new Set() };

export interface PublishingOptions {
  readonly room: RoomKey;
  readonly store: Store;
  readonly verifier: Verifier;
  readonly voice: RoomVoice;
  readonly moderation: RoomModeration;
  readonly feed: RoomFeed;
  readonly line: RoomLine;
  /** Told of what was stored, and how long it took. */
  readonly stored: (records: number, tookMs: number) => void;
  /** Told after each attempt to store: what was wrong, or null. */
  readonly storing: (problem: Error | null) => void;
  /** Told of records that the organiser has erased, and of their targets. */
  readonly gone: (connection: Listener, ids: readonly RecordId[]) => void;
  /** Records without places, to be sent to members here. */
  readonly passOnUnstored: (records: readonly SignedRecord[], cover: Cover) => void;
}

export class RoomPublishing {
  readonly unstored = new UnstoredRecords((record) => this.#options.moderation.isGone(record));
  readonly #options: PublishingOptions;

  constructor(options: PublishingOptions) {
    this.#options = options;
  }

  /** Records of a member, in this order. */
  async publish(from: PeerId, connection: Listener, frame: FrameOf<'records'>): Promise<void> {
    const { room, store, verifier, voice } = this.#options;
    const records = frame.records.map((wire) => fromWire(room, wire));
    // What a store that is away knows is found out when the records are handed to it.
    const known = await store.byIds(room, records.map(idOf)).catch(() => []);
    const fresh = this.#sortOut(connection, records, known);
    const verdicts = await Promise.all(fresh.map((record) => verifier.record(record)));
    const forged = fresh.filter((_, index) => verdicts[index] !== true);
    voice.refuse(connection, 'bad-record', 'This message is not signed by its author for this room.', forged);
    const good = this.#judge(
      from,
      connection,
      fresh.filter((_, index) => verdicts[index] === true),
    );
    if (good.length === 0) return;
    const cover = { from, covered: new Set(frame.covered ?? []) };
    const items = await this.#append(good);
    if (items === null) {
      voice.refuse(connection, 'not-stored', NOT_STORED, good);
      this.#options.passOnUnstored(this.unstored.add(good), cover);
      return;
    }
    // Another node may have stored another record under the same id at the same moment.
    this.#sortOut(connection, good, items);
    this.#handOn(items, cover);
  }

  /** The organiser's own, and what it keeps. @throws {Error} when it could not be stored */
  async ordered(records: readonly SignedRecord[]): Promise<void> {
    const items = await this.#options.store.append(this.#options.room, records);
    this.#handOn(items, NOBODY);
  }

  /** Somebody still offers what could not be stored before; its author may be gone. */
  async storeAgain(ids: readonly RecordId[]): Promise<void> {
    const records = this.unstored.byIds(ids);
    const items = records.length === 0 ? null : await this.#append(records);
    if (items !== null) this.#handOn(items, NOBODY);
  }

  /** What the organiser lets pass; the rest is sent back with the reason (rules O1, O5, O6, O8). */
  #judge(from: PeerId, connection: Listener, records: readonly SignedRecord[]): SignedRecord[] {
    const gone: RecordId[] = [];
    const good = records.filter((record) => {
      const refusal = this.#options.moderation.judge(from, record);
      if (refusal === null) return true;
      if (refusal === 'gone') gone.push(idOf(record), ...targetsOf(record));
      else {
        const { code, words, retryAfterMs } = refusal;
        this.#options.voice.refuse(connection, code, words, [record], retryAfterMs);
      }
      return false;
    });
    if (gone.length > 0) this.#options.gone(connection, gone);
    return good;
  }

  /** Null when the store does not take them. */
  async #append(records: readonly SignedRecord[]): Promise<PlacedRecord[] | null> {
    const { room, store, stored, storing } = this.#options;
    const startedAtMs = performance.now();
    try {
      const items = await store.append(room, records);
      storing(null);
      stored(records.length, performance.now() - startedAtMs);
      return items;
    } catch (error) {
      storing(error as Error);
      return null;
    }
  }

  #handOn(items: readonly PlacedRecord[], cover: Cover): void {
    const { feed, line } = this.#options;
    const headBefore = feed.head;
    feed.stored(items, cover);
    const fresh = items.filter((item) => item.offset > headBefore);
    const head = fresh.at(-1)?.offset;
    if (head !== undefined) line.reached({ head, count: fresh.length, covered: [...cover.covered] });
  }

  /** Answers what needs no verifying, and returns the rest. */
  #sortOut(connection: Listener, records: readonly SignedRecord[], known: readonly PlacedRecord[]): SignedRecord[] {
    const { voice } = this.#options;
    const knownById = new Map(known.map((item) => [idOf(item.record), item.record]));
    const conflicting = records.filter((record) => isOther(knownById.get(idOf(record)), record));
    voice.refuse(connection, 'conflict', 'Another record already has this id.', conflicting);
    const refused = new Set(conflicting.map(idOf));
    const places = known.map(placeOf).filter(([id]) => !refused.has(id));
    voice.places(connection, places);
    return records.filter((record) => !knownById.has(idOf(record)));
  }
}

/** What it is about. */
function targetsOf({ body }: SignedRecord): RecordId[] {
  return 'target' in body && body.target !== undefined ? [body.target] : [];
}
