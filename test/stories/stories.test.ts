// Every story of the built Storybook, opened: it shows what it is about, reports nothing, and axe finds nothing, in
// light and dark, from left to right and from right to left, and at 200 %.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { startBrowser } from '../support/visitor.js';
import { StoryPage } from './story-page.js';

const FOLDER = 'storybook-static';
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
};
/** A page waits more than it works: a few at a time. */
const PAGES = 3;

const index = JSON.parse(readFileSync(join(FOLDER, 'index.json'), 'utf8')) as {
  entries: Record<string, { id: string; type: string }>;
};
const stories = Object.values(index.entries).filter((entry) => entry.type === 'story');

let browser: Browser;
let server: Server;
let url = '';
before(async () => {
  server = createServer((request, response) => {
    if (request.url === '/favicon.ico') {
      response.writeHead(204).end();
      return;
    }
    const path = normalize(join(FOLDER, new URL(request.url ?? '/', 'http://stories').pathname));
    readFile(path).then(
      (body) =>
        response.writeHead(200, { 'Content-Type': TYPES[extname(path)] ?? 'application/octet-stream' }).end(body),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  browser = await startBrowser();
});
after(async () => {
  await browser.close();
  server.closeAllConnections();
  server.close();
});

test('there is a story for each state of the slice', () => {
  assert.ok(stories.length >= 60, `${stories.length} stories`);
});

describe('every story', { concurrency: PAGES }, () => {
  /** Pages that show nothing at the moment. */
  const free: StoryPage[] = [];
  for (const { id } of stories) {
    test(id, async () => {
      const page = free.pop() ?? (await StoryPage.open(browser, url, id));
      const found = await page.look(id);
      // One on which something went wrong is not used again.
      if (Object.values(found).every((problems) => problems.length === 0)) free.push(page);
      else await page.close();
      assert.deepEqual(found, { shown: [], zoomed: [], turned: [] });
    });
  }
});
