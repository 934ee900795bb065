// What a client is before it has been told or has measured anything.

import type { ChatStatus, ChatTyping, RouteQuality } from '../core/chat-view.js';

export const CLIENT_VERSION = '0.1.0';

export const UNMEASURED: RouteQuality = { latencyMs: null, p95Ms: null, reliability: null, samples: 0 };

export const NOBODY: ChatTyping = { members: [], count: 0 };

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
