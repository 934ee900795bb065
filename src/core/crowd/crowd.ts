// A room's crowd as its server sees it: who serves whom, who is served, and who must be pushed to (rules C1 to C8, C11).
// Pure: time comes with each call. What it says has to be sent is sent by whoever holds the sockets.

import type { FrameOf, ReportedDevice, Role } from '../../protocol/frames.js';
import type { PeerId } from '../../protocol/ids.js';
import { authorOf } from '../../protocol/ids.js';
import { CROWD } from './crowd-limits.js';
import { elect, unfitness } from './election.js';
import type { Whereabouts } from './nearness.js';
import { assignParents } from './parents.js';
import { PushLog } from './push-log.js';

interface CrowdMember extends Whereabouts {
  readonly peer: PeerId;
  readonly joinedAtMs: number;
  location: string | null;
  /** It named another area since its parents were chosen: they may be far now. */
  hasMoved: boolean;
  device: ReportedDevice | null;
  links: ReadonlySet<PeerId>;
  hasRelayedLink: boolean;
  role: Role;
  parents: readonly PeerId[];
  barredUntilMs: number;
  /** As a supernode: leaves that were passed nothing on (rule C11). */
  readonly namedBy: Set<PeerId>;
  /** As a supernode: the offset it has said it holds everything up to, and when what lies beyond began to go out to it. */
  reached: number;
  expectedSinceMs: number | null;
  suspectSinceMs: number | null;
}

export type CrowdOutput =
  /** Tell a member what it is now; the parents by id, oldest order first. */
  | { readonly type: 'role'; readonly to: PeerId; readonly role: Role; readonly parents: readonly PeerId[] }
  /** Send a member what lies above this offset: whoever served it may have failed to. */
  | { readonly type: 'catch-up'; readonly to: PeerId; readonly after: number };

/** Of most members of most rooms: those who have not reported any. */
const NO_LINKS: ReadonlySet<PeerId> = new Set();

export class Crowd {
  readonly #members = new Map<PeerId, CrowdMember>();
  /** Of the members; what is asked with each report and each record goes through these only. */
  readonly #supernodes = new Set<CrowdMember>();
  #isCrowd = false;
  #smallSinceMs: number | null = null;
  #reviewAtMs = Infinity;
  #reviewedAtMs = -Infinity;
  readonly #pushes = new PushLog();

  /** True while somebody serves others: only then are receipts worth their signature. */
  get hasSupernodes(): boolean {
    return this.#supernodes.size > 0;
  }

