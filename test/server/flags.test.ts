// Flags: who gets the mesh, changed while people are connected, and kept over a restart.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { FlagsFile } from '../../server/flags-file.js';
import { DEFAULT_FLAGS, PRESETS, meshSettingsFor } from '../../server/flags.js';
import { Device } from '../support/device.js';
import { running } from '../support/running-server.js';

test('the rollout is stable per user: raising it adds users and takes none away', () => {
  const peers = Array.from({ length: 400 }, () => new Device().peer);
  const enabledAt = (rollout: number): Set<string> =>
    new Set(peers.filter((peer) => meshSettingsFor({ ...DEFAULT_FLAGS, rollout }, peer).isEnabled));
  assert.equal(enabledAt(0).size, 0);
  assert.equal(enabledAt(100).size, peers.length);
  let before = new Set<string>();
  for (const rollout of [10, 25, 50, 90]) {
    const now = enabledAt(rollout);
    for (const peer of before) assert.ok(now.has(peer), 'who had it keeps it');
    // Four hundred fair draws are off by more than a tenth once in 10,000 runs.
    assert.ok(Math.abs(now.size / peers.length - rollout / 100) < 0.1, `${rollout} %: ${now.size} of 400`);
    before = now;
  }
  const [peer] = peers as [(typeof peers)[number]];
  const otherTab = Object.assign(new Device(), { author: peer.slice(0, 43) }).peer;
  const at = (id: typeof peer): boolean[] =>
    [20, 40, 60, 80].map((rollout) => meshSettingsFor({ ...DEFAULT_FLAGS, rollout }, id).isEnabled);
  assert.deepEqual(at(otherTab), at(peer), 'all tabs of a device alike');
});

test(
  '[M10] a change reaches everybody who is connected, and who comes after',
  running(async ({ join: enter, admin }) => {
    const [ada, bob] = [await enter(), await enter('elsewhere')];
    const { status, body } = await admin('mesh', { enabled: false, maxPeers: 3 });
    assert.equal(status, 200);
    assert.deepEqual(body, { ...DEFAULT_FLAGS, enabled: false, maxPeers: 3 });
    for (const member of [ada, bob]) {
      assert.deepEqual((await member.next('mesh-changed')).mesh, {
        isEnabled: false,
        maxPeers: 3,
        autoUpgradeDelayMs: DEFAULT_FLAGS.autoUpgradeDelayMs,
      });
    }
    ada.rejoin('Ada');
    assert.equal((await ada.next('joined')).mesh.isEnabled, false);
    assert.deepEqual((await admin('mesh')).body, body);
    assert.deepEqual((await admin('mesh', { preset: 'staging', rollout: 75 })).body, {
      ...PRESETS.staging,
      rollout: 75,
    });
    assert.equal((await ada.next('mesh-changed')).mesh.maxPeers, PRESETS.staging.maxPeers);
  }),
);

test(
  '[M8] [M10] without the mesh there are no credentials and no signals; with it, credentials of one’s own',
  running(
    async ({ join: enter, admin, connect }) => {
      const stranger = connect();
      await stranger.next('welcome');
      const [ada, bob] = [await enter(), await enter()];
      assert.ok(stranger.received.every((frame) => !JSON.stringify(frame).includes('turn:')));
      const signal = { type: 'signal', room: ada.room, peer: bob.device.peer, dial: 'dial0000', data: 'knock' };
      await admin('mesh', { enabled: false });
      assert.deepEqual((await ada.next('mesh-changed')).iceServers, []);
      ada.send(signal);
      assert.equal((await ada.next('refused')).code, 'no-such-peer');
      await admin('mesh', { enabled: true });
      const users: string[] = [];
      for (const member of [ada, bob]) {
        const { iceServers } = await member.next('mesh-changed', ({ mesh }) => mesh.isEnabled);
        const [stun, turn] = iceServers;
        assert.deepEqual(stun, { urls: ['stun:stun.example'] });
        assert.deepEqual(turn?.urls, ['turn:turn.example', 'turns:turn.example']);
        const [expires = '', id = ''] = (turn.username ?? '').split(':');
        const leftMs = Number(expires) * 1_000 - Date.now();
        assert.ok(leftMs > 0 && leftMs <= 3_600_000, 'short-lived');
        assert.ok(!member.device.author.includes(id), 'the relay does not learn who it is');
        users.push(id);
      }
      assert.notEqual(users[0], users[1]);
      ada.send(signal);
      await bob.next('signal');
    },
    {
      stunUrls: ['stun:stun.example'],
      turnUrls: ['turn:turn.example', 'turns:turn.example'],
      turnSecret: 'a secret of the relay',
    },
  ),
);

test('what was changed is kept until the configuration says something new, or the file is none', () => {
  const folder = mkdtempSync(join(tmpdir(), 'festival-chat-flags-'));
  try {
    const path = join(folder, 'data', 'flags.json');
    const changed = { ...DEFAULT_FLAGS, enabled: false };
    assert.deepEqual(new FlagsFile(path, DEFAULT_FLAGS).read(), DEFAULT_FLAGS);
    new FlagsFile(path, DEFAULT_FLAGS).write(changed);
    assert.deepEqual(new FlagsFile(path, DEFAULT_FLAGS).read(), changed);
    assert.deepEqual(new FlagsFile(path, PRESETS.staging).read(), PRESETS.staging);
    for (const broken of ['', '{', '[]', '{"over":1}']) {
      writeFileSync(path, broken);
      assert.deepEqual(new FlagsFile(path, DEFAULT_FLAGS).read(), DEFAULT_FLAGS, broken);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
