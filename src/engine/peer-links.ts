// The open and opening links of one room: greets each peer, checks its greeting, and lets frames through only after it
// (rules M2, M3).

import { decodeFrameText, encodeFrameText } from '../protocol/decode.js';
import { linkBytes } from '../protocol/canonical.js';
import type { Frame, FrameOf, IceServer } from '../protocol/frames.js';
import type { AuthorId, DialId, PeerId, RoomKey } from '../protocol/ids.js';
import { authorOf } from '../protocol/ids.js';
import { PROTOCOL_VERSION } from '../protocol/limits.js';
import type { RefusedLink } from '../core/chat-view.js';
import { CROWD } from '../core/crowd/crowd-limits.js';
import type { RoomInput } from '../core/room-io.js';
import type { BulkPort, OpenPeerLink, PeerLinkPort } from './peer-link-port.js';

/** Frames that wait for the check of a greeting. */
const EARLY_FRAMES_MAX = 64;

export interface PeerLinksOptions {
  readonly room: RoomKey;
  readonly self: PeerId;
  readonly name: () => string;
  readonly scope: 'any' | 'local' | 'relay';
  readonly sign: (bytes: Uint8Array<ArrayBuffer>) => Promise<string>;
  readonly verify: (author: AuthorId, bytes: Uint8Array<ArrayBuffer>, signature: string) => Promise<boolean>;
  readonly feed: (input: RoomInput) => void;
  /** Somebody has said something on the bulk channel: whose business that is. */
  readonly photos: () => Promise<{ heard(peer: PeerId, data: unknown): void }>;
  /** What opens the channel of this dial. */
  readonly way: (dial: DialId) => OpenPeerLink;
}

interface OpenLink {
  readonly dial: DialId;
  readonly peer: PeerId;
  port: PeerLinkPort | null;
  /** `greeted`: the peer's hello was found good, frames flow. */
  state: 'opening' | 'checking' | 'greeted';
  /** Frames that came before its hello was checked. */
  readonly early: string[];
  /** Resolves when our own hello is sent: the peer's may come before our end says it is open. */
  readonly greeting: Promise<void>;
  readonly greetingSent: () => void;
  isQueueLong: boolean;
}

export class PeerLinks {
  readonly #options: PeerLinksOptions;
  readonly #links = new Map<DialId, OpenLink>();

  constructor(options: PeerLinksOptions) {
    this.#options = options;
  }

  dial(dial: DialId, peer: PeerId, isInitiator: boolean, iceServers: readonly IceServer[]): void {
    let greetingSent = (): void => undefined;
    const greeting = new Promise<void>((resolve) => (greetingSent = resolve));
    const link: OpenLink = {
      dial,
      peer,
      port: null,
      state: 'opening',
      early: [],
      isQueueLong: false,
      greeting,
      greetingSent,
    };
    this.#links.set(dial, link);
    this.#open(link, isInitiator, iceServers);
  }

  signal(dial: DialId, data: string): void {
    this.#links.get(dial)?.port?.signal(data);
  }

  send(dial: DialId, frame: Frame): void {
    const link = this.#links.get(dial);
    if (link?.state !== 'greeted' || link.port === null) return;
    if (link.port.send(encodeFrameText(frame))) {
      this.#tellQueue(link);
      return;
    }
    this.#end(link, false, 'the channel is stuck');
    link.port.close();
  }

  hangUp(dial: DialId): void {
    const link = this.#links.get(dial);
    this.#links.delete(dial);
    link?.port?.close();
  }

  closeAll(): void {
    for (const dial of [...this.#links.keys()]) this.hangUp(dial);
  }

  /** The bulk channels of those that have been greeted. */
  bulks(): ReadonlyMap<PeerId, BulkPort> {
    const bulks = new Map<PeerId, BulkPort>();
    for (const { peer, state, port } of this.#links.values()) {
      const bulk = state === 'greeted' ? port?.bulk() : null;
      if (bulk) bulks.set(peer, bulk);
    }
    return bulks;
  }

  /** Reads the browser's statistics of every open link. */
  async measure(): Promise<void> {
    for (const link of this.#links.values()) {
      if (link.state !== 'greeted') continue;
      this.#tellQueue(link);
      const transport = await link.port?.measure().catch(() => null);
      if (transport) this.#options.feed({ type: 'transport-measured', dial: link.dial, transport });
    }
  }

  /** Only the bound of rule C9 matters, so only its crossing is told. */
  #tellQueue(link: OpenLink): void {
    const bytes = link.port?.queuedBytes() ?? 0;
    const isLong = bytes > CROWD.lazyAboveQueuedBytes;
    if (isLong === link.isQueueLong) return;
    link.isQueueLong = isLong;
    this.#options.feed({ type: 'link-queued', dial: link.dial, bytes });
  }

  #open(link: OpenLink, isInitiator: boolean, iceServers: readonly IceServer[]): void {
    const { way, scope, feed } = this.#options;
    try {
      link.port = way(link.dial)({
        isInitiator,
        iceServers,
        scope,
        events: {
          signal: (data) => this.#isCurrent(link) && feed({ type: 'signal-made', dial: link.dial, data }),
          open: () => void this.#greet(link),
          text: (text) => void this.#receive(link, text),
          closed: (isClean, reason) => this.#end(link, isClean, reason),
        },
      });
    } catch (error) {
      this.#end(link, false, error instanceof Error ? error.message : 'no channel could be made');
    }
  }