  /** A member came, or came back on another socket; `network` names its public address. */
  joined(peer: PeerId, network: string | null, nowMs: number): void {
    const before = this.#members.get(peer);
    if (before !== undefined) this.#supernodes.delete(before);
    this.#members.set(peer, {
      peer,
      joinedAtMs: before?.joinedAtMs ?? nowMs,
      network,
      location: before?.location ?? null,
      hasMoved: false,
      device: before?.device ?? null,
      links: NO_LINKS,
      hasRelayedLink: false,
      // A new socket knows of no role.
      role: 'fan-out',
      parents: [],
      barredUntilMs: before?.barredUntilMs ?? 0,
      namedBy: new Set(),
      reached: 0,
      expectedSinceMs: null,
      suspectSinceMs: null,
    });
    this.#review(nowMs);
  }

  left(peer: PeerId, nowMs: number): void {
    const member = this.#members.get(peer);
    this.#members.delete(peer);
    const wasSupernode = member !== undefined && this.#supernodes.delete(member);
    this.#review(nowMs, wasSupernode);
  }

  reported(peer: PeerId, report: FrameOf<'report'>, nowMs: number): void {
    const member = this.#members.get(peer);
    if (member === undefined) return;
    const location = report.device.location ?? null;
    if (location !== member.location) Object.assign(member, { location, hasMoved: true });
    member.device = report.device;
    member.links = new Set(report.links.map((link) => link.peer));
    member.hasRelayedLink = report.links.some((link) => link.isRelayed === true);
    const isUnfit = member.role === 'supernode' && unfitness(member, nowMs) !== null;
    const isNaming = (report.silent ?? []).map((parent) => this.#name(member, parent, nowMs)).includes(true);
    this.#review(nowMs, isUnfit || isNaming);
  }

  /** A supernode holds everything up to this offset. In a busy room it never holds everything that was pushed. */
  reached(peer: PeerId, offset: number, nowMs: number): void {
    const member = this.#members.get(peer);
    if (member === undefined || offset <= member.reached) return;
    member.reached = offset;
    const sinceMs = this.#pushes.sinceMs(offset);
    const { expectedSinceMs } = member;
    member.expectedSinceMs = sinceMs === null || expectedSinceMs === null ? null : Math.max(sinceMs, expectedSinceMs);
    if (!isLate(member, nowMs)) member.suspectSinceMs = null;
  }

  /** Records up to this offset go out to the supernodes now. */
  pushed(offset: number, nowMs: number): void {
    this.#pushes.add(offset, nowMs);
    for (const member of this.#supernodes) member.expectedSinceMs ??= nowMs;
  }

  /** True when another member serves this one. */
  isCovered(peer: PeerId): boolean {
    const member = this.#members.get(peer);
    return member !== undefined && this.#hasGoodParent(member);
  }

  isSupernode(peer: PeerId): boolean {
    return this.#members.get(peer)?.role === 'supernode';
  }

  wake(nowMs: number): CrowdOutput[] {
    const outputs = this.#suspect(nowMs);
    if (nowMs < this.#reviewAtMs) return outputs;
    this.#reviewAtMs = Infinity;
    this.#reviewedAtMs = nowMs;
    this.#step(nowMs);
    return [...outputs, ...this.#assign(nowMs)];
  }

  nextWakeMs(): number {
    let nextMs = this.#reviewAtMs;
    for (const { expectedSinceMs, suspectSinceMs } of this.#supernodes) {
      if (suspectSinceMs !== null) nextMs = Math.min(nextMs, suspectSinceMs + CROWD.suspectMaxMs);
      else if (expectedSinceMs !== null) nextMs = Math.min(nextMs, expectedSinceMs + CROWD.reachPatienceMs);
    }
    return nextMs;
  }

  #review(nowMs: number, isUrgent = false): void {
    const atMs = isUrgent ? nowMs : Math.max(nowMs, this.#reviewedAtMs + CROWD.reviewEveryMs);
    this.#reviewAtMs = Math.min(this.#reviewAtMs, atMs);
  }

  /** Large enough for roles, or no longer (rule C1). */
  #step(nowMs: number): void {
    const count = this.#members.size;
    if (count >= CROWD.fromMembers) this.#isCrowd = true;
    if (count > CROWD.untilMembers) {
      this.#smallSinceMs = null;
      return;
    }
    this.#smallSinceMs ??= nowMs;
    const untilMs = this.#smallSinceMs + CROWD.stepDownAfterMs;
    if (nowMs >= untilMs) this.#isCrowd = false;
    else this.#reviewAtMs = untilMs;
  }

  #assign(nowMs: number): CrowdOutput[] {
    const members = [...this.#members.values()];
    // Whoever cannot open links can neither serve nor be served: as many are chosen as the others need.
    const linkable = members.filter(({ device }) => device?.canDial === true);
    const chosen = this.#isCrowd ? elect(linkable, nowMs) : new Set<PeerId>();
    if (this.#isCrowd) this.#reviewWhenSomebodyRipens(members, nowMs);
    const supernodes = members.filter((member) => chosen.has(member.peer));
    const leaves = linkable.filter((member) => !chosen.has(member.peer));
    const parents = assignParents(
      leaves.map((leaf) => (leaf.hasMoved ? { ...leaf, parents: [] } : leaf)),
      supernodes,
    );
    for (const leaf of leaves) leaf.hasMoved = false;
    return members.flatMap((member) => {
      const mine = parents.get(member.peer) ?? [];
      const role = chosen.has(member.peer) ? 'supernode' : mine.length > 0 ? 'leaf' : 'fan-out';
      return this.#setRole(member, role, mine);
    });
  }

  #setRole(member: CrowdMember, role: Role, parents: readonly PeerId[]): CrowdOutput[] {
    if (member.role === role && member.parents.join() === parents.join()) return [];
    if (role === 'supernode') {
      this.#supernodes.add(member);
      member.namedBy.clear();
    } else {
      this.#supernodes.delete(member);
      Object.assign(member, { expectedSinceMs: null, suspectSinceMs: null });
    }
    Object.assign(member, { role, parents });
    return [{ type: 'role', to: member.peer, role, parents }];
  }

  /** Time alone makes members fit: those who came lately, and those who were barred. */
  #reviewWhenSomebodyRipens(members: readonly CrowdMember[], nowMs: number): void {
    for (const { joinedAtMs, barredUntilMs } of members) {
      const ripeAtMs = Math.max(joinedAtMs + CROWD.presentMs, barredUntilMs);
      if (ripeAtMs > nowMs) this.#review(ripeAtMs);
    }
  }

  /** Rule C11: one word moves one leaf, many dismiss a supernode. True when it was news. */
  #name(leaf: CrowdMember, silent: PeerId, nowMs: number): boolean {
    const parent = this.#members.get(silent);
    if (parent?.role !== 'supernode' || !leaf.parents.includes(silent) || parent.namedBy.has(leaf.peer)) return false;
    parent.namedBy.add(leaf.peer);
    const served = [...this.#members.values()].filter(({ parents }) => parents.includes(silent));
    const leaves = new Set([...parent.namedBy, ...served.map(({ peer }) => peer)]);
    const authors = new Set([...parent.namedBy].map(authorOf));
    if (authors.size >= CROWD.silentAuthorsMin && 2 * parent.namedBy.size >= leaves.size) {
      parent.barredUntilMs = nowMs + CROWD.demotedForMs;
    }
    return true;
  }

  /** Rule C8: who has not reached what it was sent serves nobody until it has. */
  #suspect(nowMs: number): CrowdOutput[] {
    const outputs: CrowdOutput[] = [];
    for (const member of this.#supernodes) {
      const { suspectSinceMs } = member;
      if (suspectSinceMs !== null && nowMs - suspectSinceMs >= CROWD.suspectMaxMs) {
        member.barredUntilMs = nowMs + CROWD.demotedForMs;
        member.suspectSinceMs = null;
        member.expectedSinceMs = null;
        this.#review(nowMs, true);
      } else if (suspectSinceMs === null && isLate(member, nowMs)) {
        const served = [...this.#members.values()].filter((leaf) => this.#isServedBy(leaf, member.peer));
        member.suspectSinceMs = nowMs;
        for (const leaf of served) {
          if (!this.#hasGoodParent(leaf)) outputs.push({ type: 'catch-up', to: leaf.peer, after: this.#certain(leaf) });
        }
      }
    }
    return outputs;
  }

  #isServedBy(leaf: CrowdMember, parent: PeerId): boolean {
    return leaf.role === 'leaf' && leaf.parents.includes(parent) && this.#hasGoodParent(leaf);
  }

  #hasGoodParent(member: CrowdMember): boolean {
    if (member.role !== 'leaf') return false;
    return member.parents.some((id) => {
      const parent = this.#members.get(id);
      if (parent?.role !== 'supernode' || parent.namedBy.has(member.peer)) return false;
      return parent.suspectSinceMs === null && member.links.has(id);
    });
  }

  /** The offset up to which one of its parents has certainly served it. */
  #certain(leaf: CrowdMember): number {
    return Math.max(0, ...leaf.parents.map((id) => this.#members.get(id)?.reached ?? 0));
  }
}

/** Rule C8: what was pushed to it has been on its way for too long. */
function isLate({ expectedSinceMs }: CrowdMember, nowMs: number): boolean {
  return expectedSinceMs !== null && nowMs - expectedSinceMs >= CROWD.reachPatienceMs;
}
