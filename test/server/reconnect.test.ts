// What it costs to come back: bytes of synchronisation beyond the join itself, however much the server keeps.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createServer } from '../../server/server.js';
import { SqliteStore } from '../../server/store/sqlite-store.js';
import type { ServerPosition } from '../../src/core/room-io.js';
import { encodeFrameText } from '../../src/protocol/decode.js';
import type { Frame } from '../../src/protocol/frames.js';
import { roomKey } from '../../src/protocol/ids.js';
import type { SignedRecord } from '../../src/protocol/record.js';
import { Device, RawClient } from '../support/device.js';

const ROOM = roomKey('default', 'lobby');
const PAGE = 1_000;

/** Fills a database with records of one device. They are not verified again, so one signature does for all. */
async function fill(folder: string, count: number): Promise<string> {
  const store = new SqliteStore(folder, Date.now);
  await store.open();
  const first = new Device().record(ROOM, 'hello');
  for (let stored = 0; stored < count; stored += PAGE) {
    const page = Array.from({ length: Math.min(PAGE, count - stored) }, (_, index): SignedRecord => {
      return { ...first, seq: stored + index + 1, time: first.time + stored + index };
    });
    await store.append(ROOM, page);
  }
  const { epoch } = store;
  await store.close();
  return epoch;
}

/** Everything the server says to one who joins with this position, beyond what it says to anybody. */
async function comeBack(url: string, position: ServerPosition): Promise<Frame[]> {
  const client = new RawClient(url);
  try {
    await client.join({ position });
    await client.next('joined');
    await client.settled();
    return [...client.received];
  } finally {
    client.close();
  }
}

for (const count of [10, 1_000, 100_000]) {
  test(`[S5] coming back to ${count} stored records with none missed costs at most 200 bytes, with a few missed those`, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'festival-chat-reconnect-'));
    const epoch = await fill(folder, count);
    const server = createServer({ port: 0, host: '127.0.0.1', data: folder, historyMax: count });
    try {
      const { url } = await server.listen();
      const position = { epoch, offset: count };
      const answers = await comeBack(url, position);
      const bytes =
        `,"position":${JSON.stringify(position)}`.length +
        answers.reduce((sum, frame) => sum + encodeFrameText(frame).length, 0);
      t.diagnostic(`${count} stored, nothing missed: ${bytes} bytes and ${answers.length} frames`);
      assert.ok(bytes <= 200, `${bytes} bytes`);
      assert.ok(answers.every((frame) => frame.type !== 'records' || frame.records.length === 0));

      const missed = await comeBack(url, { epoch, offset: count - 5 });
      const given = missed.flatMap((frame) => (frame.type === 'records' ? frame.records : []));
      assert.deepEqual(
        given.map((wire) => wire[2]),
        [-4, -3, -2, -1, 0].map((index) => count + index),
      );
    } finally {
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
}
