// Every bound of the server, with the reason for its value. What may be said on the wire is bounded in protocol/limits.

export const SERVER_LIMITS = {
  /** Rooms held at once. A room without members and without records costs nothing and is dropped. */
  roomsMax: 10_000,
  /** Members of one room; a stage of a large festival, one node. */
  membersPerRoomMax: 20_000,
  /** Rooms joined on one socket: a page with a widget for each stage. */
  roomsPerSocketMax: 32,
  /** Frames of one socket waiting for their turn before it is closed: a burst, and what comes while a disk is slow. */
  framesWaitingMax: 1_000,
  /** Bytes waiting to be written to one socket before it is closed; it catches up by offset. */
  bufferedBytesMax: 1024 * 1024,
  /** From here on a socket is not told who comes and goes any more: messages first. A quarter of `bufferedBytesMax`. */
  bufferedBytesForPresence: 256 * 1024,
  /** A socket over its rate is told so at most this often. */
  refusedEveryMs: 250,
  /** Places for covered members are gathered this long: one small frame for many records. */
  placedEveryMs: 200,
  /**
   * Members of this node at which a crowd is told all names anew, 10 KB to each: four fifths of `membersPerFrameMax`, so
   * that who comes and goes at the bound does not cost that each time.
   */
  namesAgainMembers: 120,
  /** In a crowd, changes of who is there are gathered this long: 2,000 arrivals would else be 2,000² frames. */
  presenceEveryMs: 1_000,
  /** Who writes is told at most this often (rule W2): 150 members who all write cost 150 frames a second. */
  typingEveryMs: 1_000,
  /**
   * Deliveries of one room promised for records that have not arrived, each one record to one member (rule P3): five
   * authors who ask for as much as they may. The oldest are dropped.
   */
  owedMax: 5_000,
  /** Records of one room passed on though they could not be stored (rule S12): minutes of a busy stage; the oldest is forgotten. */
  unstoredPerRoomMax: 500,
  /** Publishers are told to try again within 0.5 to 1.5 times this when a record could not be stored. */
  notStoredWaitMs: 3_000,
  /** Records of one room waiting for those before them, from other nodes; what comes beyond is read from the store. */
  feedWaitingMax: 1_000,
  /** Dials watched for the mesh figures; the oldest is dropped. */
  dialsMax: 5_000,
  /** A dial not confirmed by both ends within this has failed. The client gives up after 15 s. */
  dialFailedAfterMs: 30_000,
  /** Keys kept ready for verifying; making one costs as much as a verification. */
  keysMax: 5_000,
  /** Orders without effect are kept this long, for devices that come back with what was erased: the longest festival. */
  ordersKeptMs: 14 * 24 * 3_600_000,
  /** Messages with complaints that are kept; those that were complained of longest ago go first. */
  reportsMax: 500,
  /** Who complained of one message, to count each once. */
  reportersMax: 200,
  /** Wrong admin tokens of one address within ten minutes before it is locked out for ten minutes from then on. */
  adminFailures: { points: 10, durationSeconds: 600 },
  /** Bytes of all photos unless the operator says otherwise: 8,000 of 250 KB. */
  photoStoreBytesMax: 2 * 1024 * 1024 * 1024,
  /** Bytes of a request's body: the longest announcement many times over. */
  httpBodyBytesMax: 16 * 1024,
  /** A connection that has not sent a whole request by then is closed; on one bar of signal one takes 2 s. */
  httpHeadersMs: 8_000,
  /** Sockets held at once unless the operator says otherwise. 10,000 of 25 KB each come to 250 MB. */
  socketsMax: 10_000,
  /** A socket is asked this often whether it lives: 3 bytes each time. */
  pingEveryMs: 5_000,
  /** Without an answer within this it is closed: a phone that is gone is noticed within ten seconds. */
  pingAnswerMs: 5_000,
  /** A socket whose other side has not opened the chat's namespace by then is closed: longer than `httpHeadersMs`. */
  greetingMs: 10_000,
  /** What the other side of a closed WebSocket gets to close as well: a round trip on one bar of signal. */
  closeHandshakeMs: 2_000,
  /** New sockets a second. One costs 2 to 4 ms of CPU, so this is about what a core can do beside its other work. */
  socketsPerSecond: 300,
  /** Above this lag of the event loop, two seconds long (99 % of each), no socket is admitted: those who are in come first. */
  lagForNewSocketsMs: 700,
  /** What a client that was turned away is asked to wait: drawn from this range, so that they do not come at once. */
  turnedAwaySeconds: { low: 2, high: 15 },
  /** Sockets closed at once when the server goes, and the pause before the next ones: 10,000 take one second. */
  drainSlice: { sockets: 200, pauseMs: 20 },
  /** Who lost the server comes back at this rate (rule J8): two thirds of `socketsPerSecond`, the rest is for newcomers. */
  returnsPerSecond: 200,
  /** The least and the most within which they come back. */
  returnWithinMs: { min: 1_000, max: 60_000 },
} as const;

