// What is counted while a room runs. Plain numbers, each raised in one place.

import type { ChatStats } from './chat-view.js';

export interface Counters {
  sent: number;
  received: number;
  viaWebSocket: number;
  viaP2P: number;
  duplicatesFiltered: number;
  fallbacks: number;
  relayed: number;
  rejected: number;
  silentParents: number;
  /** Own records a peer was the first to acknowledge. Reported to the server. */
  p2pMessages: number;
}

export function newCounters(): Counters {
  return {
    sent: 0,
    received: 0,
    viaWebSocket: 0,
    viaP2P: 0,
    duplicatesFiltered: 0,
    fallbacks: 0,
    relayed: 0,
    rejected: 0,
    silentParents: 0,
    p2pMessages: 0,
  };
}

export function statsOf({ p2pMessages: _, ...stats }: Counters): ChatStats {
  return stats;
}
