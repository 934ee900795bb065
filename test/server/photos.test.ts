// Photos over HTTP: who may have them and hand them in, what hostile requests get, and what erases them.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { soleNode } from '../../server/nodes/sole-node.js';
import { PhotoDesk } from '../../server/photos/photo-desk.js';
import type { PhotoDeskOptions } from '../../server/photos/photo-desk.js';
import { PhotoMemory } from '../../server/photos/photo-memory.js';
import { photoKey } from '../../server/photos/photo-shelf.js';
import type { RoomContext } from '../../server/room.js';
import { Rooms } from '../../server/rooms.js';
import { MemoryStore } from '../../server/store/memory-store.js';
import type { RecordId } from '../../src/protocol/ids.js';
import { roomKey } from '../../src/protocol/ids.js';
import { PHOTO_LIMITS } from '../../src/protocol/photos/photo-limits.js';
import { photoPath, photoRequestBytes } from '../../src/protocol/photos/photo-request.js';
import { idOf } from '../../src/protocol/record.js';
import { REQUEST_AGE_MAX_MS, writeClaim } from '../../src/protocol/request-claim.js';
import { Device } from '../support/device.js';
import type { RawClient } from '../support/device.js';
import { PHOTO, PICTURE, ask, handIn, post, put } from '../support/photo-requests.js';
import type { Claim } from '../support/photo-requests.js';
import { jpeg } from '../support/pictures.js';
import { running } from '../support/running-server.js';
import type { Running } from '../support/running-server.js';
import { until } from '../support/until.js';

/** A member with a stored photo message. */
async function posted({ join }: Running): Promise<{ readonly ada: RawClient; readonly id: RecordId }> {
  const ada = await join();
  const record = post(ada);
  await ada.next('placed');
  return { ada, id: idOf(record) };
}

test(
  '[F7] a photo is handed in piece by piece, and given to members, whole or from an offset on',
  running(async (server) => {
    const { ada, id } = await posted(server);
    const { url } = server;
    const bob = await server.join();
    assert.equal((await ask(url, bob, id, {})).status, 404, 'nothing is here yet');
    const half = PHOTO_LIMITS.uploadBytesMax;
    assert.deepEqual(await (await put(url, ada, id, 0, PICTURE.slice(0, half))).json(), { received: half });
    const question = { method: 'PUT', headers: { 'Content-Range': `bytes */${PICTURE.length}` } };
    assert.deepEqual(await (await ask(url, ada, id, question)).json(), { received: half });
    assert.equal((await ask(url, bob, id, {})).status, 404, 'a part is no photo');
    const elsewhere = await put(url, ada, id, half + 9, PICTURE.slice(half + 9));
    assert.deepEqual([elsewhere.status, await elsewhere.json()], [409, { received: half }]);
    assert.equal((await put(url, ada, id, half, PICTURE.slice(half))).status, 200);
    const whole = await ask(url, bob, id, {});
    assert.equal(whole.headers.get('content-type'), 'image/jpeg');
    assert.deepEqual(new Uint8Array(await whole.arrayBuffer()), PICTURE);
    const rest = await ask(url, bob, id, { headers: { Range: 'bytes=99000-' } });
    assert.deepEqual([rest.status, rest.headers.get('content-range')], [206, 'bytes 99000-99999/100000']);
    assert.deepEqual(new Uint8Array(await rest.arrayBuffer()), PICTURE.slice(99_000));
  }),
);

test(
  '[F7] only members have photos of a room, and a claim is good for one request of one time',
  running(async (server) => {
    const { ada, id } = await posted(server);
    const { url } = server;
    await handIn(url, ada, id);
    const bob = await server.join();
    const elsewhere = await server.join('other');
    const gone = await server.join();
    gone.send({ type: 'leave', room: gone.room });
    gone.send({ type: 'ping', room: gone.room, nonce: 1 });
    await gone.next('refused');
    assert.equal((await ask(url, bob, id, {})).status, 206);
    const wrong: readonly (readonly [string, Claim])[] = [
      ['one who has left', { by: gone }],
      ['a member of another room', { by: elsewhere }],
      ['too old', { timeMs: Date.now() - REQUEST_AGE_MAX_MS - 1_000 }],
      ['from the future', { timeMs: Date.now() + REQUEST_AGE_MAX_MS + 5_000 }],
      ['signed for another method', { method: 'PUT' }],
      ['signed for another room', { room: elsewhere.room }],
      ['signed for another photo', { record: `${ada.device.peer}.99` as RecordId }],
    ];
    for (const [what, claim] of wrong) assert.equal((await ask(url, bob, id, {}, claim)).status, 403, what);
    assert.equal((await fetch(url + photoPath(bob.room, id))).status, 403, 'without a claim');
    assert.equal((await put(url, bob, id, 0, PICTURE.slice(0, 9), { by: elsewhere })).status, 403);
    assert.equal((await fetch(`${url}/photos/default/..%2f/${id}`)).status, 404);
    assert.equal((await fetch(`${url}/photos/default/lobby/nothing`)).status, 404);
  }),
);

