// Every bound of photos but those of the record, with its reason. Read only by what is fetched for photos, and by servers.

export const PHOTO_LIMITS = {
  /** Pixels of a thumbnail's longer side: a record has no room for more. */
  thumbSideMax: 64,

  /** Below the ids that a browser gives by itself from 0 on, for as many channels as nobody has; Firefox begins with 256. */
  bulkChannelId: 100,
  /** Bytes of a piece between peers: one message that every browser passes on whole. */
  pieceBytes: 16 * 1024,
  /** Bytes waiting in a bulk channel before its giver waits: four pieces, so that the frames' channel gets its turn. */
  bulkBufferedMax: 64 * 1024,
  /** Photos asked of one peer at a time, so that no more than `photoBytesMax` is on its way from it. */
  wantsPerPeerMax: 1,
  /** Photos that one peer may have asked for here at a time; what it asks beyond is answered `lacks`. */
  givesPerPeerMax: 4,
  /** Photos being put together at a time: a screen of them, and those scrolled past. */
  assembliesMax: 32,
  /** Messages of a bulk channel that nobody asked for, before it is used no more: a `stop` crosses four pieces at most. */
  bulkStrikesMax: 8,
  /** A peer that gives nothing for so long is passed over: a piece at 13 kbit/s. */
  peerIdleMs: 10_000,

  /** Bytes of one `PUT`: 5 s at 100 kbit/s, within the server's bound on a request. */
  uploadBytesMax: 64 * 1024,
} as const;
