// How the dashboard's requests end when the network does not hold.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { AdminApi, ApiProblem } from '../../server/dashboard/api.js';
import { RoomReader } from '../../server/dashboard/room-reader.js';
import { roomKey } from '../../src/protocol/ids.js';

test('an answer that breaks off on its way counts as none, and the next one says that the server is back', async (t) => {
  let isBroken = true;
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'Content-Type': 'application/json' });
    if (!isBroken) response.end('{"rooms":2}');
    else response.write('{"rooms":', () => response.destroy());
  });
  const api = await asking(t, server);
  let timesBack = 0;
  api.addEventListener('back', () => (timesBack += 1));
  for (const ask of [() => api.get('overview'), () => api.post('announce', {})]) {
    await assert.rejects(ask, (error) => error instanceof ApiProblem && error.kind === 'unreachable');
    assert.equal(api.lastProblem?.kind, 'unreachable');
  }
  isBroken = false;
  assert.deepEqual(await api.get('overview'), { rooms: 2 });
  assert.deepEqual([api.lastProblem, timesBack], [null, 1]);
});

test('an error does not make what is shown newer, and a 503 is the server’s own only with a code', async (t) => {
  let body = '{}';
  let status = 200;
  const server = createServer((_request, response) => response.writeHead(status).end(body));
  const api = await asking(t, server);
  const kind = (): Promise<string> =>
    api.get('overview').then(
      () => 'answered',
      (error: unknown) => (error as ApiProblem).kind,
    );
  [status, body] = [503, '{"code":"store-away","message":"The store does not answer; try again."}'];
  assert.deepEqual([await kind(), api.answeredAtMs], ['refused', null]);
  [status, body] = [503, 'no upstream'];
  assert.deepEqual([await kind(), api.answeredAtMs], ['unreachable', null]);
  [status, body] = [200, '{}'];
  assert.equal(await kind(), 'answered');
  assert.notEqual(api.answeredAtMs, null);
});

test('looks into a room that overlap show each entry once', async (t) => {
  const HEAD = 250;
  let waiting: (() => void)[] | null = null;
  /** A log of entries that are offsets only. */
  const server = createServer((request, response) => {
    const query = new URL(request.url ?? '', 'http://server').searchParams;
    const limit = Number(query.get('limit'));
    const after = query.get('after');
    const end = Number(query.get('before') ?? HEAD + 1);
    const first = after === null ? Math.max(1, end - limit) : Number(after) + 1;
    const entries = Array.from({ length: end - first }, (_, index) => ({ offset: first + index }));
    const answer = { epoch: 'one', head: HEAD, before: first > 1 ? first : null, entries };
    const send = (): unknown => response.end(JSON.stringify(answer));
    if (waiting === null) send();
    else if (waiting.push(send) === 2) for (const next of waiting) next();
  });
  const reader = new RoomReader(await asking(t, server), roomKey('default', 'lobby'));
  const both = async (look: () => Promise<unknown>): Promise<void> => {
    waiting = [];
    await Promise.all([look(), look()]);
    waiting = null;
  };
  const offsets = async (): Promise<number[]> => (await reader.latest()).entries.map(({ offset }) => offset);
  const until = (first: number): number[] => Array.from({ length: HEAD + 1 - first }, (_, index) => first + index);
  await both(() => reader.latest());
  assert.deepEqual(await offsets(), until(151));
  await both(() => reader.older());
  assert.deepEqual(await offsets(), until(51));
});

/** One that asks this server, which listens until the test ends. */
async function asking(t: TestContext, server: Server): Promise<AdminApi> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  // All that it asks a page for.
  const page = { baseURI: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
  Object.defineProperty(globalThis, 'document', { value: page, configurable: true });
  t.after(() => Reflect.deleteProperty(globalThis, 'document'));
  return new AdminApi('token', '');
}
