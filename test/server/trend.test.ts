// The last hour by minutes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Trend } from '../../server/trend.js';

test('a minute shows the highest it saw, and an hour is kept', () => {
  let nowMs = 0;
  let members = 3;
  const trend = new Trend(
    () => nowMs,
    () => ({ members, p2pUsers: 0, eventLoopLagP99Ms: members / 10, rssBytes: 1 }),
  );
  trend.look();
  members = 7;
  trend.look();
  members = 2;
  trend.look();
  nowMs = 61_000;
  trend.look();
  assert.deepEqual(
    trend.minutes.map(({ atMs, members: most, eventLoopLagP99Ms }) => [atMs, most, eventLoopLagP99Ms]),
    [
      [0, 7, 0.7],
      [60_000, 2, 0.2],
    ],
  );
  for (let minute = 2; minute < 100; minute += 1) {
    nowMs = minute * 60_000;
    trend.look();
  }
  assert.deepEqual([trend.minutes.length, trend.minutes[0]?.atMs], [60, 40 * 60_000]);
  trend.stop();
});
