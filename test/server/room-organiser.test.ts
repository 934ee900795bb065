// What the organiser says in a room: how often, in which order, and what is left when it cannot be stored.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { packTime } from '../../src/core/hybrid-clock.js';
import { idOf } from '../../src/protocol/record.js';
import type { SignedRecord } from '../../src/protocol/record.js';
import { ROOM, ada, keeping } from '../support/kept-room.js';
import type { Kept } from '../support/kept-room.js';
import { until } from '../support/until.js';

const DAY_MS = 24 * 3_600_000;

/** What is appended from now on, by its kinds. */
function appended({ store }: Kept): string[] {
  const seen: string[] = [];
  const append = store.append.bind(store);
  store.append = (room, records) => {
    seen.push(records.map(({ body }) => body.kind).join());
    return append(room, records);
  };
  return seen;
}

/** A message of somebody whose clock is a day fast. */
function ahead(): SignedRecord {
  return { ...ada.record(ROOM, 'ahead'), time: packTime(Date.now() + DAY_MS) };
}

test(
  '[O4] what lies ahead of a clear is removed in one piece, however much it is',
  keeping(async (kept) => {
    await kept.publish([ahead(), ahead(), ahead()]);
    const seen = appended(kept);
    await kept.organiser.say({ kind: 'clear' });
    assert.deepEqual(seen, ['clear', 'remove,remove,remove']);
    const rows = await kept.store.range(ROOM, 0, 10);
    assert.ok(rows.every(({ record }) => record.body.kind !== 'message'));
  }),
);

test(
  '[O4] a clear that another node said is carried out, and nothing is said to it',
  keeping(async (kept) => {
    const [old] = await kept.write('old');
    assert.ok(old);
    await kept.publish([ahead()]);
    const seen = appended(kept);
    await kept.publish([kept.moderation.order({ kind: 'clear' })]);
    await until(async () => (await kept.store.byIds(ROOM, [idOf(old)])).length === 0);
    await kept.organiser.say({ kind: 'slow', seconds: 5 });
    assert.deepEqual(seen, ['clear', 'slow']);
  }),
);

test(
  '[O7] an order is kept before anybody hears of it, so that a room that is opened meanwhile knows it',
  keeping(async (kept) => {
    const { store } = kept;
    const append = store.append.bind(store);
    let keptThen: number | null = null;
    store.append = async (room, records) => {
      keptThen = (await kept.book.orders(ROOM)).length;
      return append(room, records);
    };
    await kept.organiser.say({ kind: 'slow', seconds: 5 });
    assert.equal(keptThen, 1);
  }),
);

test(
  '[O7] an order that could not be stored does not come into force later',
  keeping(async (kept) => {
    kept.store.append = () => Promise.reject(new Error('the disk is full'));
    await assert.rejects(kept.organiser.say({ kind: 'clear' }), /the disk is full/);
    assert.deepEqual(await kept.book.orders(ROOM), []);
  }),
);
