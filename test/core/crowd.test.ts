// A crowd as its server sees it: whom it chooses, who serves whom, who is covered, who is suspect.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CROWD } from '../../src/core/crowd/crowd-limits.js';
import { Crowd } from '../../src/core/crowd/crowd.js';
import type { CrowdOutput } from '../../src/core/crowd/crowd.js';
import { elect, unfitness } from '../../src/core/crowd/election.js';
import type { Candidate } from '../../src/core/crowd/election.js';
import { assignParents } from '../../src/core/crowd/parents.js';
import type { Leaf, Supernode } from '../../src/core/crowd/parents.js';
import type { FrameOf, ReportedDevice, Role } from '../../src/protocol/frames.js';
import type { DialId, PeerId } from '../../src/protocol/ids.js';
import { membersInOrder, ROOM } from './driven-room.js';

/** How long a member must have been here before it may serve others (rule C2). */
const PRESENT_MS = 60_000;

const FIT: ReportedDevice = {
  isVisible: true,
  canDial: true,
  battery: 0.8,
  isCharging: false,
  rttMs: 40,
  dialsTried: 0,
  dialsFailed: 0,
};

function at(peer: PeerId, network: string | null, location: string | null = null): Supernode {
  return { peer, network, location };
}

/** The server's side of a crowd, with its clock. */
class ServedCrowd {
  readonly crowd = new Crowd();
  readonly peers: PeerId[];
  readonly roles = new Map<PeerId, { role: Role; parents: readonly PeerId[] }>();
  readonly catchUps: Extract<CrowdOutput, { type: 'catch-up' }>[] = [];
  nowMs = 0;

  /** Members who came at the same time, all of them fit but the last `unlinkable`, who cannot dial. */
  constructor(count: number, unlinkable = 0) {
    this.peers = membersInOrder(count).map((member) => member.peer);
    this.peers.forEach((peer, index) => {
      this.crowd.joined(peer, null, this.nowMs);
      this.report(peer, [], { canDial: index < count - unlinkable });
    });
  }

  report(
    peer: PeerId,
    links: readonly PeerId[],
    device: Partial<ReportedDevice> = {},
    silent: readonly PeerId[] = [],
  ): void {
    const reported = links.map((to) => ({
      peer: to,
      dial: 'dial0000' as DialId,
      connectMs: 0,
      rttMs: null,
      isRelayed: false,
    }));
    const counts = { p2pMessages: 0, fallbacks: 0 };
    const said = { ...FIT, ...device };
    const report: FrameOf<'report'> = {
      type: 'report',
      room: ROOM,
      links: reported,
      failedDials: [],
      device: said,
      ...counts,
      ...(silent.length === 0 ? {} : { silent: [...silent] }),
    };
    this.crowd.reported(peer, report, this.nowMs);
  }

  pass(ms: number): void {
    const untilMs = this.nowMs + ms;
    for (let wakes = 0; this.crowd.nextWakeMs() <= untilMs; wakes += 1) {
      assert.ok(wakes < 1_000, 'a crowd sleeps between its wakes');
      this.nowMs = Math.max(this.nowMs, this.crowd.nextWakeMs());
      this.wake();
    }
    this.nowMs = untilMs;
    this.wake();
  }

  wake(): void {
    for (const output of this.crowd.wake(this.nowMs)) {
      if (output.type === 'role') this.roles.set(output.to, output);
      else this.catchUps.push(output);
    }
  }

  having(role: Role): PeerId[] {
    return this.peers.filter((peer) => this.roles.get(peer)?.role === role);
  }

  parentsOf(peer: PeerId): readonly PeerId[] {
    return this.roles.get(peer)?.parents ?? [];
  }
}

/** How often somebody has to look at a crowd between two moments. */
function wakesBetween(crowd: Crowd, fromMs: number, untilMs: number): number {
  let wakes = 0;
  for (let nowMs = crowd.nextWakeMs(); nowMs <= untilMs; nowMs = crowd.nextWakeMs()) {
    if (nowMs >= fromMs) wakes += 1;
    crowd.wake(nowMs);
  }
  return wakes;
}

