// Who answers in the server's name: the real server, and others that answer in its place.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { ServerProbe, whoAnswers } from '../../src/engine/care/server-probe.js';
import type { ChatStatus } from '../../src/core/chat-view.js';
import { STARTING } from '../../src/engine/client-defaults.js';
import { running } from '../support/running-server.js';
import { until } from '../support/until.js';

async function answering(listener: RequestListener, run: (url: string) => Promise<void>): Promise<void> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await run(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

test(
  'the server answers with the nonce it was asked with',
  running(async ({ url }) => assert.equal(await whoAnswers(url), 'ours')),
);

const STRANGERS: readonly (readonly [string, RequestListener, string])[] = [
  ['a sign-in page that answers 200', (_, response) => void response.end('<html>Sign in</html>'), 'other'],
  [
    'a sign-in page that says everything is alive',
    (_, response) => void response.end(JSON.stringify({ status: 'alive', nonce: 'AAAAAAAAAAAAAAAA' })),
    'other',
  ],
  [
    'a sign-in page elsewhere',
    (_, response) => void response.writeHead(302, { Location: 'http://127.0.0.1:9/sign-in' }).end(),
    'other',
  ],
  ['a network that wants a sign-in, by its code', (_, response) => void response.writeHead(511).end(), 'other'],
  ['a proxy whose server is down', (_, response) => void response.writeHead(502).end('Bad Gateway'), 'front'],
];

for (const [what, listener, answer] of STRANGERS) {
  test(`${what}: ${answer}`, () => answering(listener, async (url) => assert.equal(await whoAnswers(url), answer)));
}

test('nobody: nothing', async () => {
  let free = '';
  await answering(
    () => undefined,
    (url) => Promise.resolve(void (free = url)),
  );
  assert.equal(await whoAnswers(free), 'nothing');
});

test('nobody is asked while there is a socket, nor right after it was lost', () => {
  let asked = 0;
  return answering(
    (_, response) => {
      asked += 1;
      response.end('Sign in');
    },
    async (url) => {
      const probe = new ServerProbe(url);
      const lost: ChatStatus = { ...STARTING, websocket: 'disconnected' };
      probe.look({ ...STARTING, websocket: 'connected' }, 0);
      assert.equal(probe.answer, 'ours');
      probe.look(lost, 1_000);
      probe.look(lost, 4_000);
      assert.equal(probe.answer, 'unknown');
      assert.equal(asked, 0);
      probe.look(lost, 5_000);
      probe.look(lost, 6_000);
      await until(() => probe.answer === 'other');
      assert.equal(asked, 1);
    },
  );
});
