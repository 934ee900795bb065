// The greeting on a peer link: who is at the other end, before anything else is said (rules M2, M3, V1).

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RoomInput } from '../../src/core/room-io.js';
import { loadCrypto } from '../../src/engine/crypto-suite.js';
import type { PeerLinkEvents, PeerLinkPort } from '../../src/engine/peer-link-port.js';
import { PeerLinks } from '../../src/engine/peer-links.js';
import { linkBytes } from '../../src/protocol/canonical.js';
import { decodeFrameText, encodeFrameText } from '../../src/protocol/decode.js';
import type { Frame, FrameOf } from '../../src/protocol/frames.js';
import type { DialId } from '../../src/protocol/ids.js';
import { roomKey } from '../../src/protocol/ids.js';
import { PROTOCOL_VERSION } from '../../src/protocol/limits.js';
import { Device } from '../support/device.js';

const ROOM = roomKey('default', 'lobby');
const DIAL = 'dial00000001' as DialId;
const PING: Frame = { type: 'ping', room: ROOM, nonce: 1 };
const ENDS = { local: 'sha-256 AA', remote: 'sha-256 BB' };

/** One end of a channel: what this side sends is kept, what the other end says is played in. */
class Channel {
  readonly self = new Device();
  readonly other = new Device();
  readonly fed: RoomInput[] = [];
  readonly sent: Frame[] = [];
  isClosed = false;
  #events: PeerLinkEvents | null = null;
  #waiting: (() => void)[] = [];

  static async open(): Promise<Channel> {
    const channel = new Channel();
    const { verify } = await loadCrypto();
    const links = new PeerLinks({
      room: ROOM,
      self: channel.self.peer,
      name: () => 'Ada',
      scope: 'any',
      sign: (bytes) => Promise.resolve(channel.self.sign(bytes)),
      verify,
      feed: (input) => channel.#noted(() => channel.fed.push(input)),
      photos: () => Promise.reject(new Error('nobody asks for photos here')),
      way:
        () =>
        ({ events }) =>
          channel.#port(events),
    });
    links.dial(DIAL, channel.other.peer, true, []);
    await channel.until(() => channel.#events !== null);
    channel.#events?.open();
    await channel.until(() => channel.sent.length > 0);
    return channel;
  }

  /** The greeting of the other end, or something like it. */
  hello(change: Partial<FrameOf<'hello'>> = {}, signer = this.other, binding = ENDS): FrameOf<'hello'> {
    const frame = { version: PROTOCOL_VERSION, room: ROOM, peer: this.other.peer, dial: DIAL, name: 'Bob', ...change };
    const { room, peer, dial } = frame;
    const ends = { from: binding.remote, to: binding.local };
    const proof = signer.sign(linkBytes({ room, from: peer, to: this.self.peer, dial, binding: ends }));
    return { type: 'hello', ...frame, proof };
  }

  says(frame: Frame): void {
    this.#events?.text(encodeFrameText(frame));
  }

  ends(isClean: boolean): void {
    this.#events?.closed(isClean, 'closed');
  }

  /** Resolves with what was fed when there is something of this type. */
  async next<Type extends RoomInput['type']>(type: Type): Promise<Extract<RoomInput, { type: Type }>> {
    const found = (): RoomInput | undefined => this.fed.find((input) => input.type === type);
    await this.until(() => found() !== undefined);
    return found() as Extract<RoomInput, { type: Type }>;
  }

  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #port(events: PeerLinkEvents): PeerLinkPort {
    this.#noted(() => (this.#events = events));
    return {
      signal: () => undefined,
      send: (text) => {
        const decoded = decodeFrameText(text);
        assert.ok(decoded.ok);
        this.#noted(() => this.sent.push(decoded.frame));
        return true;
      },
      queuedBytes: () => 0,
      close: () => this.#noted(() => (this.isClosed = true)),
      bulk: () => null,
      binding: () => ENDS,
      measure: () => Promise.resolve(null),
    };
  }

  #noted(note: () => unknown): void {
    note();
    for (const look of this.#waiting.splice(0)) look();
  }
}

test('[M2] the first frame sent is a hello signed for this room, these two, this dial and these certificates', async () => {
  const channel = await Channel.open();
  const [hello] = channel.sent;
  assert.equal(hello?.type, 'hello');
  const { self, other } = channel;
  const binding = { from: ENDS.local, to: ENDS.remote };
  const bytes = linkBytes({ room: ROOM, from: self.peer, to: other.peer, dial: DIAL, binding });
  const { verify } = await loadCrypto();
  assert.ok(await verify(self.author, bytes, hello.proof));
});

test('[M2] after a good hello frames flow, also those that came while it was checked', async () => {
  const channel = await Channel.open();
  channel.says(channel.hello());
  channel.says(PING);
  assert.deepEqual(await channel.next('peer-up'), {
    type: 'peer-up',
    dial: DIAL,
    peer: channel.other.peer,
    name: 'Bob',
  });
  assert.deepEqual((await channel.next('frame')).frame, PING);
});

const stranger = new Device();
const GREETINGS: Readonly<Record<string, (channel: Channel) => Frame>> = {
  'another frame': () => PING,
  'a hello signed by somebody else': (channel) => channel.hello({}, stranger),
  'somebody else’s own hello': (channel) => channel.hello({ peer: stranger.peer }, stranger),
  'a hello for another room': (channel) => channel.hello({ room: roomKey('default', 'elsewhere') }),
  'a hello that names another room than it is signed for': (channel) => ({
    ...channel.hello(),
    room: roomKey('default', 'elsewhere'),
  }),
  'a hello of another dial': (channel) => channel.hello({ dial: 'dial00000002' as DialId }),
  'a hello over another channel': (channel) =>
    channel.hello({}, channel.other, { local: 'sha-256 CC', remote: ENDS.remote }),
};

for (const [what, greeting] of Object.entries(GREETINGS)) {
  test(`[M2] ${what} closes the link, and nothing after it is heard`, async () => {
    const channel = await Channel.open();
    channel.says(greeting(channel));
    channel.says(PING);
    assert.equal((await channel.next('peer-down')).isClean, false);
    await channel.until(() => channel.isClosed);
    channel.says(channel.hello());
    channel.says(PING);
    assert.deepEqual(
      channel.fed.map((input) => input.type),
      ['peer-down'],
    );
  });
}

test('[V1] a peer of another version is left', async () => {
  const channel = await Channel.open();
  channel.says(channel.hello({ version: PROTOCOL_VERSION + 1 }));
  assert.equal((await channel.next('peer-down')).reason, 'another version');
  await channel.until(() => channel.isClosed);
});

test('[M3] a goodbye ends the link in an ordinary way', async () => {
  const channel = await Channel.open();
  channel.says(channel.hello());
  await channel.next('peer-up');
  channel.says({ type: 'bye', room: ROOM, reason: 'closing the page' });
  const { isClean, reason } = await channel.next('peer-down');
  assert.deepEqual([isClean, reason], [true, 'goodbye: closing the page']);
  await channel.until(() => channel.isClosed);
  channel.ends(false);
  assert.equal(channel.fed.filter((input) => input.type === 'peer-down').length, 1, 'told once');
});
