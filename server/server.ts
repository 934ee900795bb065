// The companion server: puts its parts together, listens, and ends in an orderly way.

import type { AddressInfo } from 'node:net';
import type { Server as HttpServer } from 'node:http';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { createAdaptorServer } from '@hono/node-server';
import { Server as SocketServer } from 'socket.io';
import { LIMITS } from '../src/protocol/limits.js';
import { ActivityFeed } from './activity.js';
import { addressKeys } from './address.js';
import { Admission } from './admission.js';
import { Analytics } from './analytics.js';
import { drain, returnWithinMs } from './drain.js';
import { EventLoop } from './event-loop.js';
import type { ServerEvent } from './events.js';
import { DEFAULT_FLAGS } from './flags.js';
import type { Flags } from './flags.js';
import { FlagsFile } from './flags-file.js';
import { Gate } from './gate.js';
import { HandoverDesk } from './handover-desk.js';
import { createHttp } from './http/app.js';
import type { Administration } from './http/admin.js';
import { JoinTokens } from './join-tokens.js';
import { SERVER_LIMITS } from './limits.js';
import { logEvent, silentLogger } from './log.js';
import type { Logger } from './log.js';
import { MeshMetrics } from './mesh-metrics.js';
import type { MeshStatus } from './mesh-metrics.js';
import { ModerationBook } from './moderation/book.js';
import { ModerationDesk } from './moderation/desk.js';
import { WordFilter } from './moderation/word-filter.js';
import { PhotoDesk } from './photos/photo-desk.js';
import { DEFAULT_PHOTO_RULES, PhotoQuota } from './photos/photo-quota.js';
import type { PhotoRules } from './photos/photo-quota.js';
import { photoKey } from './photos/photo-shelf.js';
import { persistence } from './persistence.js';
import { Prometheus } from './prometheus.js';
import { Rates } from './rates.js';
import { Rooms } from './rooms.js';
import { passingKey } from './server-key.js';
import { SocketSession } from './socket-session.js';
import type { SessionContext } from './socket-session.js';
import { startPruning } from './store/retention.js';
import { StorageWatch } from './store/storage-watch.js';
import { FrameWriter, forgetRequest, freeClosed } from './transport.js';
import { Trend } from './trend.js';
import { TURN_RENEW_MS, iceServersFor } from './turn.js';
import { membersOf, usersOf } from './user-views.js';
import { Verifier } from './verifier.js';

export interface ServerOptions {
  /** 0 picks a free one. Default 8787. */
  readonly port?: number;
  /** Address to listen on. Default: all. */
  readonly host?: string;
  /** Folder of the database, or `:memory:`. Default `./data`. */
  readonly data?: string;
  /** Redis shared by the nodes of one server, which then keeps everything. Default: none, this process is alone. */
  readonly redisUrl?: string;
  /** Exact origins whose pages may connect, on both transports. Empty: any. */
  readonly origins?: readonly string[];
  /** The clock, milliseconds since 1970. Default: the machine's. */
  readonly now?: () => number;
  /** Opens the administration; null keeps it closed. */
  readonly adminToken?: string | null;
  /** Addresses of STUN servers told to clients. Default: none, so that no third party is asked. */
  readonly stunUrls?: readonly string[];
  /** Addresses of TURN servers. They are used with `turnSecret` only. */
  readonly turnUrls?: readonly string[];
  /** The TURN server's `static-auth-secret`, from which short-lived credentials are made. */
  readonly turnSecret?: string | null;
  /** Whoever joins a room needs a token signed with it (rule J7); null lets everybody in. At least 32 bytes. */
  readonly joinSecret?: string | null;
  /** Asked of whoever reads `/metrics`; null leaves it open to whoever reaches it. */
  readonly metricsToken?: string | null;
  /** Proxies in front that add to `X-Forwarded-For`. Default 0: the header is not believed. */
  readonly trustedProxies?: number;
  /** Sockets held at once. Default 10000. */
  readonly connectionsMax?: number;
  /** Default 24. */
  readonly retentionHours?: number;
  /** Words no message may have in it. Default: none. */
  readonly blockedWords?: readonly string[];
  /** Records kept of each room. Default 1000. */
  readonly historyMax?: number;
  /** Photos visitors may send. Default: `DEFAULT_PHOTO_RULES`. */
  readonly photos?: PhotoRules;
  /** Bytes of all photos that are kept. Default 2 GiB. */
  readonly photoStoreBytesMax?: number;
  /** What the mesh may do until the operator changes it. Default: `DEFAULT_FLAGS`. */
  readonly flags?: Flags;
  readonly logger?: Logger;
}

export interface CompanionServer {
  /**
   * Opens the store, and resolves when connections are accepted.
   * @throws {Error} in one line when the store or the port cannot be used
   */
  listen(): Promise<{ readonly url: string; readonly port: number }>;
  /** Tells clients when to return, answers what they have said, flushes the store and closes. */
  close(): Promise<void>;
  /** What the routes under `/admin` answer and do. */
  readonly administration: Administration;
}

