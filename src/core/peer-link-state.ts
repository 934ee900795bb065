// One link to one peer: is it alive, how good is it? Only answers count (acknowledgements and pongs):
// a channel that reads open, or a buffer that drains, says nothing about the other side (rule M6).

import type { Frame } from '../protocol/frames.js';
import type { DialId, PeerId, RoomKey } from '../protocol/ids.js';
import { CircuitBreaker } from './breaker.js';
import type { LinkTransport, LinkView } from './chat-view.js';
import { QualityMeter } from './quality.js';

const IDLE_PING_MS = 2_500;
/** An idle ping without an answer for this long makes the link suspect. */
const PING_PATIENCE_MS = 1_000;
const HEDGES_TO_SUSPECT = 2;
const PROBES = 3;
const PROBE_EVERY_MS = 150;
/** From the first probe on. */
const DOWN_AFTER_MS = 750;
/** A page that wakes this much later than it meant to was held up itself, and waits for what is queued meanwhile. */
const OWN_DELAY_MS = 200;
/** Frames that were none, or forged, within `STRIKE_WINDOW_MS` before the link is closed (rule L1). */
const STRIKES_MAX = 20;
const STRIKE_WINDOW_MS = 10_000;

interface Probe {
  startedAtMs: number;
  sent: number;
  nextAtMs: number;
  /** The verdict was due while this page was held up. */
  wasLate: boolean;
  /** The verdict was given; the link lives on only where nothing can replace it. */
  isOverdue: boolean;
}

export class PeerLinkState {
  readonly dial: DialId;
  readonly peer: PeerId;
  readonly isInitiator: boolean;
  readonly startedAtMs: number;
  readonly quality = new QualityMeter();
  readonly breaker: CircuitBreaker;
  upAtMs: number | null = null;
  transport: LinkTransport | null = null;
  /** Bytes the channel has not got rid of. */
  queuedBytes = 0;
  #answeredAtMs = 0;
  #hedgesInRow = 0;
  #probe: Probe | null = null;
  /** Pings on the way, by nonce. At most a handful: they are cleared by any answer. */
  readonly #pings = new Map<number, number>();
  #nextNonce = 1;
  #strikes: number[] = [];

  constructor(options: {
    readonly dial: DialId;
    readonly peer: PeerId;
    readonly isInitiator: boolean;
    readonly nowMs: number;
    readonly random: () => number;
  }) {
    this.dial = options.dial;
    this.peer = options.peer;
    this.isInitiator = options.isInitiator;
    this.startedAtMs = options.nowMs;
    this.breaker = new CircuitBreaker(options.random);
  }

  get isUp(): boolean {
    return this.upAtMs !== null;
  }

  get isSuspect(): boolean {
    return this.#probe !== null;
  }

  get connectMs(): number | null {
    return this.upAtMs === null ? null : this.upAtMs - this.startedAtMs;
  }

  opened(nowMs: number): void {
    this.upAtMs = nowMs;
    this.#answeredAtMs = nowMs;
  }

  /**
   * The peer answered something that was said `roundTripMs` ago.
   * @param isLate it has counted as a failure already
   */
  answered(roundTripMs: number, nowMs: number, isLate = false): void {
    this.quality.answered(roundTripMs, nowMs, isLate);
    if (!isLate) this.breaker.record(true, nowMs);
    this.alive(nowMs);
  }

  /** Late, but an answer: the peer lives. */
  alive(nowMs: number): void {
    this.#answeredAtMs = nowMs;
    this.#hedgesInRow = 0;
    this.#probe = null;
    this.#pings.clear();
  }

  pong(nonce: number, nowMs: number): void {
    const sentAtMs = this.#pings.get(nonce);
    if (sentAtMs !== undefined) this.answered(nowMs - sentAtMs, nowMs);
    else this.alive(nowMs);
  }

