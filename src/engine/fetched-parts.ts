// The parts of the program that are fetched while a session runs.

import type { CreateBeside } from '../core/beside.js';
import type { CreatePeers } from '../core/peers.js';
import type { DialId } from '../protocol/ids.js';
import type { LinkFaults } from './link-faults.js';
import type { OpenPeerLink } from './peer-link-port.js';
import type { CareHost, DeviceCare } from './care/device-care.js';
import type { PeerLinks, PeerLinksOptions } from './peer-links.js';

/** A part could not be fetched, as on a page without network: again after this. */
export const FETCH_AGAIN_MS = 10_000;

/** Fetches a part and begins with it; tries again until it is there or nobody wants it any more. */
export async function beginWith<Part>(
  fetchPart: () => Promise<Part>,
  isWanted: () => boolean,
  begin: (part: Part) => void,
): Promise<void> {
  try {
    const part = await fetchPart();
    if (isWanted()) begin(part);
  } catch {
    setTimeout(() => isWanted() && void beginWith(fetchPart, isWanted, begin), FETCH_AGAIN_MS);
  }
}

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

/** The part that seals; where there is no network it is tried again. */
export function fetchCrew(): Promise<typeof import('./crew/crew.js')> {
  return new Promise(
    (resolve) =>
      void beginWith(
        () => import('./crew/crew.js'),
        () => true,
        resolve,
      ),
  );
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
