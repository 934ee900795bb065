// Where moderation is kept: what is said to be kept is kept, and nothing else.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ModerationBook } from '../../server/moderation/book.js';
import { FolderShelf } from '../../server/moderation/shelf.js';
import type { Shelf } from '../../server/moderation/shelf.js';
import { RedisShelf } from '../../server/nodes/redis-shelf.js';
import { RedisConnection } from '../../server/store/redis-connection.js';
import { roomKey } from '../../src/protocol/ids.js';
import { idOf } from '../../src/protocol/record.js';
import { Device } from '../support/device.js';
import { RedisServer } from '../support/redis-server.js';

async function inFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'festival-chat-shelf-'));
  try {
    await run(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('what is put at the same time into a collection that was empty is all there', () =>
  inFolder(async (folder) => {
    const shelf = new FolderShelf(folder);
    await Promise.all(['one', 'two', 'three'].map((name) => shelf.put('numbers', name, name)));
    assert.equal((await new FolderShelf(folder).all('numbers')).size, 3);
  }));

test('what could not be written is not there, and is written when it is put again', () =>
  inFolder(async (folder) => {
    const shelf = new FolderShelf(folder);
    const inTheWay = join(folder, 'numbers.json.new');
    mkdirSync(inTheWay);
    await assert.rejects(shelf.put('numbers', 'one', '1'), /EISDIR/);
    assert.equal((await shelf.all('numbers')).size, 0);
    rmdirSync(inTheWay);
    await shelf.put('numbers', 'one', '1');
    assert.equal((await new FolderShelf(folder).all('numbers')).size, 1);
  }));

/** Each of them complains of one message at once, in turns at these shelves. */
async function countComplaints(shelves: readonly Shelf[]): Promise<void> {
  const room = roomKey('default', 'lobby');
  const id = idOf(new Device().record(room, 'rude'));
  const books = shelves.map((shelf) => new ModerationBook(shelf, () => 1));
  const people = Array.from({ length: 12 }, () => new Device().author);
  await Promise.all(
    people.flatMap((author, index) => books[index % books.length]?.report(room, id, `reason ${index}`, author) ?? []),
  );
  const [report, ...others] = (await books[0]?.reports()) ?? [];
  assert.equal(others.length, 0);
  assert.equal(report?.count, people.length);
  assert.deepEqual(new Set(report.by), new Set(people));
}

test('[O8] complaints of one moment are all counted', () => countComplaints([new FolderShelf(null)]));

test('[O8] complaints of one moment at two nodes are all counted', async () => {
  const redis = await RedisServer.start();
  const connections = [0, 1].map(() => new RedisConnection(redis.url, { log: () => undefined }));
  try {
    for (const connection of connections) await connection.open();
    await countComplaints(connections.map((connection) => new RedisShelf(connection)));
  } finally {
    for (const connection of connections) connection.close();
    await redis.end();
  }
});
