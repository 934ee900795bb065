// Everything measured about this device's way to the others, as plain data: for the panel, for a report, and for the
// diagnosis.

import type {
  BreakerView,
  ChatStats,
  ConnectionQuality,
  LinkView,
  RouteDecision,
  RoutePreference,
} from './chat-view.js';
import type { FindingCode } from './diagnosis.js';
import type { DeviceFacts, PowerView } from './device-governor.js';
import type { MeshView } from './mesh-view.js';

/**
 * Who answered when the server was asked whether it is there. `ours`: it is. `front`: something under its name that is
 * not it, such as a proxy whose server is down. `other`: something in its place, as a Wi-Fi's sign-in page is.
 */
export type ServerAnswer = 'ours' | 'front' | 'other' | 'nothing' | 'unknown';

export interface Diagnostics {
  readonly detector: {
    /** What the browser says, where it does; `none` where it knows of no network. */
    readonly networkType: 'wifi' | 'cellular' | 'none' | 'unknown';
    /** What the browser measured; null where it does not. */
    readonly networkSpeed: DeviceFacts['networkSpeed'];
    /** What the browser says; it may lie. Null where it says nothing. */
    readonly isOnline: boolean | null;
    readonly saveData: boolean | null;
    /** Measured: by the socket, and while there is none by asking. */
    readonly serverAnswers: ServerAnswer;
  };
  readonly circuitBreaker: {
    readonly network: BreakerView;
  };
  readonly routes: {
    readonly preferred: RoutePreference;
    readonly quality: ConnectionQuality;
    /** The latest decisions, newest first, at most 20. */
    readonly recent: readonly RouteDecision[];
  };
  readonly links: readonly LinkView[];
  readonly mesh: MeshView;
  readonly stats: ChatStats;
  /** What this device spends on others, and why not more; null until its part of the program is fetched. */
  readonly power: (PowerView & Pick<DeviceFacts, 'battery' | 'isCharging'>) | null;
  /** What is wrong, the most important first, at most three. Empty until its part of the program is fetched. */
  readonly findings: readonly FindingCode[];
  readonly environment: {
    readonly clientVersion: string;
    readonly protocolVersion: number;
    readonly isSecureContext: boolean;
    readonly hasWebRtc: boolean;
    readonly hasWebCrypto: boolean;
    /** `memory`: nothing survives a reload on this device. */
    readonly storage: 'indexeddb' | 'memory';
    readonly visibility: 'visible' | 'hidden' | 'unknown';
    /** Server's clock minus this device's, milliseconds; null until measured. */
    readonly clockOffsetMs: number | null;
    /** `websocket` or `polling`; null while there is no socket. */
    readonly transport: string | null;
  };
}
