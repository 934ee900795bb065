// What administrators did is written down and kept; what strangers try is not, and ends in a lock-out.

import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { AUDIT_KEPT, AuditFile } from '../../server/audit.js';
import type { AuditEntry, AuditLog } from '../../server/audit.js';
import { silentLogger } from '../../server/log.js';
import { RedisAudit } from '../../server/nodes/redis-audit.js';
import { RedisConnection } from '../../server/store/redis-connection.js';
import { RedisServer } from '../support/redis-server.js';
import { ADMIN_TOKEN, running } from '../support/running-server.js';

function entry(number: number): AuditEntry {
  return { atMs: number, who: 'Ada', from: 'abc', action: 'mesh', asked: '{}', status: 200, answered: '{}' };
}

async function times(audit: AuditLog, limit: number): Promise<number[]> {
  return (await audit.latest(limit)).map(({ atMs }) => atMs);
}

function inFolder(run: (folder: string) => Promise<void>): () => Promise<void> {
  return async () => {
    const folder = mkdtempSync(join(tmpdir(), 'festival-chat-audit-'));
    try {
      await run(folder);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };
}

test(
  'an action is written down with who, what, when and what became of it; reading is not',
  running(async ({ url, admin }) => {
    const post = (body: unknown, who: string): Promise<Response> =>
      fetch(`${url}/admin/mesh`, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { Authorization: `Bearer ${ADMIN_TOKEN}`, 'X-Administrator': who },
      });
    await post({ rollout: 40 }, encodeURIComponent('Zoë at the gate'));
    await post({ rollout: 400 }, '%E0%A4');
    const { body } = await admin('audit');
    const [second, first] = body['entries'] as AuditEntry[];
    assert.deepEqual(
      [first?.who, first?.action, first?.asked, first?.status],
      ['Zoë at the gate', 'mesh', '{"rollout":40}', 200],
    );
    assert.match(first?.answered ?? '', /"rollout":40/);
    assert.deepEqual([second?.who, second?.status], ['', 400]);
    assert.match(second?.answered ?? '', /bad-flags/);
    assert.equal((body['entries'] as AuditEntry[]).length, 2);
    assert.equal((await admin('audit?limit=0')).status, 400);
    assert.ok(!JSON.stringify(body).includes(ADMIN_TOKEN));
  }),
);

test(
  'who guesses is locked out, is told until when, shows in the activity, and writes nothing down',
  running(
    async ({ url }) => {
      const ask = (path: string, from: string, token: string, body?: string): Promise<Response> =>
        fetch(`${url}/admin/${path}`, {
          headers: { Authorization: `Bearer ${token}`, 'X-Forwarded-For': from },
          ...(body === undefined ? {} : { method: 'POST', body }),
        });
      const guess = (token: string): Promise<Response> => ask('mesh', '192.0.2.66', token, '{"rollout":1}');
      for (let count = 0; count < 10; count += 1) assert.equal((await guess('wrong')).status, 401);
      const locked = await guess(ADMIN_TOKEN);
      assert.equal(locked.status, 429);
      const seconds = Number(locked.headers.get('retry-after'));
      assert.ok(seconds > 590 && seconds <= 600, String(seconds));
      const read = async (path: string): Promise<string> => (await ask(path, '192.0.2.1', ADMIN_TOKEN)).text();
      assert.equal((await read('activity')).split('administration-locked').length, 2, 'said once');
      assert.equal(await read('audit'), '{"entries":[]}');
      assert.match(await read('mesh'), /"rollout":100/);
    },
    { trustedProxies: 1 },
  ),
);

test(
  'on disk: newest first, over a restart, and past what a power cut left',
  inFolder(async (folder) => {
    const path = join(folder, 'new', 'audit.jsonl');
    const before = new AuditFile(path);
    await Promise.all([before.add(entry(1)), before.add(entry(2)), before.add(entry(3))]);
    assert.deepEqual(await times(before, 2), [3, 2]);
    appendFileSync(path, '{"atMs":4,"who":"Ad');
    const after = new AuditFile(path);
    await after.add(entry(5));
    assert.deepEqual(await times(after, 10), [5, 3, 2, 1]);
    assert.deepEqual(await times(new AuditFile(path), 10), [5, 3, 2, 1]);
  }),
);

test(
  'on disk: bounded, the oldest go',
  inFolder(async (folder) => {
    const path = join(folder, 'audit.jsonl');
    const lines = Array.from({ length: 2 * AUDIT_KEPT }, (_, index) => `${JSON.stringify(entry(index))}\n`);
    writeFileSync(path, lines.join(''));
    const audit = new AuditFile(path);
    await audit.add(entry(9_999));
    assert.equal(readFileSync(path, 'utf8').split('\n').length - 1, AUDIT_KEPT);
    const kept = await times(new AuditFile(path), AUDIT_KEPT + 1);
    assert.deepEqual([kept.length, kept[0], kept.at(-1)], [AUDIT_KEPT, 9_999, AUDIT_KEPT + 1]);
  }),
);

test(
  'an entry that the disk does not take is told, shown while the server lives, and holds up no later one',
  inFolder(async (folder) => {
    const place = join(folder, 'data');
    const audit = new AuditFile(join(place, 'audit.jsonl'));
    await audit.add(entry(1));
    rmSync(place, { recursive: true });
    writeFileSync(place, 'a file where the folder was');
    await assert.rejects(audit.add(entry(2)));
    assert.deepEqual(await times(audit, 10), [2, 1]);
    rmSync(place);
    await audit.add(entry(3));
    assert.deepEqual(await times(audit, 10), [3, 2, 1]);
  }),
);

test('in Redis: what one node writes another tells, bounded', async () => {
  const redis = await RedisServer.start();
  const connections = [new RedisConnection(redis.url, silentLogger), new RedisConnection(redis.url, silentLogger)];
  try {
    for (const connection of connections) await connection.open();
    const [here, there] = connections.map((connection) => new RedisAudit(connection)) as [RedisAudit, RedisAudit];
    await here.add(entry(1));
    await there.add(entry(2));
    assert.deepEqual(await times(here, 10), [2, 1]);
    assert.deepEqual(await times(there, 1), [2]);
  } finally {
    for (const connection of connections) connection.close();
    await redis.end();
  }
});
