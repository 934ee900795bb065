// What is wrong, by table: facts as they are measured, and what follows from them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChatStatus, LinkView } from '../../src/core/chat-view.js';
import { govern } from '../../src/core/device-governor.js';
import type { DeviceFacts } from '../../src/core/device-governor.js';
import { diagnose, FINDINGS_MAX } from '../../src/core/diagnosis.js';
import type { FindingCode } from '../../src/core/diagnosis.js';
import type { Diagnostics } from '../../src/core/diagnostics.js';
import type { DialFacts, MeshView } from '../../src/core/mesh-view.js';

interface World {
  readonly status: Partial<ChatStatus>;
  readonly detector: Partial<Diagnostics['detector']>;
  readonly environment: Partial<Diagnostics['environment']>;
  readonly device: Partial<DeviceFacts>;
  readonly offBy: MeshView['offBy'];
  readonly dials: Partial<DialFacts>;
  readonly link: Pick<LinkView, 'state'> & { readonly protocol: 'udp' | 'tcp' | null };
}

const GONE: Partial<ChatStatus> = { websocket: 'disconnected', connection: 'offline', reason: 'server-unreachable' };
const FAILING: Partial<DialFacts> = { tried: 3, failed: 3, failedInRow: 3, hasIceServers: true };

function found(world: Partial<World>): FindingCode[] {
  const status: ChatStatus = {
    connection: 'online',
    isConnected: true,
    websocket: 'connected',
    mesh: 'idle',
    peers: 0,
    members: 3,
    queued: 0,
    history: 'unknown',
    reason: 'connected',
    ...world.status,
  };
  const device = { isVisible: true, battery: 1, isCharging: false, saveData: false, networkSpeed: null };
  const facts = { ...device, ...world.device };
  const dials = { tried: 0, failed: 0, failedInRow: 0, gathered: [], hasIceServers: false };
  const detector = { networkType: 'unknown', networkSpeed: null, isOnline: true, saveData: null } as const;
  const environment = {
    clientVersion: '',
    protocolVersion: 1,
    isSecureContext: true,
    hasWebRtc: true,
    hasWebCrypto: true,
    storage: 'indexeddb',
    visibility: 'visible',
    clockOffsetMs: 12,
    transport: 'websocket',
  } as const;
  const { link } = world;
  const transport = link?.protocol == null ? null : { protocol: link.protocol };
  return diagnose(
    {
      detector: { ...detector, serverAnswers: 'ours', ...world.detector },
      environment: { ...environment, ...world.environment },
      links: link === undefined ? [] : [{ state: link.state, transport } as LinkView],
      mesh: { offBy: world.offBy ?? null, isSupernode: false, dials: { ...dials, ...world.dials } },
      power: { ...govern(facts, 'auto'), battery: facts.battery, isCharging: facts.isCharging },
    },
    status,
  );
}

const TABLE: readonly (readonly [string, Partial<World>, readonly FindingCode[]])[] = [
  ['all is well', {}, []],
  ['the server is gone', { status: GONE, detector: { serverAnswers: 'nothing' } }, ['server-unreachable']],
  ['it has not been asked yet', { status: GONE, detector: { serverAnswers: 'unknown' } }, ['server-unreachable']],
  ['its proxy answers without it', { status: GONE, detector: { serverAnswers: 'front' } }, ['server-unreachable']],
  ['a sign-in page answers', { status: GONE, detector: { serverAnswers: 'other' } }, ['captive-portal']],
  ['peers are there without it', { status: { ...GONE, connection: 'mesh-only' } }, ['server-unreachable']],
  ['it restarts and said so', { status: { ...GONE, reason: 'server-closing' } }, []],
  ['it speaks another version', { status: { ...GONE, reason: 'version-mismatch' } }, []],
  ['no network', { status: { ...GONE, reason: 'no-network' }, detector: { isOnline: false } }, ['no-network']],
  ['the browser is wrong about the network', { detector: { isOnline: false } }, []],
  ['nothing is kept', { environment: { storage: 'memory' } }, ['storage-refused']],
  ['nothing is loaded yet', { environment: { storage: 'memory' }, status: { reason: 'starting' } }, []],
  ['the clock is slow', { environment: { clockOffsetMs: 61_000 } }, ['clock-off']],
  ['the clock is fast', { environment: { clockOffsetMs: -3_600_000 } }, ['clock-off']],
  ['the clock is a little off', { environment: { clockOffsetMs: 59_000 } }, []],
  ['plain http', { environment: { isSecureContext: false } }, ['insecure-page']],
  ['no WebRTC', { offBy: 'browser' }, ['no-webrtc']],
  ['the organiser has switched links off', { offBy: 'organiser' }, ['p2p-disabled']],
  ['the page has switched links off', { offBy: 'page' }, []],
  ['the battery is low', { device: { battery: 0.15 } }, ['battery-saver']],
  ['the page is hidden', { device: { isVisible: false } }, []],
  ['UDP is blocked', { dials: { ...FAILING, gathered: ['host'] } }, ['udp-blocked']],
  ['links come about over TCP only', { link: { state: 'up', protocol: 'tcp' } }, ['udp-blocked']],
  ['a link over UDP', { link: { state: 'up', protocol: 'udp' } }, []],
  ['devices are kept apart', { dials: { ...FAILING, gathered: ['host', 'srflx'] } }, ['wifi-isolates']],
  ['nobody to ask for UDP', { dials: { ...FAILING, hasIceServers: false } }, ['wifi-isolates']],
  [
    'behind a carrier’s translation',
    { dials: { ...FAILING, gathered: ['srflx'] }, detector: { networkType: 'cellular' } },
    [],
  ],
  ['two dials failed', { dials: { ...FAILING, failedInRow: 2 } }, []],
  ['dials fail beside a link', { dials: FAILING, link: { state: 'up', protocol: 'udp' } }, []],
  ['only polling comes through', { environment: { transport: 'polling' } }, ['websocket-blocked']],
];

for (const [what, world, codes] of TABLE) {
  test(`${what}: ${codes.join(', ') || 'nothing to say'}`, () => assert.deepEqual(found(world), codes));
}

test('at most three findings, those that matter most to a chat first', () => {
  const all = found({
    status: GONE,
    detector: { serverAnswers: 'other' },
    environment: { storage: 'memory', isSecureContext: false, clockOffsetMs: 90_000 },
    offBy: 'browser',
  });
  assert.equal(all.length, FINDINGS_MAX);
  assert.deepEqual(all, ['captive-portal', 'storage-refused', 'clock-off']);
});