test(
  '[F7] what is not the photo, too long, or of no record is not kept',
  running(async (server) => {
    const { ada, id } = await posted(server);
    const { url } = server;
    const wrong = await handIn(url, ada, id, jpeg(64, 48, PICTURE.length, 9));
    assert.equal(wrong.status, 422);
    const question = { method: 'PUT', headers: { 'Content-Range': `bytes */${PICTURE.length}` } };
    assert.deepEqual(await (await ask(url, ada, id, question)).json(), { received: 0 }, 'all of it was dropped');
    const tooLong = new Uint8Array(PHOTO_LIMITS.uploadBytesMax + 1);
    assert.equal((await put(url, ada, id, 0, tooLong)).status, 413);
    const beyond = { method: 'PUT', headers: { 'Content-Range': `bytes 0-100004/100005` }, body: PICTURE.slice(0, 50) };
    assert.equal((await ask(url, ada, id, beyond)).status, 400, 'beyond what the record says');
    const other = { method: 'PUT', headers: { 'Content-Range': 'bytes 0-8/100000' }, body: PICTURE.slice(0, 50) };
    assert.equal((await ask(url, ada, id, other)).status, 400, 'another number of bytes than it says');
    assert.equal((await ask(url, ada, id, { method: 'PUT', body: PICTURE.slice(0, 50) })).status, 400, 'no range');
    const text = ada.device.record(ada.room, 'no photo');
    ada.publish([text]);
    await ada.next('placed');
    for (const record of [idOf(text), `${ada.device.peer}.99` as RecordId]) {
      assert.equal((await put(url, ada, record, 0, PICTURE.slice(0, 9))).status, 404);
    }
    // Two who hand in at once: each byte is taken once.
    const both = await Promise.all([handIn(url, ada, id), handIn(url, ada, id)]);
    assert.ok(both.some(({ status }) => status === 200));
    assert.deepEqual(new Uint8Array(await (await ask(url, ada, id, {})).arrayBuffer()), PICTURE);
  }),
);

test(
  '[F7] a body that never comes is not waited for',
  running(async (server) => {
    const { ada, id } = await posted(server);
    const { hostname, port } = new URL(server.url);
    const timeMs = Date.now();
    const { peer } = ada.device;
    const proof = ada.device.sign(photoRequestBytes({ method: 'PUT', room: ada.room, record: id, peer, timeMs }));
    const socket = connect(Number(port), hostname);
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('error', () => undefined).resume();
    socket.write(
      `PUT ${photoPath(ada.room, id)} HTTP/1.1\r\nHost: x\r\nAuthorization: ${writeClaim({ peer, timeMs, proof })}\r\n` +
        'Content-Range: bytes 0-999/100000\r\nContent-Length: 1000\r\n\r\nslow',
    );
    await closed;
    const question = { method: 'PUT', headers: { 'Content-Range': `bytes */${PICTURE.length}` } };
    assert.deepEqual(await (await ask(server.url, ada, id, question)).json(), { received: 0 });
  }),
);

test(
  '[F7] a server that has no room for photos says so, gives what it has, and takes one when another is gone',
  running(
    async (server) => {
      const { url } = server;
      const ada = await server.join();
      const [first, second] = [idOf(post(ada)), idOf(post(ada))];
      for (const id of [first, second]) {
        await ada.next('placed', ({ places }) => places.some(([placed]) => placed === id));
      }
      assert.equal((await handIn(url, ada, first)).status, 200);
      const refused = await handIn(url, ada, second);
      assert.equal(refused.status, 507);
      assert.match(((await refused.json()) as { message: string }).message, /no room for photos/);
      assert.equal((await ask(url, ada, second, {})).status, 404);
      const kept = await ask(url, ada, first, {});
      assert.deepEqual(new Uint8Array(await kept.arrayBuffer()), PICTURE);
      ada.publish([ada.device.says(ada.room, { kind: 'retract', target: first })]);
      await until(async () => (await ask(url, ada, first, {})).status === 404);
      assert.equal((await handIn(url, ada, second)).status, 200);
    },
    { photoStoreBytesMax: PICTURE.length * 1.8 },
  ),
);

test(
  '[F8] a photo that is too large, one too many, and one where they are off are refused by their records',
  running(
    async ({ join }) => {
      const ada = await join();
      post(ada, { ...PHOTO, bytes: 200_001 });
      assert.equal((await ada.next('refused')).code, 'photo-too-large');
      for (let count = 0; count < 2; count += 1) {
        post(ada);
        await ada.next('placed');
      }
      const third = post(ada);
      const refused = await ada.next('refused');
      assert.deepEqual([refused.code, refused.ids], ['photo-limit', [idOf(third)]]);
      ada.publish([ada.device.record(ada.room, 'text still passes')]);
      await ada.next('placed');
      const bob = await join();
      post(bob);
      await bob.next('placed');
    },
    { photos: { bytesMax: 200_000, perHour: 2 } },
  ),
);

