// Keeping this replica and the server's equal: places, gaps, publishing, handing over what was carried
// (rules S1 to S9).

import type { Frame, FrameOf } from '../protocol/frames.js';
import type { AuthorId, PeerId, RecordId, RoomKey } from '../protocol/ids.js';
import { FIRST_HISTORY_RECORDS } from '../protocol/limits.js';
import { isRetryable } from '../protocol/errors.js';
import { idOf, tagOf } from '../protocol/record.js';
import type { ClockOffset } from './clock-offset.js';
import { groupIds, groupRecords, recordsFrame } from './record-frames.js';
import type { Placing } from './intake.js';
import { Lacking } from './lacking.js';
import type { Replica } from './replica.js';
import type { KeptRecord, RoomOutput, ServerPosition } from './room-io.js';
import { ServerPulse } from './server-pulse.js';

/** Rule S7: a random wait before others' records are offered, so that not everybody offers the same. */
const OFFER_SPREAD_MS = 2_000;
/** Records seen over peers while their author has a server get their place from the author. */
const OFFER_PATIENCE_MS = 2_000;
/** Records whose author has no server wait only so long that one carrier goes first. */
const CARRIED_SPREAD_MS = 300;
const OFFER_AGAIN_MS = 5_000;
const WAIT_DEFAULT_MS = 5_000;
/** A server stores what is published to it within this, mostly; published so long before an answered ping, it is lost. */
const STORING_MS = 1_000;

export class ServerReplication {
  readonly pulse: ServerPulse;
  readonly #room: RoomKey;
  readonly #replica: Replica;
  readonly #clock: ClockOffset;
  readonly #random: () => number;
  readonly #firstHistory: number;
  readonly #lacking = new Lacking();
  /** When each record in flight was published, to measure the answer. */
  readonly #publishedAtMs = new Map<RecordId, number>();
  /** Peers who were pushed a record before it was first published (rule P1). */
  readonly #coveredBy = new Map<RecordId, readonly PeerId[]>();
  #isUp = false;
  #serverKey: AuthorId | null = null;
  #saved: ServerPosition | undefined;

