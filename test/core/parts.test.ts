// The parts of the core, each by its rule.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Amendments, isAmendment } from '../../src/core/amendments.js';
import { reconnectDelayMs, redialDelayMs } from '../../src/core/backoff.js';
import { CircuitBreaker } from '../../src/core/breaker.js';
import { Hedges, isLate, patienceMs } from '../../src/core/hedges.js';
import { ServerPulse } from '../../src/core/server-pulse.js';
import { HybridClock, packTime, unpackMs } from '../../src/core/hybrid-clock.js';
import { QualityMeter } from '../../src/core/quality.js';
import { Roster } from '../../src/core/roster.js';
import { chooseRoute } from '../../src/core/routing.js';
import { Seen } from '../../src/core/seen.js';
import type { DialId, PeerId, RecordId } from '../../src/protocol/ids.js';
import { recordId, roomKey } from '../../src/protocol/ids.js';
import { CLOCK_LEAD_MAX_MS, LIMITS } from '../../src/protocol/limits.js';
import type { RecordBody, RecordDraft } from '../../src/protocol/record.js';
import { seededRandom } from '../simulation/random.js';
import { toyAuthor, toySession } from '../simulation/toy-signatures.js';
import { membersInOrder } from './driven-room.js';

const random = seededRandom(7);
const AUTHOR = toyAuthor(random);
const SESSION = toySession(random);
const ROOM = roomKey('default', 'lobby');
const id = (seq: number): RecordId => recordId(AUTHOR, SESSION, seq);
const half = (): number => 0.5;

test('[T1] a writer’s times rise even when its clock falls', () => {
  const clock = new HybridClock();
  const times = [1_000, 1_000, 900, 2_000, 500].map((nowMs) => clock.next(nowMs));
  assert.deepEqual(
    times,
    [...times].sort((a, b) => a - b),
  );
  assert.equal(new Set(times).size, times.length);
});

test('[T2] a bad clock drags nobody further than the limit', () => {
  const clock = new HybridClock();
  clock.observe(packTime(Date.UTC(2099, 0)), 10_000);
  assert.equal(unpackMs(clock.next(10_000)), 10_000 + CLOCK_LEAD_MAX_MS);
});

test('[D1] [D2] out of order, doubled and late are told apart, whatever the order', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 3_000 }), { maxLength: 400 }), (seqs) => {
      const seen = new Seen();
      const stored = new Set<RecordId>();
      for (const seq of seqs) {
        assert.equal(
          seen.has(id(seq), (known) => stored.has(known)),
          stored.has(id(seq)),
        );
        seen.add(id(seq));
        stored.add(id(seq));
      }
    }),
  );
});

test('[D2] left of the window the stored ids decide', () => {
  const seen = new Seen();
  seen.add(id(1));
  seen.add(id(5_000));
  assert.ok(!seen.has(id(2), () => false));
  assert.ok(seen.has(id(2), () => true));
  assert.ok(!seen.has(id(5_000 - LIMITS.seenWindow + 1), () => true));
});

test('[R6] edits, retractions and reactions end the same in any order, and strangers change nothing', () => {
  const stranger = toyAuthor(random);
  const draft = (author: typeof AUTHOR, seq: number, body: RecordBody): RecordDraft => ({
    room: ROOM,
    author,
    session: SESSION,
    seq,
    time: seq * 1024,
    body,
  });
  const target = id(1);
  const drafts = [
    draft(AUTHOR, 2, { kind: 'edit', target, text: 'second' }),
    draft(AUTHOR, 3, { kind: 'edit', target, text: 'third' }),
    draft(stranger, 9, { kind: 'edit', target, text: 'stolen' }),
    draft(stranger, 10, { kind: 'retract', target }),
    draft(stranger, 4, { kind: 'reaction', target, emoji: '🎉', isOn: true }),
    draft(stranger, 5, { kind: 'reaction', target, emoji: '🎉', isOn: false }),
    draft(AUTHOR, 6, { kind: 'reaction', target, emoji: '🎉', isOn: true }),
  ];
  fc.assert(
    fc.property(fc.shuffledSubarray(drafts, { minLength: drafts.length }), (shuffled) => {
      const amendments = new Amendments();
      for (const record of [...shuffled, ...shuffled]) if (isAmendment(record)) amendments.add(record);
      assert.equal(amendments.editedText(target), 'third');
      assert.equal(amendments.isRetracted(target), false);
      assert.deepEqual([...(amendments.reactions(target).get('🎉') ?? [])], [AUTHOR]);
    }),
  );
});

