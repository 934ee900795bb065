// Reports of messages wait for the server's answer, and for nothing else (rule O8).

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Complaints } from '../../src/engine/complaints.js';
import type { RecordId } from '../../src/protocol/ids.js';
import { roomKey } from '../../src/protocol/ids.js';

const room = roomKey('default', 'lobby');
const [first, second] = ['first', 'second'] as RecordId[] as [RecordId, RecordId];

test('[O8] a report is done when the server says so of this message', async () => {
  const complaints = new Complaints();
  let isDone = false;
  const waiting = complaints.wait(first).then(() => (isDone = true));
  const other = complaints.wait(second);
  complaints.heard({ type: 'complained', room, target: second });
  await other;
  assert.equal(isDone, false);
  complaints.heard({ type: 'complained', room, target: first });
  await waiting;
});

test('[O8] without a server, and after too many, whoever reports is told', async () => {
  const complaints = new Complaints();
  const lost = assert.rejects(complaints.wait(first), { code: 'not-connected' });
  complaints.lost();
  await lost;
  const tooMany = assert.rejects(complaints.wait(first), { code: 'rate-limited' });
  complaints.heard({ type: 'refused', code: 'rate-limited', message: 'Too much at once.', room, retryAfterMs: 9 });
  await tooMany;
});
