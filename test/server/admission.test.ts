// Who may open a socket, on both transports, and what a stranger learns by trying.

import assert from 'node:assert/strict';
import { IncomingMessage } from 'node:http';
import { connect as connectTcp } from 'node:net';
import type { Socket as TcpSocket } from 'node:net';
import { test } from 'node:test';
import { queryObjects } from 'node:v8';
import { addressOf } from '../../server/address.js';
import { SERVER_LIMITS } from '../../server/limits.js';
import { RawClient } from '../support/device.js';
import { running } from '../support/running-server.js';
import { until } from '../support/until.js';

test(
  'only listed origins connect, on both transports',
  running(
    async ({ url }) => {
      const tries = [
        'https://evil.example',
        'null',
        'https://festival.example.evil.example',
        'http://festival.example',
      ];
      for (const transport of ['websocket', 'polling']) {
        for (const origin of tries) {
          const client = new RawClient(url, 'lobby', { transports: [transport], extraHeaders: { Origin: origin } });
          await new Promise<void>((resolve, reject) => {
            client.socket.once('connect_error', () => resolve());
            client.socket.once('connect', () => reject(new Error(`${origin} got in by ${transport}`)));
          });
          client.close();
        }
        const guest = new RawClient(url, 'lobby', {
          transports: [transport],
          extraHeaders: { Origin: 'https://festival.example' },
        });
        await guest.join();
        guest.close();
      }
    },
    { origins: ['https://festival.example'] },
  ),
);

const HANDSHAKE = 'socket.io/?EIO=4&transport=polling';

test(
  'a socket beyond the most is refused before it is made, with a time to come back, and readiness says so',
  running(
    async ({ url, join, admin }) => {
      await join();
      await join();
      const answer = await fetch(`${url}/${HANDSHAKE}`);
      assert.equal(answer.status, 503);
      const { low, high } = SERVER_LIMITS.turnedAwaySeconds;
      const seconds = Number(answer.headers.get('retry-after'));
      assert.ok(seconds >= low && seconds < high, `come back in ${seconds} s`);
      const ready = await fetch(`${url}/readyz`);
      assert.equal(ready.status, 503);
      assert.deepEqual(await ready.json(), { status: 'not ready', reasons: ['full'] });
      assert.equal((await fetch(`${url}/healthz`)).status, 200, 'full is alive');
      const refused = new RawClient(url);
      await new Promise((resolve) => refused.socket.once('connect_error', resolve));
      refused.close();
      const { body } = await admin('analytics');
      assert.deepEqual(body['turnedAway'], { full: 2 });
      assert.deepEqual(body['sockets'], { current: 2, peak: 2 });
    },
    { connectionsMax: 2 },
  ),
);

test(
  'no more sockets are admitted in one second than the server can take',
  running(async ({ url, admin }) => {
    // In one packet train, so that they all come within a second or two however slow the machine is.
    const socket = connectTcp(Number(new URL(url).port), '127.0.0.1');
    socket.write(`GET /${HANDSHAKE} HTTP/1.1\r\nHost: chat\r\n\r\n`.repeat(SERVER_LIMITS.socketsPerSecond * 3));
    let answers = '';
    socket.setEncoding('utf8').on('data', (text: string) => (answers += text));
    await new Promise((resolve) => socket.once('close', resolve));
    const admitted = answers.split('HTTP/1.1 200').length - 1;
    assert.ok(admitted >= SERVER_LIMITS.socketsPerSecond && admitted <= 2 * SERVER_LIMITS.socketsPerSecond);
    assert.match(answers, /HTTP\/1\.1 503 [^]*retry-after: \d+/i);
    assert.ok(((await admin('analytics')).body['turnedAway'] as { busy: number }).busy > 0);
  }),
);

test(
  'connections that never say anything are closed, and a visitor gets in meanwhile',
  running(async ({ url, join }) => {
    const port = Number(new URL(url).port);
    const mute = Array.from({ length: 500 }, () => connectTcp(port, '127.0.0.1'));
    const ended = Promise.all(mute.map((socket) => new Promise((resolve) => socket.resume().once('close', resolve))));
    await Promise.all(mute.map((socket) => new Promise((resolve) => socket.once('connect', resolve))));
    mute
      .slice(0, 250)
      .forEach((socket: TcpSocket) => socket.write('GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\n'));
    await join();
    await ended;
  }),
);

test(
  'rooms cannot be enumerated: one that is there and one that is not answer alike',
  running(async ({ join, url }) => {
    await join('there');
    const stranger = await join('elsewhere');
    const ask = async (room: string): Promise<unknown> => {
      stranger.send({ type: 'ping', room: `default/${room}`, nonce: 1 });
      const { code, message } = await stranger.next('refused');
      return { code, message };
    };
    assert.deepEqual(await ask('there'), await ask('not-there'));
    for (const path of ['/admin/rooms', '/admin/rooms/default%2Fthere', '/admin/users', '/admin/activity']) {
      assert.equal((await fetch(url + path)).status, 401, path);
    }
  }),
);

test('an address is taken from the proxies that are trusted, and from nobody else', () => {
  const request = (forwarded: string | undefined) =>
    ({ headers: { 'x-forwarded-for': forwarded }, socket: { remoteAddress: '10.0.0.9' } }) as never;
  const table: readonly (readonly [forwarded: string | undefined, proxies: number, address: string])[] = [
    ['6.6.6.6, 192.0.2.7', 0, '10.0.0.9'],
    ['6.6.6.6, 192.0.2.7', 1, '192.0.2.7'],
    ['6.6.6.6, 192.0.2.7, 10.1.1.1', 2, '192.0.2.7'],
    ['192.0.2.7', 2, '10.0.0.9'],
    [undefined, 1, '10.0.0.9'],
  ];
  for (const [forwarded, proxies, address] of table) assert.equal(addressOf(request(forwarded), proxies), address);
});

/** Opens a socket by hand, as far as the session: what a client library keeps of it is not the server's. */
function openByHand(port: number): Promise<TcpSocket> {
  const key = Buffer.alloc(16).toString('base64');
  const head = `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`;
  // “40”, engine.io's message with socket.io's connect, masked with zeros.
  const hello = Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0x34, 0x30]);
  return new Promise((resolve, reject) => {
    const socket = connectTcp(port, '127.0.0.1', () => socket.write(head));
    let heard = '';
    socket.on('error', reject);
    socket.on('data', (bytes) => {
      const isFirst = !heard.includes('\r\n\r\n');
      heard += bytes.toString('latin1');
      if (isFirst && heard.includes('\r\n\r\n')) socket.write(hello);
      if (heard.includes('40{"sid"')) resolve(socket);
    });
  });
}

test(
  'of the request that opened a socket nothing is kept: it is a third of what an idle connection would take',
  running(async ({ url }) => {
    const before = queryObjects(IncomingMessage, { format: 'count' });
    const sockets = await Promise.all(Array.from({ length: 8 }, () => openByHand(Number(new URL(url).port))));
    await until(() => queryObjects(IncomingMessage, { format: 'count' }) <= before);
    for (const socket of sockets) {
      assert.equal(socket.readyState, 'open');
      socket.destroy();
    }
  }),
);
