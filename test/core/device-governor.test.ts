// What a device may spend on others, by table, and a room that keeps to it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { govern } from '../../src/core/device-governor.js';
import type { DeviceFacts, PowerPreference, PowerProfile, PowerReason } from '../../src/core/device-governor.js';

const WELL: DeviceFacts = { isVisible: true, battery: 0.8, isCharging: false, saveData: false, networkSpeed: '4g' };
const SILENT: DeviceFacts = { isVisible: true, battery: null, isCharging: null, saveData: null, networkSpeed: null };

const TABLE: readonly (readonly [string, DeviceFacts, PowerPreference, PowerProfile, readonly PowerReason[]])[] = [
  ['a device that is well', WELL, 'auto', 'full', []],
  ['a device that says nothing', SILENT, 'auto', 'full', []],
  ['20 % is not below it', { ...WELL, battery: 0.2 }, 'auto', 'full', []],
  ['19 %', { ...WELL, battery: 0.19 }, 'auto', 'saving', ['battery-low']],
  ['10 % is not below it', { ...WELL, battery: 0.1 }, 'auto', 'saving', ['battery-low']],
  ['9 %', { ...WELL, battery: 0.09 }, 'auto', 'server-only', ['battery-critical']],
  ['9 %, charging', { ...WELL, battery: 0.09, isCharging: true }, 'auto', 'full', []],
  ['9 %, asked for everything', { ...WELL, battery: 0.09 }, 'full', 'full', []],
  ['Save-Data', { ...WELL, saveData: true }, 'auto', 'saving', ['save-data']],
  ['a slow network', { ...WELL, networkSpeed: '2g' }, 'auto', 'saving', ['slow-network']],
  ['the slowest, asked for everything', { ...WELL, networkSpeed: 'slow-2g' }, 'full', 'full', []],
  ['asked to save', WELL, 'saving', 'saving', ['asked']],
  ['asked to save, at 9 %', { ...WELL, battery: 0.09 }, 'saving', 'server-only', ['asked', 'battery-critical']],
  ['hidden', { ...WELL, isVisible: false }, 'auto', 'hidden', ['hidden']],
  ['hidden, asked for everything', { ...WELL, isVisible: false }, 'full', 'hidden', ['hidden']],
  ['hidden, at 15 %', { ...WELL, isVisible: false, battery: 0.15 }, 'auto', 'saving', ['battery-low', 'hidden']],
];

for (const [what, device, wanted, profile, reasons] of TABLE) {
  test(`${what}: ${profile}`, () => {
    const view = govern(device, wanted);
    assert.deepEqual({ profile: view.profile, reasons: view.reasons }, { profile, reasons });
  });
}

test('below 20 % one link and half a minute between comparisons, below 10 % the server only', () => {
  const low = govern({ ...WELL, battery: 0.15 }, 'auto');
  assert.deepEqual(low.rules, { linksMax: 1, opensLinks: true, syncEveryMs: 30_000 });
  const critical = govern({ ...WELL, battery: 0.05 }, 'auto');
  assert.equal(critical.rules.linksMax, 0);
});

test('a hidden device that saves opens no link', () => {
  const hidden = govern({ ...WELL, battery: 0.15, isVisible: false }, 'auto');
  assert.deepEqual(hidden.rules, { linksMax: 1, opensLinks: false, syncEveryMs: 30_000 });
});
