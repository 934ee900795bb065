// What this device tells the server about its peer links, so that an operator sees measured figures.

import type { FrameOf } from '../protocol/frames.js';
import type { DialId, RoomKey } from '../protocol/ids.js';
import { LIMITS } from '../protocol/limits.js';
import type { Counters } from './counters.js';
import type { Mesh } from './mesh.js';

/** Between two reports. Links come and go in seconds; a figure two seconds old is news to a dashboard. */
const REPORT_EVERY_MS = 2_000;

export class MeshReport {
  readonly #room: RoomKey;
  readonly #mesh: Mesh;
  readonly #counters: Counters;
  #failedDials: DialId[] = [];
  #lastKey = '';
  #nextAtMs = Infinity;

  constructor(room: RoomKey, mesh: Mesh, counters: Counters) {
    this.#room = room;
    this.#mesh = mesh;
    this.#counters = counters;
  }

  /** Joined: the server knows nothing of this session's links yet. */
  joined(nowMs: number): void {
    this.#lastKey = '';
    this.#nextAtMs = nowMs;
  }

  down(): void {
    this.#nextAtMs = Infinity;
  }

  nextWakeMs(): number {
    return this.#nextAtMs;
  }

  /** A report when one is due and something has changed since the last. */
  wake(nowMs: number): FrameOf<'report'> | null {
    if (nowMs < this.#nextAtMs) return null;
    this.#nextAtMs = nowMs + REPORT_EVERY_MS;
    this.#failedDials = [...this.#failedDials, ...this.#mesh.takeFailedDials()].slice(-LIMITS.linksPerReportMax);
    const links = this.#mesh.up().slice(0, LIMITS.linksPerReportMax);
    const { p2pMessages, fallbacks } = this.#counters;
    const key = [...links.map((link) => `${link.dial}${String(isRelayed(link))}`), p2pMessages, fallbacks].join();
    const isFirst = this.#lastKey === '';
    const hasNews = key !== this.#lastKey || this.#failedDials.length > 0;
    const isEmpty = links.length === 0 && p2pMessages === 0 && fallbacks === 0 && this.#failedDials.length === 0;
    this.#lastKey = key;
    if (!hasNews || (isFirst && isEmpty)) return null;
    const failedDials = this.#failedDials;
    this.#failedDials = [];
    return {
      type: 'report',
      room: this.#room,
      links: links.map((link) => ({
        peer: link.peer,
        dial: link.dial,
        connectMs: link.connectMs ?? 0,
        rttMs: link.quality.read(nowMs).latencyMs,
        isRelayed: isRelayed(link),
      })),
      failedDials,
      p2pMessages,
      fallbacks,
    };
  }
}

/** Relayed pairs go through a server of somebody's, so they are never counted as peer to peer. */
function isRelayed(link: { readonly transport: { localCandidate: string; remoteCandidate: string } | null }): boolean {
  return link.transport?.localCandidate === 'relay' || link.transport?.remoteCandidate === 'relay';
}
