// What this device tells the server about its peer links, so that an operator sees measured figures.

import type { FrameOf, ReportedDevice } from '../protocol/frames.js';
import type { DialId, PeerId, RoomKey } from '../protocol/ids.js';
import { LIMITS } from '../protocol/limits.js';
import type { DeviceState } from './room-io.js';
import type { QualityMeter } from './quality.js';
import type { Counters } from './counters.js';
import type { Mesh } from './mesh.js';
import type { PeerLinkState } from './peer-link-state.js';

/** Between two reports. Links come and go in seconds; a figure two seconds old is news to a dashboard. */
const REPORT_EVERY_MS = 2_000;

export class MeshReport {
  readonly #room: RoomKey;
  readonly #mesh: Mesh;
  readonly #counters: Counters;
  readonly #server: QualityMeter;
  readonly #silent: () => readonly PeerId[];
  #location: string | undefined;
  #device: DeviceState = { isVisible: true, battery: null, isCharging: null };
  #failedDials: DialId[] = [];
  #lastKey = '';
  #nextAtMs = Infinity;

  /** @param options.silent parents that pass nothing on (rule C11) */
  constructor(options: {
    readonly room: RoomKey;
    readonly mesh: Mesh;
    readonly counters: Counters;
    readonly server: QualityMeter;
    readonly silent: () => readonly PeerId[];
  }) {
    this.#room = options.room;
    this.#mesh = options.mesh;
    this.#counters = options.counters;
    this.#server = options.server;
    this.#silent = options.silent;
  }

  /** Joined: the server knows nothing of this session's links yet. */
  joined(nowMs: number): void {
    this.#lastKey = '';
    this.#nextAtMs = nowMs;
  }

  /** The device has changed: the server should know at once, it may serve others or no longer. */
  deviceChanged(device: DeviceState, nowMs: number): void {
    this.#device = device;
    this.soon(nowMs);
  }

  /** The page has named another area, or none. */
  movedTo(location: string | undefined, nowMs: number): void {
    this.#location = location;
    this.soon(nowMs);
  }

  /** A link is gone: who was served over it must be served otherwise. */
  soon(nowMs: number): void {
    if (this.#nextAtMs !== Infinity) this.#nextAtMs = Math.min(this.#nextAtMs, nowMs);
  }

  down(): void {
    this.#nextAtMs = Infinity;
  }

  nextWakeMs(): number {
    return this.#nextAtMs;
  }

  /** A report when one is due and something has changed since the last. */
  wake(nowMs: number): FrameOf<'report'> | null {
    if (nowMs < this.#nextAtMs) return null;
    this.#nextAtMs = nowMs + REPORT_EVERY_MS;
    this.#failedDials = [...this.#failedDials, ...this.#mesh.takeFailedDials()].slice(-LIMITS.linksPerReportMax);
    const links = this.#mesh.up().slice(0, LIMITS.linksPerReportMax);
    const { p2pMessages, fallbacks } = this.#counters;
    const device = this.#deviceReport(nowMs);
    const silent = this.#silent();
    const counts = `${String(p2pMessages)} ${String(fallbacks)} ${silent.join()}`;
    const key = [...links.map((link) => `${link.dial}${String(isRelayed(link))}`), counts, roughly(device)].join();
    const hasNews = key !== this.#lastKey || this.#failedDials.length > 0;
    this.#lastKey = key;
    if (!hasNews) return null;
    const failedDials = this.#failedDials;
    this.#failedDials = [];
    return {
      type: 'report',
      room: this.#room,
      links: links.map((link) => ({
        peer: link.peer,
        dial: link.dial,
        connectMs: link.connectMs ?? 0,
        rttMs: link.quality.read(nowMs).latencyMs,
        isRelayed: isRelayed(link),
      })),
      failedDials,
      device,
      p2pMessages,
      fallbacks,
      ...(silent.length === 0 ? {} : { silent: [...silent] }),
    };
  }

  #deviceReport(nowMs: number): ReportedDevice {
    const { dials } = this.#mesh;
    const canDial = this.#mesh.canDial(nowMs);
    const rttMs = this.#server.read(nowMs).latencyMs;
    const where = this.#location === undefined ? {} : { location: this.#location };
    return { ...this.#device, ...where, canDial, rttMs, dialsTried: dials.tried, dialsFailed: dials.failed };
  }
}

/** What of a device matters to the server: small changes of battery and round trip are no news. */
function roughly({ rttMs, battery, dialsTried: _, dialsFailed, ...rest }: ReportedDevice): string {
  const far = rttMs === null ? null : Math.round(rttMs / 50);
  return JSON.stringify([far, battery === null ? null : Math.round(battery * 20), dialsFailed, rest]);
}

/** Relayed pairs go through a server of somebody's, so they are never counted as peer to peer. */
function isRelayed(link: PeerLinkState): boolean | null {
  if (link.transport === null) return null;
  return link.transport.localCandidate === 'relay' || link.transport.remoteCandidate === 'relay';
}
