// Every bound of the wire and of a replica, with the reason for its value; those of photos, pairing codes and signed
// requests stand beside them.

/** Version of the protocol spoken; peers and servers of another version say so and stop (rule V1). */
export const PROTOCOL_VERSION = 1;

export const LIMITS = {
  /** Letters of a room or festival name. 64 fits every stage name seen and keeps a room key in one line of a log. */
  roomNameLengthMax: 64,

  /** Code points of a display name; the composer of names enforces the same figure. */
  nameLengthMax: 40,
  /** UTF-8 bytes of a display name = 4 × nameLengthMax: forty of the longest code points. */
  nameBytesMax: 160,

  /** UTF-8 bytes of a message text: about 1,000 words of Latin script, or 1,000 emoji. */
  textBytesMax: 4_000,
  /** UTF-8 bytes of an organiser's reason: two lines on a phone. */
  reasonBytesMax: 240,
  /**
   * Characters of what is sealed, 12 KiB and its tag in base64url: the largest text, every character of it escaped
   * (8,000), or a new key for `crewMembersMax`.
   */
  sealedLengthMax: 16_406,
  /** Authors who are given the new key of a crew room: 64 × 120 bytes come to 8 KB. A crew is people who know each other. */
  crewMembersMax: 64,
  /** Seconds between two messages of one author in slow mode: an hour is as good as closed. */
  slowSecondsMax: 3_600,
  /** Messages pinned at one time (rule O2): what is pinned beside many others stands out no more. */
  pinsMax: 3,
  /** Bytes of a photo: what a peer may have on the way to another (rule F5). Organisers set less. */
  photoBytesMax: 4 * 1024 * 1024,
  /** Pixels of a photo's longer side, so that what is decoded stays below 16 MB. */
  photoSideMax: 2_048,
  /** Letters of a photo's thumbnail, base64url: 1.5 KB. With it a record is still a third of a frame. */
  thumbLengthMax: 2_000,
  /** UTF-8 bytes of a reaction: the longest emoji family in Unicode 16 takes 35. */
  emojiBytesMax: 48,

  /**
   * Bytes of one frame on any link. A record with the largest text is at most about 9 KB as JSON
   * (every character escaped to two), so a frame always holds one; 32 KiB is also what the server
   * buffers for a socket before it has parsed anything.
   */
  frameBytesMax: 32 * 1024,
  /** Bytes of records a sender puts into one frame; the rest of `frameBytesMax` is for the other fields. */
  recordsBytesPerFrame: 24 * 1024,
  /** Records in one frame: 64 of the shortest (about 220 bytes) come to 14 KB. */
  recordsPerFrameMax: 64,
  /** Frames of records given for one question, 96 KB: whoever lacks more asks again. */
  answerFramesMax: 4,
  /** Ids in one frame: 200 × 76 bytes come to 15 KB. */
  idsPerFrameMax: 200,

  /** Peers named in one frame: 40 leaves of a supernode, and those named by the frame before. */
  peersPerFrameMax: 64,
  /** Members listed in `joined`; beyond it only their number is told. 150 × 110 bytes come to 17 KB. */
  membersPerFrameMax: 150,
  /** Members named in one `typing`: more names than one line has room for say no more than their number. */
  typingNamedMax: 3,
  /** Links listed in one `report`: 40 leaves of a supernode, 8 others, 16 connecting. 64 × 160 bytes come to 10 KB. */
  linksPerReportMax: 64,
  /** Members listed in `neighbours`: more than anybody dials from one. 48 × 110 bytes come to 5 KB. */
  neighboursPerFrameMax: 48,

  /** Characters of one signaling message. An SDP offer of Chromium with 12 candidates takes 3 KB. */
  signalLengthMax: 16_000,
  /** Ranges in one `sync` frame: 16 buckets a split, for up to 8 differing ranges. 128 × 100 bytes come to 13 KB. */
  rangesPerFrameMax: 128,
  /** Items in one `sync` frame: 160 × 93 bytes come to 15 KB, beside the ranges. */
  syncItemsPerFrameMax: 160,

  /**
   * Letters of a signature that tell two records under one id apart (rule R7): 96 bits. An author who wants two
   * that begin alike would have to sign 2^48 times.
   */
  signatureTagLength: 16,

  /** Hops a record may travel from its author. A relay clamps what it is told to this (rule M4). */
  hopsMax: 8,

  /**
   * Out-of-order window: sequence numbers of one session remembered one by one above the highest
   * contiguous one. Left of it the stored ids decide (rule D2).
   */
  seenWindow: 1_024,
  /** Sessions whose windows are remembered in one room; the longest unused is forgotten first. */
  sessionsMax: 20_000,
  /** Records a client keeps of one room: twice the server's default retention, so that a client outlives it. */
  clientRecordsMax: 2_000,
  /** Own records waiting for the server in one room: a day offline at a message a minute. */
  outboxMax: 1_500,

  /** Characters of a join token (a JWT with a few claims takes about 400). */
  tokenLengthMax: 4_096,
  /** Characters of an error's words. */
  errorMessageLengthMax: 300,
} as const;

/** Milliseconds by which a record's time may move the local hybrid clock ahead (rule T2). */
export const CLOCK_LEAD_MAX_MS = 5_000;
/** Rule W1: who writes says so at most this often. A word takes a thumb about two seconds. */
export const TYPING_EVERY_MS = 3_000;
/** What was said of writing counts for this long: twice as long as until it is said again. */
export const TYPING_COUNTS_MS = 6_000;
/** A record this far in the future is ordered at its arrival (rule T3). */
export const FUTURE_ORDER_MAX_MS = 60_000;
/** Longest a room's history is asked for at first sight; earlier records are asked for when read (rule S5). */
export const FIRST_HISTORY_RECORDS = 200;