test(
  '[F8] joining says how large a photo may be, and nothing where there are none',
  running(
    async (server) => {
      const client = server.connect();
      assert.equal((await client.join())?.photoBytesMax, undefined);
      const record = post(client);
      assert.equal((await client.next('refused')).code, 'photos-off');
      assert.equal((await put(server.url, client, idOf(record), 0, PICTURE.slice(0, 9))).status, 403);
    },
    { photos: { bytesMax: 200_000, perHour: 0 } },
  ),
);

test(
  '[F9] what erases or retracts the message erases its photo',
  running(async (server) => {
    const { url, admin } = server;
    const ada = await server.join();
    const stored = async (): Promise<RecordId> => {
      const id = idOf(post(ada));
      await ada.next('placed', ({ places }) => places.some(([placed]) => placed === id));
      assert.equal((await handIn(url, ada, id)).status, 200);
      return id;
    };
    const status = async (id: RecordId): Promise<number> => (await ask(url, ada, id, {})).status;
    const [retracted, removed, cleared] = [await stored(), await stored(), await stored()];
    ada.publish([ada.device.says(ada.room, { kind: 'retract', target: retracted })]);
    await until(async () => (await status(retracted)) === 404);
    assert.equal((await put(url, ada, retracted, 0, PICTURE.slice(0, 9))).status, 404, 'not taken again');
    assert.equal(await status(removed), 206);
    await admin(`rooms/default%2Flobby/messages/${removed}/remove`, {});
    await until(async () => (await status(removed)) === 404);
    assert.equal(await status(cleared), 206);
    await admin('rooms/default%2Flobby/clear', {});
    await until(async () => (await status(cleared)) === 404);
  }),
);

test(
  '[F9] [R6] a photo is not taken when the retraction came before its message',
  running(async (server) => {
    const ada = await server.join();
    const message = ada.device.says(ada.room, { kind: 'message', name: 'Device', text: '', photo: PHOTO });
    ada.publish([ada.device.says(ada.room, { kind: 'retract', target: idOf(message) }), message]);
    await ada.next('placed');
    assert.equal((await put(server.url, ada, idOf(message), 0, PICTURE.slice(0, 9))).status, 404);
  }),
);

test('[F9] bytes that arrive while their message is being erased are not kept', async () => {
  const now = (): number => 1;
  const [store, device, room] = [new MemoryStore(now), new Device(), roomKey('default', 'lobby')];
  const record = device.record(room, '', { photo: PHOTO });
  const key = photoKey(room, idOf(record));
  await store.append(room, [record]);
  const shelf = new (class extends PhotoMemory {
    override async append(...args: Parameters<PhotoMemory['append']>): Promise<number> {
      await store.drop(room, [1]);
      await elsewhere.erase([key]);
      return super.append(...args);
    }
  })(200_000, now);
  // What admits a request has no part in this.
  const options = { shelf, store, now, isOn: true } as unknown as PhotoDeskOptions;
  const [desk, elsewhere] = [new PhotoDesk(options), new PhotoDesk(options)];
  const piece = { from: 0, through: 8 };
  const answer = await desk.take({ room, record: idOf(record), photo: PHOTO }, piece, PICTURE.slice(0, 9));
  assert.equal(answer, 'no-such-photo');
  assert.equal(await shelf.size(key), 0);
});

test('[F9] a wipe leaves no photo, not even one whose message is not stored any more', async () => {
  const data = mkdtempSync(join(tmpdir(), 'festival-chat-wipe-'));
  const folder = join(data, 'photos');
  mkdirSync(folder);
  writeFileSync(join(folder, 'of a message that is gone'), PICTURE);
  try {
    await running(
      async (server) => {
        const { ada, id } = await posted(server);
        await handIn(server.url, ada, id);
        assert.equal((await server.admin('database/wipe', { confirm: 'wipe' })).status, 200);
        await until(() => readdirSync(folder).length === 0);
      },
      { data },
    )();
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
});

test(
  '[F7] pages of other origins than those that may connect get nothing',
  running(
    async (server) => {
      const preflight = (origin: string): Promise<Response> =>
        fetch(`${server.url}/photos/default/lobby/x`, { method: 'OPTIONS', headers: { Origin: origin } });
      const good = await preflight('https://festival.example');
      assert.equal(good.status, 204);
      assert.equal(good.headers.get('access-control-allow-origin'), 'https://festival.example');
      assert.match(good.headers.get('access-control-allow-headers') ?? '', /Authorization/);
      assert.equal((await preflight('https://festival.example.evil')).status, 403);
      assert.equal((await preflight('null')).status, 403);
    },
    { origins: ['https://festival.example'] },
  ),
);

test('[F7] whether somebody is a member of a room in which nobody is, is known without opening it', async () => {
  const nodes = { ...soleNode, line: () => assert.fail('the room was opened') };
  const rooms = new Rooms({ nodes } as Partial<RoomContext> as RoomContext);
  assert.equal(await rooms.hasMember(roomKey('default', 'guessed'), new Device().peer), false);
});
