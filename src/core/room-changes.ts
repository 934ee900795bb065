// What a page is told has changed: members, who writes, status. Each is compared with what was told last.

import type { ChatMember, ChatStatus, ChatTyping } from './chat-view.js';
import type { RoomOutput } from './room-io.js';
import { isSameStatus } from './room-status.js';

export class RoomChanges {
  #members: readonly ChatMember[];
  #typing: ChatTyping;
  #status: ChatStatus;

  constructor(members: readonly ChatMember[], typing: ChatTyping, status: ChatStatus) {
    this.#members = members;
    this.#typing = typing;
    this.#status = status;
  }

  get members(): readonly ChatMember[] {
    return this.#members;
  }

  /** The same until something in it changes. */
  get status(): ChatStatus {
    return this.#status;
  }

  /** Lists are the same ones until something changes in them. */
  look(members: readonly ChatMember[], typing: ChatTyping, status: ChatStatus): RoomOutput[] {
    const changed: ('members' | 'typing' | 'status')[] = [];
    if (members !== this.#members) changed.push('members');
    if (typing !== this.#typing) changed.push('typing');
    if (!isSameStatus(status, this.#status)) {
      changed.push('status');
      this.#status = status;
    }
    this.#members = members;
    this.#typing = typing;
    return changed.map((type) => ({ type: 'notify', event: { type } }));
  }
}
