// One sentence's worth of truth about the room: who can be reached, by which way, and why not more.

import type { ChatStatus, HistoryState, StatusReason } from './chat-view.js';

export interface StatusFacts {
  readonly server: 'starting' | 'opening' | 'joined' | 'down';
  readonly isMeshEnabled: boolean;
  readonly isDialing: boolean;
  readonly peers: number;
  readonly members: number;
  readonly queued: number;
  readonly history: HistoryState;
  /** The server said last that it cannot write. */
  readonly isUnstored: boolean;
  /** All that is queued waits for the slow room. */
  readonly isHeld: boolean;
  /** Why the server is not there, when it is not. */
  readonly reason: StatusReason;
}

export function statusOf(facts: StatusFacts): ChatStatus {
  const { server, peers } = facts;
  const connection =
    server === 'joined' ? 'online' : peers > 0 ? 'mesh-only' : server === 'down' ? 'offline' : 'connecting';
  const isUnstored = facts.isUnstored && facts.queued > 0;
  const onlineReason = isUnstored ? 'not-stored' : facts.isHeld ? 'slow-mode' : 'connected';
  return {
    connection,
    isConnected: connection === 'online' || connection === 'mesh-only',
    websocket: server === 'joined' ? 'connected' : server === 'down' ? 'disconnected' : 'connecting',
    mesh: !facts.isMeshEnabled ? 'off' : peers > 0 ? 'connected' : facts.isDialing ? 'connecting' : 'idle',
    peers,
    members: facts.members,
    queued: facts.queued,
    history: facts.history,
    reason: server === 'joined' ? onlineReason : facts.reason,
  };
}

export function isSameStatus(a: ChatStatus, b: ChatStatus): boolean {
  return (Object.keys(a) as (keyof ChatStatus)[]).every((key) => a[key] === b[key]);
}
