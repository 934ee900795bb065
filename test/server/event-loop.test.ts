// When a server says that it is busy.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { EventLoop } from '../../server/event-loop.js';
import { until } from '../support/until.js';

const LATE_MS = 300;
/** A turn of an idle loop. */
const TURN_MS = 10;

/** Nothing else runs meanwhile. */
function hold(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

async function measured(run: (loop: EventLoop) => Promise<void>): Promise<void> {
  const loop = new EventLoop();
  loop.start();
  try {
    await until(() => loop.lag.meanMs > 0);
    await run(loop);
  } finally {
    loop.stop();
  }
}

// By a clock of its own: a busy machine would add pauses.
test('one long pause of the machine is seen, and does not make a server busy', (t: TestContext) => {
  let nowMs = 0;
  const intervals: { readonly run: () => void; readonly everyMs: number; atMs: number }[] = [];
  t.mock.method(performance, 'now', () => nowMs);
  const setInterval = (run: () => void, everyMs: number) => {
    intervals.push({ run, everyMs, atMs: nowMs + everyMs });
    return { unref: () => undefined };
  };
  t.mock.method(globalThis, 'setInterval', setInterval as unknown as typeof globalThis.setInterval);
  const loop = new EventLoop();
  loop.start();
  let [lateMs, lastingMs] = [0, 0];
  const pass = (ms: number, turnMs = TURN_MS): void => {
    for (const endMs = nowMs + ms; nowMs < endMs;) {
      nowMs += turnMs;
      for (const interval of intervals.filter(({ atMs }) => atMs <= nowMs)) {
        interval.run();
        interval.atMs = nowMs + interval.everyMs;
      }
      lateMs = Math.max(lateMs, loop.lag.p99Ms);
      lastingMs = Math.max(lastingMs, loop.lastingMs);
    }
  };
  // Into the third second, of which the pause is the greater part.
  pass(2_100);
  assert.ok(lateMs < LATE_MS, `${lateMs} ms`);
  pass(3 * LATE_MS, 3 * LATE_MS);
  pass(2_000);
  assert.ok(lateMs > LATE_MS, `${lateMs} ms`);
  assert.ok(lastingMs < LATE_MS, `${lastingMs} ms`);
});

for (const turnMs of [1.5 * LATE_MS, 1_500]) {
  test(`a server whose turns take ${turnMs} ms is busy until they do not`, () =>
    measured(async (loop) => {
      await until(() => {
        hold(turnMs);
        return loop.lastingMs > LATE_MS;
      });
      await until(() => loop.lastingMs < LATE_MS);
    }));
}
