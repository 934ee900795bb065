// What a client is before it has been told or has measured anything.

import type { ChatStatus, ConnectionQuality } from '../core/chat-view.js';
import { qualityOf } from '../core/quality.js';

export const CLIENT_VERSION = '0.1.0';

export const DEFAULT_ROOM = 'lobby';
export const DEFAULT_FESTIVAL = 'default';

const unmeasured = qualityOf([], 0);
export const UNMEASURED: ConnectionQuality = { webSocket: unmeasured, p2p: unmeasured };

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
