// What a client is told when it is made. The element's attributes arrive here, already validated.

import type { RoutePreference } from '../core/chat-view.js';
import type { PowerPreference } from '../core/device-governor.js';

export interface ChatClientOptions {
  /** Origin of the companion server, such as `https://chat.example.org`; a path is not used. */
  readonly server: string;
  /** Namespace of rooms and of what the device stores. Default `default`. */
  readonly festival?: string;
  /** 1–64 of letters, digits, `-`, `_`, `.`. Default `lobby`. */
  readonly room?: string;
  /** 1–40 characters. Default: what the visitor gave last time. */
  readonly displayName?: string;
  /** Signed join token, for servers that want one (rule J7). A name in it is the visitor's name. */
  readonly token?: string;
  /**
   * Area of the venue, 1–64 of letters, digits, `-`, `_`, `.`: in a large room those near serve each other first. The
   * server is told, nobody else. Default: none.
   */
  readonly location?: string;
  /** `auto` upgrades small rooms by itself, `manual` only when asked, `off` never loads the mesh. Default `auto`. */
  readonly mesh?: 'auto' | 'manual' | 'off';
  /** `any`; `local`: no STUN or TURN server is asked, so no public address is learnt; `relay`: through TURN only. Default `any`. */
  readonly meshScope?: 'any' | 'local' | 'relay';
  /**
   * What the device spends on others: `auto` goes by battery, Save-Data, network and visibility; `full` as if it were
   * plugged in; `saving` one peer link at most. Default `auto`.
   */
  readonly power?: PowerPreference;
  /** Default `auto`. */
  readonly route?: RoutePreference;
  /** Full-mesh size, this device included, 0–8. Default: the server's, else 5. */
  readonly maxPeers?: number;
  /** Milliseconds after joining before an automatic upgrade. Default: the server's, else 10000. */
  readonly autoUpgradeDelayMs?: number;
}
