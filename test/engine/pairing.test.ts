// Two devices pair by their codes, over connections that are wired together here (rules Q3 to Q6).

import assert from 'node:assert/strict';
import { afterEach, mock, test } from 'node:test';
import { ChatEventTarget, FcPeerEvent } from '../../src/engine/chat-events.js';
import { answerOf, readDescription } from '../../src/engine/pairing/description.js';
import type { Pairing, PairingState } from '../../src/engine/pairing/pairing-state.js';
import { startPairing } from '../../src/engine/pairing/start-pairing.js';
import type { PairingHost } from '../../src/engine/pairing/start-pairing.js';
import type { OpenPeerLink, PeerLinkEvents, PeerLinkPort } from '../../src/engine/peer-link-port.js';
import type { AuthorId, DialId, PeerId } from '../../src/protocol/ids.js';
import { authorOf, roomKey } from '../../src/protocol/ids.js';
import { readCode, writeCode } from '../../src/protocol/pairing/pairing-code.js';
import { decodePairingFrame, encodePairingFrame } from '../../src/protocol/pairing/pairing-frames.js';
import { Device } from '../support/device.js';

const ROOM = roomKey('default', 'lobby');
/** What Chromium says of its end, as far as it matters here. */
const CHROMIUM = (ufrag: string, fingerprint: string, address: string): string =>
  [
    'm=application 46553 UDP/DTLS/SCTP webrtc-datachannel',
    `a=candidate:2219922291 1 udp 2113937151 ${address} 46553 typ host generation 0 network-cost 999`,
    'a=candidate:2200125379 1 tcp 1518280447 192.168.1.2 9 typ host tcptype active generation 0',
    `a=ice-ufrag:${ufrag}`,
    'a=ice-pwd:KUO/s4I1J5aq9T+eunmWc+bG',
    `a=fingerprint:sha-256 ${fingerprint}`,
    'a=setup:actpass',
    'a=mid:0',
  ].join('\r\n');

interface End {
  readonly ufrag: string;
  readonly events: PeerLinkEvents;
  /** The other's, once its answer is in. */
  wants: string | null;
  answer: string;
  isClosed: boolean;
}

/** A network on which two ends open when each has been given the other's answer. */
class Network {
  readonly ends: End[] = [];
  address = '192.168.1.2';
  /** Every text that passes, changed on its way. */
  passing = (text: string): string => text;

  readonly open: OpenPeerLink = ({ events, isPaired }): PeerLinkPort => {
    assert.equal(isPaired, true);
    const number = this.ends.length;
    const end: End = { ufrag: `u${String(number).padStart(3, '0')}`, events, wants: null, answer: '', isClosed: false };
    this.ends.push(end);
    const fingerprint = Array.from({ length: 32 }, () => String(10 + (number % 80))).join(':');
    const sdp = CHROMIUM(end.ufrag, fingerprint, this.address);
    queueMicrotask(() => events.signal(JSON.stringify({ type: 'offer', sdp })));
    return {
      signal: (data) => {
        const { sdp: answer } = JSON.parse(data) as { sdp: string };
        end.answer = answer;
        end.wants = /^a=ice-ufrag:(\S+)/m.exec(answer)?.[1] ?? null;
        const other = this.#other(end);
        if (other !== undefined) for (const each of [end, other]) queueMicrotask(() => each.events.open());
      },
      send: (text) => {
        const passed = this.passing(text);
        queueMicrotask(() => this.#other(end)?.events.text(passed));
        return true;
      },
      queuedBytes: () => 0,
      close: () => this.close(end),
      bulk: () => null,
      binding: () => null,
      measure: () => Promise.resolve(null),
    };
  };

  close(end: End): void {
    const other = this.#other(end);
    end.isClosed = true;
    if (other !== undefined) queueMicrotask(() => other.events.closed(true, 'closed'));
  }

  #other(end: End): End | undefined {
    return this.ends.find((each) => each.wants === end.ufrag && each.ufrag === end.wants && !each.isClosed);
  }
}

/** Pairings have timers: they are ended after each test. */
const pairings: Pairing[] = [];
afterEach(() => {
  for (const pairing of pairings.splice(0)) pairing.end();
});

