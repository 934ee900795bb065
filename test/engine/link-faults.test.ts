// Faults made on purpose, on a link that would otherwise deliver everything.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LinkFaults } from '../../src/engine/link-faults.js';
import type { PeerLinkEvents, PeerLinkPort } from '../../src/engine/peer-link-port.js';

const SILENT: PeerLinkEvents = {
  signal: () => undefined,
  open: () => undefined,
  text: () => undefined,
  closed: () => undefined,
};

/** A link that suffers the faults: what arrived at the other end, and a word from there. */
function faultyLink(faults: LinkFaults) {
  const arrived: string[] = [];
  const heard: string[] = [];
  let say = (_: string): void => undefined;
  const open = faults.wrap(({ events }): PeerLinkPort => {
    say = (text) => events.text(text);
    return {
      signal: () => undefined,
      send: (text) => arrived.push(text) > 0,
      queuedBytes: () => 0,
      close: () => undefined,
      bulk: () => null,
      binding: () => null,
      measure: () => Promise.resolve(null),
    };
  });
  const port = open({
    isInitiator: true,
    iceServers: [],
    scope: 'any',
    events: { ...SILENT, text: (text) => heard.push(text) },
  });
  return { port, arrived, heard, say: (text: string) => say(text) };
}

test('without a fault everything passes', () => {
  const { port, arrived, heard, say } = faultyLink(new LinkFaults());
  assert.equal(port.send('one'), true);
  say('two');
  assert.deepEqual([arrived, heard], [['one'], ['two']]);
});

test('what is dropped looks sent', () => {
  const faults = new LinkFaults();
  const { port, arrived } = faultyLink(faults);
  faults.dropShare = 1;
  assert.equal(port.send('one'), true);
  assert.deepEqual(arrived, []);
});

test('what is delayed comes later', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const faults = new LinkFaults();
  const { port, arrived } = faultyLink(faults);
  faults.delayMs = 500;
  port.send('one');
  t.mock.timers.tick(499);
  assert.deepEqual(arrived, []);
  t.mock.timers.tick(1);
  assert.deepEqual(arrived, ['one']);
});

test('a cut link is silent in both directions; one opened later is not', () => {
  const faults = new LinkFaults();
  const before = faultyLink(faults);
  faults.cut();
  assert.equal(before.port.send('one'), true);
  before.say('two');
  assert.deepEqual([before.arrived, before.heard], [[], []]);
  const later = faultyLink(faults);
  later.port.send('three');
  assert.deepEqual(later.arrived, ['three']);
});
