// Tells the members of a room who comes and goes (rule J4): one by one where people know each other, gathered in a crowd.

import type { FrameOf } from '../src/protocol/frames.js';
import type { PeerId } from '../src/protocol/ids.js';
import { LIMITS } from '../src/protocol/limits.js';
import { SERVER_LIMITS } from './limits.js';

type Change = FrameOf<'member-joined'> | FrameOf<'member-left'>;

/** The room's members, as this part sees them. */
type Members = ReadonlyMap<PeerId, { readonly connection: { send(frame: Change): void } }>;

export class Presence {
  readonly #members: Members;
  /** The latest change of a crowd; its count stands for all before it. */
  #latest: Change | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(members: Members) {
    this.#members = members;
  }

  changed(change: Change): void {
    if (this.#members.size <= LIMITS.membersPerFrameMax) {
      this.#latest = null;
      this.#tell(change);
      return;
    }
    this.#latest = change;
    this.#timer ??= setTimeout(() => this.#flush(), SERVER_LIMITS.presenceEveryMs);
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #flush(): void {
    this.#timer = null;
    if (this.#latest !== null) this.#tell(this.#latest);
    this.#latest = null;
  }

  #tell(change: Change): void {
    const about = change.type === 'member-left' ? change.peer : change.member.peer;
    for (const [peer, { connection }] of this.#members) if (peer !== about) connection.send(change);
  }
}