class Visitor {
  readonly device = new Device();
  readonly chat = Object.assign(new ChatEventTarget(), { meshEnabled: true });
  readonly trusted: AuthorId[] = [];
  readonly refused: DialId[] = [];
  readonly admitted: { dial: DialId; peer: PeerId; open: OpenPeerLink }[] = [];
  readonly pairing: Pairing;
  nowMs = Date.UTC(2027, 6, 17);

  constructor(network: Network, name: string, change: Partial<PairingHost> = {}) {
    this.pairing = startPairing({
      chat: this.chat,
      room: ROOM,
      self: this.device.peer,
      name: () => name,
      scope: 'any',
      nowMs: () => this.nowMs,
      admit: (dial, peer, open) => this.admitted.push({ dial, peer, open }),
      refused: (dial) => this.refused.push(dial),
      trust: (author) => this.trusted.push(author),
      open: network.open,
      ...change,
    });
    pairings.push(this.pairing);
  }

  get step(): string {
    return this.pairing.state.step;
  }

  /** Resolves with the state when it is of this step. */
  async is<Step extends PairingState['step']>(step: Step): Promise<Extract<PairingState, { step: Step }>> {
    while (this.pairing.state.step !== step) {
      await new Promise((resolve) => this.pairing.addEventListener('change', resolve, { once: true }));
    }
    return this.pairing.state as Extract<PairingState, { step: Step }>;
  }

  async code(): Promise<string> {
    return (await this.is('showing')).code;
  }

  linked(peer: PeerId, state: 'linked' | 'failed', reason = ''): void {
    this.chat.dispatchEvent(new FcPeerEvent({ peer, name: '', state, reason }));
  }
}

/** Both have read the other's code. */
async function scanned(
  network = new Network(),
): Promise<{ ada: Visitor; bob: Visitor; network: Network; ofBob: string }> {
  const [ada, bob] = [new Visitor(network, 'Ada'), new Visitor(network, 'Bob')];
  const [ofAda, ofBob] = [await ada.code(), await bob.code()];
  ada.pairing.read(ofBob);
  bob.pairing.read(ofAda);
  return { ada, bob, network, ofBob };
}

test('[Q3] a code holds the credentials and candidates of the local description, and the answer is made of it', async () => {
  const { ada, bob, network } = await scanned();
  await Promise.all([ada.is('comparing'), bob.is('comparing')]);
  const [a, b] = network.ends as [End, End];
  for (const line of ['a=ice-ufrag:u001', 'a=ice-pwd:KUO/s4I1J5aq9T+eunmWc+bG', 'a=mid:0', 'a=sctp-port:5000']) {
    assert.ok(a.answer.includes(`${line}\r\n`), line);
  }
  assert.match(a.answer, /a=candidate:1 1 udp \d+ 192\.168\.1\.2 46553 typ host\r\n/);
  assert.doesNotMatch(a.answer, / tcp /);
  // The first end has the lower fingerprint: it is the client, so the other's answer is passive.
  assert.deepEqual(
    [a, b].map(({ answer }) => /a=setup:(\w+)/.exec(answer)?.[1]),
    ['passive', 'active'],
  );
});

test('[Q3] with the scope local no public address is in the code; with relay there is no pairing', async () => {
  const network = new Network();
  network.address = '203.0.113.7';
  const local = new Visitor(network, 'Ada', { scope: 'local' });
  assert.equal((await local.is('failed')).reason, 'no-network');
  assert.equal((await new Visitor(network, 'Ada', { scope: 'relay' }).is('failed')).reason, 'mesh-off');
  assert.ok(await new Visitor(network, 'Ada').code());
});

test('[Q3] a description without credentials or a SHA-256 certificate makes no code', () => {
  const whole = CHROMIUM('abcd', Array.from({ length: 32 }, () => 'AB').join(':'), 'FE80::1');
  assert.deepEqual(readDescription(whole, true)?.candidates, [{ address: 'fe80::1', port: 46_553 }]);
  for (const missing of [/a=fingerprint.*/, /a=ice-ufrag.*/, /a=ice-pwd.*/]) {
    assert.equal(readDescription(whole.replace(missing, ''), false), null);
  }
  const read = readCode(writeCode({ ...(readDescription(whole, true) ?? assert.fail()), ...REST }));
  assert.ok(read.isOk);
  assert.match(answerOf(read.code, 'a=mid:data', true), /a=group:BUNDLE data\r\n[^]*a=mid:data\r\n/);
});
const REST = { roomTag: 1, madeAtS: 1, commitment: new Uint8Array(9) };

