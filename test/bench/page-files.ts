// Serves the contenders' pages and our bundle from one origin, as a site would.

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { normalize } from 'node:path';
import { BENCH_BUILD } from './build-pages.js';

export class PageFiles {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static start(): Promise<PageFiles> {
    const server = createServer((request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://page');
      void answer(normalize(pathname), searchParams.get('page')).then((body) => {
        const type = pathname === '/' ? 'text/html' : 'text/javascript';
        response.writeHead(body === null ? 404 : 200, { 'Content-Type': `${type}; charset=utf-8` });
        response.end(body);
      });
    });
    return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(new PageFiles(server))));
  }

  urlOf(page: string): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/?page=${page}`;
  }

  end(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.closeAllConnections();
      this.#server.close(() => resolve());
    });
  }
}

function answer(path: string, page: string | null): Promise<string | Buffer | null> {
  if (path === '/') {
    const script = `<script type="module" src="/pages/${page ?? ''}.js"></script>`;
    return Promise.resolve(`<!doctype html><html lang="en"><title>${page ?? ''}</title>${script}</html>`);
  }
  const folder = path.startsWith('/pages/') ? BENCH_BUILD : 'dist';
  return readFile(`${folder}${path}`).catch(() => null);
}
