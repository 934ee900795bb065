// Deliveries promised for records that have not come (rule P3).

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SERVER_LIMITS } from '../../server/limits.js';
import { OwedDeliveries } from '../../server/owed-deliveries.js';
import type { PeerId, RecordId } from '../../src/protocol/ids.js';

const id = (number: number): RecordId => `record ${number}` as RecordId;
const peer = (number: number): PeerId => `peer ${number}` as PeerId;

test('[P3] what is owed is given once, and to each only once', () => {
  const owed = new OwedDeliveries();
  owed.add(id(1), [peer(1), peer(2)]);
  owed.add(id(2), [peer(2)]);
  assert.deepEqual([...owed.take([id(1), id(2), id(3)])], [peer(1), peer(2)]);
  assert.deepEqual([...owed.take([id(1), id(2)])], []);
});

test('[P3] the oldest are forgotten when as much is owed as may be, however many each is owed to', () => {
  const owed = new OwedDeliveries();
  const peers = Array.from({ length: 50 }, (_, index) => peer(index));
  const fitting = SERVER_LIMITS.owedMax / peers.length;
  for (let number = 0; number < fitting; number += 1) {
    owed.add(id(number), peers);
    owed.add(id(number), peers);
  }
  owed.add(id(fitting), peers);
  assert.equal(owed.take([id(0)]).size, 0, 'the oldest');
  assert.equal(owed.take([id(1)]).size, peers.length);
  owed.add(id(fitting + 1), peers);
  assert.equal(owed.take([id(2)]).size, peers.length, 'what was given makes room');
});
