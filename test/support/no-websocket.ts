// A network that lets HTTP through and no WebSocket, as some proxies and school networks do.

import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Blocker {
  readonly url: string;
  stop(): Promise<void>;
}

/** Passes requests on to this server; whoever asks for an upgrade is cut off. */
export function withoutWebSocket(target: string): Promise<Blocker> {
  const { hostname, port } = new URL(target);
  const server = createServer((incoming, response) => {
    const { method, url, headers } = incoming;
    const passed = request({ hostname, port, method, path: url, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    passed.on('error', () => response.destroy());
    response.on('close', () => passed.destroy());
    incoming.pipe(passed);
  });
  server.on('upgrade', (_, socket) => socket.destroy());
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () =>
      resolve({
        url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        stop: () =>
          new Promise((ended) => {
            server.closeAllConnections();
            server.close(() => ended());
          }),
      }),
    );
  });
}
