// What becomes of a room when more is known of its crew. Fetched with the part that seals: other rooms do without it.

import type { AuthorId, RecordId } from '../../protocol/ids.js';
import { idOf } from '../../protocol/record.js';
import type { SignedRecord } from '../../protocol/record.js';
import type { Replica } from '../replica.js';
import type { KeptRecord, RoomOutput } from '../room-io.js';
import type { Roster } from '../roster.js';

/** Given to a room by the input `crew`. */
export type CrewChange = (replica: Replica, roster: Roster) => RoomOutput[];

/** What members of a crew room are called; nobody else knows it (rule K4). */
export function named(names: ReadonlyMap<AuthorId, string>): CrewChange {
  return (_replica, roster) => {
    roster.names = names;
    roster.changed();
    return [];
  };
}

/** Records that were kept sealed can be opened now, or may not be any more (rule K7). */
export function reopened(records: readonly SignedRecord[]): CrewChange {
  return ({ log, views }) =>
    records.flatMap((record): RoomOutput[] => {
      const id = idOf(record);
      const before = log.get(id);
      if (before === undefined || before.refusal !== undefined) return [];
      const kept = { ...before, record };
      log.replace(kept);
      views.replaced(before, kept, (target) => about(log.values(), target));
      const { body } = record;
      const shown = 'target' in body ? (body.target ?? id) : id;
      return [
        { type: 'notify', event: { type: body.kind === 'message' ? 'message-added' : 'message-changed', id: shown } },
      ];
    });
}

function* about(all: Iterable<KeptRecord>, target: RecordId): Iterable<KeptRecord> {
  for (const kept of all) {
    const { body } = kept.record;
    if ('target' in body && body.target === target) yield kept;
  }
}
