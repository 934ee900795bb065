// What a webmaster pastes: the lines of the embedding guide, in a plain file on another origin than the chat's, under
// the policy that the guide gives, with a server that lists that origin and no other.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { codeUnder } from '../support/guide-code.js';
import { TestServer } from '../support/start-server.js';
import { Visitor, startBrowser } from '../support/visitor.js';

const GUIDE = 'stories/guide/text/embedding.md';
const EXAMPLE = 'https://chat.example.org';

let browser: Browser;
let server: TestServer;
let site: Server;
let siteUrl = '';
before(async () => {
  site = createServer((request, response) => {
    const body = request.url === '/script-tag' ? 'One line: the script brings the chat' : 'Two lines';
    const [policy = ''] = codeUnder(GUIDE, 'A strict policy', 'text');
    const [lines = ''] = codeUnder(GUIDE, body, 'html');
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    response.setHeader('Content-Security-Policy', ofServer(policy.trim()));
    response.end(`<!doctype html><html lang="en"><title>Festival</title>${ofServer(lines)}`);
  });
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  siteUrl = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
  [browser, server] = await Promise.all([startBrowser(), TestServer.start({ FESTIVAL_CHAT_ORIGINS: siteUrl })]);
});
after(async () => {
  await browser.close();
  await server.end();
  site.closeAllConnections();
  site.close();
});

test('two lines in a plain page of another origin, under the policy of the guide', async () => {
  const context = await browser.newContext();
  const asked = new Set<string>();
  context.on('request', (request) => asked.add(new URL(request.url()).origin));
  const visitor = await Visitor.open(context, siteUrl);
  await visitor.page.locator('fc-name-prompt input').fill('Ada');
  await visitor.page.locator('fc-name-prompt input').press('Enter');
  await visitor.write('Where is the second tap?');
  await visitor.ownAre('stored');
  await visitor.hadNoProblems();
  assert.deepEqual(
    [...asked].filter((origin) => ![siteUrl, server.url, 'null'].includes(origin)),
    [],
  );
  await context.close();
});

test('one script tag with data-room brings a floating chat, and its other data are the element’s attributes', async () => {
  const context = await browser.newContext();
  const visitor = await Visitor.open(context, `${siteUrl}/script-tag`);
  await visitor.page.locator('festival-chat .launcher').click();
  await visitor.page.locator('festival-chat h1', { hasText: 'Main Stage' }).waitFor();
  await visitor.page.locator('festival-chat [data-theme=low-tide]').waitFor();
  await visitor.sees('Where is the second tap?');
  await visitor.hadNoProblems();
  await context.close();
});

/** The guide's address, and that of its socket, are this server's. */
function ofServer(text: string): string {
  return text.replaceAll(EXAMPLE, server.url).replaceAll('wss://chat.example.org', server.url.replace('http', 'ws'));
}
