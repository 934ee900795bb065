// A server that is not the one this page knew: of another version, or started afresh with nothing.

import assert from 'node:assert/strict';
import { createServer as createHttp } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { Server } from 'socket.io';
import { createServer } from '../../server/server.js';
import { ChatClient } from '../../src/engine/chat-client.js';
import { PROTOCOL_VERSION } from '../../src/protocol/limits.js';
import { until } from '../support/until.js';
import { freePort } from '../support/free-port.js';
import { when } from '../support/when.js';

test('[V1] a server of another version is told in the status, and is not tried again by itself', async (t: TestContext) => {
  // No wait before a socket is opened again: a client that loops would do so at once.
  t.mock.method(Math, 'random', () => 0);
  const http = createHttp();
  const server = new Server(http);
  t.after(() => server.close());
  let sockets = 0;
  let version = PROTOCOL_VERSION + 1;
  server.on('connection', (socket) => {
    sockets += 1;
    const welcome = { type: 'welcome', version, nonce: 'n'.repeat(22), timeMs: Date.now() };
    socket.emit('frame', welcome);
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const ada = new ChatClient({
    server: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    displayName: 'Ada',
  });
  t.after(() => ada.stop());
  ada.start();
  await when(ada, () => ada.status.reason === 'version-mismatch' && ada.status.websocket === 'disconnected');
  // What is written is kept, and does not shorten a wait that there is none of.
  assert.equal((await ada.sendMessage('until the page is loaded anew')).delivery.state, 'queued');
  assert.equal(ada.status.reason, 'version-mismatch');
  version = PROTOCOL_VERSION;
  ada.forceReconnect();
  await until(() => sockets > 1);
  assert.equal(sockets, 2);
});

test('[S6] a server that was wiped is filled again by those who are there, and nobody sees a message twice', async (t: TestContext) => {
  const port = await freePort();
  const first = createServer({ port, data: ':memory:' });
  t.after(() => first.close());
  await first.listen();
  const ada = new ChatClient({ server: `http://127.0.0.1:${port}`, displayName: 'Ada' });
  const bob = new ChatClient({ server: `http://localhost:${port}`, displayName: 'Bob' });
  t.after(() => Promise.all([ada.stop(), bob.stop()]));
  ada.start();
  bob.start();
  await ada.sendMessage('before the flood');
  await when(bob, () => bob.messages.length === 1);
  await when(ada, () => ada.messages[0]?.delivery.state === 'stored');
  await first.close();
  const second = createServer({ port, data: ':memory:' });
  t.after(() => second.close());
  await second.listen();
  await when(ada, () => ada.status.connection === 'online' && ada.messages[0]?.delivery.state === 'stored');
  const cleo = new ChatClient({ server: `http://127.0.0.2:${port}`, displayName: 'Cleo' });
  t.after(() => cleo.stop());
  await ada.stop();
  cleo.start();
  await when(cleo, () => cleo.messages.length === 1);
  await when(bob, () => bob.status.connection === 'online');
  assert.equal(bob.messages.length, 1);
  assert.equal(cleo.messages.at(0)?.delivery.state, 'stored');
});