export function createServer(options: ServerOptions = {}): CompanionServer {
  const { now = Date.now } = options;
  const logger = options.logger ?? silentLogger;
  const { data = './data', redisUrl = null } = options;
  const configured = options.flags ?? DEFAULT_FLAGS;
  const { photoStoreBytesMax = SERVER_LIMITS.photoStoreBytesMax } = options;
  const kept = persistence({ data, redisUrl, configured, now, logger, photoStoreBytesMax });
  const { store, nodes, sharedFlags, audit } = kept;
  const storage = new StorageWatch(logger);
  const verifier = new Verifier();
  // Until the kept one is open nobody can join.
  let key = passingKey();
  const rates = new Rates(kept.makeLimiter);
  const eventLoop = new EventLoop();
  const addressOf = addressKeys(options.trustedProxies ?? 0);
  const { stunUrls = [], turnUrls = [], turnSecret = null, joinSecret = null, origins = [] } = options;
  const ice = { stunUrls, turnUrls, turnSecret };
  const sessions = new Set<SocketSession>();
  const flagsFile =
    data === ':memory:' || sharedFlags !== null ? null : new FlagsFile(join(data, 'flags.json'), configured);
  let flags = flagsFile?.read() ?? configured;
  let state: 'starting' | 'listening' | 'draining' = 'starting';

  const tokens = joinSecret === null ? null : new JoinTokens(joinSecret, now);
  const gate = new Gate(tokens, () => flags, now);
  const [metrics, analytics, activity] = [new MeshMetrics(now), new Analytics(now), new ActivityFeed(now)];
  const meshStatus = (): MeshStatus =>
    metrics.status(rooms.all().map(({ key, size }) => ({ room: key, members: size })));
  const trend = new Trend(now, () => ({
    members: membersOf(rooms.all()),
    p2pUsers: meshStatus().currentP2PUsers,
    eventLoopLagP99Ms: eventLoop.lag.p99Ms,
    rssBytes: process.memoryUsage.rss(),
  }));
  const obstacles = (): string[] => (state === 'starting' ? ['starting'] : [admission.obstacle() ?? []].flat());
  const prometheus = new Prometheus({ rooms: () => rooms.size, meshStatus, isReady: () => obstacles().length === 0 });
  const tell = (event: ServerEvent): void => {
    for (const listener of [analytics, activity, prometheus]) listener.take(event);
    logEvent(logger, event);
  };
  const book = new ModerationBook(kept.shelf, now);
  const notErased = ({ message }: Error): void => logger.log('error', 'photos not erased', { reason: message });
  const photoQuota = new PhotoQuota(options.photos ?? DEFAULT_PHOTO_RULES, now);
  const rooms = new Rooms({
    photoQuota,
    erasePhotos: (room, records) => void photos.erase(records.map((record) => photoKey(room, record))).catch(notErased),
    ...{ book, filter: new WordFilter(options.blockedWords ?? []) },
    store,
    nodes,
    storing: (problem) => storage.note(problem),
    ...{ verifier, metrics, now },
    key: () => key,
    movedAway(room, peer) {
      metrics.left(peer);
      tell({ type: 'member-left', room: room.key, peer });
      rooms.left(room);
    },
    refused: (code, count) => tell({ type: 'refused', code, count }),
    stored: (records, tookMs) => tell({ type: 'stored', records, tookMs }),
    meshFor: (room, peer) => gate.meshFor(room, peer),
    iceServersFor: (room, peer) => (gate.mayMesh(room, peer) ? iceServersFor(ice, peer, now()) : []),
  });
  const isOn = photoQuota.rules.perHour > 0;
  const photos = new PhotoDesk({ shelf: kept.photos, store, rooms, verifier, rates, now, isOn });
  const handovers = new HandoverDesk({
    ...{ rooms, verifier, rates, gate, now },
    refused: (code) => tell({ type: 'refused', code, count: 1 }),
  });
  store.onEpochChange(() => {
    for (const room of rooms.all()) void room.epochChanged();
  });
  /** What the mesh may do now, and with which credentials. */
  const tellMembers = (): void => {
    for (const room of rooms.all()) room.meshChanged();
  };
  const useFlags = (next: Flags): void => {
    if (isDeepStrictEqual(next, flags)) return;
    flags = next;
    tellMembers();
    tell({ type: 'flags-changed', flags });
  };
  sharedFlags?.onChange(useFlags);
  const moderation = new ModerationDesk({ rooms, store, nodes, book, photos: kept.photos, now });
  const administration: Administration = {
    meshStatus,
    analytics: () =>
      analytics.report({ members: membersOf(rooms.all()), rooms: rooms.size, eventLoopLag: eventLoop.lag }),
    trend: () => trend.minutes,
    rooms: () => meshStatus().rooms.map((room) => ({ ...room, head: rooms.get(room.room)?.head() ?? 0 })),
    roomsAtNodes: () => nodes.rooms(),
    countElsewhere: (left) => nodes.count(left),
    room(key) {
      const room = rooms.get(key);
      return room === undefined ? null : { users: usersOf([room]), links: metrics.links(key) };
    },
    users: () => usersOf(rooms.all()),
    activity: (limit) => activity.latest(limit),
    flags: () => flags,
    async setFlags(change) {
      const next = { ...flags, ...change };
      useFlags(next);
      flagsFile?.write(next);
      await sharedFlags?.write(next);
      return next;
    },
  };

  const app = createHttp({
    adminToken: options.adminToken ?? null,
    metricsToken: options.metricsToken ?? null,
    obstacles,
    metrics: prometheus,
    photos: { desk: photos, origins, addressOf },
    handovers: { desk: handovers, origins, addressOf },
    ...{ administration, moderation, store, audit, now, addressOf },
    lockedOut: () => tell({ type: 'administration-locked' }),
    failed: (error) => logger.log('error', 'request failed', { name: error.name, stack: error.stack ?? '' }),
  });
  const http = createAdaptorServer({
    fetch: app.fetch,
    serverOptions: {
      headersTimeout: SERVER_LIMITS.httpHeadersMs,
      requestTimeout: SERVER_LIMITS.httpHeadersMs,
      connectionsCheckingInterval: SERVER_LIMITS.httpHeadersMs / 4,
    },
  }) as HttpServer;
  const sockets = new SocketServer(http, {
    serveClient: false,
    allowEIO3: false,
    perMessageDeflate: false,
    httpCompression: false,
    maxHttpBufferSize: LIMITS.frameBytesMax,
    pingInterval: SERVER_LIMITS.pingEveryMs,
    pingTimeout: SERVER_LIMITS.pingAnswerMs,
    connectTimeout: SERVER_LIMITS.greetingMs,
    cors: { origin: origins.length === 0 ? '*' : [...origins] },
  });
  const admission = new Admission({
    origins,
    rates,
    addressOf,
    socketsMax: options.connectionsMax ?? SERVER_LIMITS.socketsMax,
    sockets: () => sockets.engine.clientsCount,
    lagMs: () => eventLoop.lastingMs,
    isDraining: () => state === 'draining',
    turnedAway: (why) => tell({ type: 'socket-turned-away', why }),
  });
  admission.guard(http);
  freeClosed(sockets);
  const sessionContext: SessionContext = {
    ...{ verifier, metrics, now, rooms, rates, gate, tell, writer: new FrameWriter() },
    returnWithinMs: () => returnWithinMs(sessions.size),
  };
  sockets.on('connection', (socket) => {
    const address = addressOf(socket.request);
    forgetRequest(socket);
    const session = new SocketSession(socket, address, sessionContext);
    sessions.add(session);
    socket.on('disconnect', () => sessions.delete(session));
  });

  const timers: NodeJS.Timeout[] = [];
  let stopPruning = (): void => undefined;
  if (turnSecret !== null) timers.push(setInterval(tellMembers, TURN_RENEW_MS));
  let closing: Promise<void> | null = null;

  const close = async (): Promise<void> => {
    state = 'draining';
    for (const timer of timers) clearInterval(timer);
    stopPruning();
    tell({ type: 'draining', sockets: sessions.size });
    rooms.leaveRoles();
    await drain(sessions);
    await new Promise<void>((resolve) => {
      void sockets.close(() => resolve());
      http.closeAllConnections();
    });
    rooms.close();
    eventLoop.stop();
    trend.stop();
    await nodes.close();
    await store.close();
    logger.log('info', 'closed');
  };

  return {
    listen: async () => {
      await store.open();
      await nodes.open();
      await kept.photos.open();
      await sharedFlags?.open();
      key = await kept.openKey();
      const retentionMs = (options.retentionHours ?? 24) * 3_600_000;
      const dropped = (): void => {
        for (const room of rooms.all()) void room.retained();
      };
      stopPruning = startPruning(store, kept.photos, {
        ...{ retentionMs, recordsMax: options.historyMax ?? 1_000, now, logger, dropped },
        pinnedPhotos: () => book.pinnedPhotos(),
        erase: (gone) => photos.erase(gone),
      });
      return new Promise((resolve, reject) => {
        http.once('error', reject);
        http.listen(options.port ?? 8787, options.host, () => {
          state = 'listening';
          eventLoop.start();
          const { port, address } = http.address() as AddressInfo;
          const host = address === '::' || address === '0.0.0.0' ? '127.0.0.1' : address;
          tell({ type: 'listening' });
          resolve({ url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`, port });
        });
      });
    },
    close: () => (closing ??= close()),
    administration,
  };
}
