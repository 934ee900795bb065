// What the mesh may do, for everybody: from the environment at the start, changed by the operator at run time.

import { createHash } from 'node:crypto';
import * as v from 'valibot';
import type { MeshSettings } from '../src/protocol/frames.js';
import type { PeerId } from '../src/protocol/ids.js';
import { authorOf } from '../src/protocol/ids.js';

const DAY_MS = 24 * 3_600_000;

/** The forms of the flags; an operator may change any of them alone. */
export const flagsSchema = v.strictObject({
  /** False closes every link, and wins over what a page asks for. */
  enabled: v.boolean(),
  /** Share of users who get the mesh, percent; the same ones every time. */
  rollout: v.pipe(v.number(), v.minValue(0), v.maxValue(100)),
  /** Full-mesh size, 0 to 8. */
  maxPeers: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(8)),
  /** Milliseconds after joining before an automatic upgrade. */
  autoUpgradeDelayMs: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(DAY_MS)),
});
export type Flags = v.InferOutput<typeof flagsSchema>;

/** What an installation starts from when nothing else is said. */
export const PRESETS = {
  /** A developer at a desk does not want to wait. */
  development: { enabled: true, rollout: 100, maxPeers: 5, autoUpgradeDelayMs: 1_000 },
  /** Half of the users, so that both kinds meet in one room. */
  staging: { enabled: true, rollout: 50, maxPeers: 5, autoUpgradeDelayMs: 5_000 },
  production: { enabled: true, rollout: 100, maxPeers: 5, autoUpgradeDelayMs: 10_000 },
} as const satisfies Record<string, Flags>;
export type Preset = keyof typeof PRESETS;

export const DEFAULT_FLAGS: Flags = PRESETS.production;

/** What a member of this server may do now. */
export function meshSettingsFor({ enabled, rollout, maxPeers, autoUpgradeDelayMs }: Flags, peer: PeerId): MeshSettings {
  return { isEnabled: enabled && rolloutShare(peer) < rollout, maxPeers, autoUpgradeDelayMs };
}

/** A number from 0 to 99.99 that belongs to the device's key: raising the share adds users and takes none away. */
function rolloutShare(peer: PeerId): number {
  return (createHash('sha256').update(authorOf(peer)).digest().readUInt32BE(0) % 10_000) / 100;
}
