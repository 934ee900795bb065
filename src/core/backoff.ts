// When to try again. Every delay is jittered over its whole range, so that a crowd that lost
// one server does not come back as one.

/** First range of the reconnect delay on a server that has said nothing of its crowd; doubled with each attempt. */
const RECONNECT_BASE_MS = 1_000;
/** Longest reconnect delay on a small server: one that is back is found within this. */
const RECONNECT_CAP_MIN_MS = 4_000;
/** Longest reconnect delay of all. */
const RECONNECT_CAP_MAX_MS = 60_000;

/** Milliseconds to wait before opening the server's socket again (rule J8). */
export function reconnectDelayMs(options: {
  /** 0 for the first try after a loss. */
  readonly attempt: number;
  /** Within which the server wants its crowd back; null when it has not said. */
  readonly returnWithinMs: number | null;
  /** What the server asked for when it closed. */
  readonly hintMs?: number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}): number {
  const { attempt, returnWithinMs, hintMs = 0, random } = options;
  // The server has drawn this wait for this client: drawing another beside it would heap the crowd up in the middle.
  if (attempt === 0 && hintMs > 0) return hintMs + random() * RECONNECT_BASE_MS;
  const withinMs = returnWithinMs ?? RECONNECT_BASE_MS;
  const capMs = Math.min(RECONNECT_CAP_MAX_MS, Math.max(RECONNECT_CAP_MIN_MS, 2 * withinMs));
  const rangeMs = Math.max(withinMs, RECONNECT_BASE_MS * 2 ** Math.min(attempt, 16));
  return random() * Math.min(capMs, rangeMs);
}

/** Rule M5: 5 s, doubling with each failure up to 5 min, ± 20 %. */
export function redialDelayMs(failures: number, random: () => number): number {
  const delayMs = Math.min(300_000, 5_000 * 2 ** Math.min(failures, 16));
  // The first delay is a floor, so its jitter only lengthens it.
  return failures === 0 ? delayMs * (1 + 0.2 * random()) : delayMs * (0.8 + 0.4 * random());
}
