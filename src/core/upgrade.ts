// An upgrade that the visitor has asked for: it ends when every dial it began is up or has failed.

import type { PeerId } from '../protocol/ids.js';
import type { RoomOutput } from './room-io.js';

export class Upgrade {
  /** Null while none is asked for. */
  #asked: { readonly waitingFor: Set<PeerId>; readonly attempted: number } | null = null;

  /** One that is asked for while another goes on waits for that one's dials as well. */
  ask(wanted: readonly PeerId[]): void {
    const waitingFor = new Set([...wanted, ...(this.#asked?.waitingFor ?? [])]);
    this.#asked = { waitingFor, attempted: waitingFor.size };
  }

  /** The peer is linked, or could not be. True when nobody else is waited for. */
  settled(peer: PeerId): boolean {
    return this.#asked?.waitingFor.delete(peer) === true && this.#asked.waitingFor.size === 0;
  }

  /** Ends one that waits for nobody any more, or that cannot go on. */
  end(canGoOn: boolean, connected: number): RoomOutput[] {
    if (this.#asked === null) return [];
    const { waitingFor, attempted } = this.#asked;
    if (waitingFor.size > 0 && canGoOn) return [];
    this.#asked = null;
    return [{ type: 'notify', event: { type: 'upgrade-ended', connected, attempted } }];
  }
}
