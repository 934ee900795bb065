// A pairing for a client: what it lends, and what becomes of a device that was met.

import type { RoomInput } from '../../core/room-io.js';
import type { AuthorId, DialId, PeerId } from '../../protocol/ids.js';
import type { OpenPeerLink } from '../peer-link-port.js';
import type { ChatStorage } from '../storage.js';
import type { Pairing } from './pairing-state.js';
import { startPairing } from './start-pairing.js';
import type { PairingHost } from './start-pairing.js';

/** More friends than anybody compares keys with; the longest known are forgotten first. */
const TRUSTED_MAX = 500;

export interface PairingClient extends Pick<PairingHost, 'chat' | 'room' | 'name'> {
  /** Default `any`. */
  readonly scope: PairingHost['scope'] | undefined;
  readonly feed: (input: RoomInput) => void;
}

/** The client's own parts, as they are while it runs. */
export interface RunningParts {
  readonly self: PeerId;
  readonly storage: ChatStorage;
  readonly paired: Map<DialId, OpenPeerLink>;
}

export function pairClient({ scope = 'any', feed, ...client }: PairingClient, running: RunningParts): Pairing {
  const { self, storage, paired } = running;
  return startPairing({
    ...client,
    self,
    scope,
    nowMs: Date.now,
    admit: (dial, peer, open) => {
      paired.set(dial, open);
      feed({ type: 'paired', dial, peer });
    },
    refused: (dial) => void paired.delete(dial),
    trust: (author) => {
      void remember(storage, author);
      feed({ type: 'trust', authors: [author] });
    },
  });
}

async function remember(storage: ChatStorage, author: AuthorId): Promise<void> {
  const known = (await storage.fact('trusted')) ?? [];
  await storage.keepFact('trusted', [...known.filter((each) => each !== author), author].slice(-TRUSTED_MAX));
}
