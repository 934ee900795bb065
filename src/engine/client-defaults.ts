// What a client is before it has been told or has measured anything.

import type { ChatStats, ChatStatus, RouteQuality } from '../core/chat-view.js';

export const CLIENT_VERSION = '0.1.0';

export const DEFAULT_ROOM = 'lobby';
export const DEFAULT_FESTIVAL = 'default';

export const UNMEASURED: RouteQuality = { latencyMs: null, p95Ms: null, reliability: null, samples: 0 };

export const STARTING: ChatStatus = {
  connection: 'connecting',
  isConnected: false,
  websocket: 'connecting',
  mesh: 'idle',
  peers: 0,
  members: 1,
  queued: 0,
  history: 'unknown',
  reason: 'starting',
};

export const NO_STATS: ChatStats = {
  sent: 0,
  received: 0,
  viaWebSocket: 0,
  viaP2P: 0,
  duplicatesFiltered: 0,
  fallbacks: 0,
  relayed: 0,
  rejected: 0,
  silentParents: 0,
};
