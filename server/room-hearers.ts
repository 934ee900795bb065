// Who is sent what of new records (rules S1, C5, C6, P3).

import type { PeerId, RecordId } from '../src/protocol/ids.js';
import type { OwedDeliveries } from './owed-deliveries.js';
import type { RoomCrowd } from './room-crowd.js';
import type { Cover } from './room-feed.js';
import type { Connection, RoomMembers } from './room-members.js';

export interface Hearers {
  readonly hearers: Connection[];
  readonly coveredPeers: PeerId[];
  readonly supernodes: Connection[];
  readonly coveredSupernodes: Connection[];
}

/** What it depends on. */
export interface Hearing {
  readonly members: RoomMembers;
  readonly owed: OwedDeliveries;
  readonly crowd: RoomCrowd;
}

/** Members here, but for the publisher, by what they are to be sent of these records; leaves get it from parents. */
export function hearersOf(
  { members, owed, crowd }: Hearing,
  ids: readonly RecordId[],
  { from, covered }: Cover,
): Hearers {
  const owedTo = owed.take(ids);
  const found: Hearers = { hearers: [], coveredPeers: [], supernodes: [], coveredSupernodes: [] };
  for (const [peer, connection] of members.here()) {
    if (peer === from) continue;
    const isServed = covered.has(peer) && !owedTo.has(peer);
    if (crowd.isSupernode(peer)) (isServed ? found.coveredSupernodes : found.supernodes).push(connection);
    else if (crowd.isCovered(peer) && !owedTo.has(peer)) continue;
    else if (isServed) found.coveredPeers.push(peer);
    else found.hearers.push(connection);
  }
  return found;
}
