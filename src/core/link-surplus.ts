// Links that are up and not wanted any more: more than the device may spend on, or those of a leaf that others serve
// (rule C4).

import type { PeerId } from '../protocol/ids.js';
import type { Dialling } from './dialling.js';
import type { PeerLinkState } from './peer-link-state.js';

/** A link that is not wanted any more is let go when what replaces it has been up for this long (rule C4). */
const LET_GO_AFTER_MS = 2_000;

type Links = readonly PeerLinkState[];
type Wanted = Pick<Dialling, 'powerMax' | 'parents' | 'isSupernode' | 'joinedAtMs'>;

/** Links up to peers that are no parents. Without a server each of them may be a way round (rule M9). */
export function surplusOf(up: Links, { powerMax, parents, isSupernode, joinedAtMs }: Wanted): Links {
  if (up.length > powerMax) return worstFirst(up, parents).slice(0, up.length - powerMax);
  if (parents.length === 0 || isSupernode || joinedAtMs === null) return [];
  return up.filter((link) => !parents.includes(link.peer));
}

/** When they may go: once a leaf's parents have been up for a while. */
export function letGoAtMs(up: Links, wanted: Wanted): number {
  if (up.length > wanted.powerMax) return 0;
  const parents = wanted.parents.map((peer) => up.find((link) => link.peer === peer));
  if (parents.length === 0 || surplusOf(up, wanted).length === 0) return Infinity;
  return Math.max(...parents.map((link) => (link?.upAtMs ?? Infinity) + LET_GO_AFTER_MS));
}

/** Parents are kept longest, then whoever has been linked longest. */
function worstFirst(links: Links, parents: readonly PeerId[]): Links {
  const isParent = (link: PeerLinkState): number => Number(parents.includes(link.peer));
  return [...links].sort((a, b) => isParent(a) - isParent(b) || (b.upAtMs ?? 0) - (a.upAtMs ?? 0));
}
