// What is wrong, from what was measured. Each finding has a sentence and an advice in the element's words.

import type { ChatStatus } from './chat-view.js';
import type { Diagnostics } from './diagnostics.js';
import { FAILED_DIALS_MIN } from './mesh-view.js';

export type FindingCode =
  /** The browser knows of no network. */
  | 'no-network'
  /** A sign-in page answers in the server's place. */
  | 'captive-portal'
  | 'server-unreachable'
  /** Nothing survives a reload. */
  | 'storage-refused'
  /** More than a minute from the server's clock. */
  | 'clock-off'
  /** Plain http: the browser withholds its keys and sensors. */
  | 'insecure-page'
  | 'no-webrtc'
  /** Links are few, to spare the battery or the visitor's data. */
  | 'battery-saver'
  /** No STUN server could be reached over UDP, or links came about over TCP only. */
  | 'udp-blocked'
  /** Devices reach the internet, and not each other. */
  | 'wifi-isolates'
  /** Only HTTP polling comes through. */
  | 'websocket-blocked'
  /** The organiser, or the server, has switched links between devices off. */
  | 'p2p-disabled';

export const FINDINGS_MAX = 3;
/** A clock further away than this mixes up the order in which people see what they write. */
const CLOCK_OFF_MS = 60_000;

type Facts = Pick<Diagnostics, 'detector' | 'environment' | 'links' | 'mesh' | 'power'>;
type Rule = (facts: Facts, status: ChatStatus) => boolean;

/** In the order of their importance to whoever wants to chat now. */
const RULES: Readonly<Record<FindingCode, Rule>> = {
  'no-network': ({ detector }, status) => isServerGone(status) && detector.isOnline === false,
  'captive-portal': ({ detector }, status) => isServerGone(status) && detector.serverAnswers === 'other',
  'server-unreachable': ({ detector }, status) =>
    isServerGone(status) && detector.isOnline !== false && detector.serverAnswers !== 'other',
  'storage-refused': ({ environment }, { reason }) => reason !== 'starting' && environment.storage === 'memory',
  'clock-off': ({ environment }) => Math.abs(environment.clockOffsetMs ?? 0) > CLOCK_OFF_MS,
  'insecure-page': ({ environment }) => !environment.isSecureContext,
  'no-webrtc': ({ mesh }) => mesh.offBy === 'browser',
  'battery-saver': ({ power }) => power?.profile === 'saving' || power?.profile === 'server-only',
  'udp-blocked': ({ mesh, links }) => {
    const isTcpOnly = links.some(({ transport }) => transport?.protocol === 'tcp');
    return isTcpOnly || (isUnlinkable({ mesh, links }) && mesh.dials.hasIceServers && !reachesOut(mesh));
  },
  'wifi-isolates': ({ mesh, links, detector }) => {
    // Behind a carrier's address translation devices cannot reach each other either; that is no Wi-Fi's doing.
    if (detector.networkType === 'cellular' || !isUnlinkable({ mesh, links })) return false;
    return reachesOut(mesh) || !mesh.dials.hasIceServers;
  },
  'websocket-blocked': ({ environment }) => environment.transport === 'polling',
  'p2p-disabled': ({ mesh }) => mesh.offBy === 'organiser',
};

/** What is wrong, the most important first, at most `FINDINGS_MAX`. */
export function diagnose(facts: Facts, status: ChatStatus): FindingCode[] {
  const codes = Object.keys(RULES) as FindingCode[];
  return codes.filter((code) => RULES[code](facts, status)).slice(0, FINDINGS_MAX);
}

/** Not there, and not because it said so: a server that restarts or refuses has its own sentence in the status. */
function isServerGone({ websocket, reason }: ChatStatus): boolean {
  return websocket !== 'connected' && (reason === 'server-unreachable' || reason === 'no-network');
}

/** Others are there to be linked to, and none can be. */
function isUnlinkable({ mesh, links }: Pick<Facts, 'mesh' | 'links'>): boolean {
  return mesh.dials.failedInRow >= FAILED_DIALS_MIN && links.every((link) => link.state === 'dialing');
}

function reachesOut({ dials }: Facts['mesh']): boolean {
  return dials.gathered.includes('srflx');
}
