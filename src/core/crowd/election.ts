// Who may serve others, and who is chosen (rule C2). The same members and figures give the same choice.

import type { ReportedDevice, Role } from '../../protocol/frames.js';
import type { PeerId } from '../../protocol/ids.js';
import { CROWD } from './crowd-limits.js';
import { neighbourhoodOf } from './nearness.js';
import type { Whereabouts } from './nearness.js';
import { Seats } from './seats.js';

/** What is known of a member when roles are given. */
export interface Candidate extends Whereabouts {
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

/** The supernodes for a room of these members: those that are and still can, then others, spread over the neighbourhoods. */
export function elect(members: readonly Candidate[], nowMs: number): Set<PeerId> {
  const fit = members.filter((candidate) => unfitness(candidate, nowMs) === null).sort(bySeniority);
  const wanted = Math.max(2, Math.ceil(members.length / (1 + CROWD.leavesAim)));
  const incumbents = fit.filter(({ role }) => role === 'supernode');
  const isSurplus = incumbents.length > wanted * CROWD.surplusFactor;
  const chosen = new Set(isSurplus ? incumbents.slice(0, wanted) : incumbents);
  const seats = new Seats(members);
  for (const candidate of chosen) seats.take(candidate);
  const waiting = byNeighbourhood(fit.filter(({ role }) => role !== 'supernode'));
  for (let next = best(waiting, seats); next !== null; next = best(waiting, seats)) {
    if (chosen.size >= wanted) {
      const leaver = leastMissed(chosen, seats);
      const isMissing = seats.taken(next) === 0 && leaver !== null;
      if (!isMissing || seats.claim(next) <= CROWD.seatMovesAbove * seats.served(leaver)) break;
      chosen.delete(leaver);
      seats.leave(leaver);
    }
    waiting.get(neighbourhoodOf(next))?.shift();
    chosen.add(next);
    seats.take(next);
  }
  return new Set([...chosen].map((candidate) => candidate.peer));
}

function byNeighbourhood(candidates: readonly Candidate[]): Map<string, Candidate[]> {
  const neighbourhoods = new Map<string, Candidate[]>();
  for (const candidate of candidates) {
    const key = neighbourhoodOf(candidate);
    const known = neighbourhoods.get(key);
    if (known === undefined) neighbourhoods.set(key, [candidate]);
    else known.push(candidate);
  }
  return neighbourhoods;
}

/** The senior of the neighbourhood with the best claim. */
function best(waiting: ReadonlyMap<string, readonly Candidate[]>, seats: Seats): Candidate | null {
  let found: Candidate | null = null;
  for (const [next] of waiting.values()) {
    if (next === undefined) continue;
    const lead = found === null ? 1 : seats.claim(next) - seats.claim(found);
    if (found === null || lead > 0 || (lead === 0 && bySeniority(next, found) < 0)) found = next;
  }
  return found;
}

/** The junior of the neighbourhood that has most supernodes for its members, and more than one. */
function leastMissed(chosen: ReadonlySet<Candidate>, seats: Seats): Candidate | null {
  let found: Candidate | null = null;
  for (const next of chosen) {
    if (seats.taken(next) < 2) continue;
    const lead = found === null ? 1 : seats.served(found) - seats.served(next);
    if (found === null || lead > 0 || (lead === 0 && bySeniority(next, found) > 0)) found = next;
  }
  return found;
}

function bySeniority(a: Candidate, b: Candidate): number {
  return a.joinedAtMs - b.joinedAtMs || (a.peer < b.peer ? -1 : 1);
}
