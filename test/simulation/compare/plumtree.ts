// Plumtree: a spanning tree that is grown out of flooding, and repaired by announcements.
// Source: J. Leitão, J. Pereira, L. Rodrigues, "Epidemic Broadcast Trees", SRDS 2007.
// A copy that arrives again makes its link lazy at both ends (PRUNE). Over lazy links a message is only announced
// (IHAVE); whoever hears of one and does not get it in time asks for it (GRAFT), which makes the link eager again.
// Left out: the tree's optimisation by hop counts (section 3.8, optional there); batching of announcements; the second
// timer for a GRAFT without an answer, because here whoever announces lives on and links lose nothing; and the
// membership service below (HyParView), in whose place stands a fixed random graph.

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
   * From the first announcement to the GRAFT, in mean link delays; Infinity for no repair. The paper leaves it to the
   * overlay's diameter. Tried with 2,000 nodes: at 2 to 4 the tree never comes to rest (1.7 to 1.3 copies with nobody
   * crashed), at 6 nearly (1.05), from 8 it does (1.00); at 12 the last delivery after a crash comes 240 ms later than
   * at 8. Published implementations wait 80 to 500 ms.
   */
  readonly graftAfterLinks: number;
}

export const PLUMTREE: PlumtreeOptions = {
  degree: 5,
  warmUpMessages: 10,
  graftAfterLinks: 8,
};

interface PlumtreeNode {
  readonly eager: Set<number>;
  readonly lazy: Set<number>;
  /** Messages announced and not yet here: the timer of each is running, for the first who announced it. */
  readonly missing: Set<number>;
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

  constructor(scenario: Scenario, options: PlumtreeOptions) {
    this.trial = new Trial(scenario);
    const neighbors = randomOverlay(scenario.nodes, options.degree, seededRandom(scenario.seed));
    this.#nodes = neighbors.map((ids) => ({ eager: new Set(ids), lazy: new Set(), missing: new Set() }));
    this.#graftAfterMs = options.graftAfterLinks * scenario.linkMs;
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
    const { missing } = this.#node(at);
    if (this.trial.has(message, at) || missing.has(message)) return;
    missing.add(message);
    this.trial.after(this.#graftAfterMs, () => {
      if (missing.has(message)) this.#graft(message, from, at);
    });
  }

  #graft(message: number, announcer: number, at: number): void {
    this.#makeEager(at, announcer);
    this.trial.send('notice', at, announcer, () => this.#handleGraft(message, at, announcer));
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
