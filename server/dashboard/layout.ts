// Where each member of a room stands in the picture of its links: hubs on an inner ring, the others around them, each
// near those it is linked to. The same room gives the same picture.

export interface Spot {
  readonly x: number;
  readonly y: number;
  /** From the middle, in radians. */
  readonly angle: number;
}

export interface PictureLink {
  readonly ends: readonly [string, string];
}

/** Links from which on a member of a larger room is drawn as a hub. */
const HUB_LINKS = 4;
/** Up to so many stand on one ring. */
const ONE_RING = 12;

/** Positions by member, within a circle of radius 1 around the middle. */
export function layout(members: readonly string[], links: readonly PictureLink[]): ReadonlyMap<string, Spot> {
  const neighbors = new Map<string, string[]>(members.map((member) => [member, []]));
  for (const { ends } of links) {
    neighbors.get(ends[0])?.push(ends[1]);
    neighbors.get(ends[1])?.push(ends[0]);
  }
  const isHub = (member: string): boolean =>
    members.length > ONE_RING && (neighbors.get(member)?.length ?? 0) >= HUB_LINKS;
  const order = walk(members, neighbors);
  const hubs = order.filter(isHub);
  const others = order.filter((member) => !isHub(member));
  return new Map([...ring(hubs, hubs.length === 1 ? 0 : 0.42), ...ring(others, 1)]);
}

/** Neighbors follow each other, the best linked first, so that links are short. */
function walk(members: readonly string[], neighbors: ReadonlyMap<string, readonly string[]>): string[] {
  const degree = (member: string): number => neighbors.get(member)?.length ?? 0;
  const starts = [...members].sort((a, b) => degree(b) - degree(a) || (a < b ? -1 : 1));
  const seen = new Set<string>();
  for (const start of starts) {
    const queue = [start];
    for (const member of queue) {
      if (seen.has(member)) continue;
      seen.add(member);
      queue.push(...(neighbors.get(member) ?? []).filter((next) => !seen.has(next)).sort());
    }
  }
  return [...seen];
}

function ring(members: readonly string[], radius: number): [string, Spot][] {
  return members.map((member, index) => {
    const angle = (index / members.length) * 2 * Math.PI - Math.PI / 2;
    return [member, { x: Math.cos(angle) * radius, y: Math.sin(angle) * radius, angle }];
  });
}
