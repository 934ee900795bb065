// The service worker: opens the festival's page and the chat without a network. Keeps two things apart: this version of
// the widget, complete and never changed while it is in use, and the site's own files as they were seen last.
// What the chat says never passes through a cache.

import { HANDOVER_TAG } from '../protocol/handover.js';
import { isChatTraffic, mayKeep } from './keeping.js';
import type { KeepMessage } from './keeping.js';
import { NOTICE_PREFIX } from './notice.js';
import type { AskMessage, OpenMessage } from './notice.js';
import { handOverOutboxes } from './outbox.js';

/** Written in by the build: the widget's files, and a hash over them. */
declare const BUNDLE: { readonly files: readonly string[]; readonly version: string };

const worker = self as unknown as ServiceWorkerGlobalScope;

/** Where the widget is: beside this script, or where the site's own worker has it from. */
const base = new URL(worker.location.href).searchParams.get('from') ?? worker.location.href;
const chatOrigin = new URL(base).origin;
const bundle = new Set(BUNDLE.files.map((file) => new URL(file, base).href));

const PREFIX = 'festival-chat-offline:';
const BUNDLE_CACHE = `${PREFIX}${BUNDLE.version}`;
const SITE_CACHE = `${PREFIX}site`;
/** The site's files that are kept; the longest kept go first. */
const SITE_FILES_MAX = 200;
/** On one bar of signal an answer may take for ever: what was kept is shown after this, milliseconds. */
const PATIENCE_MS = 4_000;
/** From a tap until its page listens, at most; Chrome lets a worker live for five times as long. */
const LISTENING_MAX_MS = 60_000;
/** How alike a page's address and that of a notification are, the most first: fragment and query may have changed since. */
const LIKENESS: readonly ((url: URL) => string)[] = [
  ({ href }) => href,
  ({ pathname, search }) => pathname + search,
  ({ pathname }) => pathname,
];

/** By the tag that was tapped, no longer than it may take until the page listens. */
const taps = new Map<string, Promise<WindowClient | null>>();

worker.addEventListener('install', (event) => event.waitUntil(keepBundle()));
worker.addEventListener('activate', (event) => event.waitUntil(dropOldBundles().then(() => worker.clients.claim())));
worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || request.headers.has('range') || isChatTraffic(url, chatOrigin)) return;
  if (bundle.has(`${url.origin}${url.pathname}`)) event.respondWith(fromBundle(request));
  else if (url.origin === worker.location.origin) event.respondWith(fromSite(event));
});
// Background sync, where the browser has it: the compiler does not know the event yet.
worker.addEventListener('sync' as keyof ServiceWorkerGlobalScopeEventMap, (event) => {
  const sync = event as ExtendableEvent & { readonly tag: string };
  if (sync.tag === HANDOVER_TAG) sync.waitUntil(handOverOutboxes());
});
worker.addEventListener('notificationclick', (event) => {
  const { notification } = event;
  if (!notification.tag.startsWith(NOTICE_PREFIX)) return;
  notification.close();
  event.waitUntil(openNotified(notification));
});
worker.addEventListener('message', (event) => {
  // The site's own worker, of which this may be a part, has messages of its own.
  const { urls, asks } = (event.data ?? {}) as Partial<KeepMessage & AskMessage>;
  if (urls !== undefined) event.waitUntil(keepSite(urls));
  if (asks !== undefined && event.source instanceof Client) event.waitUntil(answer(asks, event.source));
});

/** All of it, or the worker is not installed: half a widget would not open. */
async function keepBundle(): Promise<void> {
  const cache = await caches.open(BUNDLE_CACHE);
  await cache.addAll(
    [...bundle].map((url) => new Request(url, { mode: 'cors', credentials: 'omit', cache: 'no-cache' })),
  );
}

/** Runs when no page uses the old version any more. */
async function dropOldBundles(): Promise<void> {
  const old = (await caches.keys()).filter(
    (name) => name.startsWith(PREFIX) && ![BUNDLE_CACHE, SITE_CACHE].includes(name),
  );
  await Promise.all(old.map((name) => caches.delete(name)));
}

