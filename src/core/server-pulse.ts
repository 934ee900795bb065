// Does the server answer, and how fast? It is asked from time to time where it stands; one that owes an answer and is
// silent is given up (rule S10).

import { QualityMeter } from './quality.js';

/**
 * The server's clock, head and round trip are asked for this often, ± 20 %, while people talk; less often in a silent
 * room, for the battery's sake, and in a crowd, for the server's: four answers a second are what a room of 10 to 120 costs.
 */
const PING_EVERY_MS = 2_500;
const PING_IDLE_EVERY_MS = 10_000;
/** A room is silent when nothing was written in it for this long. */
const IDLE_AFTER_MS = 30_000;
const PING_EVERY_MAX_MS = 30_000;
const PING_EVERY_PER_MEMBER_MS = 250;
const PING_LOST_MS = 5_000;
/** Rule S10: a server that owes an answer and is silent is asked this often, and given up after `SILENCE_MAX_MS`. */
const SILENCE_PING_MS = 1_500;
const SILENCE_MAX_MS = 4_000;
/** A slow way is not a dead one: at least so many of its 95th percentile round trips. */
const SILENCE_ROUND_TRIPS = 3;

export class ServerPulse {
  readonly quality = new QualityMeter();
  /** The server is not asked where it stands more often than this, to spare the device. */
  leastPingMs = 0;
  readonly #random: () => number;
  readonly #members: () => number;
  #ping: { readonly nonce: number; readonly sentAtMs: number } | null = null;
  #pingAtMs = Infinity;
  #pingedAtMs = -Infinity;
  /** When somebody last wrote. */
  #activeAtMs = -Infinity;
  #nextNonce = 1;
  #patienceMs = SILENCE_MAX_MS;
  /** When the server was first asked something after its last answer; null while it owes none. */
  #silentSinceMs: number | null = null;

  /** @param members how many there are in the room */
  constructor(random: () => number, members: () => number) {
    this.#random = random;
    this.#members = members;
  }

  down(): void {
    this.#ping = null;
    this.#pingAtMs = Infinity;
    this.#silentSinceMs = null;
  }

  /** Asks at the latest then. */
  askBy(atMs: number): void {
    this.#pingAtMs = Math.min(this.#pingAtMs, atMs);
  }

  forgive(): void {
    this.quality.reset();
    this.#silentSinceMs = null;
    this.#ping = null;
  }

  /** Somebody wrote something. */
  wrote(nowMs: number): void {
    this.#activeAtMs = nowMs;
  }

  /** An answer is owed from here on. */
  asked(nowMs: number): void {
    if (this.#silentSinceMs !== null) return;
    this.#silentSinceMs = nowMs;
    const slowMs = SILENCE_ROUND_TRIPS * (this.quality.read(nowMs).p95Ms ?? 0);
    this.#patienceMs = Math.max(SILENCE_MAX_MS, slowMs);
  }

  /** What was asked at that time is answered. */
  answered(askedAtMs: number, nowMs: number): void {
    this.quality.answered(nowMs - askedAtMs, nowMs);
    this.#silentSinceMs = null;
  }

  /** When the ping was sent that this is the answer to; null when it is not the latest's. */
  pong(nonce: number, nowMs: number): number | null {
    // Only an answer ends the silence: a socket may be deaf in one direction.
    this.#silentSinceMs = null;
    if (this.#ping?.nonce !== nonce) return null;
    const { sentAtMs } = this.#ping;
    this.#ping = null;
    this.answered(sentAtMs, nowMs);
    return sentAtMs;
  }

  /** True once, when the server is silent for too long. */
  isLost(nowMs: number): boolean {
    if (this.#silentSinceMs === null || nowMs - this.#silentSinceMs < this.#patienceMs) return false;
    this.#silentSinceMs = null;
    return true;
  }

  /** The nonce of a ping that is due; null while none is. */
  takePing(nowMs: number): number | null {
    if (nowMs < this.#dueAtMs()) return null;
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
    this.asked(nowMs);
    return nonce;
  }

  nextWakeMs(): number {
    const givenUpAtMs = this.#silentSinceMs === null ? Infinity : this.#silentSinceMs + this.#patienceMs;
    return Math.min(this.#dueAtMs(), givenUpAtMs);
  }

  /** The regular time, or sooner while the server is silent. */
  #dueAtMs(): number {
    if (this.#silentSinceMs === null) return this.#pingAtMs;
    return Math.min(this.#pingAtMs, Math.max(this.#silentSinceMs, this.#pingedAtMs) + SILENCE_PING_MS);
  }
}
