// The service worker over its life, on a site of its own: installed by one line, replaced by another version while a chat
// is open, and removed without a trace.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join, normalize } from 'node:path';
import { after, before, test } from 'node:test';
import type { TestContext } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { ChatClient } from '../../src/engine/chat-client.js';
import { TestServer } from '../support/start-server.js';
import { until } from '../support/until.js';
import { startBrowser } from '../support/visitor.js';

/** A festival's site that serves the widget itself, in one version or the next. */
class Site {
  url = '';
  /** Stands in for the hash of the widget's files. */
  version = 'version-1';
  /** Pages and files of the site's own, by path: content type and text. */
  readonly files = new Map<string, readonly [type: string, text: string]>([['/', ['text/html', PAGE]]]);
  /** Sent with the answers for some paths. */
  readonly headers = new Map<string, Record<string, string>>([['/personal', { 'Cache-Control': 'no-store' }]]);
  /** Nobody is behind the proxy. */
  isDead = false;
  /** Answers come when this is resolved. */
  delay: Promise<void> = Promise.resolve();
  readonly asked: string[] = [];
  readonly #server: Server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://site');
    this.asked.push(pathname);
    if (this.isDead) return void response.writeHead(502, { 'Content-Type': 'text/html' }).end('<h1>Bad Gateway</h1>');
    if (pathname === '/events') {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' }).write('data: first\n\n');
      return;
    }
    const answer = this.delay.then(() => this.#answer(pathname));
    void answer.then(
      ([type, body]) =>
        response
          .writeHead(200, {
            ...{ 'Content-Type': type, 'Access-Control-Allow-Origin': '*' },
            ...this.headers.get(pathname),
          })
          .end(body),
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

  async #answer(path: string): Promise<readonly [string, string]> {
    const own = this.files.get(path);
    if (own !== undefined) return own;
    if (path === '/personal' || path === '/socket.io/secret') return ['text/plain', 'not for a cache'];
    const text = await readFile(normalize(join('dist', path)), 'utf8');
    const isWorker = path === '/festival-chat-worker.js';
    return ['text/javascript', isWorker ? text.replace(/version:"\w+"/, `version:"${this.version}"`) : text];
  }
}

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

/**
 * Opens a site's first page in a browser of its own, until its worker has the page.
 * @param prepare changes the device before
 */
async function visit(
  t: TestContext,
  site: Site,
  prepare: (context: BrowserContext) => Promise<unknown> = () => Promise.resolve(),
): Promise<Page> {
  const context = await browser.newContext();
  await prepare(context);
  t.after(async () => {
    await context.close();
    await site.stop();
  });
  const page = await context.newPage();
  await page.goto(site.url);
  await until(() => isKept(page, '/'));
  return page;
}

function isKept(page: Page, path: string): Promise<boolean> {
  return page.evaluate(
    async (url) => navigator.serviceWorker.controller !== null && (await caches.match(url)) !== undefined,
    path,
  );
}

const textOf = (page: Page, path: string): Promise<string> =>
  page.evaluate(async (url) => (await fetch(url)).text(), path);

test('[Q4] the worker keeps the site and not the chat, gives way to the next version when nobody uses it, and can be removed; on another network a pairing has another code', async (t) => {
  const site = new Site();
  await site.start();
  const page = await visit(t, site);
  const context = page.context();
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

test('[Q4] what the worker cannot keep reaches the page all the same, and a stream as it comes', async (t) => {
  const site = new Site();
  site.files.set('/programme', ['text/plain', 'Friday']);
  await site.start();
  const page = await visit(t, site);
  assert.equal(await textOf(page, '/programme'), 'Friday');
  await until(() => isKept(page, '/programme'));
  // No cache takes an answer that varies by everything: as when the phone is full.
  site.files.set('/programme', ['text/plain', 'Saturday']);
  site.headers.set('/programme', { Vary: '*' });
  assert.equal(await textOf(page, '/programme'), 'Saturday');
  const first = await page.evaluate(async () => {
    const reader = (await fetch('/events')).body?.getReader();
    const { value } = (await reader?.read()) ?? {};
    await reader?.cancel();
    return new TextDecoder().decode(value);
  });
  assert.equal(first, 'data: first\n\n');
  await site.stop();
  assert.equal(await textOf(page, '/programme'), 'Friday', 'the last copy that could be kept');
  await site.start();
});

test('[Q4] behind a proxy whose server is gone, the page opens as it was kept', async (t) => {
  const site = new Site();
  await site.start();
  const page = await visit(t, site);
  site.isDead = true;
  await page.reload();
  await page.locator('festival-chat fc-composer').waitFor();
});

test('[Q4] a page that is slow to come is waited for, and no other is shown in its place', async (t) => {
  const site = new Site();
  site.files.set('/tickets', ['text/html', '<title>Tickets</title>']);
  await site.start();
  const page = await visit(t, site);
  let release = (): void => undefined;
  site.delay = new Promise((resolve) => (release = resolve));
  const tickets = page.goto(`${site.url}/tickets`);
  await until(() => site.asked.includes('/tickets'));
  // When a page that is kept is shown without an answer, the other has had as long.
  const home = await page.context().newPage();
  await home.goto(site.url);
  release();
  await tickets;
  assert.equal(await page.title(), 'Tickets');
  assert.equal(await home.title(), 'Festival');
});

test('[Q4] a site of another origin keeps its own files whatever they are called, and fetches them for it on the first visit only', async (t) => {
  const chat = new Site();
  await chat.start();
  t.after(() => chat.stop());
  const site = new Site();
  const scripts = ['festival-chat.js', 'festival-chat-offline.js'].map(
    (name) => `<script type="module" src="${chat.url}/${name}"></script>`,
  );
  site.files.set('/', [
    'text/html',
    `<!doctype html><title>Site</title>${scripts.join('')}<script src="/site.js"></script>`,
  ]);
  site.files.set('/site.js', ['text/javascript', '']);
  site.files.set('/photos/hill.txt', ['text/plain', 'The hill']);
  const line = `importScripts('${chat.url}/festival-chat-worker.js');`;
  site.files.set('/festival-chat-worker.js', ['text/javascript', line]);
  await site.start();
  const page = await visit(t, site);
  await textOf(page, '/photos/hill.txt');
  await until(() => isKept(page, '/photos/hill.txt'));

  site.asked.splice(0);
  await page.reload();
  await page.evaluate(async () => {
    const { controller, ready } = navigator.serviceWorker;
    // Answered after what the page's own script has asked for.
    await navigator.serviceWorker.register(controller?.scriptURL ?? '');
    (await ready).active?.postMessage({ urls: [`${location.origin}/photos/hill.txt`] });
  });
  await until(() => site.asked.includes('/photos/hill.txt'));
  assert.equal(site.asked.filter((path) => path === '/site.js').length, 1);
});

/** As on Android and on an iPhone's home screen: pages may not notify, their workers may. */
async function letOnlyWorkersNotify(context: BrowserContext): Promise<void> {
  await context.grantPermissions(['notifications']);
  await context.addInitScript(() => {
    window.Notification = new Proxy(Notification, {
      construct() {
        throw new TypeError('Illegal constructor');
      },
    });
  });
}

/**
 * Nobody can tap in a browser without a screen: this is what it tells the worker then, and what only a tap allows. A page
 * that the worker wants opened is `wanted`, and opens when the test has opened it.
 */
async function tap(page: Page): Promise<void> {
  const [worker] = page.context().serviceWorkers();
  await worker?.evaluate(`(async () => {
    ExtendableEvent.prototype.waitUntil = () => undefined;
    WindowClient.prototype.focus = function () { return Promise.resolve(this); };
    Clients.prototype.openWindow = async function (url) {
      self.wanted = String(url);
      let opened;
      while (opened === undefined) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        opened = (await this.matchAll({ includeUncontrolled: true })).find((client) => client.url === self.wanted);
      }
      return opened;
    };
    const [notification] = await registration.getNotifications();
    dispatchEvent(new NotificationEvent('notificationclick', { notification }));
  })()`);
}

test('where only workers may notify, the chat’s does while nobody looks; a tap on it opens the chat, and looking puts it away, after a reload as well', async (t) => {
  const server = await TestServer.start();
  const bob = new ChatClient({ server: server.url, displayName: 'Bob', mesh: 'off' });
  t.after(async () => {
    await bob.stop();
    await server.end();
  });
  const site = new Site();
  const element = `<festival-chat server="${server.url}" mesh="off" mode="floating" display-name="Ada">`;
  site.files.set('/', ['text/html', PAGE.replace('<festival-chat display-name="Ada">', element)]);
  await site.start();
  const page = await visit(t, site, letOnlyWorkersNotify);
  const chat = page.locator('festival-chat');
  await chat.evaluate((element: HTMLElementTagNameMap['festival-chat']) => element.openChat());
  await chat.locator('.members').click();
  await page.getByRole('switch', { name: 'Notifications' }).check();
  await page.keyboard.press('Escape');
  await chat.evaluate((element: HTMLElementTagNameMap['festival-chat']) => element.closeChat());
  const look = (isHidden: boolean): Promise<unknown> =>
    page.evaluate((hidden) => {
      Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    }, isHidden);
  const shown = (): Promise<string> =>
    page.evaluate(async () =>
      (await (await navigator.serviceWorker.ready).getNotifications())
        .map(({ title, body }) => `${title}: ${body}`)
        .join(),
    );
  await look(true);
  bob.start();
  await bob.sendMessage('Where are you?');
  await until(async () => (await shown()) === 'Bob: Where are you?');
  await bob.sendMessage('At the tap.');
  await until(async () => (await shown()) === 'Bob: At the tap.');

  await tap(page);
  await page.waitForFunction(() => document.querySelector('festival-chat')?.open === true);
  await until(async () => (await shown()) === '');

  await bob.sendMessage('Still there?');
  await until(async () => (await shown()) === 'Bob: Still there?');
  await look(false);
  await until(async () => (await shown()) === '');

  await look(true);
  await bob.sendMessage('Hello?');
  await until(async () => (await shown()) === 'Bob: Hello?');
  await page.reload();
  await until(async () => (await shown()) === '');
});

test('a tap on a notification opens the chat in the page that has shown it, also while that is loading, and in the one that is opened for it', async (t) => {
  const site = new Site();
  const element = '<festival-chat mode="floating" display-name="Ada">';
  site.files.set('/', ['text/html', PAGE.replace('<festival-chat display-name="Ada">', element)]);
  site.files.set('/loading', ['text/html', element]);
  await site.start();
  const first = await visit(t, site, async (context) => {
    await context.grantPermissions(['notifications']);
    // Nobody looks, so that no page puts away what another is to be tapped for.
    await context.addInitScript(() => Object.defineProperty(document, 'hidden', { value: true }));
  });
  const context = first.context();
  const open = async (path: string): Promise<Page> => {
    const page = await context.newPage();
    await page.goto(`${site.url}${path}`);
    return page;
  };
  const notify = (page: Page, path: string): Promise<void> =>
    page.evaluate(
      async ([tag, data]) => (await navigator.serviceWorker.ready).showNotification('Noor', { tag, data }),
      [`festival-chat:festival-chat:${site.url}:default:lobby`, `${site.url}${path}`] as const,
    );
  const isOpen = (page: Page): Promise<boolean> =>
    page.evaluate(() => document.querySelector('festival-chat')?.open === true);

  const paths = ['/?stage=main', '/?stage=camp', '/?stage=camp#map'];
  const pages = await Promise.all(paths.map(open));
  for (const page of pages)
    await page.locator('festival-chat .root > [role=status]').first().waitFor({ state: 'attached' });
  const tapped = [...paths, '/?stage=main#programme'];
  for (const [index, path] of tapped.entries()) {
    const page = pages[index % pages.length] ?? first;
    await notify(first, path);
    await tap(first);
    await until(() => isOpen(page));
    assert.deepEqual((await Promise.all([first, ...pages].map(isOpen))).filter(Boolean), [true], path);
    await page.evaluate(() => document.querySelector('festival-chat')?.closeChat());
  }

  const loading = await open('/loading');
  await notify(first, '/loading');
  await tap(first);
  await loading.addScriptTag({ type: 'module', url: '/festival-chat.js' });
  await until(() => isOpen(loading));

  for (const page of pages) await page.close();
  await first.goto(`${site.url}/loading`);
  await notify(first, '/?stage=main');
  await tap(first);
  const opened = await open('/?stage=main');
  await until(() => isOpen(opened));
});