  async #greet(link: OpenLink): Promise<void> {
    const { room, self, name, sign } = this.#options;
    const binding = link.port?.binding();
    if (!binding) {
      this.#refuse(link, 'the channel has no certificate');
      return;
    }
    const ends = { from: binding.local, to: binding.remote };
    const proof = await sign(linkBytes({ room, from: self, to: link.peer, dial: link.dial, binding: ends }));
    const hello: Frame = {
      type: 'hello',
      version: PROTOCOL_VERSION,
      room,
      peer: self,
      dial: link.dial,
      name: name(),
      proof,
    };
    link.port?.send(encodeFrameText(hello));
    link.greetingSent();
  }

  async #receive(link: OpenLink, text: string): Promise<void> {
    if (!this.#isCurrent(link)) return;
    if (link.state === 'checking') {
      if (link.early.length < EARLY_FRAMES_MAX) link.early.push(text);
      return;
    }
    const decoded = decodeFrameText(text);
    if (link.state === 'opening') {
      if (decoded.ok && decoded.frame.type === 'hello') await this.#check(link, decoded.frame);
      else this.#refuse(link, 'something came before the greeting');
    } else if (!decoded.ok) this.#options.feed({ type: 'bad-frame', link: link.dial });
    else if (decoded.frame.type === 'bye') {
      this.#end(link, true, `goodbye: ${decoded.frame.reason}`);
      link.port?.close();
    } else this.#options.feed({ type: 'frame', link: link.dial, frame: decoded.frame });
  }

  async #check(link: OpenLink, hello: FrameOf<'hello'>): Promise<void> {
    const { room, self, verify, feed } = this.#options;
    link.state = 'checking';
    const binding = link.port?.binding();
    const isMeant =
      hello.version === PROTOCOL_VERSION && hello.room === room && hello.peer === link.peer && hello.dial === link.dial;
    const ends = binding ? { from: binding.remote, to: binding.local } : null;
    const isGood =
      isMeant &&
      ends !== null &&
      (await verify(
        authorOf(link.peer),
        linkBytes({ room, from: link.peer, to: self, dial: link.dial, binding: ends }),
        hello.proof,
      ));
    if (isGood) await link.greeting;
    if (!this.#isCurrent(link)) return;
    if (!isGood) {
      const notTheirs: RefusedLink = 'the greeting is not the peer’s';
      this.#refuse(link, hello.version === PROTOCOL_VERSION ? notTheirs : 'another version');
      return;
    }
    link.state = 'greeted';
    this.#hearBulk(link);
    feed({ type: 'peer-up', dial: link.dial, peer: link.peer, name: hello.name });
    for (const text of link.early.splice(0)) await this.#receive(link, text);
  }

  /** The part that has photos is fetched when somebody asks for one; what cannot be answered is asked for elsewhere. */
  #hearBulk({ peer, port }: OpenLink): void {
    const bulk = port?.bulk();
    if (!bulk) return;
    bulk.heard = (data) =>
      void this.#options.photos().then(
        (photos) => photos.heard(peer, data),
        () => undefined,
      );
  }

  #refuse(link: OpenLink, reason: string): void {
    this.#end(link, false, reason);
    link.port?.close();
  }

  #end(link: OpenLink, isClean: boolean, reason: string): void {
    if (!this.#isCurrent(link)) return;
    this.#links.delete(link.dial);
    this.#options.feed({ type: 'peer-down', dial: link.dial, isClean, reason });
  }

  #isCurrent(link: OpenLink): boolean {
    return this.#links.get(link.dial) === link;
  }
}
