// One line in a page, and it opens without a network:
//   <script type="module" src="https://chat.example.org/festival-chat-offline.js"></script>
// With `?remove` after the name, everything it has left on the device is removed.

import type { KeepMessage } from './keeping.js';

const own = new URL(import.meta.url);
const WORKER = 'festival-chat-worker.js';
/** Kinds of files a page is made of. */
const KINDS: ReadonlySet<string> = new Set(['script', 'link', 'css', 'img', 'image', 'other']);

if ('serviceWorker' in navigator) void (own.searchParams.has('remove') ? remove() : install());

/** After the page has loaded, so that nothing of it waits for this. */
async function install(): Promise<void> {
  // A worker that was there first has seen all of it.
  const isFirstVisit = navigator.serviceWorker.controller === null;
  if (document.readyState !== 'complete') await new Promise((resolve) => addEventListener('load', resolve));
  // A worker has to be the site's own. One on another origin than the chat's has a file of this name with one line:
  // importScripts('https://chat.example.org/festival-chat-worker.js');
  const isOwnOrigin = own.origin === location.origin;
  const script = isOwnOrigin
    ? new URL(WORKER, own)
    : new URL(`/${WORKER}?from=${encodeURIComponent(own.href)}`, location.href);
  try {
    await navigator.serviceWorker.register(trusted(script.href));
    const { active } = await navigator.serviceWorker.ready;
    if (!isFirstVisit) return;
    const files = performance.getEntriesByType('resource') as PerformanceResourceTiming[];
    const urls = files.filter(({ initiatorType }) => KINDS.has(initiatorType)).map(({ name }) => name);
    active?.postMessage({ urls: [location.href.split('#', 1)[0] ?? location.href, ...urls] } satisfies KeepMessage);
  } catch (error) {
    console.warn('<festival-chat>: this page will not open without a network.', error);
  }
}

async function remove(): Promise<void> {
  for (const registration of await navigator.serviceWorker.getRegistrations()) {
    const script = registration.active?.scriptURL ?? registration.waiting?.scriptURL ?? '';
    if (new URL(script || own).pathname.endsWith(`/${WORKER}`)) await registration.unregister();
  }
  for (const name of await caches.keys()) if (name.startsWith('festival-chat-offline:')) await caches.delete(name);
}

/** Pages with Trusted Types let the policy `festival-chat` name this one script. */
function trusted(href: string): string {
  const { trustedTypes } = globalThis as {
    trustedTypes?: {
      createPolicy(
        name: string,
        rules: { createScriptURL(url: string): string },
      ): { createScriptURL(url: string): string };
    };
  };
  return trustedTypes?.createPolicy('festival-chat', { createScriptURL: (url) => url }).createScriptURL(href) ?? href;
}
