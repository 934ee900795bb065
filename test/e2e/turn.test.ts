// Links over a real coturn, with the sample configuration and the credentials the server makes.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { PageServer } from '../support/page-server.js';
import { Coturn } from '../support/start-coturn.js';
import { TestServer } from '../support/start-server.js';
import { Visitor, startBrowser } from '../support/visitor.js';

let browser: Browser;
before(async () => {
  browser = await startBrowser();
});
after(() => browser.close());

/** Two visitors who may link through the relay only. */
async function relayed(
  coturnOptions: readonly string[],
  run: (parts: { coturn: Coturn; server: TestServer; ada: Visitor; bob: Visitor }) => Promise<void>,
  secret?: string,
): Promise<void> {
  const coturn = await Coturn.start(coturnOptions);
  const server = await TestServer.start({
    FESTIVAL_CHAT_TURN_URLS: coturn.url,
    FESTIVAL_CHAT_TURN_SECRET: secret ?? coturn.secret,
  });
  const pages = await PageServer.start(server.url);
  try {
    const visit = async (name: string): Promise<Visitor> => {
      const element = `mesh="manual" mesh-scope="relay" display-name="${name}"`;
      const url = `${pages.url}/?element=${encodeURIComponent(element)}`;
      const visitor = await Visitor.open(await browser.newContext(), url);
      await visitor.reaches('online');
      return visitor;
    };
    const [ada, bob] = [await visit('Ada'), await visit('Bob')];
    await ada.page.waitForFunction(() => document.querySelector('festival-chat')?.status?.members === 2);
    await run({ coturn, server, ada, bob });
  } finally {
    await Promise.all(browser.contexts().map((context) => context.close()));
    await pages.stop();
    await server.end();
    await coturn.stop();
  }
}

/** The sample denies loopback as it denies every private range; here the peers are on it. */
const LOOPBACK_ALLOWED = ['--allow-loopback-peers', '--allowed-peer-ip=127.0.0.1'];

test('[M10] a relay-only pair links through coturn, and is not counted as peer to peer', () =>
  relayed(LOOPBACK_ALLOWED, async ({ server, ada, bob }) => {
    assert.deepEqual(await ada.upgrade(), { connected: 1, attempted: 1 });
    await bob.reaches('online', 1);
    await ada.write('through the relay');
    await bob.sees('through the relay');
    assert.equal((await bob.messages())[0]?.path.route, 'p2p');
    await ada.page.waitForFunction(() => {
      const [link] = document.querySelector('festival-chat')?.getConnectionDiagnostics().links ?? [];
      return link?.transport?.localCandidate === 'relay' && link.transport.remoteCandidate === 'relay';
    });
    // Until the report of the message is in, so is one of the link.
    let status = await server.meshStatus();
    while (status.p2pMessageCount === 0) status = await server.meshStatus();
    assert.deepEqual([status.activeP2PConnections, status.currentP2PUsers, status.successfulP2PConnections], [0, 0, 0]);
    await Promise.all([ada, bob].map((visitor) => visitor.hadNoProblems()));
  }));

test('[M10] the sample configuration relays to no private address', () =>
  relayed([], async ({ coturn, ada, bob }) => {
    assert.deepEqual(await ada.upgrade(), { connected: 0, attempted: 1 });
    assert.match(coturn.log, /ALLOCATE processed, success/);
    assert.match(coturn.log, /peer .*denied|CREATE_PERMISSION processed, error 403|Forbidden IP/i);
    await ada.write('over the server then');
    await bob.sees('over the server then');
  }));

test('[M10] coturn takes no credentials of another secret', () =>
  relayed(
    LOOPBACK_ALLOWED,
    async ({ coturn, ada }) => {
      assert.deepEqual(await ada.upgrade(), { connected: 0, attempted: 1 });
      assert.doesNotMatch(coturn.log, /ALLOCATE processed, success/);
      assert.match(coturn.log, /error 401/);
    },
    'another secret altogether',
  ));
