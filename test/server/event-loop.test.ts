// When a server says that it is busy.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EventLoop } from '../../server/event-loop.js';
import { until } from '../support/until.js';

const LATE_MS = 300;

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

test('one long pause of the machine is seen, and does not make a server busy', () =>
  measured(async (loop) => {
    hold(3 * LATE_MS);
    let lastingMs = 0;
    const look = (): boolean => {
      lastingMs = Math.max(lastingMs, loop.lastingMs);
      return loop.lag.p99Ms > LATE_MS;
    };
    await until(look);
    await until(() => !look());
    assert.ok(lastingMs < LATE_MS, `${lastingMs} ms`);
  }));

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