/** Seven members, two of them supernodes to whom the five others are linked. */
function served(): { crowd: ServedCrowd; supernodes: [PeerId, PeerId]; leaves: PeerId[] } {
  const crowd = new ServedCrowd(7);
  crowd.pass(PRESENT_MS);
  const leaves = crowd.having('leaf');
  for (const leaf of leaves) crowd.report(leaf, crowd.parentsOf(leaf));
  return { crowd, supernodes: crowd.having('supernode') as [PeerId, PeerId], leaves };
}

test('[C1] five members have no roles, six have two supernodes and leaves with two parents', () => {
  const five = new ServedCrowd(5);
  five.pass(10 * PRESENT_MS);
  assert.equal(five.roles.size, 0);
  const six = new ServedCrowd(6);
  six.pass(PRESENT_MS);
  assert.deepEqual([six.having('supernode').length, six.having('leaf').length], [2, 4]);
  for (const leaf of six.having('leaf')) {
    assert.deepEqual([...six.parentsOf(leaf)].sort(), six.having('supernode').sort());
  }
});

test('[C2] a crowd that came one by one is thought over once a second, as its members come to be fit', () => {
  const crowd = new Crowd();
  const everyMs = 10;
  const members = membersInOrder(500);
  members.forEach(({ peer }, index) => crowd.joined(peer, null, index * everyMs));
  const seconds = (members.length * everyMs) / 1_000;
  const wakes = wakesBetween(crowd, PRESENT_MS, PRESENT_MS + seconds * 1_000);
  assert.ok(wakes >= seconds && wakes <= seconds + 2, `${wakes} times in ${seconds} s`);
});

test('[C1] roles stay until five seconds with four members have passed', () => {
  const crowd = new ServedCrowd(6);
  crowd.pass(PRESENT_MS);
  const [first, second] = crowd.having('leaf') as [PeerId, PeerId];
  crowd.crowd.left(first, crowd.nowMs);
  crowd.pass(60_000);
  assert.equal(crowd.having('supernode').length, 2);
  crowd.crowd.left(second, crowd.nowMs);
  crowd.pass(4_999);
  assert.equal(crowd.having('supernode').length, 2);
  crowd.pass(1_001);
  assert.equal(crowd.having('supernode').length, 0);
  assert.ok(!crowd.crowd.hasSupernodes);
});

test('[C1] whom nobody can serve is served by the server', () => {
  const crowd = new ServedCrowd(7, 1);
  crowd.pass(PRESENT_MS);
  const outsider = crowd.peers.at(-1);
  assert.ok(outsider);
  assert.equal(crowd.roles.get(outsider)?.role ?? 'fan-out', 'fan-out');
  assert.ok(!crowd.crowd.isCovered(outsider));
});

const CANDIDATE: Candidate = {
  peer: membersInOrder(1)[0]?.peer as PeerId,
  joinedAtMs: 0,
  network: null,
  location: null,
  device: FIT,
  hasRelayedLink: false,
  role: 'fan-out' as const,
  barredUntilMs: 0,
};
const UNFIT: Readonly<Record<string, Partial<Candidate>>> = {
  'said nothing': { device: null },
  'cannot dial': { device: { ...FIT, canDial: false } },
  hidden: { device: { ...FIT, isVisible: false } },
  'came a moment too late': { joinedAtMs: 1 },
  'a far server': { device: { ...FIT, rttMs: 151 } },
  'an unmeasured server': { device: { ...FIT, rttMs: null } },
  'a low battery': { device: { ...FIT, battery: 0.29 } },
  'a relayed link': { hasRelayedLink: true },
  'dials that fail': { device: { ...FIT, dialsTried: 10, dialsFailed: 3 } },
};
const STILL_FIT: Readonly<Record<string, Partial<Candidate>>> = {
  'at the bound of the round trip': { device: { ...FIT, rttMs: 150 } },
  'at the bound of the battery': { device: { ...FIT, battery: 0.3 } },
  charging: { device: { ...FIT, battery: 0.05, isCharging: true } },
  'a battery nobody knows': { device: { ...FIT, battery: null, isCharging: null } },
  'four dials of five up': { device: { ...FIT, dialsTried: 5, dialsFailed: 1 } },
};

