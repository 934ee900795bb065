// Who may serve others, and who is chosen (rule C2). The same members and figures give the same choice.

import type { ReportedDevice } from '../../protocol/frames.js';
import type { PeerId } from '../../protocol/ids.js';
import { CROWD } from './crowd-limits.js';

/** What is known of a member when roles are given. */
export interface Candidate {
  readonly peer: PeerId;
  readonly joinedAtMs: number;
  /** Devices behind one public address; null when it is not known. */
  readonly network: string | null;
  readonly device: ReportedDevice | null;
  readonly hasRelayedLink: boolean;
  readonly isSupernode: boolean;
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

/** The supernodes for a room of these members: those that are and still can, then others, spread over the networks. */
export function elect(members: readonly Candidate[], nowMs: number): Set<PeerId> {
  const fit = members.filter((candidate) => unfitness(candidate, nowMs) === null).sort(bySeniority);
  const wanted = Math.max(2, Math.ceil(members.length / (1 + CROWD.leavesAim)));
  const incumbents = fit.filter((candidate) => candidate.isSupernode);
  const isSurplus = incumbents.length > wanted * CROWD.surplusFactor;
  const kept = isSurplus ? incumbents.slice(0, wanted) : incumbents;
  const chosen = [...kept];
  const others = new Map<Candidate['network'], Candidate[]>();
  for (const candidate of fit) {
    if (!candidate.isSupernode) others.set(candidate.network, [...(others.get(candidate.network) ?? []), candidate]);
  }
  const seats = seatsOf(members);
  for (const { network } of kept) seats.take(network);
  while (chosen.length < wanted) {
    const next = seats.first([...others.values()].flatMap(([eldest]) => eldest ?? []));
    if (next === null) break;
    others.get(next.network)?.shift();
    seats.take(next.network);
    chosen.push(next);
  }
  return new Set(chosen.map((candidate) => candidate.peer));
}

/** Seats go to networks by their members, as D'Hondt's method gives those of a parliament to parties. */
function seatsOf(members: readonly Candidate[]) {
  const sizes = new Map<Candidate['network'], number>();
  const taken = new Map<Candidate['network'], number>();
  for (const { network } of members) sizes.set(network, (sizes.get(network) ?? 0) + 1);
  const claim = ({ network }: Candidate): number => (sizes.get(network) ?? 0) / (1 + (taken.get(network) ?? 0));
  return {
    take: (network: Candidate['network']): void => void taken.set(network, (taken.get(network) ?? 0) + 1),
    /** The one whose network has the best claim; of several the senior. */
    first: (candidates: readonly Candidate[]): Candidate | null =>
      [...candidates].sort((a, b) => claim(b) - claim(a) || bySeniority(a, b))[0] ?? null,
  };
}

function bySeniority(a: Candidate, b: Candidate): number {
  return a.joinedAtMs - b.joinedAtMs || (a.peer < b.peer ? -1 : 1);
}
