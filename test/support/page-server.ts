// A festival's own web server: pages and the bundle from another origin than the chat's, so that a page can be
// loaded while the chat's server is down. Its pages carry a strict policy, with Trusted Types.

import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join, normalize } from 'node:path';

export class PageServer {
  readonly url: string;
  /** Paths asked for, in order. */
  readonly requests: string[] = [];
  readonly #server: Server;

  private constructor(server: Server, requests: string[]) {
    this.#server = server;
    this.requests = requests;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** @param chatServer the companion server its pages may connect to */
  static start(chatServer: string): Promise<PageServer> {
    const requests: string[] = [];
    const server = createServer((request, response) => {
      const url = new URL(request.url ?? '/', 'http://page');
      requests.push(url.pathname);
      void pageAnswer(url, chatServer).then(({ status, headers, body }) => {
        response.writeHead(status, headers);
        response.end(body);
      });
    });
    return new Promise((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve(new PageServer(server, requests)));
    });
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.closeAllConnections();
      this.#server.close(() => resolve());
    });
  }
}

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string | Buffer;
}

/** `/?element=ATTRIBUTES` makes a page with one element for each `element`, each with these attributes. */
export async function pageAnswer(url: URL, chatServer: string): Promise<Answer> {
  if (url.pathname === '/') return page(url.searchParams.getAll('element'), chatServer);
  const path = normalize(join('dist', url.pathname));
  const body = path.startsWith('dist/') && path.endsWith('.js') ? await readFile(path).catch(() => null) : null;
  if (body === null) return { status: 404, headers: {}, body: '' };
  return { status: 200, headers: { 'Content-Type': 'text/javascript; charset=utf-8' }, body };
}

function page(elements: readonly string[], chatServer: string): Answer {
  const policy = [
    "default-src 'none'",
    "script-src 'nonce-page' 'strict-dynamic'",
    `connect-src ${chatServer} ${chatServer.replace('http', 'ws')}`,
    "require-trusted-types-for 'script'",
    'trusted-types lit-html',
  ].join('; ');
  const tags = elements.map((attributes) => `<festival-chat server="${chatServer}" ${attributes}></festival-chat>`);
  const body = `<!doctype html><html lang="en"><title>Festival</title><meta name="viewport" content="width=device-width">
<script type="module" nonce="page" src="/festival-chat.js"></script>
${tags.join('\n')}</html>`;
  return {
    status: 200,
    headers: { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': policy },
    body,
  };
}