  /** A push was not acknowledged in time. */
  hedged(nowMs: number): void {
    this.quality.missed(nowMs);
    this.breaker.record(false, nowMs);
    this.#hedgesInRow += 1;
    if (this.#hedgesInRow >= HEDGES_TO_SUSPECT) this.#suspect(nowMs);
  }

  /** True when the peer has sent too much that is no frame, or is forged. */
  strike(nowMs: number): boolean {
    this.#strikes = this.#strikes.filter((atMs) => nowMs - atMs < STRIKE_WINDOW_MS);
    this.#strikes.push(nowMs);
    return this.#strikes.length > STRIKES_MAX;
  }

  /** Pings that are due, and whether the link must be given up. */
  wake(room: RoomKey, nowMs: number): { readonly frames: Frame[]; readonly isDown: boolean } {
    if (!this.isUp) return { frames: [], isDown: false };
    const oldestPingAtMs = this.#pings.values().next().value;
    if (this.#probe === null && oldestPingAtMs !== undefined && nowMs - oldestPingAtMs >= PING_PATIENCE_MS) {
      this.quality.missed(nowMs);
      this.breaker.record(false, nowMs);
      this.#suspect(nowMs);
    }
    const frames: Frame[] = [];
    if (this.#probe !== null && this.#probe.sent < PROBES && nowMs >= this.#probe.nextAtMs) {
      const lateMs = nowMs - this.#probe.nextAtMs;
      if (lateMs > OWN_DELAY_MS) this.#probe.startedAtMs += lateMs;
      this.#probe.sent += 1;
      this.#probe.nextAtMs = nowMs + PROBE_EVERY_MS;
      frames.push(this.#ping(room, nowMs));
    } else if (this.#isPingDue(nowMs)) frames.push(this.#ping(room, nowMs));
    if (this.#probe !== null) judge(this.#probe, nowMs);
    return { frames, isDown: this.#probe?.isOverdue ?? false };
  }

  nextWakeMs(): number {
    if (!this.isUp) return Infinity;
    if (this.#probe !== null) {
      const { sent, nextAtMs, startedAtMs, isOverdue } = this.#probe;
      if (sent < PROBES) return nextAtMs;
      if (!isOverdue) return startedAtMs + DOWN_AFTER_MS;
      return ([...this.#pings.values()].at(-1) ?? startedAtMs) + IDLE_PING_MS;
    }
    const oldestPingAtMs = this.#pings.values().next().value;
    return oldestPingAtMs === undefined ? this.#answeredAtMs + IDLE_PING_MS : oldestPingAtMs + PING_PATIENCE_MS;
  }

  /** This device was suspended: what was waited for says nothing about the peer. */
  forgive(nowMs: number): void {
    this.alive(nowMs);
    this.quality.reset();
  }

  view(name: string, nowMs: number): LinkView {
    const quality = this.quality.read(nowMs);
    return {
      dial: this.dial,
      peer: this.peer,
      name,
      state: !this.isUp ? 'dialing' : this.isSuspect ? 'suspect' : 'up',
      quality,
      breaker: this.breaker.view(nowMs),
      loss: quality.reliability === null ? null : 1 - quality.reliability,
      upSinceMs: this.upAtMs,
      connectMs: this.connectMs,
      transport: this.transport,
    };
  }

  #isPingDue(nowMs: number): boolean {
    const lastPingAtMs = [...this.#pings.values()].at(-1) ?? -Infinity;
    return nowMs - Math.max(this.#answeredAtMs, lastPingAtMs) >= IDLE_PING_MS;
  }

  #suspect(nowMs: number): void {
    this.#probe ??= { startedAtMs: nowMs, sent: 0, nextAtMs: nowMs, wasLate: false, isOverdue: false };
  }

  #ping(room: RoomKey, nowMs: number): Frame {
    const nonce = this.#nextNonce;
    this.#nextNonce += 1;
    this.#pings.set(nonce, nowMs);
    if (this.#pings.size > 16) {
      const oldest = this.#pings.keys().next().value;
      if (oldest !== undefined) this.#pings.delete(oldest);
    }
    return { type: 'ping', room, nonce };
  }
}

/** Overdue when nothing came in time, and in time means while this page was running. */
function judge(probe: Probe, nowMs: number): void {
  const lateMs = nowMs - probe.startedAtMs - DOWN_AFTER_MS;
  if (lateMs < 0) return;
  if (lateMs <= OWN_DELAY_MS || probe.wasLate) probe.isOverdue = true;
  else Object.assign(probe, { wasLate: true, startedAtMs: nowMs - DOWN_AFTER_MS + OWN_DELAY_MS });
}
