// A room's messages as people see them now, made from its log: what was changed, taken back, answered with emoji.

import { Amendments, isAmendment } from '../../src/core/amendments.js';
import { seqOf } from '../../src/protocol/ids.js';
import type { RoomKey, SessionId } from '../../src/protocol/ids.js';
import type { RecordBody, RecordDraft } from '../../src/protocol/record.js';
import type { LogEntry } from '../http/room-log.js';

export interface ShownMessage {
  readonly entry: LogEntry;
  readonly name: string;
  readonly text: string;
  readonly isEdited: boolean;
  /** The author has taken it back; `text` is what stood there. */
  readonly isRetracted: boolean;
  /** People who answered with an emoji. */
  readonly reactions: number;
}

/** @param entries a stretch of the log without gaps, up to its end, by offset */
export function messagesIn(room: RoomKey, entries: readonly LogEntry[]): ShownMessage[] {
  const amendments = new Amendments();
  for (const entry of entries) {
    const draft = draftOf(room, entry);
    if (isAmendment(draft)) amendments.add(draft);
  }
  return entries.flatMap((entry) => {
    if (entry.body.kind !== 'message') return [];
    const edited = amendments.editedText(entry.id);
    const reactions = [...amendments.reactions(entry.id).values()].reduce((sum, { size }) => sum + size, 0);
    const isRetracted = amendments.isRetracted(entry.id);
    return {
      ...{ entry, name: entry.body.name, reactions, isRetracted },
      text: edited ?? entry.body.text,
      isEdited: edited !== null,
    };
  });
}

function draftOf(room: RoomKey, { id, author, time, body }: LogEntry): RecordDraft & { readonly body: RecordBody } {
  return { room, author, session: id.slice(44, 56) as SessionId, seq: seqOf(id), time, body };
}
