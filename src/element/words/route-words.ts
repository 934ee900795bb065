// Why a route was chosen, for the debug panel, whose words are English.

import type { RouteReason } from '../../core/chat-view.js';

export const ROUTE_REASONS: Readonly<Record<RouteReason, string>> = {
  'peers-linked': 'peers are linked',
  'prefers-websocket': 'the server is preferred',
  'prefers-p2p': 'peers are preferred',
  'no-peer-link': 'no peer is linked',
  'server-faster': 'the server measured faster',
  'breaker-open': 'peer links failed lately',
  'server-down': 'the server is down',
  'nobody-reachable': 'nobody can be reached',
};
