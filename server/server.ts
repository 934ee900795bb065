// The companion server: puts its parts together, listens, and ends in an orderly way.

import { createHash } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import type { IncomingMessage, Server as HttpServer } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { Server as SocketServer } from 'socket.io';
import type { IceServer, MeshSettings } from '../src/protocol/frames.js';
import type { PeerId, RoomKey } from '../src/protocol/ids.js';
import { authorOf } from '../src/protocol/ids.js';
import { LIMITS } from '../src/protocol/limits.js';
import { createHttp } from './http.js';
import { SERVER_LIMITS } from './limits.js';
import { silentLogger } from './log.js';
import type { Logger } from './log.js';
import { MeshMetrics } from './mesh-metrics.js';
import type { MeshStatus } from './mesh-metrics.js';
import { ServerRoom } from './room.js';
import { SocketSession } from './socket-session.js';
import { persistence } from './persistence.js';
import { startPruning } from './store/retention.js';
import { StorageWatch } from './store/storage-watch.js';
import { Verifier } from './verifier.js';

/** Clients are told to come back within this when the server closes, so that they do not come at once. */
const RETURN_SPREAD_MS = 2_000;

export interface ServerOptions {
  /** 0 picks a free one. Default 8787. */
  readonly port?: number;
  /** Address to listen on. Default: all. */
  readonly host?: string;
  /** Folder of the database, or `:memory:`. Default `./data`. */
  readonly data?: string;
  /** Redis shared by the nodes of one server, which then keeps everything. Default: none, this process is alone. */
  readonly redisUrl?: string;
  /** Exact origins whose pages may connect. Empty: any. */
  readonly origins?: readonly string[];
  /** Opens the administration; null keeps it closed. */
  readonly adminToken?: string | null;
  /** Addresses of STUN servers told to clients. Default: none, so that no third party is asked. */
  readonly stunUrls?: readonly string[];
  /** Default 24. */
  readonly retentionHours?: number;
  /** Records kept of each room. Default 1000. */
  readonly historyMax?: number;
  /** Default true. */
  readonly meshEnabled?: boolean;
  /** Share of users who get the mesh, percent; the same ones every time. Default 100. */
  readonly meshRollout?: number;
  /** Full-mesh size, 0–8. Default 5. */
  readonly maxPeers?: number;
  /** Milliseconds. Default 10000. */
  readonly autoUpgradeDelayMs?: number;
  readonly logger?: Logger;
}

export interface CompanionServer {
  /**
   * Opens the store, and resolves when connections are accepted.
   * @throws {Error} in one line when the store or the port cannot be used
   */
  listen(): Promise<{ readonly url: string; readonly port: number }>;
  /** Tells clients when to return, flushes the store and closes. */
  close(): Promise<void>;
  meshStatus(): MeshStatus;
  /** Frames and records refused since the start, by code. */
  refusals(): ReadonlyMap<string, number>;
}