/**
 * How much of what, by whom, in how long. A fixed window counts, so twice as much may pass at its edge. Memory is
 * bounded by the rates themselves: a key lives for its duration, and each costs an admitted socket or a proven identity.
 */
export const RATES = {
  /** Frames of one socket: 40 a second with bursts of 400, enough to hand over a day's outbox and to signal 8 links. */
  framesPerSocket: { points: 400, durationSeconds: 10 },
  /** Frames beyond that before the socket is closed: a page that hands over everything at once stays below. */
  excessPerSocket: { points: 2_000, durationSeconds: 10 },
  /** Frames that are none before the socket is closed (rule L1). */
  strikesPerSocket: { points: 20, durationSeconds: 10 },
  /** Bytes of frames of one socket: 1,000 records of 2 KB, which is a full outbox of long messages. */
  bytesPerSocket: { points: 2 * 1024 * 1024, durationSeconds: 10 },
  /** Bytes of one address. Wide: a festival hides thousands behind one, who say 1 KB a second each. */
  bytesPerAddress: { points: 64 * 1024 * 1024, durationSeconds: 10 },

  /** New records of one author: 20 at once, two a second over time. A person types less; a script is slowed. */
  recordsPerAuthor: { points: 20, durationSeconds: 10 },
  /** Own records of all who share an address: 2,000 people who each write every 10 s. */
  recordsPerAddress: { points: 2_000, durationSeconds: 10 },
  /** Own records in one room: 200 a second, forty times what a crowd can read. */
  recordsPerRoom: { points: 2_000, durationSeconds: 10 },
  /**
   * Records of others or from earlier sessions handed over by one socket (rule S7). A server restarted empty is
   * refilled at this rate by each member: 1,000 records within 20 s.
   */
  carriedPerSocket: { points: 500, durationSeconds: 10 },

  /** Deliveries asked for on one socket, each one record to one member: `recordsPerAuthor` to a supernode's 48 links. */
  deliveriesPerSocket: { points: 1_000, durationSeconds: 10 },

  /** Joins of one socket: every room of a page twice, as after a rename. */
  joinsPerSocket: { points: 64, durationSeconds: 10 },
  /** Joins of one identity on whatever sockets: a page of many rooms on a network that drops it every few seconds. */
  joinsPerAuthor: { points: 300, durationSeconds: 60 },
  /** Joins of one address within a minute, by the same reason as `socketsPerAddress`. */
  joinsPerAddress: { points: 12_000, durationSeconds: 60 },

  /** Requests for photos, and with parts of them, of one address: a crowd that opens one stage's history. */
  photoRequestsPerAddress: { points: 6_000, durationSeconds: 10 },
  /** Of one visitor: a history of fifty photos, fetched and interrupted, and a few handed in. */
  photoRequestsPerAuthor: { points: 400, durationSeconds: 60 },

  /** Outboxes handed over from one address (rule S15): a crowd's phones that find a network at once. */
  handoversPerAddress: { points: 6_000, durationSeconds: 10 },
  /** Of one visitor: a full outbox is 24 requests of 64 records, and as many again that were interrupted. */
  handoversPerAuthor: { points: 48, durationSeconds: 60 },

  /** Complaints of one visitor: more is a quarrel. */
  complaintsPerAuthor: { points: 10, durationSeconds: 60 },

  /** Signals of one socket: 8 dials with 20 candidates each within 10 s, and half as many again. */
  signalsPerSocket: { points: 240, durationSeconds: 10 },
  /** Signals of one identity: two tabs of a visitor. */
  signalsPerAuthor: { points: 480, durationSeconds: 10 },
  /** Signals of one address: forty rooms of five that all link at once behind one router. */
  signalsPerAddress: { points: 20_000, durationSeconds: 10 },
  /** Signals within one room: 20 dials a second. More would cost its phones more than the links are worth. */
  signalsPerRoom: { points: 5_000, durationSeconds: 10 },

  /** Sockets of one address within a minute. Wide, for the same reason as `bytesPerAddress`. */
  socketsPerAddress: { points: 6_000, durationSeconds: 60 },
} as const satisfies Record<string, { readonly points: number; readonly durationSeconds: number }>;

export type RateName = keyof typeof RATES;
/** Counted by the socket itself (allowance.ts). */
export type SocketRate = Extract<RateName, `${string}PerSocket`>;
/** Counted for all sockets of an identity, an address or a room (rates.ts). */
export type SharedRate = Exclude<RateName, SocketRate>;
