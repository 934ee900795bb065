// The built Storybook, served as any web server would.

import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';

const FOLDER = 'storybook-static';
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
};

export interface StoryEntry {
  readonly id: string;
  readonly type: 'story' | 'docs';
}

export class BuiltStories {
  readonly url: string;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** Stories and pages, by its own list. */
  static get entries(): readonly StoryEntry[] {
    const index = JSON.parse(readFileSync(join(FOLDER, 'index.json'), 'utf8')) as {
      entries: Readonly<Record<string, StoryEntry>>;
    };
    return Object.values(index.entries);
  }

  static async serve(): Promise<BuiltStories> {
    const server = createServer((request, response) => {
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
    return new BuiltStories(server);
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
