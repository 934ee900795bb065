// What the dashboard shows of the last hour, and since the start.

import type { RefusalCode } from '../src/protocol/errors.js';
import type { EventLoopLag } from './event-loop.js';
import type { ServerEvent, SocketEnd, TurnedAway } from './events.js';
import { Samples } from './samples.js';
import type { Quantiles } from './samples.js';

const MINUTE_MS = 60_000;
const MINUTES = 60;

export interface AnalyticsReport {
  readonly startedAtMs: number;
  readonly nowMs: number;
  readonly sockets: { readonly current: number; readonly peak: number };
  /** Members of all rooms; one person with two tabs counts twice. */
  readonly members: number;
  readonly rooms: number;
  readonly joins: number;
  /** Stored records. `perMinute`: the last 60 minutes, oldest first; the last one is still running. */
  readonly messages: { readonly total: number; readonly perMinute: readonly number[] };
  readonly signals: number;
  /** Frames and records refused, by code. */
  readonly refused: Readonly<Partial<Record<RefusalCode, number>>>;
  /** Sockets not admitted, by reason. */
  readonly turnedAway: Readonly<Partial<Record<TurnedAway, number>>>;
  /** Sockets that ended, by reason. */
  readonly ended: Readonly<Partial<Record<SocketEnd, number>>>;
  /**
   * Of the latest 500 of each; null before the first. `store`: until on disk. `server`, `p2p`: round trips to the
   * server and over peer links, as clients say.
   */
  readonly latencyMs: Readonly<Record<'store' | 'server' | 'p2p', Quantiles | null>>;
  readonly eventLoopLag: EventLoopLag;
  readonly memory: { readonly rssBytes: number; readonly heapUsedBytes: number };
}

export class Analytics {
  readonly #now: () => number;
  readonly #startedAtMs: number;
  readonly #sockets = { current: 0, peak: 0 };
  readonly #refused: Partial<Record<RefusalCode, number>> = {};
  readonly #turnedAway: Partial<Record<TurnedAway, number>> = {};
  readonly #ended: Partial<Record<SocketEnd, number>> = {};
  readonly #store = new Samples();
  readonly #server = new Samples();
  readonly #p2p = new Samples();
  /** Records of each minute, by the minute's number; those older than an hour are dropped. */
  readonly #minutes = new Map<number, number>();
  #joins = 0;
  #messages = 0;
  #signals = 0;

  constructor(now: () => number) {
    this.#now = now;
    this.#startedAtMs = now();
  }

  take(event: ServerEvent): void {
    switch (event.type) {
      case 'socket-opened':
        rise(this.#sockets);
        return;
      case 'socket-closed':
        this.#sockets.current -= 1;
        count(this.#ended, event.why, 1);
        return;
      case 'member-joined':
        this.#joins += 1;
        return;
      case 'stored':
        this.#stored(event.records, event.tookMs);
        return;
      case 'refused':
        count(this.#refused, event.code, event.count);
        return;
      case 'socket-turned-away':
        count(this.#turnedAway, event.why, 1);
        return;
      case 'signal-relayed':
        this.#signals += 1;
        return;
      case 'link-measured':
        this.#p2p.add(event.rttMs);
        return;
      case 'server-measured':
        this.#server.add(event.rttMs);
        return;
      case 'member-left':
      case 'administration-locked':
      case 'flags-changed':
      case 'listening':
      case 'draining':
    }
  }

  report(now: Pick<AnalyticsReport, 'members' | 'rooms' | 'eventLoopLag'>): AnalyticsReport {
    const { rss, heapUsed } = process.memoryUsage();
    return {
      startedAtMs: this.#startedAtMs,
      nowMs: this.#now(),
      sockets: { ...this.#sockets },
      members: now.members,
      rooms: now.rooms,
      joins: this.#joins,
      messages: { total: this.#messages, perMinute: this.#perMinute() },
      signals: this.#signals,
      refused: { ...this.#refused },
      turnedAway: { ...this.#turnedAway },
      ended: { ...this.#ended },
      latencyMs: { store: this.#store.read(), server: this.#server.read(), p2p: this.#p2p.read() },
      eventLoopLag: now.eventLoopLag,
      memory: { rssBytes: rss, heapUsedBytes: heapUsed },
    };
  }

  #stored(records: number, tookMs: number): void {
    this.#messages += records;
    this.#store.add(tookMs);
    const minute = this.#minute();
    this.#minutes.set(minute, (this.#minutes.get(minute) ?? 0) + records);
    for (const old of this.#minutes.keys()) {
      if (old > minute - MINUTES) break;
      this.#minutes.delete(old);
    }
  }

  #perMinute(): number[] {
    const first = this.#minute() - MINUTES + 1;
    return Array.from({ length: MINUTES }, (_, index) => this.#minutes.get(first + index) ?? 0);
  }

  #minute(): number {
    return Math.floor(this.#now() / MINUTE_MS);
  }
}

function rise(figure: { current: number; peak: number }): void {
  figure.current += 1;
  figure.peak = Math.max(figure.peak, figure.current);
}

function count<Key extends string>(counts: Partial<Record<Key, number>>, key: Key, by: number): void {
  counts[key] = (counts[key] ?? 0) + by;
}