test('[Q5] [Q6] both compare four digits, both agree, and the channel is handed over with its greeting', async () => {
  const { ada, bob, network } = await scanned();
  const [a, b] = [await ada.is('comparing'), await bob.is('comparing')];
  assert.match(a.digits, /^\d{4}$/);
  assert.deepEqual([a.digits, a.name, b.digits, b.name], [b.digits, 'Bob', a.digits, 'Ada']);
  ada.pairing.agree();
  assert.equal((await ada.is('comparing')).hasAgreed, true);
  assert.deepEqual([ada.admitted, bob.admitted], [[], []], 'one alone decides nothing');
  bob.pairing.agree();
  while (ada.admitted.length === 0) await new Promise((resolve) => setImmediate(resolve));
  const [[ofAda], [ofBob]] = [ada.admitted, bob.admitted];
  assert.ok(ofAda && ofBob);
  assert.deepEqual([ofAda.peer, ofBob.peer], [bob.device.peer, ada.device.peer]);
  assert.equal(ofAda.dial, ofBob.dial);
  // What the other end says before the link is taken over waits for it.
  const heard: string[] = [];
  const events = { signal: () => undefined, closed: () => undefined, text: (text: string) => heard.push(text) };
  const taken = ofBob.open({ ...LINK, events: { ...events, open: () => undefined } });
  taken.send('a greeting');
  await new Promise((resolve) => setImmediate(resolve));
  ofAda.open({ ...LINK, events: { ...events, open: () => heard.push('open') } });
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(heard, ['open', 'a greeting']);
  assert.ok(network.ends.every((end) => !end.isClosed));
  ada.linked(bob.device.peer, 'linked');
  assert.deepEqual(ada.trusted, [authorOf(bob.device.peer)]);
  assert.deepEqual(ada.pairing.state, { step: 'paired', name: 'Bob', author: bob.device.author });
  bob.linked(ada.device.peer, 'failed', 'no link is free');
  assert.deepEqual([bob.pairing.state, bob.trusted], [{ step: 'failed', reason: 'no-link-free' }, []]);
  assert.deepEqual([ada.refused, bob.refused], [[], [ofBob.dial]], 'nothing of it is kept for a dial that never comes');
  assert.deepEqual(
    network.ends.map(({ isClosed }) => isClosed),
    [false, true],
    'what did not become a link is closed',
  );
});
const LINK = { isInitiator: true, iceServers: [], scope: 'any' } as const;

test('[Q6] whoever finds other digits ends it on both sides, and either may begin again', async () => {
  const { ada, bob } = await scanned();
  await Promise.all([ada.is('comparing'), bob.is('comparing')]);
  ada.pairing.refuse();
  assert.deepEqual(await ada.is('failed'), { step: 'failed', reason: 'digits-differ' });
  assert.deepEqual(await bob.is('failed'), { step: 'failed', reason: 'lost' });
  ada.pairing.again();
  assert.ok(await ada.code());
});

test('[Q6] somebody who passes everything on between two channels is seen by the digits', async () => {
  const network = new Network();
  const [ada, bob] = [new Visitor(network, 'Ada'), new Visitor(network, 'Bob')];
  const [toAda, toBob] = [new Visitor(network, 'Bob'), new Visitor(network, 'Ada')];
  const codes = await Promise.all([ada, toAda, bob, toBob].map((each) => each.code()));
  for (const [reader, index] of [
    [ada, 1],
    [toAda, 0],
    [bob, 3],
    [toBob, 2],
  ] as const)
    reader.pairing.read(codes[index] ?? '');
  const [a, b] = [await ada.is('comparing'), await bob.is('comparing')];
  assert.deepEqual([a.name, b.name], ['Bob', 'Ada']);
  assert.notEqual(a.digits, b.digits);
});

