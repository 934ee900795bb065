// When may a peer be dialled again? Failures lengthen the wait, success clears it, nobody is banned (rule M5).

import type { PeerId } from '../protocol/ids.js';
import { redialDelayMs } from './backoff.js';

/** Peers remembered; the longest untouched is forgotten first, which at worst allows an early dial. */
const PEERS_MAX = 500;

interface Redial {
  readonly failures: number;
  readonly allowedAtMs: number;
}

export class Redials {
  readonly #random: () => number;
  readonly #peers = new Map<PeerId, Redial>();

  constructor(random: () => number) {
    this.#random = random;
  }

  allowedAtMs(peer: PeerId): number {
    return this.#peers.get(peer)?.allowedAtMs ?? 0;
  }

  /** An attempt begins: the next one is at least 5 s away, whatever comes of it. */
  began(peer: PeerId, nowMs: number): void {
    const failures = this.#peers.get(peer)?.failures ?? 0;
    this.#set(peer, { failures, allowedAtMs: nowMs + redialDelayMs(failures, this.#random) });
  }

  failed(peer: PeerId, nowMs: number): void {
    const failures = (this.#peers.get(peer)?.failures ?? 0) + 1;
    this.#set(peer, { failures, allowedAtMs: nowMs + redialDelayMs(failures, this.#random) });
  }

  succeeded(peer: PeerId, nowMs: number): void {
    this.#set(peer, { failures: 0, allowedAtMs: nowMs + redialDelayMs(0, this.#random) });
  }

  /** The visitor asked in person: the wait is over, the count of failures stays. */
  allowNow(peer: PeerId): void {
    const known = this.#peers.get(peer);
    if (known !== undefined) this.#set(peer, { failures: known.failures, allowedAtMs: 0 });
  }

  #set(peer: PeerId, redial: Redial): void {
    this.#peers.delete(peer);
    this.#peers.set(peer, redial);
    const [oldest = peer] = this.#peers.keys();
    if (this.#peers.size > PEERS_MAX) this.#peers.delete(oldest);
  }
}