  constructor(options: {
    readonly room: RoomKey;
    readonly replica: Replica;
    readonly clock: ClockOffset;
    readonly random: () => number;
    readonly members: () => number;
    readonly firstHistory?: number | undefined;
  }) {
    this.#room = options.room;
    this.#replica = options.replica;
    this.#clock = options.clock;
    this.#random = options.random;
    this.pulse = new ServerPulse(options.random, options.members);
    this.#firstHistory = options.firstHistory ?? FIRST_HISTORY_RECORDS;
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  /** Under which this server signs receipts; null when it signs none. Known for as long as the page lives. */
  get serverKey(): AuthorId | null {
    return this.#serverKey;
  }

  /** What a `join` says: never past a record this replica lacks. */
  position(): ServerPosition | undefined {
    return this.#replica.offsets.position(this.#lacking.lowest);
  }

  joined(frame: FrameOf<'joined'>, nowMs: number): RoomOutput[] {
    this.#isUp = true;
    this.#serverKey = frame.serverKey ?? null;
    const replica = this.#replica;
    const isNewEpoch = replica.offsets.begin(frame.epoch, frame.head, this.#firstHistory, nowMs);
    if (isNewEpoch) {
      this.#lacking.clear();
      replica.unplaced();
    }
    this.#publishedAtMs.clear();
    replica.foreign.clear();
    for (const kept of replica.log.values()) this.#unplaced(kept, nowMs, OFFER_SPREAD_MS * this.#random());
    replica.outbox.open(nowMs);
    this.pulse.askBy(nowMs);
    return this.#savePosition();
  }

  down(): void {
    this.#isUp = false;
    this.#replica.outbox.close();
    this.#replica.offsets.pause();
    this.pulse.down();
  }

  /** A record was taken in. One without a place is published by its author, or offered in a while. */
  tookIn(kept: KeptRecord, isCarried: boolean, nowMs: number): RoomOutput[] {
    this.pulse.wrote(nowMs);
    const id = idOf(kept.record);
    const { epoch } = this.#replica.offsets;
    const place = epoch === null ? null : this.#lacking.take(id, tagOf(kept.record));
    if (epoch !== null && place !== null) {
      return [...this.#replica.place(id, epoch, place.offset, place.placedAtMs), ...this.#savePosition()];
    }
    const waitMs = isCarried
      ? CARRIED_SPREAD_MS * this.#random()
      : OFFER_PATIENCE_MS + OFFER_SPREAD_MS * this.#random();
    this.#unplaced(kept, nowMs, waitMs);
    return [];
  }

  /** Peers who are served without the server. */
  covered(id: RecordId, peers: readonly PeerId[]): void {
    if (peers.length > 0) this.#coveredBy.set(id, peers);
  }

  /**
   * Places of records that have been verified, or were known. `isAnswer`: the server's answer to whoever published;
   * places that a peer passes on, or that come with records, show nothing of what the server hears (rule S10).
   */
  placed(
    epoch: string,
    places: Iterable<readonly [RecordId, Placing]>,
    head: number,
    isAnswer: boolean,
    nowMs: number,
  ): RoomOutput[] {
    const { offsets } = this.#replica;
    if (epoch !== offsets.epoch) return [];
    const outputs: RoomOutput[] = [];
    for (const [id, placing] of places) {
      const { offset } = placing;
      this.#measure(id, isAnswer, nowMs);
      const isOther = this.#isOther(id, placing.tag);
      if (!this.#replica.lacks(id) && !isOther) {
        outputs.push(...this.#replica.place(id, epoch, offset, placing.placedAtMs));
      } else if (!this.#lacking.isFull && (isOther || offset > offsets.contiguous)) {
        this.#lacking.add(id, placing, isOther, nowMs);
      } else continue;
      offsets.noteOffset(epoch, offset, nowMs);
    }
    offsets.noteHead(epoch, head, nowMs);
    return [...outputs, ...this.#savePosition()];
  }

  /** A whole range has been verified and taken in. */
  rangeDone(epoch: string, range: { readonly after: number; readonly through: number }, nowMs: number): RoomOutput[] {
    this.#replica.offsets.noteRange(epoch, range, nowMs);
    if (epoch === this.#replica.offsets.epoch) this.#lacking.settle(range);
    return this.#savePosition();
  }

  refused(frame: FrameOf<'refused'>, nowMs: number): RoomOutput[] {
    const ids = frame.ids ?? [];
    if (frame.code === 'slow-mode') return this.#replica.hold(ids, frame.retryAfterMs ?? WAIT_DEFAULT_MS, nowMs);
    if (isRetryable(frame.code)) {
      this.#replica.outbox.postpone(ids, frame.retryAfterMs ?? WAIT_DEFAULT_MS, nowMs);
      for (const id of ids) this.#postponeOffer(id, nowMs + OFFER_AGAIN_MS);
      return [];
    }
    for (const id of ids) this.#replica.foreign.delete(id);
    return ids.flatMap((id) => this.#replica.refuse(id, frame.message, frame.code));
  }

  pong(frame: FrameOf<'pong'>, nowMs: number): void {
    const { epoch } = this.#replica.offsets;
    const sentAtMs = this.pulse.pong(frame.nonce, nowMs);
    if (frame.head !== undefined && epoch !== null) this.#replica.offsets.noteHead(epoch, frame.head, nowMs);
    if (sentAtMs === null) return;
    this.#replica.outbox.hurry(sentAtMs - STORING_MS, nowMs);
    if (frame.timeMs !== undefined) this.#clock.observe(frame.timeMs, sentAtMs, nowMs);
  }

  /** Asks the server soon where it stands: what was served by others may have been missed. */
  askSoon(nowMs: number): void {
    if (this.#isUp) this.pulse.askBy(nowMs);
  }

  forgive(): void {
    this.pulse.forgive();
    this.#publishedAtMs.clear();
  }

  wake(nowMs: number): RoomOutput[] {
    if (!this.#isUp) return [];
    if (this.pulse.isLost(nowMs)) return [{ type: 'drop-server' }];
    const frames = [...this.#askForGap(nowMs), ...this.#publish(nowMs), ...this.#offer(nowMs)];
    if (frames.length > 0) this.pulse.asked(nowMs);
    const nonce = this.pulse.takePing(nowMs);
    if (nonce !== null) frames.push({ type: 'ping', room: this.#room, nonce });
    return frames.map((frame) => ({ type: 'send', link: 'server', frame }));
  }

  nextWakeMs(): number {
    if (!this.#isUp) return Infinity;
    const { offsets, outbox, foreign } = this.#replica;
    const parts = [outbox, this.pulse, this.#lacking];
    let nextMs = Math.min(offsets.nextWakeMs, ...parts.map((part) => part.nextWakeMs()));
    // Nothing is offered before the catch-up is complete, so nothing of it is due.
    if (!offsets.isComplete) return nextMs;
    for (const dueAtMs of foreign.values()) nextMs = Math.min(nextMs, dueAtMs);
    return nextMs;
  }

  /** True when the server has another content under this id than this replica (rule R7). */
  #isOther(id: RecordId, tag: string): boolean {
    const kept = this.#replica.log.get(id);
    return kept !== undefined && tagOf(kept.record) !== tag;
  }

  #unplaced(kept: KeptRecord, nowMs: number, waitMs: number): void {
    const id = idOf(kept.record);
    // Dropped for room as soon as it came: it could be offered, but never given.
    if (this.#replica.log.get(id) === undefined) return;
    if (this.#replica.isPlaced(kept) || kept.refusal !== undefined || this.#replica.outbox.has(id)) return;
    this.#replica.foreign.set(id, nowMs + waitMs);
  }

  #postponeOffer(id: RecordId, untilMs: number): void {
    if (this.#replica.foreign.has(id)) this.#replica.foreign.set(id, untilMs);
  }

  #savePosition(): RoomOutput[] {
    const position = this.position();
    const isSame = position?.offset === this.#saved?.offset && position?.epoch === this.#saved?.epoch;
    if (position === undefined || isSame) return [];
    this.#saved = position;
    return [{ type: 'save-position', position }];
  }

  #measure(id: RecordId, isAnswer: boolean, nowMs: number): void {
    const sentAtMs = this.#publishedAtMs.get(id);
    this.#publishedAtMs.delete(id);
    this.#coveredBy.delete(id);
    if (sentAtMs === undefined || !isAnswer) return;
    this.pulse.answered(sentAtMs, nowMs);
  }

  #askForGap(nowMs: number): Frame[] {
    const frames: Frame[] = [];
    const question = this.#replica.offsets.takeQuestion(nowMs);
    if (question !== null) frames.push({ type: 'want-range', room: this.#room, ...question });
    const due = this.#lacking.takeDue(nowMs);
    for (const ids of groupIds(due.ids)) frames.push({ type: 'want', room: this.#room, ids });
    const { epoch } = this.#replica.offsets;
    if (epoch !== null && due.from < Infinity) {
      frames.push({ type: 'want-range', room: this.#room, epoch, after: due.from - 1 });
    }
    return frames;
  }

  /** Own records. What was pushed to peers goes with their names, so that the server spares itself the copies. */
  #publish(nowMs: number): Frame[] {
    const due = this.#replica.outbox.takeDue(nowMs).flatMap((id) => this.#replica.log.get(id) ?? []);
    const alike = new Map<string, KeptRecord[]>();
    for (const kept of due) {
      const id = idOf(kept.record);
      if (this.#publishedAtMs.has(id)) this.pulse.quality.missed(nowMs);
      this.#publishedAtMs.set(id, nowMs);
      this.pulse.wrote(nowMs);
      const covered = (this.#coveredBy.get(id) ?? []).join(' ');
      alike.set(covered, [...(alike.get(covered) ?? []), kept]);
    }
    return [...alike].flatMap(([covered, kept]) =>
      groupRecords(kept).map((group) =>
        recordsFrame(this.#room, group, covered === '' ? {} : { covered: covered.split(' ') as PeerId[] }),
      ),
    );
  }

  #offer(nowMs: number): Frame[] {
    if (!this.#replica.offsets.isComplete) return [];
    const due: RecordId[] = [];
    for (const [id, dueAtMs] of this.#replica.foreign) if (dueAtMs <= nowMs) due.push(id);
    for (const id of due) this.#replica.foreign.set(id, nowMs + OFFER_AGAIN_MS);
    return groupIds(due).map((ids) => ({ type: 'have', room: this.#room, ids }));
  }
}
