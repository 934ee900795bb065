// A real server in this process for the length of one test, with clients that are closed after it.

import { createServer } from '../../server/server.js';
import type { CompanionServer, ServerOptions } from '../../server/server.js';
import { RawClient } from './device.js';

export const ADMIN_TOKEN = 'the right token';

export interface Running {
  readonly server: CompanionServer;
  readonly url: string;
  join(room?: string): Promise<RawClient>;
  connect(options?: Record<string, unknown>, room?: string): RawClient;
  /** Asks the administration, with the right token. */
  admin(path: string, post?: unknown): Promise<{ readonly status: number; readonly body: Record<string, unknown> }>;
}

export function running(run: (running: Running) => Promise<void>, options: ServerOptions = {}): () => Promise<void> {
  return async () => {
    const server = createServer({ port: 0, host: '127.0.0.1', data: ':memory:', adminToken: ADMIN_TOKEN, ...options });
    const { url } = await server.listen();
    const clients: RawClient[] = [];
    const connect = (socketOptions?: Record<string, unknown>, room = 'lobby'): RawClient => {
      const client = new RawClient(url, room, socketOptions);
      clients.push(client);
      return client;
    };
    try {
      await run({
        server,
        url,
        connect,
        async join(room) {
          const client = connect({}, room);
          await client.join();
          return client;
        },
        async admin(path, post) {
          const answer = await fetch(`${url}/admin/${path}`, {
            headers: { Authorization: `Bearer ${ADMIN_TOKEN}`, 'Content-Type': 'application/json' },
            ...(post === undefined ? {} : { method: 'POST', body: JSON.stringify(post) }),
          });
          return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
        },
      });
    } finally {
      for (const client of clients) client.close();
      await server.close();
    }
  };
}
