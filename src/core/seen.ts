// "Was this record here before?" A rule of the last sequence seen would lose what comes out of order,
// so each session has the highest contiguous seq and a window of single ones above it (rules D1, D2).

import type { PeerId, RecordId } from '../protocol/ids.js';
import { peerOf, seqOf } from '../protocol/ids.js';
import { LIMITS } from '../protocol/limits.js';

interface Window {
  /** Every seq from 1 to here was seen. */
  contiguous: number;
  highest: number;
  /** Seen above `contiguous`, none older than `highest - seenWindow`. */
  readonly above: Set<number>;
}

export class Seen {
  readonly #sessions = new Map<PeerId, Window>();

  /** `isStored` decides where the window cannot. */
  has(id: RecordId, isStored: (id: RecordId) => boolean): boolean {
    const window = this.#sessions.get(peerOf(id));
    const seq = seqOf(id);
    if (window === undefined) return isStored(id);
    if (seq <= window.contiguous || window.above.has(seq)) return true;
    return seq <= window.highest - LIMITS.seenWindow && isStored(id);
  }

  /** Called when a record was verified and taken in, never before (rule D3). */
  add(id: RecordId): void {
    const session = peerOf(id);
    const seq = seqOf(id);
    const window = this.#sessions.get(session) ?? { contiguous: 0, highest: 0, above: new Set<number>() };
    this.#touch(session, window);
    if (seq <= window.contiguous) return;
    window.above.add(seq);
    window.highest = Math.max(window.highest, seq);
    while (window.above.delete(window.contiguous + 1)) window.contiguous += 1;
    if (window.above.size > LIMITS.seenWindow) this.#trim(window);
  }

  #trim(window: Window): void {
    const oldest = window.highest - LIMITS.seenWindow;
    for (const seq of window.above) if (seq <= oldest) window.above.delete(seq);
  }

  /** Keeps the map in order of use, so that the first is the longest unused. */
  #touch(session: PeerId, window: Window): void {
    this.#sessions.delete(session);
    this.#sessions.set(session, window);
    const [oldest = session] = this.#sessions.keys();
    if (this.#sessions.size > LIMITS.sessionsMax) this.#sessions.delete(oldest);
  }
}
