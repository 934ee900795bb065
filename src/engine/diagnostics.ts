// What a client tells of itself for the panel and for a report: measured, or null. Holds no text and no address.

import type { RoomSettings } from '../core/room-io.js';
import { PROTOCOL_VERSION } from '../protocol/limits.js';
import type { Diagnostics } from './chat.js';
import { CLIENT_VERSION, NO_STATS, UNMEASURED } from './client-defaults.js';
import { detectNetwork, hasWebRtc, isSecureContext, visibility } from './environment.js';
import type { Session } from './session.js';

/** @param session null before the client has started */
export function diagnosticsOf(session: Session | null, settings: RoomSettings, nowMs: number): Diagnostics {
  const { room, suite, storage, socket } = session ?? {};
  return {
    detector: detectNetwork(),
    circuitBreaker: {
      network: room?.networkBreaker(nowMs) ?? { state: 'closed', outcomes: 0, failures: 0, retryInMs: 0 },
    },
    routes: {
      preferred: settings.preferredRoute,
      quality: room?.quality(nowMs) ?? { webSocket: UNMEASURED, p2p: UNMEASURED },
      recent: room?.decisions() ?? [],
    },
    links: room?.links(nowMs) ?? [],
    stats: room?.stats() ?? NO_STATS,
    environment: {
      clientVersion: CLIENT_VERSION,
      protocolVersion: PROTOCOL_VERSION,
      isSecureContext: isSecureContext(),
      hasWebRtc: hasWebRtc(),
      hasWebCrypto: suite?.kind === 'webcrypto',
      storage: storage?.kind ?? 'memory',
      visibility: visibility(),
      clockOffsetMs: room?.clockOffsetMs() ?? null,
      transport: socket?.transport ?? null,
    },
  };
}
