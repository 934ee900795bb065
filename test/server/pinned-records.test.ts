// What is pinned outlives retention, as long as it is pinned (rule O7).

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { ModerationBook } from '../../server/moderation/book.js';
import { MemoryStore } from '../../server/store/memory-store.js';
import { PhotoMemory } from '../../server/photos/photo-memory.js';
import { photoKey } from '../../server/photos/photo-shelf.js';
import { startPruning } from '../../server/store/retention.js';
import type { Photo, SignedRecord } from '../../src/protocol/record.js';
import { idOf } from '../../src/protocol/record.js';
import { Device } from '../support/device.js';
import { ROOM, ada, keeping } from '../support/kept-room.js';

test(
  '[O7] what is pinned is stored again with its latest edit when retention has dropped it',
  keeping(async (kept) => {
    const [pinned] = await kept.write('Meet at stage one');
    assert.ok(pinned);
    await kept.publish([ada.says(ROOM, { kind: 'edit', target: idOf(pinned), text: 'Meet at stage two' })]);
    await kept.organiser.say({ kind: 'pin', target: idOf(pinned) });
    await kept.write('and', 'so', 'on');
    const given = ['Meet at stage one', 'Meet at stage two', 'pin'];
    for (let round = 0; round < 3; round += 1) {
      await kept.retain();
      assert.deepEqual(await kept.given(), given, `round ${round}`);
    }
    await kept.publish([ada.says(ROOM, { kind: 'edit', target: idOf(pinned), text: 'Meet at the gate' })]);
    await kept.write('and', 'on');
    await kept.reopen();
    await kept.retain();
    assert.deepEqual(await kept.given(), ['Meet at stage one', 'Meet at the gate', 'pin']);
  }),
);

test(
  '[O7] what others say of a pinned message is not kept with it',
  keeping(async (kept) => {
    const [pinned] = await kept.write('Meet at stage one');
    assert.ok(pinned);
    await kept.organiser.say({ kind: 'pin', target: idOf(pinned) });
    await kept.publish([new Device().says(ROOM, { kind: 'edit', target: idOf(pinned), text: 'Meet nowhere' })]);
    await kept.retain();
    assert.deepEqual(await kept.given(), ['Meet at stage one', 'pin']);
  }),
);

test(
  '[O7] nothing is kept of what is not pinned any more, or was removed or cleared',
  keeping(async (kept) => {
    const orders = [
      (target: SignedRecord) => ({ kind: 'remove', target: idOf(target), name: 'Device', at: target.time }) as const,
      () => ({ kind: 'pin' }) as const,
      () => ({ kind: 'clear' }) as const,
    ];
    for (const [index, order] of orders.entries()) {
      const [pinned] = await kept.write(`secret ${index}`);
      assert.ok(pinned);
      await kept.organiser.say({ kind: 'pin', target: idOf(pinned) });
      assert.match(kept.file, new RegExp(`secret ${index}`));
      await kept.organiser.say(order(pinned));
      assert.doesNotMatch(kept.file, /secret/);
      await kept.write('and', 'so', 'on');
      await kept.retain();
      assert.ok(!(await kept.given()).includes(`secret ${index}`));
    }
  }),
);

test('pruning tells when it has dropped something', async () => {
  const store = new MemoryStore(Date.now);
  await store.append(
    ROOM,
    ['one', 'two', 'three'].map((text) => ada.record(ROOM, text)),
  );
  let stop = (): void => undefined;
  await new Promise<void>((resolve) => {
    const logger = { log: () => undefined };
    stop = startPruning(store, new PhotoMemory(0, Date.now), {
      retentionMs: 60_000,
      recordsMax: 2,
      now: Date.now,
      logger,
      dropped: resolve,
      pinnedPhotos: () => Promise.resolve(new Set()),
      erase: () => Promise.resolve(),
    });
  });
  stop();
  assert.equal((await store.range(ROOM, 0, 10)).length, 2);
});

test(
  '[O7] the photo of a pinned message stays as long as it is pinned, whatever its age',
  keeping(async (kept) => {
    const photo: Photo = {
      hash: createHash('sha256').digest('base64url') as Photo['hash'],
      ...{ bytes: 1, width: 1, height: 1, type: 'image/webp', thumb: 'AAAA' },
    };
    const [shown, other] = [ada.record(ROOM, 'the line-up', { photo }), ada.record(ROOM, 'my dog', { photo })];
    await kept.publish([shown, other]);
    const [pinnedKey, otherKey] = [photoKey(ROOM, idOf(shown)), photoKey(ROOM, idOf(other))];
    let nowMs = Date.now();
    const photos = new PhotoMemory(1_000, () => nowMs);
    await photos.append(pinnedKey, 0, new Uint8Array(1));
    await photos.append(otherKey, 0, new Uint8Array(1));
    await kept.organiser.say({ kind: 'pin', target: idOf(shown) });
    nowMs += 60_000;
    const reopened = new ModerationBook(kept.shelf, Date.now);
    assert.equal(await photos.prune(nowMs, await reopened.pinnedPhotos()), 1);
    assert.deepEqual([await photos.size(pinnedKey), await photos.size(otherKey)], [1, 0]);
    await kept.organiser.say({ kind: 'pin' });
    assert.equal(await photos.prune(nowMs, await kept.book.pinnedPhotos()), 1);
    await kept.organiser.say({ kind: 'pin', target: idOf(shown) });
    assert.equal((await kept.book.pinnedPhotos()).size, 1);
    await kept.book.wiped();
    assert.equal((await kept.book.pinnedPhotos()).size, 0, 'a wipe keeps nobody’s photo, of closed rooms neither');
  }),
);