export function createServer(options: ServerOptions = {}): CompanionServer {
  const now = Date.now;
  const logger = options.logger ?? silentLogger;
  const { data = './data', redisUrl = null } = options;
  const { store, nodes } = persistence({ data, redisUrl, now, logger });
  const metrics = new MeshMetrics(now);
  const verifier = new Verifier();
  const rooms = new Map<RoomKey, ServerRoom>();
  const refusals = new Map<string, number>();
  const iceServers: IceServer[] = (options.stunUrls ?? []).map((url) => ({ urls: [url] }));
  let isReady = false;

  const refused = (code: string, count: number): void => {
    refusals.set(code, (refusals.get(code) ?? 0) + count);
  };
  const meshFor = (peer: PeerId): MeshSettings => ({
    isEnabled: (options.meshEnabled ?? true) && rolloutShare(peer) < (options.meshRollout ?? 100),
    maxPeers: options.maxPeers ?? 5,
    autoUpgradeDelayMs: options.autoUpgradeDelayMs ?? 10_000,
  });
  const meshStatus = (): MeshStatus =>
    metrics.status([...rooms.values()].map((room) => ({ room: room.key, members: room.size })));

  const app = createHttp({ adminToken: options.adminToken ?? null, isReady: () => isReady, meshStatus });
  const http = createAdaptorServer({ fetch: app.fetch }) as HttpServer;
  const admitted = admission(options.origins ?? [], refused);
  const sockets = new SocketServer(http, {
    serveClient: false,
    allowEIO3: false,
    perMessageDeflate: false,
    httpCompression: false,
    maxHttpBufferSize: LIMITS.frameBytesMax,
    // A phone that is gone is noticed within ten seconds; a live one costs a 3-byte frame every five.
    pingInterval: 5_000,
    pingTimeout: 5_000,
    connectTimeout: 10_000,
    cors: { origin: options.origins === undefined || options.origins.length === 0 ? '*' : [...options.origins] },
    allowRequest: admitted,
  });
  const recordsPerAuthor = new RateLimiterMemory({
    points: SERVER_LIMITS.recordsPerAuthor.points,
    duration: SERVER_LIMITS.recordsPerAuthor.durationSeconds,
  });
  const storage = new StorageWatch(logger);
  const roomContext = {
    store,
    nodes,
    verifier,
    now,
    meshFor,
    iceServers,
    refused,
    storing: (problem: Error | null) => storage.note(problem),
  };
  store.onEpochChange(() => {
    for (const room of rooms.values()) void room.epochChanged();
  });
  const openRoom = (key: RoomKey): ServerRoom | null => {
    const open = rooms.get(key);
    if (open !== undefined) return open;
    if (rooms.size >= SERVER_LIMITS.roomsMax) return null;
    const room = new ServerRoom(key, roomContext);
    rooms.set(key, room);
    return room;
  };
  const roomLeft = (room: ServerRoom): void => {
    if (!room.isIdle || rooms.get(room.key) !== room) return;
    room.close();
    rooms.delete(room.key);
  };
  sockets.on('connection', (socket) => {
    // The stored upgrade request is a third of an idle connection's memory.
    (socket.conn as unknown as { request: unknown }).request = null;
    new SocketSession(socket, {
      verifier,
      metrics,
      now,
      openRoom,
      room: (key) => rooms.get(key),
      roomLeft,
      recordsPerAuthor,
      refused,
    });
  });

  let stopPruning = (): void => undefined;
  let closing: Promise<void> | null = null;

  const close = async (): Promise<void> => {
    isReady = false;
    stopPruning();
    for (const socket of sockets.sockets.sockets.values()) {
      socket.emit('frame', { type: 'closing', retryAfterMs: Math.floor(Math.random() * RETURN_SPREAD_MS) });
    }
    await new Promise<void>((resolve) => {
      void sockets.close(() => resolve());
    });
    for (const room of rooms.values()) room.close();
    await nodes.close();
    await store.close();
    logger.log('info', 'closed');
  };

  return {
    listen: async () => {
      await store.open();
      await nodes.open();
      stopPruning = startPruning(store, {
        retentionMs: (options.retentionHours ?? 24) * 3_600_000,
        recordsMax: options.historyMax ?? 1_000,
        now,
        logger,
      });
      return new Promise((resolve, reject) => {
        http.once('error', reject);
        http.listen(options.port ?? 8787, options.host, () => {
          isReady = true;
          const { port, address } = http.address() as AddressInfo;
          const host = address === '::' || address === '0.0.0.0' ? '127.0.0.1' : address;
          logger.log('info', 'listening', { port });
          resolve({ url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`, port });
        });
      });
    },
    close: () => (closing ??= close()),
    meshStatus,
    refusals: () => refusals,
  };
}

/** Refuses before anything is allocated: CORS does not cover the upgrade of a WebSocket. */
function admission(origins: readonly string[], refused: (code: string, count: number) => void) {
  const perAddress = new RateLimiterMemory({
    points: SERVER_LIMITS.socketsPerAddress.points,
    duration: SERVER_LIMITS.socketsPerAddress.durationSeconds,
  });
  return (request: IncomingMessage, decide: (error: string | null, isAllowed: boolean) => void): void => {
    const isAllowed = origins.length === 0 || origins.includes(request.headers.origin ?? '');
    if (!isAllowed) {
      refused('origin', 1);
      decide('origin not allowed', false);
      return;
    }
    perAddress.consume(request.socket.remoteAddress ?? 'unknown').then(
      () => decide(null, true),
      () => decide('too many connections', false),
    );
  };
}

/** A number from 0 to 99 that belongs to the device's key. */
function rolloutShare(peer: PeerId): number {
  return createHash('sha256').update(authorOf(peer)).digest().readUInt32BE(0) % 100;
}
