// The figures for a Prometheus server. Labels come from fixed lists: never a room, a name or an address.

import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { ServerEvent } from './events.js';
import type { MeshStatus } from './mesh-metrics.js';

export interface PrometheusSources {
  readonly rooms: () => number;
  readonly meshStatus: () => MeshStatus;
  readonly isReady: () => boolean;
}

/** From one write of a fast disk to a disk in trouble. */
const STORE_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

export class Prometheus {
  readonly #registry = new Registry();
  readonly #sockets = this.#gauge('sockets', 'Open sockets.');
  readonly #members = this.#gauge('members', 'Members of all rooms.');
  readonly #turnedAway = this.#counter('sockets_turned_away_total', 'Sockets not admitted, by reason.', ['reason']);
  readonly #ended = this.#counter('sockets_closed_total', 'Sockets that ended, by reason.', ['reason']);
  readonly #joins = this.#counter('joins_total', 'Members who joined a room.');
  readonly #records = this.#counter('records_stored_total', 'Records acknowledged as stored.');
  readonly #refused = this.#counter('refused_total', 'Frames and records refused, by code.', ['code']);
  readonly #signals = this.#counter('signals_relayed_total', 'Signaling messages relayed.');
  readonly #store = new Histogram({
    name: 'festival_chat_store_seconds',
    help: 'From a verified record to its place on disk.',
    buckets: STORE_SECONDS,
    registers: [this.#registry],
  });

  readonly #sources: PrometheusSources;
  readonly #rooms = this.#gauge('rooms', 'Rooms with members.');
  readonly #ready = this.#gauge('ready', '1 while new visitors are accepted.');
  readonly #mesh: readonly (readonly [figure: keyof MeshStatus, show: (value: number) => void])[] = [
    ['activeP2PConnections', this.#shown('p2p_links', 'Links that both ends report, relayed ones left out.')],
    ['currentP2PUsers', this.#shown('p2p_members', 'Members at an end of such a link.')],
    ['roomsWithMesh', this.#shown('p2p_rooms', 'Rooms with at least one link.')],
    ['totalP2PAttempts', this.#counted('p2p_dials_total', 'Dials whose offer was relayed here.')],
    ['successfulP2PConnections', this.#counted('p2p_dials_connected_total', 'Dials both ends reported as connected.')],
    ['failedP2PConnections', this.#counted('p2p_dials_failed_total', 'Dials that failed or were never confirmed.')],
    ['p2pMessageCount', this.#counted('p2p_messages_total', 'Messages a peer acknowledged, as clients say.')],
    ['fallbackCount', this.#counted('p2p_fallbacks_total', 'Messages that fell back to the server, as clients say.')],
  ];

  constructor(sources: PrometheusSources) {
    this.#sources = sources;
    collectDefaultMetrics({ register: this.#registry });
  }

  take(event: ServerEvent): void {
    switch (event.type) {
      case 'socket-opened':
        this.#sockets.inc();
        return;
      case 'socket-closed':
        this.#sockets.dec();
        this.#ended.inc({ reason: event.why });
        return;
      case 'socket-turned-away':
        this.#turnedAway.inc({ reason: event.why });
        return;
      case 'member-joined':
        this.#joins.inc();
        return;
      case 'stored':
        this.#records.inc(event.records);
        this.#store.observe(event.tookMs / 1_000);
        return;
      case 'refused':
        this.#refused.inc({ code: event.code }, event.count);
        return;
      case 'signal-relayed':
        this.#signals.inc();
        return;
      case 'member-left':
      case 'link-measured':
      case 'server-measured':
      case 'administration-locked':
      case 'flags-changed':
      case 'listening':
      case 'draining':
    }
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  text(): Promise<string> {
    const { rooms, isReady, meshStatus } = this.#sources;
    this.#rooms.set(rooms());
    this.#ready.set(Number(isReady()));
    const status = meshStatus();
    this.#members.set(status.totalActiveUsers);
    for (const [figure, show] of this.#mesh) show(Number(status[figure]));
    return this.#registry.metrics();
  }

  #gauge(name: string, help: string): Gauge {
    return new Gauge({ name: `festival_chat_${name}`, help, registers: [this.#registry] });
  }

  #counter<Label extends string = never>(name: string, help: string, labelNames: Label[] = []): Counter<Label> {
    return new Counter({ name: `festival_chat_${name}`, help, labelNames, registers: [this.#registry] });
  }

  #shown(name: string, help: string): (value: number) => void {
    const gauge = this.#gauge(name, help);
    return (value) => gauge.set(value);
  }

  /** A counter that is kept elsewhere. */
  #counted(name: string, help: string): (value: number) => void {
    const counter = this.#counter(name, help);
    return (value) => {
      counter.reset();
      counter.inc(value);
    };
  }
}
