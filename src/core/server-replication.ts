// Keeping this replica and the server's equal: places, gaps, publishing, handing over what was carried
// (rules S1 to S9), and how well the server answers.

import type { Frame, FrameOf } from '../protocol/frames.js';
import type { AuthorId, PeerId, RecordId, RoomKey } from '../protocol/ids.js';
import { FIRST_HISTORY_RECORDS } from '../protocol/limits.js';
import { isRetryable } from '../protocol/errors.js';
import { idOf, tagOf } from '../protocol/record.js';
import type { ClockOffset } from './clock-offset.js';
import { QualityMeter } from './quality.js';
import { groupIds, groupRecords, recordsFrame } from './record-frames.js';
import type { Placing } from './intake.js';
import type { Replica } from './replica.js';
import type { KeptRecord, RoomOutput, ServerPosition } from './room-io.js';

/** A place without its record is asked for by id after this (rule S4), and again. */
const LACKING_PATIENCE_MS = 400;
const LACKING_AGAIN_MS = 3_000;
/** Then by range, until a range says that the server does not keep it any more: silence may be a lost frame. */
const LACKING_ASKS_BY_ID = 3;
const LACKING_MAX = 1_000;
/** Rule S7: a random wait before others' records are offered, so that not everybody offers the same. */
const OFFER_SPREAD_MS = 2_000;
/** Records seen over peers while their author has a server get their place from the author. */
const OFFER_PATIENCE_MS = 2_000;
/** Records whose author has no server wait only so long that one carrier goes first. */
const CARRIED_SPREAD_MS = 300;
const OFFER_AGAIN_MS = 5_000;
/**
 * The server's clock, head and round trip are asked for this often, ± 20 %, while people talk; less often in a crowd,
 * for the server's sake, and in a silent room, for the battery's.
 */
const PING_EVERY_MS = 2_500;
const PING_IDLE_EVERY_MS = 10_000;
/** A room is silent when nothing was written in it for this long. */
const IDLE_AFTER_MS = 30_000;
const PING_EVERY_MAX_MS = 30_000;
const PING_EVERY_PER_MEMBER_MS = 15;
const PING_LOST_MS = 5_000;
const WAIT_DEFAULT_MS = 5_000;
/** Rule S10: a server that owes an answer and is silent is asked this often, and given up after `SILENCE_MAX_MS`. */
/** A server stores what is published to it within this, mostly; published so long before an answered ping, it is lost. */
const STORING_MS = 1_000;
const SILENCE_PING_MS = 1_500;
const SILENCE_MAX_MS = 4_000;
/** A slow way is not a dead one: at least so many of its 95th percentile round trips. */
const SILENCE_ROUND_TRIPS = 3;

interface Lacking extends Placing {
  askAtMs: number;
  asks: number;
}

export class ServerReplication {
  readonly quality = new QualityMeter();
  /** The server is not asked where it stands more often than this, to spare the device. */
  leastPingMs = 0;
  readonly #room: RoomKey;
  readonly #replica: Replica;
  readonly #clock: ClockOffset;
  readonly #random: () => number;
  readonly #members: () => number;
  readonly #firstHistory: number;
  readonly #lacking = new Map<RecordId, Lacking>();
  /** When each record in flight was published, to measure the answer. */
  readonly #publishedAtMs = new Map<RecordId, number>();
  /** Peers who were pushed a record before it was first published (rule P1). */
  readonly #coveredBy = new Map<RecordId, readonly PeerId[]>();
  #ping: { readonly nonce: number; readonly sentAtMs: number } | null = null;
  #pingAtMs = Infinity;
  #pingedAtMs = -Infinity;
  /** When somebody last wrote. */
  #activeAtMs = -Infinity;
  #nextNonce = 1;
  #isUp = false;
  #patienceMs = SILENCE_MAX_MS;
  #serverKey: AuthorId | null = null;
  /** When the server was first asked something after its last answer; null while it owes none. */
  #silentSinceMs: number | null = null;
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
    this.#members = options.members;
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
    const offsets = [...this.#lacking.values()].map((lacking) => lacking.offset);
    return this.#replica.offsets.position(Math.min(Infinity, ...offsets));
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
    this.#pingAtMs = nowMs;
    return this.#savePosition();
  }