test('[C2] what a member must be to serve others', () => {
  assert.equal(unfitness(CANDIDATE, PRESENT_MS), null);
  for (const [what, change] of Object.entries(UNFIT))
    assert.ok(unfitness({ ...CANDIDATE, ...change }, PRESENT_MS), what);
  for (const [what, change] of Object.entries(STILL_FIT))
    assert.equal(unfitness({ ...CANDIDATE, ...change }, PRESENT_MS), null, what);
});

test('[C2] the longest present first, then the lower id, and whoever is chosen stays', () => {
  const [a, b, c, d] = membersInOrder(4).map((member) => member.peer) as [PeerId, PeerId, PeerId, PeerId];
  const from = (joined: readonly (readonly [PeerId, number])[], supernode?: PeerId): PeerId[] => {
    const candidates = joined.map(([peer, joinedAtMs]) => {
      return {
        ...CANDIDATE,
        peer,
        joinedAtMs,
        role: peer === supernode ? ('supernode' as const) : ('fan-out' as const),
      };
    });
    return [...elect(candidates, 2 * PRESENT_MS)].sort();
  };
  assert.deepEqual(
    from([
      [a, 30],
      [b, 20],
      [c, 10],
      [d, 20],
    ]),
    [b, c],
  );
  assert.deepEqual(
    from(
      [
        [a, 30],
        [b, 20],
        [c, 10],
        [d, 20],
      ],
      a,
    ),
    [a, c],
  );
});

test('[C2] supernodes are of the networks their members are in, the larger first', () => {
  const networks = ['field', 'field', 'field', 'field', 'field', 'camp', 'camp', null, null, null] as const;
  const candidates = membersInOrder(40).map(({ peer }, index): Candidate => {
    return { ...CANDIDATE, peer, joinedAtMs: index, network: networks[index % networks.length] ?? null };
  });
  const networksOf = (members: readonly Candidate[]): (string | null | undefined)[] =>
    [...elect(members, 2 * PRESENT_MS)].map((peer) => members.find((member) => member.peer === peer)?.network);
  assert.deepEqual(networksOf(candidates), ['field', null, 'field']);
  const [first] = candidates;
  assert.ok(first);
  const isServed = candidates.map((candidate) => ({
    ...candidate,
    role: candidate === first ? ('supernode' as const) : ('leaf' as const),
  }));
  assert.deepEqual(networksOf(isServed), ['field', null, 'field'], 'one that is there already counts');
  const weak = candidates.map((candidate) => (candidate.network === null ? { ...candidate, device: null } : candidate));
  assert.deepEqual(networksOf(weak), ['field', 'field', 'camp'], 'networks where nobody can have none');
});

test('[C2] a network whose members come later gets a seat of one that has several, and keeps it', () => {
  const members = membersInOrder(7).map(({ peer }, index): Candidate => {
    return { ...CANDIDATE, peer, joinedAtMs: index, network: index < 3 ? 'field' : 'camp' };
  });
  const [a, b, c, d] = members.map(({ peer }) => peer);
  const electing = (present: readonly Candidate[], serving: ReadonlySet<PeerId>, nowMs: number): Set<PeerId> =>
    elect(
      present.map((member) => ({ ...member, role: serving.has(member.peer) ? 'supernode' : 'leaf' })),
      nowMs,
    );
  const early = electing(members.slice(0, 6), new Set(), PRESENT_MS + 2);
  assert.deepEqual([...early], [a, b], 'nobody else has been there for long enough');
  const later = electing(members.slice(0, 6), early, 2 * PRESENT_MS);
  assert.deepEqual([...later], [a, d]);
  assert.deepEqual([...electing(members, later, 2 * PRESENT_MS)], [a, d]);
  const without = members.filter(({ peer }) => peer !== c);
  assert.deepEqual([...electing(without, later, 2 * PRESENT_MS)], [a, d]);
});

