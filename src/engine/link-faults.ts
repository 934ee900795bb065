// Faults made on purpose, to watch how the mesh takes them. Only in development builds.

import type { OpenPeerLink, PeerLinkOptions, PeerLinkPort } from './peer-link-port.js';

export class LinkFaults {
  /** Share of what is sent that never arrives, 0 to 1. */
  dropShare = 0;
  /** Added to the way of what is sent, milliseconds. */
  delayMs = 0;
  /** Goes up with each cut: links of before it are dead. */
  #cuts = 0;

  /** Every link that is open now goes silent in both directions, without a word to either end. */
  cut(): void {
    this.#cuts += 1;
  }

  /** Links opened through this suffer the faults. */
  wrap(open: OpenPeerLink): OpenPeerLink {
    return (options) => this.#faulty(open, options);
  }

  #faulty(open: OpenPeerLink, options: PeerLinkOptions): PeerLinkPort {
    const born = this.#cuts;
    const isCut = (): boolean => born !== this.#cuts;
    const { events } = options;
    const port = open({
      ...options,
      events: { ...events, text: (text) => (isCut() ? undefined : events.text(text)) },
    });
    return {
      signal: (data) => port.signal(data),
      send: (text) => {
        if (isCut() || Math.random() < this.dropShare) return true;
        if (this.delayMs === 0) return port.send(text);
        setTimeout(() => port.send(text), this.delayMs);
        return true;
      },
      queuedBytes: () => port.queuedBytes(),
      close: () => port.close(),
      bulk: () => (isCut() ? null : port.bulk()),
      binding: () => port.binding(),
      measure: () => port.measure(),
    };
  }
}
