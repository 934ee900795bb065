// Every story of the built Storybook, opened: it shows what it is about, reports nothing, and axe finds nothing.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { startBrowser } from '../support/visitor.js';

const FOLDER = 'storybook-static';
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
};
const AXE = readFileSync('node_modules/axe-core/axe.min.js', 'utf8');

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

// A page waits more than it works: a few at a time.
describe('every story', { concurrency: 3 }, () => {
  for (const { id } of stories) {
    for (const globals of ['', 'colours:dark;direction:rtl']) {
      test(`${id} ${globals}`, async () => {
        const page = await browser.newPage({ viewport: { width: 900, height: 800 }, reducedMotion: 'reduce' });
        page.setDefaultTimeout(20_000);
        const problems: string[] = [];
        page.on('pageerror', (error) => problems.push(error.message));
        page.on('console', (entry) => entry.type() === 'error' && problems.push(entry.text()));
        page.on(
          'request',
          (request) =>
            !request.url().startsWith(url) &&
            !request.url().startsWith('data:') &&
            problems.push(`asked ${request.url()}`),
        );
        // The addon's own run of axe is off, so that ours is the only one.
        await page.goto(`${url}/iframe.html?id=${id}&viewMode=story&globals=a11y.manual:!true;${globals}`);
        problems.push(...(await played(page)));
        await page.evaluate(AXE);
        const violations = await page.evaluate(async () => {
          const { axe } = globalThis as unknown as {
            axe: { run(root: string): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
          };
          const found = await axe.run('#storybook-root');
          return found.violations.map(
            (violation) => `${violation.id}: ${violation.nodes[0]?.html.slice(0, 200) ?? ''}`,
          );
        });
        assert.deepEqual(problems, []);
        assert.deepEqual(violations, []);
        await page.close();
      });
    }
  }
});

/** Waits until the story is shown and its play function has ended. Returns what either has thrown. */
async function played(page: Page): Promise<string[]> {
  const ended = await page.waitForFunction(() => {
    const { __STORYBOOK_ADDONS_CHANNEL__: channel } = globalThis as unknown as {
      __STORYBOOK_ADDONS_CHANNEL__?: { last(name: string): [{ message?: string }] | undefined };
    };
    for (const name of ['playFunctionThrewException', 'storyThrewException', 'storyErrored']) {
      const thrown = channel?.last(name);
      if (thrown !== undefined) return [thrown[0].message ?? name];
    }
    return channel?.last('storyRendered') === undefined ? null : [];
  });
  const thrown = (await ended.jsonValue()) ?? [];
  const unknown = await page
    .locator('#storybook-root :not(:defined)')
    .evaluateAll((all) => all.map((each) => each.localName));
  return [...thrown, ...unknown.map((name) => `<${name}> is not registered`)];
}
