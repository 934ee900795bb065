// What a room has beside its messages: who writes, reading back, and what the organiser's orders mean to this device.
// A page fetches it after the start, for it shows messages without.

import type { Frame } from '../protocol/frames.js';
import type { AuthorId, RoomKey } from '../protocol/ids.js';
import type { ModerationView } from './chat-view.js';
import type { ClockOffset } from './clock-offset.js';
import { EarlierHistory } from './earlier-history.js';
import type { Restriction } from './moderation.js';
import type { Replica } from './replica.js';
import type { Roster } from './roster.js';
import { slowWaitMs } from './slow-mode.js';
import { Typing } from './typing.js';

export interface BesideParts {
  readonly room: RoomKey;
  readonly author: AuthorId;
  readonly roster: Roster;
  readonly replica: Replica;
  readonly offset: ClockOffset;
}

export type CreateBeside = (parts: BesideParts) => Beside;

export class Beside {
  readonly typing: Typing;
  readonly earlier: EarlierHistory;
  readonly #parts: BesideParts;

  constructor(parts: BesideParts) {
    this.#parts = parts;
    this.typing = new Typing(parts.room, parts.roster);
    this.earlier = new EarlierHistory(parts.room, parts.replica);
  }

  /** @param ban said at the door, to a device that has not heard the organiser's own word */
  moderation(ban: Restriction | null, nowMs: number): ModerationView {
    const { author, replica, offset } = this.#parts;
    const { moderation, views } = replica;
    const serverMs = offset.correct(nowMs);
    const word = moderation.restriction(author, serverMs) ?? ban;
    return {
      slowSeconds: moderation.slowSeconds,
      slowWaitMs: slowWaitMs(replica, { deviceMs: nowMs, serverMs }),
      pinned: moderation.pinned.flatMap((id) => views.get(id) ?? []),
      restriction: word === null || word.untilMs <= serverMs ? null : { ...word, endsInMs: word.untilMs - serverMs },
    };
  }

  /** What is to be said to the server. */
  wake(nowMs: number): Frame[] {
    this.typing.wake(nowMs);
    return this.earlier.wake(nowMs);
  }

  nextWakeMs(): number {
    return Math.min(this.typing.nextWakeMs(), this.earlier.nextWakeMs());
  }
}

export const createBeside: CreateBeside = (parts) => new Beside(parts);
