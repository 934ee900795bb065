// Photos between peers: giving, taking, and what is done with bytes that are wrong. Channels here carry by hand.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import type { ChatMessage } from '../../src/core/chat-view.js';
import type { BulkPort } from '../../src/engine/peer-link-port.js';
import { PhotoFetching } from '../../src/engine/photos/photo-fetching.js';
import { PhotoGiving } from '../../src/engine/photos/photo-giving.js';
import { PhotoHandingIn } from '../../src/engine/photos/photo-handing-in.js';
import { NotNow, NotThere, PhotoServer } from '../../src/engine/photos/photo-server.js';
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

const KEPT = { hash: PHOTO.hash, room: ROOM, bytes: PHOTO.bytes, giver: '', owed: [], usedAtMs: 1 };

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

async function roomWith(
  peers: readonly PeerId[],
  hasServer = false,
  messages: readonly ChatMessage[] = [],
  lacking: readonly unknown[] = [],
): Promise<Room> {
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
    fetch(record: unknown, from: number, take: (bytes: Uint8Array<ArrayBuffer>) => void): Promise<void> {
      asked.push(from);
      if (lacking.includes(record)) return Promise.reject(new NotThere());
      take(PICTURE.slice(from));
      return Promise.resolve();
    },
  } as unknown as PhotoServer;
  const fetching = new PhotoFetching({
    ...{ room: ROOM, store, server, changed },
    bulks: () => channels,
    records: () => messages.map(({ id }) => id),
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
  await room.store.append({ ...KEPT, giver: ada }, 0, PICTURE.slice(0, 50_000));
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

test('[F7] the server is asked for the photo of every message that shows it', async () => {
  const [first, second] = [messageOf(PHOTO), messageOf(PHOTO)];
  const room = await roomWith([], true, [first, second], [second.id]);
  room.fetching.want(second);
  await room.until(() => room.complete.length === 1);
  assert.deepEqual(room.asked, [0, 0]);
});

interface Handing {
  readonly handing: PhotoHandingIn;
  readonly store: PhotoStore;
  /** Of each attempt, the message. */
  readonly handed: string[];
  /** Resolves when the server has been tried so often, and what came of it is noted. */
  tried(times: number): Promise<void>;
}

/** One who owes the photo for these messages, and a server that answers as it is told. */
async function handingIn(
  messages: readonly ChatMessage[],
  answer: (attempt: number) => Error | null,
): Promise<Handing> {
  const store = await PhotoStore.open(null);
  await store.append({ ...KEPT, owed: messages.map(({ id }) => id) }, 0, PICTURE);
  const handed: string[] = [];
  let changes = 0;
  let look = (): void => undefined;
  const server = {
    hand(record: string): Promise<void> {
      handed.push(record);
      const error = answer(handed.length);
      return error === null ? Promise.resolve() : Promise.reject(error);
    },
  } as unknown as PhotoServer;
  const changed = (): void => {
    changes += 1;
    look();
  };
  const handing = new PhotoHandingIn({ store, server, changed, takesPhotos: () => true }, (record) =>
    messages.find(({ id }) => id === record),
  );
  return {
    ...{ handing, store, handed },
    async tried(times) {
      while (changes < times) await new Promise<void>((resolve) => (look = resolve));
    },
  };
}

test('[F7] a photo that two messages show is handed in for both', async () => {
  const messages = [messageOf(PHOTO), messageOf(PHOTO)];
  const { handing, store, handed, tried } = await handingIn(messages, () => null);
  assert.equal(handing.share(PHOTO.hash), 0);
  handing.goOn();
  await tried(2);
  assert.deepEqual(
    handed,
    messages.map(({ id }) => id),
  );
  assert.deepEqual([handing.share(PHOTO.hash), store.owed()], [null, []]);
});

test('[F7] only refusals end the handing in, and neither a bad network nor a server that is busy', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const others = [new TypeError('the network'), new NotNow()];
  const { handing, store, handed, tried } = await handingIn([messageOf(PHOTO)], (attempt) =>
    attempt <= 12 ? (others[attempt % 2] ?? null) : new NotThere(),
  );
  handing.goOn();
  for (let attempt = 1; attempt <= 16; attempt += 1) {
    await tried(attempt);
    assert.equal(store.owed().length, 1, `after attempt ${attempt}`);
    await Promise.resolve();
    t.mock.timers.tick(60_000);
  }
  await tried(17);
  assert.deepEqual([handed.length, store.owed()], [17, []]);
});

/** A server of photos that does this with every request, as a page asks it. */
async function serverThat(t: TestContext, answers: (response: ServerResponse) => void): Promise<PhotoServer> {
  const http = createServer((request, response) => void request.resume().on('end', () => answers(response)));
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    http.closeAllConnections();
    http.close();
  });
  const server = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  return new PhotoServer({
    server,
    room: ROOM,
    self: ada,
    sign: () => Promise.resolve('A'.repeat(86)),
    nowMs: Date.now,
  });
}

const RECORD = messageOf(PHOTO).id;
const ignored = (): void => undefined;
const { signal: NEVER } = new AbortController();

for (const [status, kind] of [
  [429, NotNow],
  [502, NotNow],
  [507, NotNow],
  [403, NotThere],
  [404, NotThere],
] as const) {
  test(`[F7] an answer ${status} is ${kind === NotNow ? 'no refusal' : 'a refusal'}`, async (t) => {
    const server = await serverThat(t, (response) => response.writeHead(status).end());
    await assert.rejects(server.hand(RECORD, PICTURE, ignored, NEVER), kind);
  });
}

test('[F7] a server that falls silent in the middle is waited for no longer than so', async (t) => {
  let heard = ignored;
  const silent = new Promise<void>((resolve) => (heard = resolve));
  const server = await serverThat(t, (response) => response.writeHead(206).write('the first bytes'));
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const fetching = server.fetch(RECORD, 0, heard, NEVER);
  await silent;
  t.mock.timers.tick(20_000);
  await assert.rejects(fetching, { name: 'AbortError' });
});

test('[F7] a server that never answers a piece is waited for no longer than so', async (t) => {
  let heard = ignored;
  const asked = new Promise<void>((resolve) => (heard = resolve));
  const server = await serverThat(t, () => heard());
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const handing = server.hand(RECORD, PICTURE, ignored, NEVER);
  await asked;
  t.mock.timers.tick(20_000);
  await assert.rejects(handing, { name: 'AbortError' });
});
