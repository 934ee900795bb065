// Who serves whom (rules C3, C11): two parents for each leaf, one near and one elsewhere, no parent with too many, or
// that has passed nothing on to it.

import type { PeerId } from '../../protocol/ids.js';
import { CROWD } from './crowd-limits.js';
import { isAtLocationOf, isOnNetworkOf } from './nearness.js';
import type { Whereabouts } from './nearness.js';

export interface Leaf extends Whereabouts {
  readonly peer: PeerId;
  /** Those it has now, first and second. */
  readonly parents: readonly PeerId[];
}

export interface Supernode extends Whereabouts {
  readonly peer: PeerId;
  /** Leaves that want another. */
  readonly namedBy?: ReadonlySet<PeerId>;
}

interface Load {
  readonly supernode: Supernode;
  /** Leaves as first parent, and as second. */
  readonly leaves: [number, number];
}

/** Parents for every leaf; one that nobody can take has none. What is there and can stay, stays. */
export function assignParents(leaves: readonly Leaf[], supernodes: readonly Supernode[]): Map<PeerId, PeerId[]> {
  const loads = new Map(supernodes.map((supernode): [PeerId, Load] => [supernode.peer, { supernode, leaves: [0, 0] }]));
  const assigned = new Map<PeerId, PeerId[]>();
  for (const leaf of leaves) assigned.set(leaf.peer, keep(leaf, loads));
  const inOrder = [...loads.values()];
  for (const order of [0, 1] as const) {
    for (const leaf of leaves) {
      const parents = assigned.get(leaf.peer) ?? [];
      if (parents.length !== order) continue;
      const chosen = choose(leaf, parents[0], order, inOrder, loads);
      if (chosen === null) continue;
      chosen.leaves[order] += 1;
      parents.push(chosen.supernode.peer);
    }
  }
  return assigned;
}

function keep(leaf: Leaf, loads: ReadonlyMap<PeerId, Load>): PeerId[] {
  const kept: PeerId[] = [];
  for (const parent of leaf.parents) {
    const load = loads.get(parent);
    const order = kept.length === 0 ? 0 : 1;
    if (load === undefined || !mayTake(load, leaf, order)) continue;
    load.leaves[order] += 1;
    kept.push(parent);
  }
  return kept;
}

/** What it is worth, in leaves, that two are on one network, or on two; half of it that they are at one location, or not. */
const NETWORK_WORTH = CROWD.leavesAim;
const LOCATION_WORTH = CROWD.leavesAim / 2;

/** The least loaded that fits best: near the leaf as first, away from the first as second. */
function choose(
  leaf: Leaf,
  first: PeerId | undefined,
  order: 0 | 1,
  inOrder: readonly Load[],
  loads: ReadonlyMap<PeerId, Load>,
): Load | null {
  const firstParent = first === undefined ? undefined : loads.get(first)?.supernode;
  let best: Load | null = null;
  let bestCost = Infinity;
  for (const load of inOrder) {
    if (!mayTake(load, leaf, order) || load.supernode.peer === first) continue;
    // Rather a fuller one in the right place, up to the aim; beyond it the load decides.
    const misfit = firstParent === undefined ? distance(leaf, load.supernode) : closeness(firstParent, load.supernode);
    const cost = load.leaves[order] + misfit;
    if (cost < bestCost) [best, bestCost] = [load, cost];
  }
  return best;
}

function distance(leaf: Whereabouts, supernode: Whereabouts): number {
  const ofLocation = leaf.location === null || isAtLocationOf(leaf, supernode) ? 0 : LOCATION_WORTH;
  return ofLocation + (isOnNetworkOf(leaf, supernode) ? 0 : NETWORK_WORTH);
}

function closeness(first: Whereabouts, second: Whereabouts): number {
  return (isOnNetworkOf(first, second) ? NETWORK_WORTH : 0) + (isAtLocationOf(first, second) ? LOCATION_WORTH : 0);
}

function mayTake({ supernode, leaves }: Load, leaf: Leaf, order: 0 | 1): boolean {
  return leaves[order] < CROWD.leavesMax && supernode.namedBy?.has(leaf.peer) !== true;
}
