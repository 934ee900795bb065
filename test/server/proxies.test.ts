// The sample configurations of nginx and Caddy, before a real server: every way to connect, and whose address counts.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { idOf } from '../../src/protocol/record.js';
import { RawClient } from '../support/device.js';
import { Proxy } from '../support/proxy.js';
import type { ProxyName } from '../support/proxy.js';
import { TestServer } from '../support/start-server.js';
import { until } from '../support/until.js';

/** More than an address may send before it is locked out. */
const WRONG_TOKENS = 12;

for (const name of ['nginx', 'caddy'] as const) {
  test(`behind ${name} a WebSocket, polling, and polling that is upgraded are members alike`, () =>
    behind(name, async (url) => {
      const clients = [
        new RawClient(url, name),
        new RawClient(url, name, { transports: ['polling'] }),
        new RawClient(url, name, { transports: ['polling', 'websocket'] }),
      ] as const;
      for (const client of clients) await client.join();
      const transports = (): (string | undefined)[] => clients.map(({ socket }) => socket.io.engine.transport.name);
      await until(() => transports()[2] === 'websocket');
      assert.deepEqual(transports(), ['websocket', 'polling', 'websocket']);
      for (const writer of clients) {
        const record = writer.device.record(writer.room, 'through the proxy');
        writer.publish([record]);
        const isIt = ({ records }: { readonly records: readonly unknown[] }): boolean => records.length > 0;
        for (const reader of clients) {
          if (reader === writer) await reader.next('placed', ({ places }) => places[0]?.[0] === idOf(record));
          else await reader.next('records', isIt);
        }
      }
      for (const client of clients) client.close();
    }));

  test(`behind ${name} a visitor cannot choose its address, and the figures are not for everybody`, () =>
    behind(name, async (url, server) => {
      const ask = (index: number): Promise<Response> =>
        fetch(`${url}/admin/rooms`, {
          headers: { Authorization: 'Bearer guessed', 'X-Forwarded-For': `203.0.113.${index}` },
        });
      const statuses: number[] = [];
      for (let index = 0; index < WRONG_TOKENS; index += 1) statuses.push((await ask(index)).status);
      assert.deepEqual([statuses[0], statuses.at(-1)], [401, 429], statuses.join());
      assert.ok([403, 404].includes((await fetch(`${url}/metrics`)).status));
      assert.equal((await fetch(`${server.url}/metrics`)).status, 200);
    }));
}

async function behind(name: ProxyName, run: (url: string, server: TestServer) => Promise<void>): Promise<void> {
  const server = await TestServer.start({ FESTIVAL_CHAT_TRUSTED_PROXIES: '1' });
  const proxy = await Proxy.start(name, server.url);
  try {
    await run(proxy.url, server);
  } finally {
    await proxy.stop();
    await server.end();
  }
}
