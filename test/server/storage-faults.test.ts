// A real disk that is full, and a real folder that cannot be written: the chat goes on, says so, and stores again when
// it can. A small file system in memory is the disk; mounting it takes root.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { NoSpace } from '../../server/photos/photo-shelf.js';
import type { PhotoKey } from '../../server/photos/photo-shelf.js';
import { PhotoFolder } from '../../server/photos/photo-folder.js';
import { idOf, tagOf, toWire } from '../../src/protocol/record.js';
import { RawClient } from '../support/device.js';
import { ADMIN_TOKEN, TestServer } from '../support/start-server.js';

const NOT_STORED = 'messages are passed on but not stored';
const DISK_BYTES = 4 * 1024 * 1024;
const options = { skip: process.getuid?.() === 0 ? false : 'mounting a disk takes root' };

async function withDisk(how: 'rw' | 'ro', run: (disk: string) => Promise<void>): Promise<void> {
  const disk = mkdtempSync(join(tmpdir(), 'festival-chat-disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', `${how},size=${DISK_BYTES}`, 'tmpfs', disk]);
  try {
    await run(disk);
  } finally {
    execFileSync('umount', ['--lazy', disk]);
    rmSync(disk, { recursive: true });
  }
}

/** Writes until nothing more goes in but so many bytes. Returns how to make room again. */
function fill(disk: string, leaving = 0): () => void {
  const path = join(disk, 'filler');
  for (let bytes = 64 * 1024; bytes >= 1; bytes = Math.floor(bytes / 2)) {
    try {
      for (;;) appendFileSync(path, Buffer.alloc(bytes));
    } catch (error) {
      assert.equal((error as NodeJS.ErrnoException).code, 'ENOSPC');
    }
  }
  truncateSync(path, statSync(path).size - leaving);
  return () => rmSync(path);
}

test('[S12] disk full: messages are passed on, refused to their author, and stored when there is space', options, () =>
  withDisk('rw', async (disk) => {
    const server = await TestServer.start({ FESTIVAL_CHAT_DATA: disk, LOG_LEVEL: 'info' });
    try {
      const [ada, bob] = [await RawClient.join(server.url), await RawClient.join(server.url)];
      const makeRoom = fill(disk);
      const record = ada.device.record(ada.room, 'x'.repeat(3_000));
      ada.publish([record]);
      const refused = await ada.next('refused');
      assert.equal(refused.code, 'not-stored');
      assert.ok((refused.retryAfterMs ?? 0) > 0);
      const passedOn = await bob.next('records');
      assert.deepEqual([passedOn.records, passedOn.places], [[toWire(record)], undefined]);
      assert.match(String(server.said(NOT_STORED)?.['reason']), /full/);

      const late = await RawClient.join(server.url);
      assert.deepEqual((await late.next('records')).records, [toWire(record)], 'who joins meanwhile is sent it');
      ada.publish([record]);
      await ada.next('refused');
      late.send({ type: 'have', room: late.room, ids: [idOf(record)] });
      for (const hearer of [bob, late]) {
        await hearer.settled();
        assert.ok(
          hearer.received.every(({ type }) => type !== 'records' && type !== 'want'),
          'nobody is sent it twice',
        );
      }

      makeRoom();
      ada.publish([record]);
      assert.deepEqual((await ada.next('placed')).places, [[idOf(record), 1, tagOf(record), null]]);
      assert.deepEqual((await bob.next('records')).places?.offsets, [1]);
      assert.ok(server.said('storing again'));

      const makeRoomAgain = fill(disk);
      const last = ada.device.record(ada.room, 'y'.repeat(3_000));
      ada.publish([last]);
      await bob.next('records');
      ada.close();
      makeRoomAgain();
      bob.send({ type: 'have', room: bob.room, ids: [idOf(last)] });
      assert.deepEqual((await bob.next('records')).places?.offsets, [2], 'also when its author has gone');
      for (const client of [ada, bob, late]) client.close();
    } finally {
      await server.end();
    }
  }),
);

