// What a client tells of itself for the panel, a report and the diagnosis: measured, or null. Holds no text.

import { newCounters, statsOf } from '../core/counters.js';
import { absentMesh } from '../core/peers.js';
import type { RoomSettings } from '../core/room-io.js';
import type { Room } from '../core/room.js';
import { PROTOCOL_VERSION } from '../protocol/limits.js';
import type { DeviceCare } from './care/device-care.js';
import type { Diagnostics } from './chat.js';
import { CLIENT_VERSION, UNMEASURED } from './client-defaults.js';
import type { CryptoSuite } from './crypto-suite.js';
import { detectNetwork, hasWebRtc, isSecureContext, steadyNowMs, visibility } from './environment.js';
import type { ServerSocket } from './server-socket.js';
import type { ChatStorage } from './storage.js';

interface Measured {
  readonly room: Room;
  readonly suite: CryptoSuite;
  readonly storage: ChatStorage;
  readonly socket: ServerSocket;
  readonly care: DeviceCare | null;
}

/** @param measured left out before the client has started */
export function diagnosticsOf(settings: RoomSettings, measured?: Measured): Diagnostics {
  const { room, suite, storage, socket, care } = measured ?? {};
  const nowMs = steadyNowMs();
  return {
    detector: { ...detectNetwork(), serverAnswers: care?.serverAnswers ?? 'unknown' },
    circuitBreaker: {
      network: room?.networkBreaker(nowMs) ?? { state: 'closed', outcomes: 0, failures: 0, retryInMs: 0 },
    },
    routes: {
      preferred: settings.preferredRoute,
      quality: room?.quality(nowMs) ?? UNMEASURED,
      recent: room?.decisions() ?? [],
    },
    links: room?.links(nowMs) ?? [],
    mesh: room?.mesh() ?? absentMesh(settings, null),
    stats: room?.stats() ?? statsOf(newCounters()),
    power: care?.power ?? null,
    findings: care?.findings ?? [],
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
