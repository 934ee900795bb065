// Plumtree: a spanning tree that is grown out of flooding, and repaired by announcements.
// Source: J. Leitão, J. Pereira, L. Rodrigues, "Epidemic Broadcast Trees", SRDS 2007.
// A copy that arrives again makes its link lazy at both ends (PRUNE). Over lazy links a message is only announced
// (IHAVE); whoever hears of one and does not get it in time asks for it (GRAFT), which makes the link eager again.
// Left out: the tree's optimisation by hop counts (section 3.8, optional there, and for one steady author), batching of
// announcements, and the membership service below (HyParView), in whose place stands a fixed random graph.

import { seededRandom } from '../random.js';
import { randomOverlay } from './overlay.js';
import type { Scenario, Strategy } from './scenario.js';
import { Trial } from './trial.js';

export interface PlumtreeOptions {
  /** Links of each node. 5 is HyParView's active view in the paper. */
  readonly degree: number;
  /** Messages that form the tree before the first counted one. */
  readonly warmUpMessages: number;
  /**
   * From the first announcement to the first GRAFT, in mean link delays; Infinity for no repair. The paper
   * leaves it to the overlay's diameter. Tried at 30 ms links, 2,000 nodes, nobody crashed: below 6 the tree never comes to rest
   * (1.4 to 1.8 copies), from 8 it does (1.00), at 12 repair is half as slow again. Published implementations wait
   * 80 to 500 ms.
   */
  readonly graftAfterLinks: number;
  /** From one GRAFT to the next, to another announcer: about a round trip, as the paper says, in mean link delays. */
  readonly graftAgainAfterLinks: number;
}

export const PLUMTREE: PlumtreeOptions = {
  degree: 5,
  warmUpMessages: 10,
  graftAfterLinks: 8,
  graftAgainAfterLinks: 2,
};

interface PlumtreeNode {
  readonly eager: Set<number>;
  readonly lazy: Set<number>;
  /** By message announced and not yet here: who has announced it and was not asked. */
  readonly missing: Map<number, number[]>;
}

export function plumtree(options: PlumtreeOptions = PLUMTREE): Strategy {
  return (scenario) => {
    const tree = new Plumtree(scenario, options);
    return tree.trial.run('plumtree', (message, author) => tree.spread(message, author), options.warmUpMessages);
  };
}

class Plumtree {
  readonly trial: Trial;
  readonly #nodes: readonly PlumtreeNode[];
  readonly #graftAfterMs: number;
  readonly #graftAgainAfterMs: number;

  constructor(scenario: Scenario, options: PlumtreeOptions) {
    this.trial = new Trial(scenario);
    const neighbors = randomOverlay(scenario.nodes, options.degree, seededRandom(scenario.seed));
    this.#nodes = neighbors.map((ids) => ({ eager: new Set(ids), lazy: new Set(), missing: new Map() }));
    this.#graftAfterMs = options.graftAfterLinks * scenario.linkMs;
    this.#graftAgainAfterMs = options.graftAgainAfterLinks * scenario.linkMs;
  }

  /** EagerPush and LazyPush. */
  spread(message: number, node: number, except?: number): void {
    const { eager, lazy } = this.#node(node);
    for (const peer of eager) {
      if (peer !== except) this.trial.send('push', node, peer, () => this.#handleGossip(message, node, peer));
    }
    for (const peer of lazy) {
      if (peer !== except) this.trial.send('notice', node, peer, () => this.#handleIHave(message, node, peer));
    }
  }

  #handleGossip(message: number, from: number, at: number): void {
    if (this.trial.take(message, at)) {
      this.#node(at).missing.delete(message);
      this.#makeEager(at, from);
      this.spread(message, at, from);
      return;
    }
    this.#makeLazy(at, from);
    this.trial.send('notice', at, from, () => this.#makeLazy(from, at));
  }

  #handleIHave(message: number, from: number, at: number): void {
    if (this.trial.has(message, at)) return;
    const { missing } = this.#node(at);
    const announcers = missing.get(message);
    if (announcers !== undefined) {
      announcers.push(from);
      return;
    }
    missing.set(message, [from]);
    this.trial.after(this.#graftAfterMs, () => this.#graft(message, at));
  }

  /** The timer of a missing message. */
  #graft(message: number, at: number): void {
    const { missing } = this.#node(at);
    const announcer = missing.get(message)?.shift();
    if (announcer === undefined) {
      // Nobody left to ask; the next announcement starts the timer anew.
      missing.delete(message);
      return;
    }
    this.#makeEager(at, announcer);
    this.trial.send('notice', at, announcer, () => this.#handleGraft(message, at, announcer));
    this.trial.after(this.#graftAgainAfterMs, () => this.#graft(message, at));
  }

  #handleGraft(message: number, from: number, at: number): void {
    this.#makeEager(at, from);
    this.trial.send('answer', at, from, () => this.#handleGossip(message, at, from));
  }

  #makeEager(at: number, peer: number): void {
    this.#node(at).lazy.delete(peer);
    this.#node(at).eager.add(peer);
  }

  #makeLazy(at: number, peer: number): void {
    this.#node(at).eager.delete(peer);
    this.#node(at).lazy.add(peer);
  }

  #node(index: number): PlumtreeNode {
    const node = this.#nodes[index];
    if (node === undefined) throw new RangeError(`no node ${String(index)}`);
    return node;
  }
}