test('[C2] a supernode that qualifies no more is let go at once', () => {
  const { crowd, supernodes } = served();
  crowd.report(supernodes[0], [], { isVisible: false });
  crowd.wake();
  assert.ok(!crowd.having('supernode').includes(supernodes[0]));
  assert.equal(crowd.having('supernode').length, 2, 'and replaced');
});

test('[C3] the first parent is on the leaf’s network, the second on another than the first', () => {
  const [leaf, near, far, farther] = membersInOrder(4).map((member) => member.peer) as [PeerId, PeerId, PeerId, PeerId];
  const supernodes = [at(far, 'stage'), at(farther, 'field'), at(near, 'tent')];
  const parents = assignParents([{ ...at(leaf, 'tent'), parents: [] }], supernodes).get(leaf);
  assert.equal(parents?.[0], near);
  assert.notEqual(parents[1], near);
  const behindOne = [at(near, 'tent'), at(far, 'tent'), at(farther, 'field')];
  const two = assignParents([{ ...at(leaf, 'tent'), parents: [] }], behindOne).get(leaf);
  assert.deepEqual(two, [near, farther]);
});

test('[C3] of one network, the first parent is at the leaf’s location, the second at another', () => {
  const [leaf, a, b, c] = membersInOrder(4).map((member) => member.peer) as [PeerId, PeerId, PeerId, PeerId];
  const parentsOf = (of: Leaf, supernodes: readonly Supernode[]): PeerId[] | undefined =>
    assignParents([of], supernodes).get(leaf);
  const camper = { ...at(leaf, 'wifi', 'camp'), parents: [] };
  assert.deepEqual(parentsOf(camper, [at(a, 'wifi', 'stage'), at(b, 'wifi', 'camp'), at(c, 'wifi', 'camp')]), [b, a]);
  assert.deepEqual(parentsOf(camper, [at(a, 'phone', 'camp'), at(b, 'wifi', 'stage')]), [b, a], 'the network first');
  assert.deepEqual(
    parentsOf(camper, [at(a, 'wifi', 'stage'), at(b, 'wifi', 'camp'), at(c, 'phone', 'camp')]),
    [b, c],
    'a second network before a second location',
  );
  const caller = { ...at(leaf, 'another phone', 'camp'), parents: [] };
  assert.deepEqual(parentsOf(caller, [at(a, 'wifi', 'stage'), at(b, 'phone', 'camp')]), [b, a]);
  const stranger = { ...at(leaf, 'wifi'), parents: [] };
  assert.equal(parentsOf(stranger, [at(a, 'wifi', 'stage'), at(b, 'wifi', 'camp')])?.length, 2);
});

test('[C2] of one network, supernodes are at the locations their members are at, the larger first', () => {
  const places = ['stage', 'stage', 'stage', 'stage', 'camp', 'camp', null] as const;
  const members = membersInOrder(42).map(({ peer }, index): Candidate => {
    return { ...CANDIDATE, ...at(peer, 'wifi', places[index % places.length] ?? null), joinedAtMs: index };
  });
  const chosen = [...elect(members, 2 * PRESENT_MS)];
  assert.deepEqual(
    chosen.map((peer) => members.find((member) => member.peer === peer)?.location),
    ['stage', 'stage', 'camp'],
  );
});

test('[C3] who walks to another location is given parents there, and those who stay keep theirs', () => {
  const crowd = new ServedCrowd(20);
  const [stage, camp] = [crowd.peers.slice(0, 10), crowd.peers.slice(10)];
  const where = (peer: PeerId): string => (stage.includes(peer) ? 'stage' : 'camp');
  for (const peer of crowd.peers) crowd.report(peer, [], { location: where(peer) });
  crowd.pass(PRESENT_MS + 1_000);
  assert.deepEqual(crowd.having('supernode').map(where).sort(), ['camp', 'stage']);
  const firstOf = (peer: PeerId): PeerId => crowd.roles.get(peer)?.parents[0] as PeerId;
  for (const peer of crowd.having('leaf')) assert.equal(where(firstOf(peer)), where(peer));
  const [walker] = camp.filter((peer) => crowd.having('leaf').includes(peer)) as [PeerId];
  const before = new Map(crowd.roles);
  crowd.report(walker, crowd.roles.get(walker)?.parents ?? [], { location: 'stage' });
  crowd.pass(CROWD.reviewEveryMs);
  assert.equal(where(firstOf(walker)), 'stage');
  assert.equal(where(crowd.roles.get(walker)?.parents[1] as PeerId), 'camp');
  for (const [peer, role] of before) if (peer !== walker) assert.deepEqual(crowd.roles.get(peer), role);
});