test('the breaker opens at half of five, sleeps, gives one trial, and doubles its sleep', () => {
  const breaker = new CircuitBreaker(half);
  for (const isSuccess of [true, true, false, false]) breaker.record(isSuccess, 0);
  assert.equal(breaker.view(0).state, 'closed');
  breaker.record(false, 0);
  assert.equal(breaker.view(0).state, 'open');
  assert.ok(!breaker.tryUse(29_999));
  assert.ok(breaker.tryUse(30_000));
  assert.ok(!breaker.tryUse(30_000), 'one trial only');
  breaker.record(false, 30_100);
  assert.ok(!breaker.tryUse(90_000));
  assert.ok(breaker.tryUse(90_100));
  breaker.record(true, 90_200);
  assert.equal(breaker.view(90_200).state, 'closed');
});

test('the breaker forgets outcomes after ten seconds, and everything when the clock jumps back', () => {
  const breaker = new CircuitBreaker(half);
  for (let count = 0; count < 4; count += 1) breaker.record(false, 0);
  breaker.record(false, 10_001);
  assert.equal(breaker.view(10_001).state, 'closed');
  for (let count = 0; count < 5; count += 1) breaker.record(false, 10_002);
  assert.equal(breaker.view(10_002).state, 'open');
  assert.equal(breaker.view(5_000).state, 'closed');
});

test('quality is null until measured, and forgets after a minute', () => {
  const meter = new QualityMeter();
  assert.deepEqual(meter.read(0), { latencyMs: null, p95Ms: null, reliability: null, samples: 0 });
  for (let ms = 1; ms <= 20; ms += 1) meter.answered(ms, 0);
  meter.missed(0);
  const { latencyMs, p95Ms, reliability } = meter.read(0);
  assert.deepEqual([latencyMs, p95Ms, reliability], [10, 19, 20 / 21]);
  assert.equal(meter.read(60_001).samples, 0);
});

test('[P3] patience is 250 ms at first, then the link’s own p95 between 120 and 400', () => {
  const quality = (p95Ms: number | null, samples: number) => ({ latencyMs: p95Ms, p95Ms, reliability: 1, samples });
  assert.equal(patienceMs(quality(5, 7)), 250);
  assert.equal(patienceMs(quality(null, 20)), 250);
  assert.equal(patienceMs(quality(5, 8)), 120);
  assert.equal(patienceMs(quality(300, 8)), 300);
  assert.equal(patienceMs(quality(2_000, 8)), 400);
});

test('[P3] what is not acknowledged in time is due once, and an acknowledgement tells its round trip', () => {
  const hedges = new Hedges();
  const push = { dial: 'dial0001' as DialId, peer: `${AUTHOR}.${SESSION}` as Parameters<Hedges['pushed']>[0]['peer'] };
  const unmeasured = { latencyMs: null, p95Ms: null, reliability: null, samples: 0 };
  hedges.pushed({ ...push, id: id(1), sentAtMs: 0 }, unmeasured);
  hedges.pushed({ ...push, id: id(2), sentAtMs: 0 }, unmeasured);
  const inTime = hedges.acknowledged(push.dial, id(1));
  assert.deepEqual([inTime?.sentAtMs, inTime && isLate(inTime)], [0, false]);
  assert.deepEqual(hedges.takeDue(249), []);
  assert.deepEqual(
    hedges.takeDue(250).map((late) => late.id),
    [id(2)],
  );
  assert.deepEqual(hedges.takeDue(999), []);
  const late = hedges.acknowledged(push.dial, id(2));
  assert.deepEqual([late?.sentAtMs, late && isLate(late)], [0, true]);
  assert.equal(hedges.acknowledged(push.dial, id(2)), undefined, 'it is told once');
});

test('[P3] an acknowledgement of what was taken for lost tells nothing after two seconds, another link or a suspension', () => {
  const push = { dial: 'dial0001' as DialId, peer: `${AUTHOR}.${SESSION}` as Parameters<Hedges['pushed']>[0]['peer'] };
  const unmeasured = { latencyMs: null, p95Ms: null, reliability: null, samples: 0 };
  const meanwhile: readonly ((hedges: Hedges) => unknown)[] = [
    (hedges) => hedges.takeDue(2_001),
    (hedges) => hedges.takeLink(push.dial),
    (hedges) => hedges.forgive(300),
  ];
  const answers = meanwhile.map((happens) => {
    const hedges = new Hedges();
    hedges.pushed({ ...push, id: id(1), sentAtMs: 0 }, unmeasured);
    hedges.takeDue(250);
    happens(hedges);
    return hedges.acknowledged(push.dial, id(1));
  });
  assert.deepEqual(answers, [undefined, undefined, undefined]);
});

