// Who is linked to whom when there is no server: a random graph in which everybody has the same number of links.

import type { Random } from '../random.js';
import { pick } from '../random.js';

/**
 * Swaps for each edge of the ring it starts from (the switching method of Milo et al., arXiv:cond-mat/0312028). With
 * ten, mean path lengths and triangles at 100 and 2,000 nodes are those of a hundred; triangles with one are too many.
 */
const SWAPS_PER_EDGE = 10;
/** A random graph of degree 4 or more is almost never in two pieces; a few tries are plenty. */
const TRIES_MAX = 20;

/**
 * Neighbors by node: connected, and regular of that degree where such a graph exists. With an odd degree and an odd
 * number of nodes one of them has a link less; with no more than `degree` others everybody is linked to all.
 */
export function randomOverlay(nodes: number, degree: number, random: Random): number[][] {
  const neighbors = ringLattice(nodes, Math.min(degree, nodes - 1));
  if (degree >= nodes - 1) return neighbors.map((set) => [...set]);
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    swapEdges(neighbors, random);
    if (reachable(neighbors) === nodes) return neighbors.map((set) => [...set]);
  }
  throw new Error(`no connected graph of ${String(nodes)} nodes with degree ${String(degree)}`);
}

/** Each node linked to the next degree / 2 on a circle, and for an odd degree to the opposite one. */
function ringLattice(nodes: number, degree: number): Set<number>[] {
  const neighbors = Array.from({ length: nodes }, () => new Set<number>());
  for (let node = 0; node < nodes; node += 1) {
    for (let step = 1; step <= degree >> 1; step += 1) link(neighbors, node, (node + step) % nodes);
  }
  const half = nodes >> 1;
  for (let node = 0; degree % 2 === 1 && node < half; node += 1) link(neighbors, node, node + half);
  return neighbors;
}

/** Takes two edges a–b and c–d and makes them a–d and c–b, where those are new: degrees stay, order goes. */
function swapEdges(neighbors: readonly Set<number>[], random: Random): void {
  const edges = neighbors.flatMap((set, a) => [...set].filter((b) => a < b).map((b) => ({ a, b })));
  for (let swap = 0; swap < edges.length * SWAPS_PER_EDGE; swap += 1) {
    const [one, other] = [pick(random, edges), pick(random, edges)];
    if (one === undefined || other === undefined) return;
    const { a, b } = one;
    const [c, d] = random() < 0.5 ? [other.a, other.b] : [other.b, other.a];
    if (a === c || a === d || b === c || b === d) continue;
    if (neighbors[a]?.has(d) === true || neighbors[c]?.has(b) === true) continue;
    unlink(neighbors, a, b);
    unlink(neighbors, c, d);
    link(neighbors, a, d);
    link(neighbors, c, b);
    Object.assign(one, { a, b: d });
    Object.assign(other, { a: c, b });
  }
}

function link(neighbors: readonly Set<number>[], a: number, b: number): void {
  neighbors[a]?.add(b);
  neighbors[b]?.add(a);
}

function unlink(neighbors: readonly Set<number>[], a: number, b: number): void {
  neighbors[a]?.delete(b);
  neighbors[b]?.delete(a);
}

/** How many nodes can be reached from the first. */
function reachable(neighbors: readonly Set<number>[]): number {
  const reached = new Set([0]);
  for (const node of reached) neighbors[node]?.forEach((next) => reached.add(next));
  return reached.size;
}
