// A room's messages as people see them now, made from its log: what was changed, taken back, answered, removed, pinned.

import { Amendments, isAmendment } from '../../src/core/amendments.js';
import { Moderation, isOrganisers } from '../../src/core/moderation.js';
import { seqOf } from '../../src/protocol/ids.js';
import type { RoomKey, SessionId } from '../../src/protocol/ids.js';
import type { RecordBody, RecordDraft } from '../../src/protocol/record.js';
import type { LogEntry } from '../http/room-log.js';

interface RowBase {
  readonly entry: LogEntry;
  readonly text: string;
}

export interface MessageRow extends RowBase {
  readonly kind: 'message';
  readonly name: string;
  readonly isEdited: boolean;
  /** The author has taken it back; `text` is what stood there. */
  readonly isRetracted: boolean;
  /** The author was muted or banned when it was written: nobody else sees it (rule O5). */
  readonly isSilenced: boolean;
  readonly isPinned: boolean;
  /** People who answered with an emoji. */
  readonly reactions: number;
}

/** What the organisers said, or what they did in words. */
export interface OrganiserRow extends RowBase {
  readonly kind: 'announcement' | 'trace';
  readonly isPinned: boolean;
}

export type LogRow = MessageRow | OrganiserRow;

/** @param entries a stretch of the log without gaps, up to its end, by offset */
export function rowsIn(room: RoomKey, entries: readonly LogEntry[]): LogRow[] {
  const [amendments, moderation] = [new Amendments(), new Moderation()];
  const drafts = entries.map((entry) => draftOf(room, entry));
  for (const draft of drafts) if (isOrganisers(draft)) moderation.add(draft);
  for (const draft of drafts) if (isAmendment(draft) && !moderation.isSilenced(draft)) amendments.add(draft);
  return entries.flatMap((entry, index): LogRow[] => {
    const draft = drafts[index];
    if (draft === undefined || moderation.isErased(draft)) return [];
    const { body, id } = entry;
    const isPinned = moderation.pinned.includes(id);
    switch (body.kind) {
      case 'message': {
        const edited = amendments.editedText(id);
        return [
          {
            ...{ kind: 'message', entry, name: body.name, text: edited ?? shownText(body), isPinned },
            isEdited: edited !== null,
            isRetracted: amendments.isRetracted(id),
            isSilenced: moderation.isSilenced(draft),
            reactions: [...amendments.reactions(id).values()].reduce((sum, { size }) => sum + size, 0),
          },
        ];
      }
      case 'announce':
        return [{ kind: 'announcement', entry, text: body.text, isPinned }];
      case 'remove': {
        const reason = body.reason === undefined ? '' : ` Reason: ${body.reason}`;
        return [{ kind: 'trace', entry, text: `A message of ${body.name} was removed.${reason}`, isPinned }];
      }
      case 'clear':
        return [{ kind: 'trace', entry, text: 'The room was cleared.', isPinned }];
      default:
        return [];
    }
  });
}

function draftOf(room: RoomKey, { id, author, time, body }: LogEntry): RecordDraft {
  return { room, author, session: id.slice(44, 56) as SessionId, seq: seqOf(id), time, body };
}

/** Photos are looked at in the chat itself: the desk asks for nobody's room. */
function shownText({ text, photo }: Extract<RecordBody, { kind: 'message' }>): string {
  return photo === undefined ? text : `[photo] ${text}`.trim();
}