test('[C3] no supernode is first parent of more than twenty, nor second of more than twenty', () => {
  const [one, two, ...rest] = membersInOrder(60).map((member) => member.peer) as [PeerId, PeerId, ...PeerId[]];
  const leaves = rest.map((peer) => ({ ...at(peer, null), parents: [] }));
  const parents = assignParents(leaves, [at(one, null), at(two, null)]);
  for (const order of [0, 1]) {
    for (const supernode of [one, two]) {
      assert.equal([...parents.values()].filter((both) => both[order] === supernode).length, 20);
    }
  }
  assert.equal([...parents.values()].filter((both) => both.length === 0).length, 18);
});

test('[C5] a leaf is covered while it reports a link to a parent that is not suspect', () => {
  const { crowd, supernodes, leaves } = served();
  const [leaf] = leaves as [PeerId];
  assert.ok(crowd.crowd.isCovered(leaf));
  assert.ok(!crowd.crowd.isCovered(supernodes[0]), 'supernodes are pushed to');
  crowd.report(leaf, [leaves[1] as PeerId]);
  assert.ok(!crowd.crowd.isCovered(leaf), 'a link to somebody else covers nobody');
  crowd.report(leaf, [supernodes[1]]);
  assert.ok(crowd.crowd.isCovered(leaf));
  crowd.crowd.pushed(7, crowd.nowMs);
  crowd.pass(1_000);
  assert.ok(!crowd.crowd.isCovered(leaf), 'nobody has reached what was pushed');
});

test('[C8] who has not reached a push after 400 ms is suspect, and leaves without another parent are caught up', () => {
  const { crowd, supernodes, leaves } = served();
  const [only, both] = leaves as [PeerId, PeerId];
  crowd.report(only, [supernodes[0]]);
  for (const supernode of supernodes) crowd.crowd.reached(supernode, 6, crowd.nowMs);
  crowd.crowd.pushed(7, crowd.nowMs);
  crowd.crowd.reached(supernodes[1], 7, crowd.nowMs);
  crowd.pass(399);
  assert.ok(crowd.crowd.isCovered(only));
  crowd.pass(1);
  assert.deepEqual([crowd.crowd.isCovered(only), crowd.crowd.isCovered(both)], [false, true]);
  assert.deepEqual(
    crowd.catchUps.map(({ to }) => to),
    [only],
  );
  crowd.crowd.reached(supernodes[0], 7, crowd.nowMs);
  assert.ok(crowd.crowd.isCovered(only), 'whoever has reached it serves again');
  crowd.pass(5_000);
  assert.deepEqual(crowd.having('supernode'), supernodes);
});

test('[C8] in a busy room a supernode is always a little behind, and serves all the same', () => {
  const { crowd, supernodes, leaves } = served();
  // Twenty records a second, each reached 250 ms later: there is never a moment at which nothing is on its way.
  for (let offset = 1; offset <= 400; offset += 1) {
    crowd.crowd.pushed(offset, crowd.nowMs);
    for (const supernode of supernodes) if (offset > 5) crowd.crowd.reached(supernode, offset - 5, crowd.nowMs);
    crowd.pass(50);
    for (const leaf of leaves) assert.ok(crowd.crowd.isCovered(leaf), `not covered at ${offset}`);
  }
  assert.deepEqual(crowd.having('supernode'), supernodes);
  assert.deepEqual(crowd.catchUps, []);
});

