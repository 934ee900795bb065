// Photos between peers: giving, taking, and what is done with bytes that are wrong. Channels here carry by hand.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChatMessage } from '../../src/core/chat-view.js';
import type { BulkPort } from '../../src/engine/peer-link-port.js';
import { PhotoFetching } from '../../src/engine/photos/photo-fetching.js';
import { PhotoGiving } from '../../src/engine/photos/photo-giving.js';
import type { PhotoServer } from '../../src/engine/photos/photo-server.js';
import { PhotoStore } from '../../src/engine/photos/photo-store.js';
import type { PeerId } from '../../src/protocol/ids.js';
import { roomKey } from '../../src/protocol/ids.js';
import { decodeBulk } from '../../src/protocol/photos/bulk-message.js';
import type { BulkMessage } from '../../src/protocol/photos/bulk-message.js';
import { PHOTO_LIMITS } from '../../src/protocol/photos/photo-limits.js';
import { idOf } from '../../src/protocol/record.js';
import type { Photo } from '../../src/protocol/record.js';
import { Device } from '../support/device.js';
import { jpeg, photoOf } from '../support/pictures.js';

const ROOM = roomKey('default', 'lobby');
const PICTURE = jpeg(64, 48, 100_000);
const PHOTO = photoOf(PICTURE);
const AUTHOR = new Device();

/** A bulk channel whose other end is the test. */
class Channel implements BulkPort {
  readonly said: BulkMessage[] = [];
  isClosed = false;
  queued = 0;
  heard = (): void => undefined;
  drained = (): void => undefined;

  send(bytes: Uint8Array<ArrayBuffer>): boolean {
    const message = decodeBulk(bytes.buffer);
    assert.ok(message, 'nothing but messages is sent');
    this.said.push(message);
    this.queued += bytes.length;
    return !this.isClosed;
  }

  queuedBytes(): number {
    return this.queued;
  }

  close(): void {
    this.isClosed = true;
  }

  wants(): readonly number[] {
    return this.said.flatMap((message) => (message.type === 'want' ? [message.offset] : []));
  }
}

function messageOf(photo: Photo, by = AUTHOR): ChatMessage {
  const id = idOf(by.says(ROOM, { kind: 'message', name: 'Ada', text: '', photo }));
  return { id, photo, delivery: { state: 'stored', acknowledgedBy: 0 } } as unknown as ChatMessage;
}

interface Room {
  readonly fetching: PhotoFetching;
  readonly store: PhotoStore;
  readonly channels: Map<PeerId, Channel>;
  /** From where on the server was asked. */
  readonly asked: number[];
  readonly complete: ChatMessage[];
  /** Resolves when it is so; looks again at each change. */
  until(isSo: () => boolean): Promise<void>;
  gives(peer: PeerId, from: number, picture?: Uint8Array<ArrayBuffer>, upTo?: number): void;
}

async function roomWith(peers: readonly PeerId[], hasServer = false): Promise<Room> {
  const store = await PhotoStore.open(null);
  const channels = new Map(peers.map((peer) => [peer, new Channel()]));
  const asked: number[] = [];
  const complete: ChatMessage[] = [];
  let waiting: (() => void)[] = [];
  const changed = (): void => {
    const looks = waiting;
    waiting = [];
    for (const look of looks) look();
  };
  const server = {
    fetch(_record: unknown, from: number, take: (bytes: Uint8Array<ArrayBuffer>) => void): Promise<void> {
      asked.push(from);
      take(PICTURE.slice(from));
      return Promise.resolve();
    },
  } as unknown as PhotoServer;
  const fetching = new PhotoFetching({
    ...{ room: ROOM, store, server, changed },
    bulks: () => channels,
    takesPhotos: () => hasServer,
    complete: (message) => complete.push(message),
  });
  return {
    ...{ fetching, store, channels, asked, complete },
    async until(isSo) {
      while (!isSo()) await new Promise<void>((resolve) => waiting.push(resolve));
    },
    gives(peer, from, picture = PICTURE, upTo = picture.length) {
      for (let offset = from; offset < upTo; offset += PHOTO_LIMITS.pieceBytes) {
        const bytes = picture.slice(offset, Math.min(upTo, offset + PHOTO_LIMITS.pieceBytes));
        fetching.heard(peer, { type: 'piece', hash: PHOTO.hash, offset, bytes });
      }
    },
  };
}

const [ada, bob, cleo] = [AUTHOR.peer, new Device().peer, new Device().peer];

test('[F6] the author is asked before others, and one peer at a time', async () => {
  const room = await roomWith([bob, ada, cleo]);
  room.fetching.want(messageOf(PHOTO));
  assert.deepEqual(room.channels.get(ada)?.wants(), [0]);
  assert.deepEqual([room.channels.get(bob)?.wants(), room.channels.get(cleo)?.wants()], [[], []]);
  room.gives(ada, 0);
  await room.until(() => room.complete.length === 1);
  assert.deepEqual(await room.store.read(PHOTO.hash), PICTURE);
  await room.fetching.end();
});

test('[F6] whoever lacks it, goes or falls silent is followed by the next, at the offset reached', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const room = await roomWith([ada, bob, cleo], true);
  room.fetching.want(messageOf(PHOTO));
  room.fetching.heard(ada, { type: 'lacks', hash: PHOTO.hash });
  assert.deepEqual(room.channels.get(bob)?.wants(), [0]);
  room.gives(bob, 0, PICTURE, 32_768);
  room.channels.delete(bob);
  room.fetching.peersChanged();
  assert.deepEqual(room.channels.get(cleo)?.wants(), [32_768]);
  t.mock.timers.tick(PHOTO_LIMITS.peerIdleMs);
  assert.equal(room.channels.get(cleo)?.said.at(-1)?.type, 'stop');
  await room.until(() => room.complete.length === 1);
  assert.deepEqual(room.asked, [32_768], 'the server gives the rest');
});