  down(): void {
    this.#isUp = false;
    this.#replica.outbox.close();
    this.#replica.offsets.pause();
    this.#ping = null;
    this.#pingAtMs = Infinity;
    this.#silentSinceMs = null;
  }

  /** A record was taken in. One without a place is published by its author, or offered in a while. */
  tookIn(kept: KeptRecord, isCarried: boolean, nowMs: number): RoomOutput[] {
    this.#activeAtMs = nowMs;
    const id = idOf(kept.record);
    const lacking = this.#lacking.get(id);
    const { epoch } = this.#replica.offsets;
    if (lacking !== undefined && epoch !== null && tagOf(kept.record) === lacking.tag) {
      this.#lacking.delete(id);
      return [...this.#replica.place(id, epoch, lacking.offset, lacking.placedAtMs), ...this.#savePosition()];
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
      } else if (this.#lacking.size < LACKING_MAX && (isOther || offset > offsets.contiguous)) {
        const askAtMs = isOther ? nowMs : nowMs + LACKING_PATIENCE_MS;
        this.#lacking.set(id, { ...placing, askAtMs, asks: 0 });
      } else continue;
      offsets.noteOffset(epoch, offset, nowMs);
    }
    offsets.noteHead(epoch, head, nowMs);
    return [...outputs, ...this.#savePosition()];
  }

  /** A whole range has been verified and taken in. */
  rangeDone(epoch: string, range: { readonly after: number; readonly through: number }, nowMs: number): RoomOutput[] {
    this.#replica.offsets.noteRange(epoch, range, nowMs);
    if (epoch === this.#replica.offsets.epoch) this.#settleLacking(range);
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
    // Only an answer ends the silence: a socket may be deaf in one direction.
    this.#silentSinceMs = null;
    const { epoch } = this.#replica.offsets;
    if (frame.head !== undefined && epoch !== null) this.#replica.offsets.noteHead(epoch, frame.head, nowMs);
    if (this.#ping?.nonce !== frame.nonce) return;
    this.#replica.outbox.hurry(this.#ping.sentAtMs - STORING_MS, nowMs);
    this.quality.answered(nowMs - this.#ping.sentAtMs, nowMs);
    if (frame.timeMs !== undefined) this.#clock.observe(frame.timeMs, this.#ping.sentAtMs, nowMs);
    this.#ping = null;
  }

  /** Asks the server soon where it stands: what was served by others may have been missed. */
  askSoon(nowMs: number): void {
    if (this.#isUp) this.#pingAtMs = Math.min(this.#pingAtMs, nowMs);
  }

  forgive(): void {
    this.quality.reset();
    this.#silentSinceMs = null;
    this.#ping = null;
    this.#publishedAtMs.clear();
  }

  wake(nowMs: number): RoomOutput[] {
    if (!this.#isUp) return [];
    if (this.#silentSinceMs !== null && nowMs - this.#silentSinceMs >= this.#patienceMs) {
      this.#silentSinceMs = null;
      return [{ type: 'drop-server' }];
    }
    const frames = [...this.#askForGap(nowMs), ...this.#publish(nowMs), ...this.#offer(nowMs)];
    if (frames.length > 0) this.#asked(nowMs);
    frames.push(...this.#pingServer(nowMs));
    return frames.map((frame) => ({ type: 'send', link: 'server', frame }));
  }

  nextWakeMs(): number {
    if (!this.#isUp) return Infinity;
    let nextMs = Math.min(this.#replica.offsets.nextWakeMs, this.#replica.outbox.nextWakeMs(), this.#pingDueAtMs());
    for (const lacking of this.#lacking.values()) nextMs = Math.min(nextMs, lacking.askAtMs);
    if (this.#silentSinceMs !== null) nextMs = Math.min(nextMs, this.#silentSinceMs + this.#patienceMs);
    // Nothing is offered before the catch-up is complete, so nothing of it is due.
    if (!this.#replica.offsets.isComplete) return nextMs;
    for (const dueAtMs of this.#replica.foreign.values()) nextMs = Math.min(nextMs, dueAtMs);
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

  /** An answer is owed from here on. */
  #asked(nowMs: number): void {
    if (this.#silentSinceMs !== null) return;
    this.#silentSinceMs = nowMs;
    const slowMs = SILENCE_ROUND_TRIPS * (this.quality.read(nowMs).p95Ms ?? 0);
    this.#patienceMs = Math.max(SILENCE_MAX_MS, slowMs);
  }

  /** The regular time, or sooner while the server is silent. */
  #pingDueAtMs(): number {
    if (this.#silentSinceMs === null) return this.#pingAtMs;
    return Math.min(this.#pingAtMs, Math.max(this.#silentSinceMs, this.#pingedAtMs) + SILENCE_PING_MS);
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
    this.quality.answered(nowMs - sentAtMs, nowMs);
    this.#silentSinceMs = null;
  }

  #askForGap(nowMs: number): Frame[] {
    const frames: Frame[] = [];
    const question = this.#replica.offsets.takeQuestion(nowMs);
    if (question !== null) frames.push({ type: 'want-range', room: this.#room, ...question });
    const wanted: RecordId[] = [];
    let lowest = Infinity;
    for (const [id, lacking] of this.#lacking) {
      if (nowMs < lacking.askAtMs) continue;
      lacking.asks += 1;
      lacking.askAtMs = nowMs + LACKING_AGAIN_MS;
      if (lacking.asks <= LACKING_ASKS_BY_ID) wanted.push(id);
      else lowest = Math.min(lowest, lacking.offset);
    }
    for (const ids of groupIds(wanted)) frames.push({ type: 'want', room: this.#room, ids });
    const { epoch } = this.#replica.offsets;
    if (epoch !== null && lowest < Infinity) {
      frames.push({ type: 'want-range', room: this.#room, epoch, after: lowest - 1 });
    }
    return frames;
  }

  /** What a range covers and did not bring, the server had and dropped by its bounds. */
  #settleLacking(range: { readonly after: number; readonly through: number }): void {
    for (const [id, { offset }] of this.#lacking) {
      if (offset > range.after && offset <= range.through) this.#lacking.delete(id);
    }
  }

  /** Own records. What was pushed to peers goes with their names, so that the server spares itself the copies. */
  #publish(nowMs: number): Frame[] {
    const due = this.#replica.outbox.takeDue(nowMs).flatMap((id) => this.#replica.log.get(id) ?? []);
    const alike = new Map<string, KeptRecord[]>();
    for (const kept of due) {
      const id = idOf(kept.record);
      if (this.#publishedAtMs.has(id)) this.quality.missed(nowMs);
      this.#publishedAtMs.set(id, nowMs);
      this.#activeAtMs = nowMs;
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

  #pingServer(nowMs: number): Frame[] {
    if (nowMs < this.#pingDueAtMs()) return [];
    if (this.#ping !== null && nowMs - this.#ping.sentAtMs >= PING_LOST_MS) this.quality.missed(nowMs);
    const nonce = this.#nextNonce;
    this.#nextNonce += 1;
    this.#ping = { nonce, sentAtMs: nowMs };
    this.#pingedAtMs = nowMs;
    const isIdle = nowMs - this.#activeAtMs >= IDLE_AFTER_MS;
    const usualMs = isIdle ? PING_IDLE_EVERY_MS : PING_EVERY_MS;
    const leastMs = Math.max(this.leastPingMs, usualMs, this.#members() * PING_EVERY_PER_MEMBER_MS);
    const everyMs = Math.min(PING_EVERY_MAX_MS, leastMs);
    this.#pingAtMs = nowMs + everyMs * (0.8 + 0.4 * this.#random());
    this.#asked(nowMs);
    return [{ type: 'ping', room: this.#room, nonce }];
  }
}