const LIES: Readonly<Record<string, (text: string) => string>> = {
  'another nonce': (text) => change(text, { nonce: 'A'.repeat(22) }),
  'another peer': (text) => change(text, { peer: new Device().peer }),
  'another room': (text) => change(text, { room: roomKey('default', 'elsewhere') }),
  'a greeting at once': () => JSON.stringify({ type: 'hello' }),
  'agreement before anything else': () => encodePairingFrame({ type: 'pair-agreed', room: ROOM }),
  'something long': () => 'x'.repeat(10_000),
};
function change(text: string, by: object): string {
  const frame = decodePairingFrame(text);
  assert.equal(frame?.type, 'pair');
  return JSON.stringify({ ...frame, ...by });
}
for (const [what, lie] of Object.entries(LIES)) {
  test(`[Q5] a side that says ${what} is left`, async () => {
    const network = new Network();
    network.passing = lie;
    const { ada, bob } = await scanned(network);
    const [a, b] = [await ada.is('failed'), await bob.is('failed')];
    assert.ok([a.reason, b.reason].includes('not-theirs'));
    assert.deepEqual([ada.admitted, bob.admitted], [[], []]);
  });
}

test('[Q4] codes that cannot be used are refused in their own words, and ours stays', async () => {
  const network = new Network();
  const ada = new Visitor(network, 'Ada');
  const code = await ada.code();
  const note = (text: string): unknown => {
    ada.pairing.read(text);
    return ada.pairing.state.step === 'showing' ? ada.pairing.state.note : ada.step;
  };
  const elsewhere = new Visitor(network, 'Cleo', { room: roomKey('default', 'campsite') });
  const bob = new Visitor(network, 'Bob');
  const ofBob = await bob.code();
  assert.equal(note('https://festival.example'), 'not-a-code');
  assert.equal(note(ofBob.slice(0, -1)), 'damaged');
  assert.equal(note(await elsewhere.code()), 'other-room');
  assert.equal(note(code), 'own-code');
  for (const [seconds, verdict] of [
    [181, 'old-code'],
    [-61, 'old-code'],
    [40_000, 'old-code'],
    [180, 'linking'],
  ] as const) {
    ada.nowMs = bob.nowMs + seconds * 1_000;
    assert.equal(note(ofBob), verdict, `${seconds} s`);
  }
  assert.equal(note(await elsewhere.code()), 'linking', 'one at a time');
});

test('[Q4] a code that led to a device before is refused, whoever shows it', async () => {
  const { ada, bob, ofBob } = await scanned();
  await Promise.all([ada.is('comparing'), bob.is('comparing')]);
  bob.pairing.refuse();
  await ada.is('failed');
  ada.pairing.again();
  await ada.code();
  ada.pairing.read(ofBob);
  assert.deepEqual((await ada.is('showing')).note, 'used-code');
});
test('[Q4] a code is made anew after 120 s, and the old end is closed', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    const network = new Network();
    const ada = new Visitor(network, 'Ada');
    const first = await ada.code();
    mock.timers.tick(119_999);
    assert.equal(await ada.code(), first);
    mock.timers.tick(1);
    await ada.is('preparing');
    const second = await ada.is('showing');
    assert.notEqual(second.code, first);
    assert.equal(second.note, 'renewed');
    assert.deepEqual(
      network.ends.map(({ isClosed }) => isClosed),
      [true, false],
    );
    ada.pairing.end();
    assert.equal(network.ends[1]?.isClosed, true);
  } finally {
    mock.timers.reset();
  }
});

test('[Q4] a code nobody answers makes room for another; when that happens again, the network is suspected', async () => {
  const network = new Network();
  const [ada, bob] = [new Visitor(network, 'Ada'), new Visitor(network, 'Bob')];
  const ofBob = await bob.code();
  for (const note of ['no-answer', 'isolated'] as const) {
    await ada.code();
    ada.pairing.read(ofBob);
    await ada.is('linking');
    network.ends.at(-1 - Number(note === 'no-answer'))?.events.closed(false, 'Ice connection failed.');
    assert.equal((await ada.is('showing')).note, note);
  }
});

test('[Q4] a device without an address says so', async () => {
  const network = new Network();
  network.address = 'example.invalid';
  const ada = new Visitor(network, 'Ada');
  assert.equal((await ada.is('failed')).reason, 'no-network');
});

test('without a mesh, and where no connection can be made, the pairing says so', async () => {
  const off = Object.assign(new ChatEventTarget(), { meshEnabled: false });
  assert.equal((await new Visitor(new Network(), 'Ada', { chat: off }).is('failed')).reason, 'mesh-off');
  const open = (): never => {
    throw new Error('no more connections');
  };
  assert.equal((await new Visitor(new Network(), 'Ada', { open }).is('failed')).reason, 'no-webrtc');
});