/** Files named by their content come from the cache; the one that names them comes from the server while it answers. */
async function fromBundle(request: Request): Promise<Response> {
  const kept = (await caches.open(BUNDLE_CACHE)).match(request, { ignoreSearch: true, ignoreVary: true });
  if (request.url.includes('/chunks/')) return (await kept) ?? fetch(request);
  const fetching = fetch(request);
  const fresh = await inTime(fetching);
  // Before a server that is gone there may be a proxy that says so.
  return fresh?.ok === true ? fresh : ((await kept) ?? fetching);
}

/** What the site answers; what was kept when it has an error of its own, no answer, or none for long. */
async function fromSite(event: FetchEvent): Promise<Response> {
  const { request } = event;
  const fetching = fetch(request);
  // Nobody waits for it, and an answer that comes too late for this page is there for the next.
  event.waitUntil(
    fetching
      .then((fresh) => (mayKeep(request, fresh) ? keep(request, fresh.clone()) : undefined))
      .catch(() => undefined),
  );
  const fresh = await inTime(fetching);
  if (fresh !== null && fresh.status < 500) return fresh;
  const same = await (await caches.open(SITE_CACHE)).match(request, { ignoreVary: true });
  return same ?? fetching.catch(async () => (await instead(request)) ?? Response.error());
}

/** Of a page that nobody answers for: with another query, or the site's first page, rather than none. */
async function instead(request: Request): Promise<Response | undefined> {
  if (request.mode !== 'navigate') return undefined;
  const cache = await caches.open(SITE_CACHE);
  const options = { ignoreSearch: true, ignoreVary: true };
  return (await cache.match(request, options)) ?? cache.match(worker.registration.scope, options);
}

/** What a page was made of before this worker was there. */
async function keepSite(urls: readonly string[]): Promise<void> {
  const own = urls.filter((url) => new URL(url).origin === worker.location.origin && !bundle.has(url));
  const requests = own.slice(0, SITE_FILES_MAX).map((url) => new Request(url));
  await Promise.all(
    requests.map(async (request) => {
      if (isChatTraffic(new URL(request.url), chatOrigin)) return;
      const response = await fetch(request).catch(() => null);
      // What cannot be kept is fetched again when it is wanted.
      if (response !== null && mayKeep(request, response)) await keep(request, response).catch(() => undefined);
    }),
  );
}

/** @throws {DOMException} when there is no space for it; @throws {TypeError} when it varies by everything */
async function keep(request: Request, response: Response): Promise<void> {
  const cache = await caches.open(SITE_CACHE);
  // By its address alone, so that what varies with the request is kept once.
  await cache.put(request.url, response);
  const keys = await cache.keys();
  await Promise.all(keys.slice(0, Math.max(0, keys.length - SITE_FILES_MAX)).map((key) => cache.delete(key)));
}

/** Null when it fails, or takes too long. */
function inTime(fetching: Promise<Response>): Promise<Response | null> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(null), PATIENCE_MS);
    fetching.then(
      (response) => {
        clearTimeout(timer);
        resolve(response);
      },
      () => {
        clearTimeout(timer);
        resolve(null);
      },
    );
  });
}

/** Lives until the page listens: one that is loading, or only being opened, asks when it does. */
async function openNotified(notification: Notification): Promise<void> {
  const { tag } = notification;
  const page = toFront(notification);
  taps.set(tag, page);
  try {
    await page;
    await new Promise((resolve) => setTimeout(resolve, LISTENING_MAX_MS));
  } finally {
    if (taps.get(tag) === page) taps.delete(tag);
  }
}

/** The page comes to the front, or is opened again. @param data the page's address when it notified */
async function toFront({ tag, data }: Notification): Promise<WindowClient | null> {
  const page = new URL(String(data));
  const pages = await worker.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const alike = LIKENESS.map((part) => pages.find(({ url }) => part(new URL(url)) === part(page)));
  const open = alike.find((found) => found !== undefined);
  if (open === undefined) return worker.clients.openWindow(page);
  open.postMessage({ opens: tag } satisfies OpenMessage);
  return open.focus();
}

/** A tap opens one page, once. */
async function answer(tag: string, asker: Client): Promise<void> {
  const page = await taps.get(tag);
  if (page?.id !== asker.id) return;
  taps.delete(tag);
  asker.postMessage({ opens: tag } satisfies OpenMessage);
}
