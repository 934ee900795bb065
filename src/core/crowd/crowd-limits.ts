// The figures of crowds: who serves whom, and how long anybody waits. Each with its reason.

export const CROWD = {
  /** Members from which roles are given; below it the full mesh is faster and costs less. */
  fromMembers: 6,
  /** Members at which they are taken back: lower than `fromMembers`, so that one who comes and goes changes nothing. */
  untilMembers: 4,
  /** How long a room must have been that small. */
  stepDownAfterMs: 5_000,
  /** Roles are thought over at most this often; a crowd arrives by tens a second. */
  reviewEveryMs: 1_000,

  /** Leaves of one order aimed at for each supernode: 1 + 16 members a supernode spares the server 94 % of its pushes. */
  leavesAim: 16,
  /** Leaves of one order a supernode takes: room for those of a neighbour that is gone, until another is chosen. */
  leavesMax: 20,
  /** More supernodes than wanted by this factor are let go; between, nobody is moved. */
  surplusFactor: 1.5,
  /**
   * A network without a supernode gets the seat of one that has several when it has this many times the members they
   * have each: enough that one who comes or goes moves nobody.
   */
  seatMovesAbove: 1.5,

  /** Rule C2: what a supernode must be. */
  presentMs: 60_000,
  roundTripMaxMs: 150,
  batteryMin: 0.3,
  /** Taken for the battery of a device that does not say. */
  batteryUnknown: 0.4,
  dialsUpShareMin: 0.8,
  /** Dials tried before their share means something. */
  dialsTriedMin: 5,

  /** Rule C8: a push that a supernode has not reached after this makes it suspect: two round trips and an aggregation. */
  reachPatienceMs: 400,
  /** A supernode collects what it has reached for this long before it says so. */
  reachedEveryMs: 100,
  /** Suspect for this long, it is no supernode any more, and none again for `demotedForMs`. */
  suspectMaxMs: 5_000,
  demotedForMs: 60_000,

  /** Rule C4: the leaves of a parent that is gone come to their new ones spread over this. */
  redialSpreadMs: 2_000,

  /**
   * Rule C11: what one parent has passed on the other has too after this: several times the way by the server, and the
   * pause of a lazy link.
   */
  passPatienceMs: 2_000,
  /** What a parent owes before it counts as silent: more than an unlucky network loses in a row. */
  silentRecords: 5,
  /** And for how long: a supernode that is deaf to the server is none after less (rule C8), a dead link is closed (M6). */
  silentMs: 10_000,
  /** What one that comes takes back: who passes on every third record is let be. */
  silentPardon: 2,
  /** Leaves of different authors who have to agree. */
  silentAuthorsMin: 2,

  /** Rule C9: beyond these a second parent sends ids instead of records. */
  lazyAboveRecordsPerSecond: 20,
  lazyAboveQueuedBytes: 64 * 1024,
  /** Ids of a lazy link are gathered for this long, and asked for after `lazyPatienceMs`. */
  lazyEveryMs: 100,
  lazyPatienceMs: 300,

  /** Rule C10: records of one author relayed within `relayWindowMs`; three a second is faster than anybody types. */
  relayedPerAuthorMax: 30,
  relayWindowMs: 10_000,
  /** Authors counted; the longest silent is forgotten first, which at worst relays a few more. */
  relayAuthorsMax: 1_000,
} as const;
