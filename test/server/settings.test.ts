// The environment and the flags: what is taken, what is refused, and in which words.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { PRESETS } from '../../server/flags.js';
import { NAMES, readSettings } from '../../server/settings.js';

const PRODUCTION = { FESTIVAL_CHAT_PRESET: 'production', FESTIVAL_CHAT_ORIGINS: 'https://festival.example' };

test('what cannot be is refused in one line that names it, and a secret is never repeated', () => {
  const table: readonly (readonly [variable: string, value: string])[] = [
    ['FESTIVAL_CHAT_PRESET', 'prod'],
    ['FESTIVAL_CHAT_ADMIN_TOKEN', 'unread'],
    ['FESTIVAL_CHAT_METRICS_TOKEN', 'unsaid'],
    ['FESTIVAL_CHAT_JOIN_SECRET', 'of one byte less than it takes.'],
    ['FESTIVAL_CHAT_TURN_SECRET', 'hushed'],
    ['FESTIVAL_CHAT_TURN_URLS', 'stun:turn.example'],
    ['FESTIVAL_CHAT_TURN_URLS', 'turn:a,turn:b,turn:c,turn:d,turn:e'],
    ['FESTIVAL_CHAT_TRUSTED_PROXIES', '-1'],
    ['FESTIVAL_CHAT_CONNECTIONS_MAX', '0'],
    ['FESTIVAL_CHAT_PHOTOS_PER_HOUR', '-1'],
    ['FESTIVAL_CHAT_PHOTO_KB_MAX', '5000'],
    ['FESTIVAL_CHAT_PHOTO_STORE_MB', '0'],
    ['MESH_ROLLOUT', '101'],
    ['LOG_LEVEL', 'loud'],
  ];
  for (const [variable, value] of table) {
    assert.throws(
      () => readSettings({ [variable]: value }, []),
      ({ message }: Error) => {
        assert.ok(message.startsWith(`${variable} `) && !message.includes('\n'), message);
        if (/TOKEN|SECRET/.test(variable)) assert.ok(!message.includes(value), message);
        return true;
      },
      `${variable}=${value}`,
    );
  }
  assert.throws(() => readSettings({ FESTIVAL_CHAT_TURN_URLS: 'turn:turn.example' }, []), /FESTIVAL_CHAT_TURN_SECRET/);
  assert.throws(() => readSettings({ FESTIVAL_CHAT_TURN_SECRET: 'x'.repeat(16) }, []), /FESTIVAL_CHAT_TURN_URLS/);
  assert.throws(() => readSettings({ FESTIVAL_CHAT_PRESET: 'production' }, []), /FESTIVAL_CHAT_ORIGINS/);
});

test('the operator’s guide has a row for each variable', () => {
  const guide = readFileSync('server/OPERATING.md', 'utf8');
  for (const name of NAMES) assert.ok(guide.includes(`\n| \`${name}\` |`), name);
});

test('a preset gives the flags their start values, a variable changes one of them, a flag wins over both', () => {
  const flagsOf = (env: Record<string, string>, args: string[] = []) => readSettings(env, args).server.flags;
  assert.deepEqual(flagsOf({}), PRESETS.production);
  assert.deepEqual(flagsOf(PRODUCTION), PRESETS.production);
  assert.deepEqual(flagsOf({ FESTIVAL_CHAT_PRESET: 'development' }), PRESETS.development);
  const staging = { FESTIVAL_CHAT_PRESET: 'staging', MESH_ROLLOUT: '12.5', P2P_MAX_PEERS: '3' };
  assert.deepEqual(flagsOf(staging, ['--p2p-max-peers', '4', '--mesh-enabled', 'false']), {
    ...PRESETS.staging,
    rollout: 12.5,
    maxPeers: 4,
    enabled: false,
  });
  assert.equal(readSettings({ FESTIVAL_CHAT_PRESET: 'development' }, []).logLevel, 'debug');
  assert.equal(readSettings({ FESTIVAL_CHAT_PRESET: 'development', LOG_LEVEL: 'warn' }, []).logLevel, 'warn');
});