test('[C8] one that stays behind by more is suspect, and serves again as soon as it is not', () => {
  const { crowd, supernodes, leaves } = served();
  const [slow, fast] = supernodes;
  const [leaf] = leaves as [PeerId];
  crowd.report(leaf, [slow]);
  const push = (offset: number, behind: number): void => {
    crowd.crowd.pushed(offset, crowd.nowMs);
    crowd.crowd.reached(fast, offset, crowd.nowMs);
    crowd.crowd.reached(slow, offset - behind, crowd.nowMs);
    crowd.pass(50);
  };
  let offset = 10;
  for (; offset < 50; offset += 1) push(offset, 10);
  assert.ok(!crowd.crowd.isCovered(leaf), 'half a second behind');
  for (; offset < 60; offset += 1) push(offset, 5);
  assert.ok(crowd.crowd.isCovered(leaf), 'a quarter of a second behind');
  for (; offset < 200; offset += 1) push(offset, 10);
  assert.ok(!crowd.having('supernode').includes(slow), 'for longer than five seconds');
});

test('[C8] suspect for five seconds, it is no supernode any more', () => {
  const { crowd, supernodes } = served();
  crowd.crowd.pushed(7, crowd.nowMs);
  crowd.crowd.reached(supernodes[1], 7, crowd.nowMs);
  crowd.pass(400 + 4_999);
  assert.ok(crowd.having('supernode').includes(supernodes[0]));
  crowd.pass(1);
  assert.ok(!crowd.having('supernode').includes(supernodes[0]));
  crowd.pass(CROWD.demotedForMs - 1);
  assert.ok(!crowd.having('supernode').includes(supernodes[0]));
});

test('[C11] a leaf that names a parent is covered by the other only, and given another where there is one', () => {
  const crowd = new ServedCrowd(40);
  crowd.pass(PRESENT_MS);
  assert.equal(crowd.having('supernode').length, 3);
  const [leaf] = crowd.having('leaf') as [PeerId];
  const [silent, other] = crowd.parentsOf(leaf) as [PeerId, PeerId];
  crowd.report(leaf, [silent]);
  assert.ok(crowd.crowd.isCovered(leaf));
  crowd.report(leaf, [silent], {}, [silent]);
  assert.ok(!crowd.crowd.isCovered(leaf));
  crowd.pass(1_000);
  assert.ok(crowd.having('supernode').includes(silent), 'one word dismisses nobody');
  const [first, second] = crowd.parentsOf(leaf);
  assert.equal(first, other);
  assert.ok(second !== undefined && second !== silent);
  crowd.report(leaf, [other, second]);
  crowd.pass(10_000);
  assert.deepEqual(crowd.parentsOf(leaf), [other, second], 'it does not come back to the one it named');
});

test('[C11] a supernode that half of its leaves have named, of two authors, serves nobody for a minute', () => {
  const { crowd, supernodes, leaves } = served();
  const [silent] = supernodes;
  const [a, b, c, d] = leaves as [PeerId, PeerId, PeerId, PeerId];
  for (const leaf of [a, b]) crowd.report(leaf, crowd.parentsOf(leaf), {}, [silent]);
  crowd.pass(1_000);
  assert.ok(crowd.having('supernode').includes(silent), 'two of five');
  for (const parent of [silent, leaves[0] as PeerId]) crowd.report(d, [], {}, [parent]);
  crowd.report(c, [], {}, [d]);
  crowd.pass(1_000);
  assert.ok(!crowd.having('supernode').includes(silent));
  assert.equal(crowd.having('supernode').length, 2, 'and replaced');
  crowd.pass(CROWD.demotedForMs - 2_000);
  assert.ok(!crowd.having('supernode').includes(silent));
});

test('[C11] one author on several tabs cannot dismiss a supernode', () => {
  const { crowd, supernodes, leaves } = served();
  const [silent] = supernodes;
  const [leaf] = leaves as [PeerId];
  const tabs = Array.from({ length: 12 }, (_, index) => `${leaf.slice(0, -2)}${String(10 + index)}` as PeerId);
  for (const tab of tabs) {
    crowd.peers.push(tab);
    crowd.crowd.joined(tab, null, crowd.nowMs);
    crowd.report(tab, []);
  }
  crowd.pass(1_000);
  for (const tab of tabs) crowd.report(tab, [], {}, [silent]);
  crowd.pass(1_000);
  assert.ok(crowd.having('supernode').includes(silent));
});
