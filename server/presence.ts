// Tells the members of a room who comes and goes (rule J4): one by one where people know each other, gathered in a crowd.

import type { FrameOf } from '../src/protocol/frames.js';
import type { PeerId } from '../src/protocol/ids.js';
import { LIMITS } from '../src/protocol/limits.js';
import { SERVER_LIMITS } from './limits.js';

type Change = FrameOf<'member-joined'> | FrameOf<'member-left'>;

/** The room's members at this node, as this part sees them. */
type Members = ReadonlyMap<PeerId, { readonly connection: { send(frame: Change): void } }>;

export class Presence {
  readonly #members: Members;
  readonly #thinnedOut: () => void;
  /** Not everybody was told of everybody. */
  #isCrowd = false;
  /** The latest change of a crowd; its count stands for all before it. */
  #latest: Change | null = null;
  #timer: NodeJS.Timeout | null = null;

  /** @param thinnedOut called when a crowd has become a room of names again: its members know a sample of them only */
  constructor(members: Members, thinnedOut: () => void) {
    this.#members = members;
    this.#thinnedOut = thinnedOut;
  }

  /** The count it says is of all nodes, and makes a crowd. */
  changed(change: Change): void {
    if (change.memberCount > LIMITS.membersPerFrameMax) this.#isCrowd = true;
    if (!this.#isCrowd) {
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
    const latest = this.#latest;
    this.#latest = null;
    if (latest === null) return;
    if (latest.memberCount <= SERVER_LIMITS.namesAgainMembers) {
      this.#isCrowd = false;
      this.#thinnedOut();
    } else this.#tell(latest);
  }

  #tell(change: Change): void {
    const about = change.type === 'member-left' ? change.peer : change.member.peer;
    for (const [peer, { connection }] of this.#members) if (peer !== about) connection.send(change);
  }
}