test('[F6] what was here before a reload is not asked for again', async () => {
  const room = await roomWith([ada]);
  const kept = { hash: PHOTO.hash, room: ROOM, bytes: PHOTO.bytes, have: 0, giver: ada, isOwed: false, usedAtMs: 1 };
  await room.store.append(kept, PICTURE.slice(0, 50_000));
  room.fetching.want(messageOf(PHOTO));
  assert.deepEqual(room.channels.get(ada)?.wants(), [50_000]);
  room.gives(ada, 50_000);
  await room.until(() => room.complete.length === 1);
});

test('[F3] wrong bytes are dropped, and whoever gave them is not asked again', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const room = await roomWith([ada, bob]);
  room.fetching.want(messageOf(PHOTO));
  room.gives(ada, 0, jpeg(64, 48, PICTURE.length, 8));
  await room.until(() => room.fetching.stateOf(PHOTO.hash) === 'waiting');
  assert.equal(room.store.get(PHOTO.hash), undefined);
  assert.equal(room.complete.length, 0);
  t.mock.timers.tick(60_000);
  assert.deepEqual([room.channels.get(ada)?.wants(), room.channels.get(bob)?.wants()], [[0], [0]]);
  room.gives(bob, 0);
  await room.until(() => room.complete.length === 1);
});

test('[F3] a picture that says it is larger than its record is not taken, whatever its hash', async () => {
  const huge = jpeg(16_000, 16_000, 100_000);
  const photo = { ...photoOf(huge), width: 64, height: 48 };
  const room = await roomWith([ada]);
  room.fetching.want(messageOf(photo));
  for (let offset = 0; offset < huge.length; offset += PHOTO_LIMITS.pieceBytes) {
    const bytes = huge.slice(offset, offset + PHOTO_LIMITS.pieceBytes);
    room.fetching.heard(ada, { type: 'piece', hash: photo.hash, offset, bytes });
  }
  await room.until(() => room.fetching.stateOf(photo.hash) === 'waiting');
  assert.equal(room.complete.length, 0);
  await room.fetching.end();
});

test('[F4] pieces that nobody asked for end the use of a bulk channel', async () => {
  const room = await roomWith([ada, bob]);
  room.fetching.want(messageOf(PHOTO));
  for (let strike = 0; strike < PHOTO_LIMITS.bulkStrikesMax; strike += 1) room.gives(bob, 0, PICTURE, 10);
  assert.equal(room.channels.get(bob)?.isClosed, true);
  assert.equal(room.channels.get(ada)?.isClosed, false);
  // Out of order, and beyond the end, from the one who was asked.
  room.gives(ada, 16_384, PICTURE, 20_000);
  assert.equal(room.fetching.stateOf(PHOTO.hash), 'loading');
  assert.equal(room.store.get(PHOTO.hash), undefined);
  await room.fetching.end();
});

test('[F5] no more photos are put together at a time than the bound', async () => {
  const room = await roomWith([ada]);
  const photos = Array.from({ length: PHOTO_LIMITS.assembliesMax + 5 }, (_, index) => photoOf(jpeg(9, 9, 100 + index)));
  for (const photo of photos) room.fetching.want(messageOf(photo));
  const wanted = photos.filter(({ hash }) => room.fetching.stateOf(hash) !== null);
  assert.equal(wanted.length, PHOTO_LIMITS.assembliesMax);
  assert.equal(wanted.at(-1), photos.at(-1), 'the latest wish counts');
  await room.fetching.end();
});

test('[F5] a giver waits while its channel is full, and says when it has nothing', async () => {
  const channel = new Channel();
  const giving = new PhotoGiving(
    () => channel,
    (hash) => Promise.resolve(hash === PHOTO.hash ? PICTURE : null),
  );
  await giving.wanted(bob, { type: 'want', hash: PHOTO.hash, offset: 0 });
  const most = PHOTO_LIMITS.bulkBufferedMax + PHOTO_LIMITS.pieceBytes + 64;
  const got: number[] = [];
  while (channel.said.length > 0) {
    assert.ok(channel.queued <= most, `${channel.queued} bytes are waiting`);
    for (const message of channel.said.splice(0)) if (message.type === 'piece') got.push(...message.bytes);
    channel.queued = 0;
    giving.pump(bob);
  }
  assert.deepEqual(Uint8Array.from(got), PICTURE);
  const other = photoOf(jpeg(9, 9, 50)).hash;
  await giving.wanted(bob, { type: 'want', hash: other, offset: 0 });
  await giving.wanted(bob, { type: 'want', hash: PHOTO.hash, offset: PICTURE.length });
  assert.deepEqual(channel.said, [
    { type: 'lacks', hash: other },
    { type: 'lacks', hash: PHOTO.hash },
  ]);
});

test('[F5] what is stopped is given no further', async () => {
  const channel = new Channel();
  const giving = new PhotoGiving(
    () => channel,
    () => Promise.resolve(PICTURE),
  );
  await giving.wanted(bob, { type: 'want', hash: PHOTO.hash, offset: 0 });
  const before = channel.said.length;
  giving.stopped(bob, PHOTO.hash);
  channel.queued = 0;
  giving.pump(bob);
  assert.equal(channel.said.length, before);
});
