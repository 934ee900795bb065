// The channel of a pairing: heard by the pairing at first, and handed over as a link that opens when both have agreed.

import type { OpenPeerLink, PeerLinkEvents, PeerLinkPort } from '../peer-link-port.js';

/** Frames that may come between the handing over and the taking: a greeting, and what follows it. */
const EARLY_MAX = 64;

export class PairedChannel {
  readonly #port: PeerLinkPort;
  #events: PeerLinkEvents;
  readonly #early: ((events: PeerLinkEvents) => void)[] = [];

  /** @throws {Error} when the browser makes no peer connection */
  constructor(open: OpenPeerLink, scope: 'any' | 'local' | 'relay', events: PeerLinkEvents) {
    this.#events = events;
    this.#port = open({
      isInitiator: true,
      isPaired: true,
      iceServers: [],
      scope,
      events: {
        signal: (data) => this.#events.signal(data),
        open: () => this.#events.open(),
        text: (text) => this.#events.text(text),
        closed: (isClean, reason) => this.#events.closed(isClean, reason),
      },
    });
  }

  /** The other end's answer, as a description. */
  answer(sdp: string): void {
    this.#port.signal(JSON.stringify({ type: 'answer', sdp }));
  }

  send(text: string): void {
    this.#port.send(text);
  }

  close(): void {
    this.#port.close();
  }

  /** Keeps what comes from now on for whoever takes it. */
  handOver(): OpenPeerLink {
    const keep = (tell: (events: PeerLinkEvents) => void): void => {
      if (this.#early.length < EARLY_MAX) this.#early.push(tell);
    };
    this.#events = {
      signal: () => undefined,
      open: () => undefined,
      text: (text) => keep((events) => events.text(text)),
      closed: (isClean, reason) => keep((events) => events.closed(isClean, reason)),
    };
    return ({ events }) => {
      this.#events = events;
      // Whoever opens a link has its end first, and hears of its opening then.
      queueMicrotask(() => {
        events.open();
        for (const tell of this.#early.splice(0)) tell(events);
      });
      return this.#port;
    };
  }
}
