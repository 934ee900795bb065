// Reports of messages wait for the server's answer, and for nothing else (rule O8).

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Complaints } from '../../src/engine/complaints.js';
import type { Frame } from '../../src/protocol/frames.js';
import type { RecordId } from '../../src/protocol/ids.js';
import { roomKey } from '../../src/protocol/ids.js';

const room = roomKey('default', 'lobby');
const [first, second] = ['first', 'second'] as RecordId[] as [RecordId, RecordId];

class Source {
  heard: ((frame: Frame | null) => void) | null = null;
}

test('[O8] a report is done when the server says so of this message', async () => {
  const source = new Source();
  const complaints = new Complaints(source);
  let isDone = false;
  const waiting = complaints.answer(first).then(() => (isDone = true));
  const other = complaints.answer(second);
  source.heard?.({ type: 'complained', room, target: second });
  await other;
  assert.equal(isDone, false);
  source.heard?.({ type: 'complained', room, target: first });
  await waiting;
});

test('[O8] without a server, and after too many, whoever reports is told', async () => {
  const source = new Source();
  const complaints = new Complaints(source);
  const lost = assert.rejects(complaints.answer(first), { code: 'not-connected' });
  source.heard?.(null);
  await lost;
  const tooMany = assert.rejects(complaints.answer(first), { code: 'rate-limited' });
  source.heard?.({ type: 'refused', code: 'rate-limited', message: 'Too much at once.', room, retryAfterMs: 9 });
  await tooMany;
});

test('[O8] whoever reports what the server cannot keep now is told, and not for what becomes of a message', async () => {
  const source = new Source();
  const complaints = new Complaints(source);
  let isTold = false;
  const lost = assert.rejects(
    complaints.answer(first).finally(() => (isTold = true)),
    { code: 'not-connected', isRetryable: true },
  );
  const refused = { type: 'refused', code: 'not-stored', message: 'The server cannot save now.', room } as const;
  source.heard?.({ ...refused, ids: [second] });
  await new Promise(setImmediate);
  assert.equal(isTold, false);
  source.heard?.({ ...refused, retryAfterMs: 9 });
  await lost;
});
