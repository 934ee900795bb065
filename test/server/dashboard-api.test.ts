// How the dashboard's requests end when the network does not hold.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { AdminApi, ApiProblem } from '../../server/dashboard/api.js';

test('an answer that breaks off on its way counts as none, and the next one says that the server is back', async (t) => {
  let isBroken = true;
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'Content-Type': 'application/json' });
    if (!isBroken) response.end('{"rooms":2}');
    else response.write('{"rooms":', () => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  // All that it asks a page for.
  const page = { baseURI: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
  Object.defineProperty(globalThis, 'document', { value: page, configurable: true });
  t.after(() => Reflect.deleteProperty(globalThis, 'document'));

  const api = new AdminApi('token', '');
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
