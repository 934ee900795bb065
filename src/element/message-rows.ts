// A message among its neighbours: does it begin a group, or end one?

import type { ChatMessage } from '../core/chat-view.js';

/** Messages of one author within this are one group under one name. */
const GROUP_MS = 5 * 60_000;

export interface Row {
  readonly message: ChatMessage;
  /** Place among all messages, from 1. */
  readonly position: number;
  /** First of its day. */
  readonly isNewDay: boolean;
  /** First of its author's group: shows the name. */
  readonly isFirst: boolean;
  /** Last of its group: followed by a gap. */
  readonly isLast: boolean;
}

/** Rows of `messages` from `start` to `end`, exclusive. A group also begins at `breakAt`. */
export function rowsOf(
  messages: readonly ChatMessage[],
  start: number,
  end: number,
  breakAt: string | null = null,
): Row[] {
  return messages.slice(start, end).map((message, index) => {
    const before = messages[start + index - 1];
    const after = messages[start + index + 1];
    return {
      message,
      position: start + index + 1,
      isNewDay: before === undefined || index === 0 || dayOf(before) !== dayOf(message),
      isFirst: index === 0 || message.id === breakAt || !isOneGroup(before, message),
      isLast: after?.id === breakAt || !isOneGroup(message, after),
    };
  });
}

function isOneGroup(before: ChatMessage | undefined, after: ChatMessage | undefined): boolean {
  return (
    before !== undefined &&
    before.author.id === after?.author.id &&
    before.author.name === after.author.name &&
    after.sentAtMs - before.sentAtMs <= GROUP_MS &&
    dayOf(before) === dayOf(after)
  );
}

/** Midnight of its day by the local calendar. */
function dayOf({ sentAtMs }: ChatMessage): number {
  return new Date(sentAtMs).setHours(0, 0, 0, 0);
}
