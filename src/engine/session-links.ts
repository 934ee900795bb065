// The peer links of one session: none until the mesh is fetched.

import type { RoomOutput } from '../core/room-io.js';
import type { DialId } from '../protocol/ids.js';
import type { LinkFaults } from './link-faults.js';
import type { PeersPart } from './fetched-parts.js';
import type { OpenPeerLink } from './peer-link-port.js';
import type { PeerLinks, PeerLinksOptions } from './peer-links.js';

/** The browser's statistics of the links are read this often. */
const MEASURE_EVERY_MS = 5_000;

type LinkOutput = Extract<RoomOutput, { type: 'dial' | 'signal' | 'hang-up' }>;

export class SessionLinks {
  /** Channels of pairings, until the dials that take them over begin. */
  readonly paired = new Map<DialId, OpenPeerLink>();
  readonly #faults: LinkFaults | null;
  readonly #timer = setInterval(() => this.measure(), MEASURE_EVERY_MS);
  #links: PeerLinks | null = null;

  /** @param faults planted in the links by a developer; null in what is published */
  constructor(faults: LinkFaults | null) {
    this.#faults = faults;
  }

  /** Null until the mesh is fetched. */
  get all(): PeerLinks | null {
    return this.#links;
  }

  begin({ open }: PeersPart, options: Omit<PeerLinksOptions, 'way'>): void {
    this.#links = open(options, { paired: this.paired, faults: this.#faults });
  }

  perform(output: LinkOutput): void {
    switch (output.type) {
      case 'dial':
        this.#links?.dial(output.dial, output.peer, output.isInitiator, output.iceServers);
        return;
      case 'signal':
        this.#links?.signal(output.dial, output.data);
        return;
      case 'hang-up':
        this.#links?.hangUp(output.dial);
    }
  }

  measure(): void {
    void this.#links?.measure();
  }

  end(): void {
    clearInterval(this.#timer);
    this.#links?.closeAll();
  }
}
