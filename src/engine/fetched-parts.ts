// The parts of the program that are fetched while a session runs.

import type { CreateBeside } from '../core/beside.js';
import type { CreatePeers } from '../core/peers.js';
import type { DialId } from '../protocol/ids.js';
import type { LinkFaults } from './link-faults.js';
import type { OpenPeerLink } from './peer-link-port.js';
import type { CareHost, DeviceCare } from './care/device-care.js';
import type { PeerLinks, PeerLinksOptions } from './peer-links.js';

/** How the channels of dials are opened. */
export interface Ways {
  /** Channels that are open already, by the dials that take them over. */
  readonly paired: Map<DialId, OpenPeerLink>;
  readonly faults: LinkFaults | null;
}

/** What has links: the core's side of them and the browser's. */
export interface PeersPart {
  readonly create: CreatePeers;

  readonly open: (options: Omit<PeerLinksOptions, 'way'>, ways: Ways) => PeerLinks;
}

/** Both at once: one after the other would be two round trips of a slow network before the first dial. */
export async function fetchPeers(): Promise<PeersPart> {
  const [{ PeerLinks, createPeers }, part] = await Promise.all([import('./mesh-chunk.js'), import('./peer-link.js')]);
  return {
    create: createPeers,
    open: (options, { paired, faults }) =>
      new PeerLinks({
        ...options,
        way: (dial) => {
          const openPeerLink = paired.get(dial) ?? faults?.wrap(part.openPeerLink) ?? part.openPeerLink;
          paired.delete(dial);
          return openPeerLink;
        },
      }),
  };
}

/** The part that seals. @throws {TypeError} when it cannot be fetched */
export function fetchCrew(): Promise<typeof import('./crew/crew.js')> {
  return import('./crew/crew.js');
}

/** What a chat works without, for a while. */
export interface AfterStart {
  readonly createBeside: CreateBeside;
  readonly createCare: (host: CareHost) => DeviceCare;
}

export async function fetchAfterStart(): Promise<AfterStart> {
  const { DeviceCare, createBeside } = await import('./care/after-start.js');
  return { createBeside, createCare: (host) => new DeviceCare(host) };
}
