// Who serves whom (rules C3, C11): two parents for each leaf, on different networks, no parent with
// too many, or that has passed nothing on to it.

import type { PeerId } from '../../protocol/ids.js';
import { CROWD } from './crowd-limits.js';

export interface Leaf {
  readonly peer: PeerId;
  /** Devices behind one public address; null when it is not known. */
  readonly network: string | null;
  /** Those it has now, first and second. */
  readonly parents: readonly PeerId[];
}

export interface Supernode {
  readonly peer: PeerId;
  readonly network: string | null;
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

/** The least loaded that fits best: on the leaf's network as first, on another than the first as second. */
function choose(
  leaf: Leaf,
  first: PeerId | undefined,
  order: 0 | 1,
  inOrder: readonly Load[],
  loads: ReadonlyMap<PeerId, Load>,
): Load | null {
  const firstNetwork = first === undefined ? null : (loads.get(first)?.supernode.network ?? null);
  let best: Load | null = null;
  let bestCost = Infinity;
  for (const load of inOrder) {
    if (!mayTake(load, leaf, order) || load.supernode.peer === first) continue;
    const { network } = load.supernode;
    const isNear = network !== null && network === leaf.network;
    const isWanted = order === 0 ? isNear : network === null || network !== firstNetwork;
    // Rather a fuller one on the right network, up to the aim; beyond it the load decides.
    const cost = load.leaves[order] + (isWanted ? 0 : CROWD.leavesAim);
    if (cost < bestCost) [best, bestCost] = [load, cost];
  }
  return best;
}

function mayTake({ supernode, leaves }: Load, leaf: Leaf, order: 0 | 1): boolean {
  return leaves[order] < CROWD.leavesMax && supernode.namedBy?.has(leaf.peer) !== true;
}
