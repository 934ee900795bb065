// Which links first, and why. A pure choice; the reason is shown to people (rule P5).

import type { RoutePreference, RouteQuality, RouteReason } from './chat-view.js';

/**
 * Peer links count as slower than the server only beyond this factor and margin: small differences are noise,
 * and pushing over peers spares the server.
 */
const SLOWER_FACTOR = 1.5;
const SLOWER_MARGIN_MS = 50;
/** Samples both ways need before they are compared. */
const SAMPLES_MIN = 8;

export interface RouteCandidates {
  readonly preferred: RoutePreference;
  readonly isServerUp: boolean;
  /** Links that are up. */
  readonly linksUp: number;
  /** Those of them whose breaker, and the network's, let something through. */
  readonly linksUsable: number;
  readonly webSocket: RouteQuality;
  readonly p2p: RouteQuality;
}

export interface Route {
  readonly route: 'websocket' | 'p2p' | 'none';
  /** Which peer links are pushed to. */
  readonly links: 'none' | 'usable' | 'all';
  readonly reason: RouteReason;
}

export function chooseRoute(candidates: RouteCandidates): Route {
  const { preferred, isServerUp, linksUp, linksUsable } = candidates;
  if (!isServerUp) {
    // Nothing is left to protect: even a doubtful link is tried.
    return linksUp > 0
      ? { route: 'p2p', links: 'all', reason: 'server-down' }
      : { route: 'none', links: 'none', reason: 'nobody-reachable' };
  }
  if (preferred === 'websocket') return { route: 'websocket', links: 'none', reason: 'prefers-websocket' };
  if (linksUp === 0) return { route: 'websocket', links: 'none', reason: 'no-peer-link' };
  if (linksUsable === 0) return { route: 'websocket', links: 'none', reason: 'breaker-open' };
  if (preferred === 'p2p') return { route: 'p2p', links: 'usable', reason: 'prefers-p2p' };
  if (isSlower(candidates.p2p, candidates.webSocket)) {
    return { route: 'websocket', links: 'none', reason: 'server-faster' };
  }
  return { route: 'p2p', links: 'usable', reason: 'peers-linked' };
}

function isSlower(p2p: RouteQuality, webSocket: RouteQuality): boolean {
  if (p2p.samples < SAMPLES_MIN || webSocket.samples < SAMPLES_MIN) return false;
  if (p2p.latencyMs === null || webSocket.latencyMs === null) return false;
  return p2p.latencyMs > webSocket.latencyMs * SLOWER_FACTOR + SLOWER_MARGIN_MS;
}