test('the server is asked where it stands every 2.5 s in a small room, and four times a second by all of a larger one', () => {
  const everyMs = (members: number): number => {
    const pulse = new ServerPulse(half, () => members);
    pulse.wrote(0);
    pulse.askBy(0);
    assert.notEqual(pulse.takePing(0), null);
    pulse.pong(1, 10);
    return pulse.nextWakeMs();
  };
  assert.deepEqual([2, 10, 20, 40, 120, 1_000].map(everyMs), [2_500, 2_500, 5_000, 10_000, 30_000, 30_000]);
});

test('[P5] the route says why', () => {
  const measured = (latencyMs: number) => ({ latencyMs, p95Ms: latencyMs, reliability: 1, samples: 8 });
  const usual = {
    preferred: 'auto',
    isServerUp: true,
    linksUp: 2,
    linksUsable: 2,
    webSocket: measured(20),
    p2p: measured(2),
  } as const;
  const table = [
    [usual, 'p2p', 'peers-linked'],
    [{ ...usual, p2p: measured(500) }, 'websocket', 'server-faster'],
    [{ ...usual, p2p: measured(500), preferred: 'p2p' }, 'p2p', 'prefers-p2p'],
    [{ ...usual, preferred: 'websocket' }, 'websocket', 'prefers-websocket'],
    [{ ...usual, preferred: 'websocket', isServerUp: false }, 'p2p', 'server-down'],
    [{ ...usual, linksUsable: 0 }, 'websocket', 'breaker-open'],
    [{ ...usual, linksUp: 0, linksUsable: 0, preferred: 'p2p' }, 'websocket', 'no-peer-link'],
    [{ ...usual, linksUp: 0, linksUsable: 0, isServerUp: false }, 'none', 'nobody-reachable'],
  ] as const;
  for (const [candidates, route, reason] of table) {
    const chosen = chooseRoute(candidates);
    assert.deepEqual([chosen.route, chosen.reason], [route, reason]);
  }
});

test('[M5] redials wait at least five seconds, double, and never end', () => {
  assert.ok(redialDelayMs(0, () => 0) >= 5_000);
  assert.equal(redialDelayMs(1, half), 10_000);
  assert.equal(redialDelayMs(50, half), 300_000);
});

test('[J8] reconnects spread over what the server asks for, and over more with each attempt', () => {
  const delay = (attempt: number, returnWithinMs: number | null, at: number) =>
    reconnectDelayMs({ attempt, returnWithinMs, random: () => at });
  assert.equal(delay(0, null, 0), 0);
  assert.equal(delay(0, null, 1), 1_000);
  assert.equal(delay(9, null, 1), 4_000);
  assert.equal(delay(0, 10_000, 1), 10_000);
  assert.equal(delay(1, 10_000, 1), 10_000);
  assert.equal(delay(9, 10_000, 1), 20_000);
  assert.equal(delay(99, 86_400_000, 1), 60_000);
  assert.equal(reconnectDelayMs({ attempt: 0, returnWithinMs: 9_000, hintMs: 700, random: () => 0 }), 700);
  assert.equal(reconnectDelayMs({ attempt: 1, returnWithinMs: 9_000, hintMs: 700, random: () => 0 }), 0);
});

test('[J8] two and five thousand who lose one server come back in even seconds', () => {
  for (const sockets of [2_000, 5_000]) {
    let seed = sockets;
    const random = (): number => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
    const returnWithinMs = sockets * 5;
    const came = Array.from({ length: sockets }, () => reconnectDelayMs({ attempt: 0, returnWithinMs, random }));
    const told = Array.from({ length: sockets }, () =>
      reconnectDelayMs({ attempt: 0, returnWithinMs, hintMs: random() * returnWithinMs, random }),
    );
    for (const delays of [came, told]) {
      const seconds = new Map<number, number>();
      for (const delay of delays) {
        const second = Math.floor(delay / 1_000);
        seconds.set(second, (seconds.get(second) ?? 0) + 1);
      }
      const mean = sockets / (returnWithinMs / 1_000);
      assert.ok(Math.max(...seconds.values()) <= 1.5 * mean, `${Math.max(...seconds.values())} in one second`);
    }
  }
});

test('[J4] in a room too large for names the count is the server’s, however many came and went', () => {
  const [self, ...others] = membersInOrder(30).map(({ peer }) => peer) as [PeerId, ...PeerId[]];
  const roster = new Roster(self, 'Ada', new Set());
  roster.joined([{ peer: self, name: 'Ada' }], 20);
  for (const peer of others) roster.memberJoined({ peer, name: 'Bob' }, 20);
  assert.equal(roster.count, 20);
  roster.serverGone();
  for (const peer of others.slice(0, 3)) roster.linked(peer, 'Bob');
  assert.equal(roster.count, 4);
  roster.joined([{ peer: self, name: 'Ada' }], 1);
  assert.equal(roster.count, 4, 'a live link outweighs the server’s word');
});
