// Records handed over without a socket: what becomes of them, and what hostile requests get.

import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { SignJWT } from 'jose';
import { RATES } from '../../server/limits.js';
import { recordsFrame } from '../../src/core/record-frames.js';
import { decodeFrame } from '../../src/protocol/decode.js';
import type { Frame } from '../../src/protocol/frames.js';
import { TOKEN_HEADER, handoverBytes, handoverPath } from '../../src/protocol/handover.js';
import { peerId, roomKey } from '../../src/protocol/ids.js';
import type { RoomKey, SessionId } from '../../src/protocol/ids.js';
import { LIMITS } from '../../src/protocol/limits.js';
import { idOf } from '../../src/protocol/record.js';
import type { SignedRecord } from '../../src/protocol/record.js';
import { REQUEST_AGE_MAX_MS, writeClaim } from '../../src/protocol/request-claim.js';
import { Device } from '../support/device.js';
import { running } from '../support/running-server.js';

const LOBBY = roomKey('default', 'lobby');
const SECRET = 'a secret of at least thirty-two bytes';

interface Said {
  /** Whose key signs; default: the device's. */
  readonly by?: Device;
  readonly room?: RoomKey;
  /** What is signed for; default: the room that is asked. */
  readonly signedRoom?: RoomKey;
  readonly timeMs?: number;
  /** What is sent in place of the frame that was signed. */
  readonly sent?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** As a service worker does it, unless said otherwise. */
function post(url: string, device: Device, body: string, said: Said = {}): Promise<Response> {
  const { room = LOBBY, signedRoom = room, timeMs = Date.now(), sent = body, by = device } = said;
  const peer = peerId(device.author, randomBytes(9).toString('base64url') as SessionId);
  const bodyHash = createHash('sha256').update(body).digest('base64url');
  const proof = by.sign(handoverBytes({ room: signedRoom, peer, timeMs, bodyHash }));
  const headers = { Authorization: writeClaim({ peer, timeMs, proof }), ...said.headers };
  return fetch(url + handoverPath(room), { method: 'POST', headers, body: sent });
}

function handOver(url: string, device: Device, records: readonly SignedRecord[], said?: Said): Promise<Response> {
  return post(url, device, frameOf(records, said?.room), said);
}

function frameOf(records: readonly SignedRecord[], room = LOBBY): string {
  return JSON.stringify(
    recordsFrame(
      room,
      records.map((record) => ({ record })),
    ),
  );
}

async function frames(response: Response): Promise<Frame[]> {
  assert.equal(response.status, 200);
  return ((await response.json()) as unknown[]).map((input) => {
    const decoded = decodeFrame(input);
    assert.ok(decoded.ok);
    return decoded.frame;
  });
}

async function refusal(response: Response): Promise<{ status: number; code: string; retryAfterMs?: number }> {
  const { code, retryAfterMs } = (await response.json()) as { code: string; retryAfterMs?: number };
  return { status: response.status, code, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}

test(
  '[S15] what is handed over is stored once, passed on to members, and kept for newcomers',
  running(async ({ url, join }) => {
    const bob = await join();
    const ada = new Device();
    const records = [ada.record(LOBBY, 'from the field'), ada.record(LOBBY, 'and another')];
    const answer = await frames(await handOver(url, ada, records));
    assert.deepEqual(
      answer.map((frame) => frame.type === 'placed' && frame.places.map(([id, offset]) => [id, offset])),
      [records.map((record, index) => [idOf(record), index + 1])],
    );
    const heard = await bob.next('records', ({ records: wires }) => wires.length === 2);
    assert.deepEqual(heard.places?.offsets, [1, 2]);
    // The answer may have been lost on its way.
    assert.deepEqual(await frames(await handOver(url, ada, records)), answer);
    await bob.settled();
    assert.deepEqual(
      bob.received.filter(({ type }) => type === 'records'),
      [],
      'nobody is told twice',
    );
    const cleo = await join();
    const history = await cleo.next('records', ({ records: wires }) => wires.length > 0);
    assert.equal(history.records.length, 2);
  }),
);

test(
  '[S15] [S7] what others wrote is offered, and asked for when it lacks',
  running(async ({ url }) => {
    const [ada, bob] = [new Device(), new Device()];
    const [known, carried] = [bob.record(LOBBY, 'known'), bob.record(LOBBY, 'carried')];
    await handOver(url, bob, [known]);
    const ids = [known, carried].map(idOf);
    const answer = await frames(await post(url, ada, JSON.stringify({ type: 'have', room: LOBBY, ids })));
    assert.deepEqual(
      answer.map((frame) =>
        frame.type === 'placed' ? frame.places.map(([id]) => id) : frame.type === 'want' && frame.ids,
      ),
      [[idOf(carried)], [idOf(known)]],
    );
    assert.deepEqual(
      (await frames(await handOver(url, ada, [carried]))).map(({ type }) => type),
      ['placed'],
    );
  }),
);

test(
  '[S15] [R5] what is forged or conflicts is sent back, and the rest is stored',
  running(async ({ url }) => {
    const ada = new Device();
    const [good, forged, moved] = [ada.record(LOBBY, 'true'), ada.record(LOBBY, 'forged'), ada.record(LOBBY, 'moved')];
    const elsewhere = { ...ada.record(roomKey('default', 'other'), 'said elsewhere'), room: LOBBY };
    await handOver(url, ada, [moved]);
    const conflicting = {
      ...moved,
      ...ada.says(LOBBY, { kind: 'message', name: 'Ada', text: 'another' }),
      seq: moved.seq,
    };
    const wrong = [
      { ...forged, body: { kind: 'message', name: 'Ada', text: 'changed' } as const },
      elsewhere,
      conflicting,
    ];
    const answer = await frames(await handOver(url, ada, [good, ...wrong]));
    const placed = answer.flatMap((frame) => (frame.type === 'placed' ? frame.places.map(([id]) => id) : []));
    const sentBack = answer.flatMap((frame) => (frame.type === 'refused' ? (frame.ids ?? []) : []));
    assert.deepEqual([placed, sentBack.sort()], [[idOf(good)], wrong.map(idOf).sort()]);
  }),
);

test(
  '[S15] a proof is good for one body, one room and one time',
  running(async ({ url }) => {
    const ada = new Device();
    const records = [ada.record(LOBBY, 'hello')];
    const other = roomKey('default', 'other');
    const wrong: readonly (readonly [string, Said])[] = [
      ['too old', { timeMs: Date.now() - REQUEST_AGE_MAX_MS - 1_000 }],
      ['from the future', { timeMs: Date.now() + REQUEST_AGE_MAX_MS + 5_000 }],
      ['signed for another room', { signedRoom: other }],
      ['signed by another', { by: new Device() }],
      ['with another body', { sent: frameOf([ada.record(LOBBY, 'another')]) }],
      ['without a claim', { headers: { Authorization: 'Bearer something' } }],
    ];
    for (const [what, said] of wrong) {
      const response = await handOver(url, ada, records, said);
      const { code, timeMs } = (await response.json()) as { code: string; timeMs: number };
      assert.deepEqual([response.status, code], [403, 'bad-proof'], what);
      assert.ok(Math.abs(timeMs - Date.now()) < REQUEST_AGE_MAX_MS, 'it tells the server’s clock');
    }
    assert.equal((await handOver(url, ada, records)).status, 200);
  }),
);

test(
  '[S15] [L1] what is no frame of records for the room is not looked at',
  running(async ({ url }) => {
    const ada = new Device();
    const other = roomKey('default', 'other');
    const record = ada.record(LOBBY, 'hello');
    const wrong: readonly (readonly [string, string])[] = [
      ['nothing', ''],
      ['no JSON', '{"type":'],
      ['another frame', JSON.stringify({ type: 'ping', room: LOBBY, nonce: 1 })],
      ['for another room', frameOf([ada.record(other, 'hello')], other)],
      ['an unknown field', JSON.stringify({ ...(JSON.parse(frameOf([record])) as object), isAdmin: true })],
      ['a record that is none', JSON.stringify({ type: 'records', room: LOBBY, records: [[1, 2, 3]] })],
      ['keys of prototypes', frameOf([record]).replace('"records":', '"__proto__":{"x":1},"records":')],
    ];
    for (const [what, body] of wrong) {
      assert.deepEqual(await refusal(await post(url, ada, body)), { status: 400, code: 'bad-frame' }, what);
    }
    const huge = await post(url, ada, `${frameOf([record])}${' '.repeat(LIMITS.frameBytesMax)}`);
    assert.equal(huge.status, 413);
    assert.equal((await post(url, ada, frameOf([record]), { room: 'default/no room' as RoomKey })).status, 400);
    assert.equal((await fetch(url + handoverPath(LOBBY))).status, 404);
  }),
);

test(
  '[S15] [O5] whoever is banned hands over nothing, and what was written under a mute is sent back',
  running(async ({ url, join, admin }) => {
    await join();
    const [ada, bob] = [new Device(), new Device()];
    for (const [device, verb] of [
      [ada, 'ban'],
      [bob, 'mute'],
    ] as const) {
      assert.equal((await admin(`users/${device.author}/${verb}`, { minutes: 5 })).status, 200);
    }
    const banned = await refusal(await handOver(url, ada, [ada.record(LOBBY, 'hello')]));
    assert.deepEqual([banned.status, banned.code], [403, 'banned']);
    assert.ok((banned.retryAfterMs ?? 0) > 0);
    const [frame] = await frames(await handOver(url, bob, [bob.record(LOBBY, 'hello')]));
    assert.deepEqual([frame?.type, frame?.type === 'refused' && frame.code], ['refused', 'muted']);
  }),
);

test(
  '[S15] [J7] where tokens are wanted, one is needed, for the room and under its name',
  running(
    async ({ url }) => {
      const ada = new Device();
      const bearing = async (claims: Record<string, unknown>): Promise<Said> => {
        const all = {
          aud: 'festival-chat',
          room: 'default/lobby',
          exp: Math.floor(Date.now() / 1_000) + 600,
          ...claims,
        };
        const jwt = new SignJWT(all).setProtectedHeader({ alg: 'HS256' });
        return { headers: { [TOKEN_HEADER]: await jwt.sign(new TextEncoder().encode(SECRET)) } };
      };
      const records = [ada.record(LOBBY, 'hello')];
      const wrong: readonly (readonly [string, Said])[] = [
        ['bad-token', {}],
        ['bad-token', { headers: { [TOKEN_HEADER]: 'x'.repeat(LIMITS.tokenLengthMax + 1) } }],
        ['bad-token', await bearing({ room: 'default/other' })],
        ['bad-token', await bearing({ exp: Math.floor(Date.now() / 1_000) - 60 })],
        ['bad-token', await bearing({ author: new Device().author })],
        ['bad-token', await bearing({ name: 'Somebody else' })],
        ['read-only', await bearing({ role: 'reader' })],
      ];
      for (const [code, said] of wrong) {
        assert.deepEqual(await refusal(await handOver(url, ada, records, said)), { status: 403, code });
      }
      const right = await bearing({ author: ada.author, name: 'Device' });
      assert.equal((await frames(await handOver(url, ada, records, right)))[0]?.type, 'placed');
    },
    { joinSecret: SECRET },
  ),
);

test(
  '[S15] too many requests of one device are told to wait, and others are not',
  running(async ({ url }) => {
    const [ada, bob] = [new Device(), new Device()];
    const records = [ada.record(LOBBY, 'hello')];
    for (let count = 0; count < RATES.handoversPerAuthor.points; count += 1) {
      assert.equal((await handOver(url, ada, records)).status, 200);
    }
    const { status, code, retryAfterMs } = await refusal(await handOver(url, ada, records));
    assert.deepEqual([status, code], [429, 'rate-limited']);
    assert.ok((retryAfterMs ?? 0) > 0);
    assert.equal((await handOver(url, bob, [bob.record(LOBBY, 'hello')])).status, 200);
  }),
);

test(
  '[S15] pages of other origins than those that may connect hand over nothing',
  running(
    async ({ url }) => {
      const preflight = (Origin: string): Promise<Response> =>
        fetch(url + handoverPath(LOBBY), { method: 'OPTIONS', headers: { Origin } });
      const good = await preflight('https://festival.example');
      assert.equal(good.status, 204);
      assert.equal(good.headers.get('access-control-allow-origin'), 'https://festival.example');
      assert.match(good.headers.get('access-control-allow-headers') ?? '', new RegExp(TOKEN_HEADER));
      assert.equal((await preflight('https://festival.example.evil')).status, 403);
      const ada = new Device();
      const evil = { headers: { Origin: 'https://festival.example.evil' } };
      assert.equal((await handOver(url, ada, [ada.record(LOBBY, 'hello')], evil)).status, 403);
    },
    { origins: ['https://festival.example'] },
  ),
);
