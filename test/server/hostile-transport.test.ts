// What is no chat at all: bytes, fragments and requests made to hurt. The server closes them and serves the others.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { connect as connectTcp } from 'node:net';
import type { Socket as TcpSocket } from 'node:net';
import { test } from 'node:test';
import { running } from '../support/running-server.js';
import type { Running } from '../support/running-server.js';

/** A frame as a client masks it, with a mask of zeros. */
function masked(opcode: number, isLast: boolean, payload: string): Buffer {
  const body = Buffer.from(payload);
  return Buffer.concat([Buffer.from([(isLast ? 0x80 : 0) | opcode, 0x80 | body.length, 0, 0, 0, 0]), body]);
}

/** A WebSocket whose bytes are ours to choose. */
async function upgraded(url: string): Promise<TcpSocket> {
  const socket = connectTcp(Number(new URL(url).port), '127.0.0.1');
  // A server that closes while we write resets the connection: that is what is wanted.
  socket.on('error', () => undefined);
  const key = randomBytes(16).toString('base64');
  socket.write(
    `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: chat\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
  );
  await new Promise((resolve) => socket.once('data', resolve));
  return socket;
}

/** Engine.io's ping. Nobody here answers one, so a socket that gets it is closed a while later, whatever it sent. */
const PING = Buffer.from([0x81, 1, 0x32]);

/** Writes them all, and waits until the other side closes. Resolves with what that had to say until then. */
async function closedBy(socket: TcpSocket, pieces: Iterable<Buffer>): Promise<Buffer> {
  const heard: Buffer[] = [];
  socket.on('data', (bytes: Buffer) => heard.push(bytes));
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  for (const piece of pieces) {
    if (socket.destroyed || !socket.writable) break;
    if (!socket.write(piece)) await Promise.race([closed, new Promise((resolve) => socket.once('drain', resolve))]);
  }
  await closed;
  return Buffer.concat(heard);
}

/** Closed for these bytes, and not because no ping was answered. */
async function endItsSocket(url: string, what: string, pieces: Iterable<Buffer>): Promise<void> {
  const heard = await closedBy(await upgraded(url), pieces);
  assert.ok(!heard.includes(PING), `${what}: the socket went on until it was pinged`);
}

async function stillServes({ join }: Running): Promise<void> {
  const [ada, bob] = [await join(), await join()];
  ada.publish([ada.device.record(ada.room, 'still here')]);
  await bob.next('records');
}

const BATCH = 1_000;

test(
  'a message in a million fragments of one byte ends its socket',
  running(async (parts) => {
    const fragments = Buffer.concat(Array.from({ length: BATCH }, () => masked(0, false, 'x')));
    function* pieces(): Generator<Buffer> {
      yield masked(1, false, '4');
      for (let count = 0; count < 1_000; count += 1) yield fragments;
    }
    await endItsSocket(parts.url, 'the fragments', pieces());
    await stillServes(parts);
  }),
);

test(
  'a message in a million empty fragments ends its socket',
  running(async (parts) => {
    const fragments = Buffer.concat(Array.from({ length: BATCH }, () => masked(0, false, '')));
    function* pieces(): Generator<Buffer> {
      yield masked(1, false, '4');
      for (let count = 0; count < 1_000; count += 1) yield fragments;
    }
    await endItsSocket(parts.url, 'the fragments', pieces());
    await stillServes(parts);
  }),
);

test(
  'bytes that are no frames, packets that are none of the protocol’s, and names of its own events end their sockets',
  running(async (parts) => {
    const binaryEvent = masked(1, true, '452-["frame",{"_placeholder":true,"num":9}]');
    const part = masked(2, true, 'part');
    const table: readonly (readonly [what: string, bytes: Buffer])[] = [
      ['noise', randomBytes(4_096)],
      ['an unmasked frame', Buffer.from([0x81, 1, 0x34])],
      ['an engine packet of no type', masked(1, true, 'z')],
      ['a socket packet of no type', masked(1, true, '49')],
      ['text where a binary event has its parts', Buffer.concat([binaryEvent, masked(1, true, '42["frame"]')])],
      ['a binary event that names a part it has not', Buffer.concat([binaryEvent, part, part])],
      ['a reserved event', Buffer.concat([masked(1, true, '40'), masked(1, true, '42["disconnect"]')])],
      ['an event that is none', Buffer.concat([masked(1, true, '40'), masked(1, true, '42{"__proto__":[]}')])],
    ];
    await Promise.all(table.map(([what, bytes]) => endItsSocket(parts.url, what, [bytes])));
    assert.equal(({} as Record<string, unknown>)['type'], undefined);
    await stillServes(parts);
  }),
);

test(
  'requests made to hurt are answered or closed',
  running(async (parts) => {
    const { url } = parts;
    const port = Number(new URL(url).port);
    for (const text of [
      'NONSENSE\r\n\r\n',
      `GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: chat\r\n\r\n`,
      `GET / HTTP/1.1\r\nHost: chat\r\n${'X-Filler: y\r\n'.repeat(3_000)}\r\n`,
      'POST /admin/mesh HTTP/1.1\r\nHost: chat\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      'GET / HTTP/1.1\r\nHost: chat\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
    ]) {
      const socket = connectTcp(port, '127.0.0.1');
      socket.on('error', () => undefined);
      await closedBy(socket, [Buffer.from(text)]);
    }
    for (const path of [
      '/%',
      '/demo/%ff',
      '/chunks/%00',
      '/socket.io/?EIO=4&transport=polling&sid=guess',
      '/socket.io/?EIO=9',
    ]) {
      const { status } = await fetch(url + path);
      assert.ok(status >= 400 && status < 500, `${path} answers ${status}`);
    }
    await stillServes(parts);
  }),
);

test(
  'an upgrade whose connection is reset while it is refused ends nothing else',
  running(
    async ({ url }) => {
      const port = Number(new URL(url).port);
      const reset = async (path: string): Promise<void> => {
        const socket = connectTcp(port, '127.0.0.1');
        const closed = new Promise((resolve) => socket.once('close', resolve));
        socket.on('error', () => undefined);
        const headers = 'Host: chat\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nOrigin: https://evil.example';
        socket.write(`GET ${path} HTTP/1.1\r\n${headers}\r\n\r\n`, () => socket.resetAndDestroy());
        await closed;
      };
      for (const path of ['/socket.io/?EIO=4&transport=websocket', '/elsewhere']) {
        for (let count = 0; count < 300; count += 1) await reset(path);
      }
      assert.equal((await fetch(`${url}/healthz`)).status, 200);
    },
    { origins: ['https://festival.example'] },
  ),
);
