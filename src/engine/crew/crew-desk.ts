// What a page can ask of crew rooms, in any room of a festival.

import type { CrewState } from '../../core/crew/crew-book.js';
import type { AuthorId } from '../../protocol/ids.js';

export type { CrewState };

/** Somebody in a crew room, as its cards tell; not only who is here now. */
export interface CrewMember {
  readonly author: AuthorId;
  readonly name: string;
  /** Four characters of the key. */
  readonly tag: string;
  readonly mine: boolean;
  /** Made the room, and alone can remove others. */
  readonly isFounder: boolean;
}

/** Fires `change` when something of it has changed. */
export interface CrewDesk extends EventTarget {
  /** Null in a room that is none of a crew. */
  readonly state: CrewState | null;
  /** This visitor made the room. */
  readonly isFounder: boolean;
  /** The latest heard of first. Empty in a room that is none of a crew. */
  readonly people: readonly CrewMember[];
  /** Ids of the crew rooms whose keys this device keeps, the latest used last. */
  kept(): Promise<readonly string[]>;
  /** Makes a crew room; resolves with its id when its key is kept here. @throws {ChatError} `no-crypto` */
  create(): Promise<string>;
  /**
   * Takes an invite, or a link with one; resolves with the room's id when its key is kept here.
   * @throws {ChatError} `bad-invite`, `no-crypto`
   */
  join(invite: string): Promise<string>;
  /** An invite to this room: whoever has it reads and writes here. @throws {ChatError} `crew-closed` */
  invite(): Promise<string>;
  /**
   * Shuts somebody out: all others get another key, and invites made before admit nobody any more. What was said before
   * stays readable to whoever was removed.
   * @throws {ChatError} `crew-closed` for all but the founder
   */
  remove(author: AuthorId): Promise<void>;
}
