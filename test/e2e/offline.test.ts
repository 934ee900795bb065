// The service worker over its life, on a site of its own: installed by one line, replaced by another version while a chat
// is open, and removed without a trace.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join, normalize } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { until } from '../support/until.js';
import { startBrowser } from '../support/visitor.js';

/** A festival's site that serves the widget itself, in one version or the next. */
class Site {
  url = '';
  /** Stands in for the hash of the widget's files. */
  version = 'version-1';
  readonly asked: string[] = [];
  readonly #server: Server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://site');
    this.asked.push(pathname);
    void this.#answer(pathname).then(
      ([type, body]) => response.writeHead(200, { 'Content-Type': type, ...NEVER_KEPT[pathname] }).end(body),
      () => response.writeHead(404).end(),
    );
  });

  async start(): Promise<void> {
    await new Promise<void>((resolve) =>
      this.#server.listen(Number(new URL(this.url || 'http://x:0').port), '127.0.0.1', resolve),
    );
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  async #answer(path: string): Promise<[string, string]> {
    if (path === '/') return ['text/html', PAGE];
    if (path === '/personal' || path === '/socket.io/secret') return ['text/plain', 'not for a cache'];
    const text = await readFile(normalize(join('dist', path)), 'utf8');
    const isWorker = path === '/festival-chat-worker.js';
    return ['text/javascript', isWorker ? text.replace(/version:"\w+"/, `version:"${this.version}"`) : text];
  }
}

const NEVER_KEPT: Readonly<Record<string, Record<string, string>>> = { '/personal': { 'Cache-Control': 'no-store' } };
const PAGE = `<!doctype html><html lang="en"><title>Festival</title>
<script type="module" src="/festival-chat.js"></script>
<script type="module" src="/festival-chat-offline.js"></script>
<festival-chat display-name="Ada"></festival-chat></html>`;

let browser: Browser;
before(async () => {
  browser = await startBrowser();
});
after(() => browser.close());

const cacheNames = (page: Page): Promise<string[]> => page.evaluate(async () => (await caches.keys()).sort());
const SITE_CACHE = 'festival-chat-offline:site';

test('[Q4] the worker keeps the site and not the chat, gives way to the next version when nobody uses it, and can be removed; on another network a pairing has another code', async (t) => {
  const site = new Site();
  await site.start();
  const context = await browser.newContext();
  t.after(async () => {
    await context.close();
    await site.stop();
  });
  const page = await context.newPage();
  await page.goto(site.url);
  await until(() => page.evaluate(async () => (await caches.match(location.href)) !== undefined));
  await page.evaluate(async () => Promise.all(['/personal', '/socket.io/secret'].map((path) => fetch(path))));
  const kept = await page.evaluate(
    async (name) => (await (await caches.open(name)).keys()).map(({ url }) => new URL(url).pathname),
    SITE_CACHE,
  );
  assert.deepEqual(kept.sort(), ['/', '/festival-chat-offline.js']);

  // Another version is on the server: it waits, and the open page keeps the files of its own.
  site.version = 'version-2';
  await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
  await until(() => page.evaluate(async () => (await navigator.serviceWorker.ready).waiting !== null));
  assert.deepEqual(
    await cacheNames(page),
    [SITE_CACHE, 'festival-chat-offline:version-1', 'festival-chat-offline:version-2'].sort(),
  );
  await page.close();
  // The next visit gets it, once the browser has counted the closed page out.
  const next = await context.newPage();
  await until(async () => {
    await next.goto('about:blank');
    await next.goto(site.url);
    return (await cacheNames(next)).join() === [SITE_CACHE, 'festival-chat-offline:version-2'].join();
  });

  // The server is gone, and the page was asked for under another address.
  await site.stop();
  await next.goto(`${site.url}/?from=the-programme`);
  await next.locator('festival-chat fc-composer').waitFor();
  await next.locator('festival-chat .members').click();
  await next.getByRole('button', { name: 'Link a device nearby' }).click();
  await next.getByRole('button', { name: 'Without a camera' }).click();
  await next.locator('fc-pairing .qr').waitFor();
  // A code holds the addresses of its network.
  await context.setOffline(true);
  await next.getByText('The code has changed').waitFor();
  await context.setOffline(false);

  await site.start();
  await next.evaluate(async () => {
    await import(`${location.origin}/festival-chat-offline.js?remove`);
  });
  await until(async () => (await cacheNames(next)).length === 0);
  await until(() => next.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length === 0));
});
