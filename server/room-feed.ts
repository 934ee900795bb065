// Passes records on to the members of this node in the order of their places, each once, whoever stored them: this
// node says what it stored, other nodes say how far they got, and what lies between is read from the store.

import type { PeerId, RoomKey } from '../src/protocol/ids.js';
import { LIMITS } from '../src/protocol/limits.js';
import { SERVER_LIMITS } from './limits.js';
import type { Reached } from './nodes/nodes.js';
import type { PlacedRecord, Store } from './store/store.js';

/** Who need not be sent a record: its publisher, and those whom the publisher covers. */
export interface Cover {
  readonly from: PeerId | null;
  readonly covered: ReadonlySet<PeerId>;
}

const NOBODY: Cover = { from: null, covered: new Set() };

interface Arrived {
  readonly item: PlacedRecord;
  readonly cover: Cover;
}

export interface FeedOptions {
  readonly room: RoomKey;
  readonly store: Store;
  /** Records in order, to be sent to members here. */
  readonly passOn: (items: readonly PlacedRecord[], cover: Cover) => void;
}

export class RoomFeed {
  readonly #options: FeedOptions;
  /** Records above a gap, by offset. */
  readonly #arrived = new Map<number, Arrived>();
  /** What other nodes said of records this one has not read yet, by offset. */
  readonly #covers = new Map<number, Cover>();
  #head = 0;
  #passedOn = 0;
  #isStarted = false;
  #isReading = false;
  #isClosed = false;

  constructor(options: FeedOptions) {
    this.#options = options;
  }

  /** Highest offset heard of. */
  get head(): number {
    return this.#head;
  }

  /**
   * Everything up to here is history: what follows is passed on. Where the head could not be read, the first news
   * start the feed, and members find by the head what came before.
   */
  start(head: number): void {
    this.#arrived.clear();
    this.#covers.clear();
    this.#head = head;
    this.#passedOn = head;
    this.#isStarted = true;
  }

  /** This node has stored records, or found them stored. */
  stored(items: readonly PlacedRecord[], cover: Cover): void {
    if (!this.#isStarted) this.start(Math.min(...items.map((item) => item.offset)) - 1);
    for (const item of items) {
      this.#head = Math.max(this.#head, item.offset);
      if (item.offset > this.#passedOn && this.#arrived.size < SERVER_LIMITS.feedWaitingMax) {
        this.#arrived.set(item.offset, { item, cover });
      }
    }
    this.#advance(this.#passedOn);
    void this.#read();
  }

  /** Another node has stored records, or the store was looked at again. */
  reached({ head, count, covered }: Reached): void {
    if (!this.#isStarted) this.start(head);
    if (head <= this.#passedOn) return;
    this.#head = Math.max(this.#head, head);
    if (covered.length > 0 && this.#covers.size < SERVER_LIMITS.feedWaitingMax) {
      const cover = { from: null, covered: new Set(covered) };
      for (let offset = head - count + 1; offset <= head; offset += 1) this.#covers.set(offset, cover);
    }
    void this.#read();
  }

  close(): void {
    this.#isClosed = true;
  }

  /** Reads what is missing, page by page. A store that fails is asked again with the next news. */
  async #read(): Promise<void> {
    if (this.#isReading) return;
    this.#isReading = true;
    const { room, store } = this.#options;
    try {
      while (this.#passedOn < this.#head && !this.#isClosed) {
        const { epoch } = store;
        const head = this.#head;
        const rows = await store.range(room, this.#passedOn, LIMITS.recordsPerFrameMax);
        if (store.epoch !== epoch) continue;
        for (const item of rows) {
          const cover = this.#covers.get(item.offset) ?? NOBODY;
          if (!this.#arrived.has(item.offset)) this.#arrived.set(item.offset, { item, cover });
        }
        // What is not there below the last row has been dropped since.
        this.#advance(rows.length < LIMITS.recordsPerFrameMax ? head : (rows.at(-1)?.offset ?? head));
      }
    } catch {
      // The store cannot be read now; clients ask for what they miss, and the next news reads again.
    } finally {
      this.#isReading = false;
    }
  }

  /** Passes on all up to `through`, where a missing record is none, and what follows without a gap. */
  #advance(through: number): void {
    let run: PlacedRecord[] = [];
    let runCover = NOBODY;
    const flush = (): void => {
      if (run.length > 0) this.#options.passOn(run, runCover);
      run = [];
    };
    for (let offset = this.#passedOn + 1; ; offset += 1) {
      const arrived = this.#arrived.get(offset);
      if (arrived === undefined && offset > through) break;
      this.#passedOn = offset;
      this.#covers.delete(offset);
      this.#arrived.delete(offset);
      if (arrived === undefined) continue;
      if (arrived.cover !== runCover) flush();
      runCover = arrived.cover;
      run.push(arrived.item);
    }
    flush();
  }
}
