// Whom to dial, and when (rules M5, M7, M9, C4). Opening and closing the links is not done here.

import type { MeshSettings } from '../protocol/frames.js';
import type { PeerId } from '../protocol/ids.js';
import { CROWD } from './crowd/crowd-limits.js';
import type { Introductions } from './introductions.js';
import type { MeshView } from './mesh-view.js';
import { meshOffBy } from './peers.js';
import type { Redials } from './redials.js';
import type { RoomSettings } from './room-io.js';
import type { Roster } from './roster.js';

/** Links of a member that is no supernode, and dials at one time. A page may have 500 connections at a time. */
const LINKS_MAX = 8;
const DIALING_MAX = 4;
/** Links a peer without a server looks for: enough that the loss of two leaves no island, few enough for a phone. */
const LINKS_WITHOUT_SERVER = 5;
/** Members up to which those without a role look for a few links (rule M7): above it somebody has been here long enough to serve. */
const SMALL_CROWD_MAX = 20;
/** Their links: should the server go, a neighbour and another way are all it takes to find the rest by rule M9. */
const LINKS_WITHOUT_ROLE = 2;
const ROUND_EVERY_MS = 2_000;
const MAX_PEERS_DEFAULT = 5;
const UPGRADE_DELAY_DEFAULT_MS = 10_000;

/** What the links look like now. */
export interface LinkCounts {
  readonly up: number;
  readonly dialing: number;
  /** A peer that is linked, being dialled, or asked to dial. */
  readonly isBusy: (peer: PeerId) => boolean;
}

export class Dialling {
  readonly #roster: Roster;
  readonly #redials: Redials;
  readonly #introductions: Introductions;
  readonly #random: () => number;
  settings: RoomSettings;
  served: MeshSettings | null = null;
  /** Null while the server link is down. */
  joinedAtMs: number | null = null;
  isSupernode = false;
  #parents: readonly PeerId[] = [];
  #parentsAtMs = 0;
  #nextRoundAtMs = 0;

  constructor(options: {
    readonly roster: Roster;
    readonly redials: Redials;
    readonly introductions: Introductions;
    readonly random: () => number;
    readonly settings: RoomSettings;
  }) {
    this.#roster = options.roster;
    this.#redials = options.redials;
    this.#introductions = options.introductions;
    this.#random = options.random;
    this.settings = options.settings;
  }

  get offBy(): MeshView['offBy'] {
    return meshOffBy(this.settings, this.served);
  }

  /** Links this member keeps at most, one that is being replaced not counted. */
  get linksMax(): number {
    return Math.min(this.powerMax, this.isSupernode ? LINKS_MAX + 2 * CROWD.leavesMax : LINKS_MAX);
  }

  /** Links the device's battery allows (rule M11). */
  get powerMax(): number {
    return this.settings.power?.linksMax ?? Infinity;
  }

  /** More than this at one time is refused even to those who dial us. A device that saves has no room to spare. */
  get acceptMax(): number {
    return Math.min(this.powerMax, this.linksMax + DIALING_MAX);
  }

  get parents(): readonly PeerId[] {
    return this.#parents;
  }

  /** Links to these are wanted from now on; with one of them up there is no haste for the other (rule C4). */
  setParents(parents: readonly PeerId[], hasOne: boolean, nowMs: number): void {
    this.#parents = parents;
    this.#parentsAtMs = nowMs + (hasOne ? CROWD.redialSpreadMs * this.#random() : 0);
  }

  roundBegan(nowMs: number): void {
    this.#nextRoundAtMs = nowMs + ROUND_EVERY_MS;
  }

  /** When the next automatic round is due; never while there is nothing it could do. */
  roundAtMs(counts: LinkCounts): number {
    if (this.settings.mesh !== 'auto' || this.offBy !== null) return Infinity;
    if (this.settings.power?.opensLinks === false) return Infinity;
    const missing = this.#missing(counts);
    if (missing.length === 0 || this.#free(counts) <= 0) return Infinity;
    const earliestMs = Math.min(...missing.map((peer) => this.#redials.allowedAtMs(peer)));
    return Math.max(this.#startAtMs(), this.#nextRoundAtMs, earliestMs);
  }

  /** Whom to dial now. `isAsked`: the visitor wants links, whatever the waits and the size of the room. */
  candidates(counts: LinkCounts, nowMs: number, isAsked: boolean): PeerId[] {
    const missing = isAsked ? this.#unlinked(counts) : this.#missing(counts);
    const peers = missing.filter((peer) => isAsked || this.#redials.allowedAtMs(peer) <= nowMs);
    return this.#shuffled(peers).slice(0, Math.max(0, this.#free(counts, isAsked)));
  }

  get #maxPeers(): number {
    return this.settings.maxPeers ?? this.served?.maxPeers ?? MAX_PEERS_DEFAULT;
  }

  /** Members of a room whose links need no role. A page that wants no full mesh wants no such links either. */
  get #linkedByThemselvesMax(): number {
    const hasRole = this.isSupernode || this.#parents.length > 0;
    return hasRole || this.#maxPeers < 2 ? this.#maxPeers : Math.max(this.#maxPeers, SMALL_CROWD_MAX);
  }

  #startAtMs(): number {
    if (this.joinedAtMs === null) return 0;
    if (this.#parents.length > 0) return this.#parentsAtMs;
    const delayMs = this.settings.autoUpgradeDelayMs ?? this.served?.autoUpgradeDelayMs ?? UPGRADE_DELAY_DEFAULT_MS;
    return this.joinedAtMs + delayMs;
  }

  /** Who should be linked and is not. */
  #missing(counts: LinkCounts): PeerId[] {
    if (this.joinedAtMs === null) {
      if (counts.up >= LINKS_WITHOUT_SERVER) return [];
      return this.#introductions.reachable().filter((peer) => !counts.isBusy(peer));
    }
    if (this.#parents.length > 0) return this.#parents.filter((peer) => !counts.isBusy(peer));
    return this.#roster.count > this.#linkedByThemselvesMax ? [] : this.#unlinked(counts);
  }

  #unlinked(counts: LinkCounts): PeerId[] {
    if (this.joinedAtMs === null) return this.#missing(counts);
    return this.#roster.others().filter((peer) => this.#roster.isServed(peer) && !counts.isBusy(peer));
  }

  #free(counts: LinkCounts, isAsked = false): number {
    // A parent is worth a link beyond the bound: the one it replaces goes as soon as it is up.
    const most = this.joinedAtMs === null ? LINKS_WITHOUT_SERVER : this.#mostLinks(isAsked);
    return Math.min(DIALING_MAX - counts.dialing, Math.min(this.powerMax, most) - counts.up - counts.dialing);
  }

  #mostLinks(isAsked: boolean): number {
    if (this.isSupernode) return this.linksMax;
    if (this.#parents.length > 0) return LINKS_MAX + 2;
    if (!isAsked && this.#roster.count > this.#maxPeers) return LINKS_WITHOUT_ROLE;
    return Math.min(LINKS_MAX, this.#maxPeers - 1);
  }

  /** At random, so that a room does not dial the same few. */
  #shuffled(peers: readonly PeerId[]): PeerId[] {
    const shuffled = [...peers];
    for (let index = shuffled.length - 1; index > 0; index -= 1) {
      const other = Math.floor(this.#random() * (index + 1));
      const [a, b] = [shuffled[index], shuffled[other]];
      if (a !== undefined && b !== undefined) [shuffled[index], shuffled[other]] = [b, a];
    }
    return shuffled;
  }
}
