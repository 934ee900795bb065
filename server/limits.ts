// Every bound of the server, with the reason for its value. What may be said on the wire is bounded in protocol/limits.

export const SERVER_LIMITS = {
  /** Rooms held at once. A room without members and without records costs nothing and is dropped. */
  roomsMax: 10_000,
  /** Members of one room; a stage of a large festival, one node. */
  membersPerRoomMax: 20_000,
  /** Rooms joined on one socket: a page with a widget for each stage. */
  roomsPerSocketMax: 32,
  /** Frames of one socket: 40 a second with bursts of 400, enough to hand over a day's outbox and to signal 8 links. */
  framesPerSocket: { points: 400, durationSeconds: 10 },
  /** Frames of one socket waiting for their turn before it is closed: a burst, and what comes while a disk is slow. */
  framesWaitingMax: 1_000,
  /** New records of one author: 20 at once, two a second over time. A person types less; a script is slowed. */
  recordsPerAuthor: { points: 20, durationSeconds: 10 },
  /**
   * Records of others or from earlier sessions handed over by one socket (rule S7). A server restarted empty is
   * refilled at this rate by each member: 1,000 records within 20 s.
   */
  carriedPerSocket: { points: 500, durationSeconds: 10 },
  /** Signals of one socket: 8 dials with 20 candidates each within 10 s. */
  signalsPerSocket: { points: 240, durationSeconds: 10 },
  /** Frames that are none before the socket is closed (rule L1). */
  strikesPerSocket: { points: 20, durationSeconds: 10 },
  /** Sockets of one address within a minute. Wide: a festival hides thousands behind one. */
  socketsPerAddress: { points: 6_000, durationSeconds: 60 },
  /** Bytes waiting to be written to one socket before it is closed; it catches up by offset. */
  bufferedBytesMax: 1024 * 1024,
  /** Places for covered members are gathered this long: one small frame for many records. */
  placedEveryMs: 200,
  /** Deliveries promised for records that have not arrived (rule P3); the oldest is dropped. */
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
  /** Wrong admin tokens of one address within ten minutes before it is locked out for as long. */
  adminFailures: { points: 10, durationSeconds: 600 },
} as const;
