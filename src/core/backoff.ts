// When to try again. Every delay is jittered over its whole range, so that a crowd that lost
// one server does not come back as one.

/** Base of the reconnect delay: doubled with each attempt. */
const RECONNECT_BASE_MS = 1_000;
/** Longest reconnect delay in a small room: a server that is back is found within this. */
const RECONNECT_CAP_MIN_MS = 4_000;
/** Longest reconnect delay of all. */
const RECONNECT_CAP_MAX_MS = 60_000;
/**
 * Each member lengthens the cap by this. A server admits about 300 sockets a second and core;
 * 10 ms a member spreads a room over three times what it can take.
 */
const RECONNECT_CAP_PER_MEMBER_MS = 10;

/**
 * Milliseconds to wait before opening the server's socket again: full jitter over
 * min(cap, 1 s · 2^attempt), where the cap grows with the crowd. A hint of the server comes on top.
 */
export function reconnectDelayMs(options: {
  /** 0 for the first try after a loss. */
  readonly attempt: number;
  readonly members: number;
  /** What the server asked for when it closed. */
  readonly hintMs?: number;
  readonly random: () => number;
}): number {
  const { attempt, members, hintMs = 0, random } = options;
  const capMs = Math.min(RECONNECT_CAP_MAX_MS, Math.max(RECONNECT_CAP_MIN_MS, members * RECONNECT_CAP_PER_MEMBER_MS));
  const rangeMs = Math.min(capMs, RECONNECT_BASE_MS * 2 ** Math.min(attempt, 16));
  return hintMs + random() * rangeMs;
}

/** Rule M5: 5 s, doubling with each failure up to 5 min, ± 20 %. */
export function redialDelayMs(failures: number, random: () => number): number {
  const delayMs = Math.min(300_000, 5_000 * 2 ** Math.min(failures, 16));
  // The first delay is a floor, so its jitter only lengthens it.
  return failures === 0 ? delayMs * (1 + 0.2 * random()) : delayMs * (0.8 + 0.4 * random());
}