test('[S12] [O4] what was passed on and not stored is cleared with the room', options, () =>
  withDisk('rw', async (disk) => {
    const server = await TestServer.start({ FESTIVAL_CHAT_DATA: disk });
    try {
      const [ada, bob] = [await RawClient.join(server.url), await RawClient.join(server.url)];
      const makeRoom = fill(disk);
      const record = ada.device.record(ada.room, 'x'.repeat(3_000));
      ada.publish([record]);
      await bob.next('records');
      makeRoom();
      const cleared = await fetch(`${server.url}/admin/rooms/${encodeURIComponent(ada.room)}/clear`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${ADMIN_TOKEN}`, 'Content-Type': 'application/json' },
        body: '{}',
      });
      assert.equal(cleared.status, 200);
      const late = await RawClient.join(server.url);
      bob.send({ type: 'want', room: bob.room, ids: [idOf(record)] });
      bob.send({ type: 'have', room: bob.room, ids: [idOf(record)] });
      for (const client of [bob, late]) {
        await client.settled();
        const given = client.received.flatMap((frame) => (frame.type === 'records' ? frame.records : []));
        assert.deepEqual(
          given.map(([, , , , { kind }]) => kind),
          ['clear'],
        );
      }
      for (const client of [ada, bob, late]) client.close();
    } finally {
      await server.end();
    }
  }),
);

test('[O8] disk full: a report that is not kept is not confirmed, and is kept when there is space', options, () =>
  withDisk('rw', async (disk) => {
    const server = await TestServer.start({ FESTIVAL_CHAT_DATA: disk });
    try {
      const [ada, bob] = [await RawClient.join(server.url), await RawClient.join(server.url)];
      const rude = ada.device.record(ada.room, 'rude');
      ada.publish([rude]);
      await ada.next('placed');
      const makeRoom = fill(disk);
      const complaint = { type: 'complain', room: bob.room, target: idOf(rude), reason: 'insult' };
      for (let count = 0; count < 2; count += 1) {
        bob.send(complaint);
        assert.equal((await bob.next('refused')).code, 'not-stored');
      }
      makeRoom();
      bob.send(complaint);
      await bob.next('complained');
      await server.stop('SIGKILL');
      await server.start();
      const { reports } = (await server.admin('reports')) as { reports: { messageId: string }[] };
      assert.deepEqual(
        reports.map(({ messageId }) => messageId),
        [idOf(rude)],
      );
      for (const client of [ada, bob]) client.close();
    } finally {
      await server.end();
    }
  }),
);

test('[S12] [S13] read-only folder: the chat goes on, and joins anew when the folder can be written', options, () =>
  withDisk('ro', async (disk) => {
    const server = await TestServer.start({ FESTIVAL_CHAT_DATA: disk, LOG_LEVEL: 'info' });
    try {
      const [ada, bob] = [await RawClient.join(server.url), await RawClient.join(server.url)];
      const record = ada.device.record(ada.room, 'nobody keeps this');
      ada.publish([record]);
      assert.equal((await ada.next('refused')).code, 'not-stored');
      assert.deepEqual((await bob.next('records')).records, [toWire(record)]);
      assert.match(String(server.said(NOT_STORED)?.['reason']), /cannot be opened: .*read-only/);

      execFileSync('mount', ['-o', 'remount,rw', disk]);
      const { epoch } = await ada.next('joined');
      ada.publish([record]);
      const placed = await ada.next('placed');
      assert.deepEqual([placed.epoch, placed.places], [epoch, [[idOf(record), 1, tagOf(record), null]]]);
      for (const client of [ada, bob]) client.close();
    } finally {
      await server.end();
    }
  }),
);

test(
  '[F7] disk full: a piece of a photo that fits in part is not said to be here, and fits when there is space',
  options,
  () =>
    withDisk('rw', async (disk) => {
      const photo = Uint8Array.from({ length: 65_000 }, (_item, index) => index % 251);
      const [key, first] = ['room/photo' as PhotoKey, 1_000];
      const shelf = new PhotoFolder(join(disk, 'photos'), photo.length, Date.now);
      await shelf.open();
      assert.equal(await shelf.append(key, 0, photo.slice(0, first)), first);
      const makeRoom = fill(disk, 20_000);
      await assert.rejects(shelf.append(key, first, photo.slice(first)), NoSpace);
      assert.equal(await shelf.size(key), first);
      makeRoom();
      assert.equal(await shelf.append(key, first, photo.slice(first)), photo.length);
      assert.deepEqual(await shelf.read(key, 0, photo.length), photo);
    }),
);
