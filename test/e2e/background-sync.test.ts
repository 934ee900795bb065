// What was written and carried while the server was away is handed over by the service worker when the page is closed: no
// page is open when the server comes back.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { HANDOVER_TAG } from '../../src/protocol/handover.js';
import { TestServer } from '../support/start-server.js';
import { until } from '../support/until.js';
import { Visitor, startBrowser } from '../support/visitor.js';

let browser: Browser;
let server: TestServer;
before(async () => {
  [browser, server] = await Promise.all([startBrowser(), TestServer.start()]);
});
after(async () => {
  await browser.close();
  await server.end();
});

/** The page would open without a network, and its worker has it. */
function isKept(page: Page): Promise<boolean> {
  return page.evaluate(
    async () => (await caches.match(location.href)) !== undefined && navigator.serviceWorker.controller !== null,
  );
}

/** What the page's worker has been asked to do when there is a network. */
function tagsAsked(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const { sync } = (await navigator.serviceWorker.ready) as unknown as { sync: { getTags(): Promise<string[]> } };
    return sync.getTags();
  });
}

interface Registered {
  readonly registrations: readonly { readonly registrationId: string; readonly scopeURL: string }[];
}

/** Resolves with the id of the worker that this server's pages have. */
async function registrationOf(devtools: CDPSession): Promise<string> {
  const known = new Promise<string>((resolve) => {
    devtools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }: Registered) => {
      const own = registrations.find(({ scopeURL }) => scopeURL.startsWith(server.url));
      if (own !== undefined) resolve(own.registrationId);
    });
  });
  await devtools.send('ServiceWorker.enable');
  return known;
}

test('[S15] with the page closed, the worker hands over what it wrote and carried once the server is back, and the next visit shows it stored once', async () => {
  const context = await browser.newContext({ permissions: ['background-sync'] });
  const url = `${server.url}/?name=Ada&delay=0`;
  const ada = await Visitor.open(context, url);
  await ada.reaches('online');
  const cleo = await Visitor.open(await browser.newContext(), `${server.url}/?name=Cleo&delay=0`);
  for (const visitor of [ada, cleo]) await visitor.reaches('online', 1);
  await until(() => isKept(ada.page));
  await ada.write('while there is a server');
  await ada.ownAre('stored');
  await server.stop('SIGKILL');
  for (const visitor of [ada, cleo]) await visitor.reaches('mesh-only', 1);
  // Carried by Ada alone: this phone is gone before there is a server again.
  await cleo.write('from a phone that is gone');
  await ada.sees('from a phone that is gone');
  await cleo.hadNoProblems();
  await ada.reaches('offline');
  await ada.write('the last word');
  await ada.write('and one more');
  await until(async () => (await tagsAsked(ada.page)).includes(HANDOVER_TAG));

  // Another page of the browser, which knows nothing of the chat, only to give the browser orders.
  const devtools = await context.newCDPSession(await context.newPage());
  const registrationId = await registrationOf(devtools);
  await ada.hadNoProblems();
  await server.start();
  const bob = await Visitor.open(await browser.newContext(), `${server.url}/?name=Bob&mesh=off`);
  await bob.sees('while there is a server');
  assert.deepEqual(await bob.texts(), ['while there is a server']);
  // What the browser does by itself, some time after it has found a network.
  await devtools.send('ServiceWorker.dispatchSyncEvent', {
    ...{ origin: server.url, registrationId, tag: HANDOVER_TAG, lastChance: false },
  });
  const said = ['while there is a server', 'from a phone that is gone', 'the last word', 'and one more'];
  for (const text of said) await bob.sees(text);

  // The next visit, without a server: the device knows that it was handed over.
  await server.stop('SIGKILL');
  const again = await Visitor.open(context, url);
  await again.sees('and one more');
  await again.reaches('offline');
  assert.equal((await again.status())?.queued, 0);
  await server.start();
  await again.page.evaluate(() => document.querySelector('festival-chat')?.forceReconnect());
  for (const visitor of [again, bob]) {
    await visitor.reaches('online');
    assert.deepEqual(await visitor.texts(), said);
  }
  await again.ownAre('stored');
  for (const visitor of [again, bob]) await visitor.hadNoProblems();
});
