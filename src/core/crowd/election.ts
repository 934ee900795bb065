// Who may serve others, and who is chosen (rule C2). The same members and figures give the same choice.

import type { ReportedDevice, Role } from '../../protocol/frames.js';
import type { PeerId } from '../../protocol/ids.js';
import { CROWD } from './crowd-limits.js';

/** What is known of a member when roles are given. */
export interface Candidate {
  readonly peer: PeerId;
  readonly joinedAtMs: number;
  readonly device: ReportedDevice | null;
  readonly hasRelayedLink: boolean;
  readonly role: Role;
  /** Found out as one who does not do what it claims; not chosen before this. */
  readonly barredUntilMs: number;
}

/** Why a member cannot serve others; null when it can. */
export function unfitness(candidate: Candidate, nowMs: number): string | null {
  const { device } = candidate;
  if (device === null) return 'has said nothing of itself';
  if (!device.canDial) return 'cannot open links';
  if (!device.isVisible) return 'is hidden';
  if (nowMs < candidate.barredUntilMs) return 'did not deliver';
  if (nowMs - candidate.joinedAtMs < CROWD.presentMs) return 'has come too lately';
  if (device.rttMs === null || device.rttMs > CROWD.roundTripMaxMs) return 'is far from the server';
  const battery = device.battery ?? CROWD.batteryUnknown;
  if (device.isCharging !== true && battery < CROWD.batteryMin) return 'is low on battery';
  if (candidate.hasRelayedLink) return 'is reached through a relay';
  const upShare = 1 - device.dialsFailed / Math.max(1, device.dialsTried);
  if (device.dialsTried >= CROWD.dialsTriedMin && upShare < CROWD.dialsUpShareMin) return 'fails too often to link';
  return null;
}

/** The supernodes for a room of `members`: those that are and still can, then the longest present. */
export function elect(candidates: readonly Candidate[], members: number, nowMs: number): Set<PeerId> {
  const fit = candidates.filter((candidate) => unfitness(candidate, nowMs) === null).sort(bySeniority);
  const wanted = Math.max(2, Math.ceil(members / (1 + CROWD.leavesAim)));
  const incumbents = fit.filter(({ role }) => role === 'supernode');
  const isSurplus = incumbents.length > wanted * CROWD.surplusFactor;
  const kept = isSurplus ? incumbents.slice(0, wanted) : incumbents;
  const others = fit.filter(({ role }) => role !== 'supernode');
  const added = others.slice(0, Math.max(0, wanted - kept.length));
  return new Set([...kept, ...added].map((candidate) => candidate.peer));
}

function bySeniority(a: Candidate, b: Candidate): number {
  return a.joinedAtMs - b.joinedAtMs || (a.peer < b.peer ? -1 : 1);
}
