// How far the server's clock is from this device's: the sample of the shortest round trip is believed.

/** A better sample replaces an older one at once; a worse one only after this, because clocks drift. */
const SAMPLE_VALID_MS = 10 * 60_000;

interface Sample {
  readonly offsetMs: number;
  readonly roundTripMs: number;
  readonly atMs: number;
}

export class ClockOffset {
  #best: Sample | null = null;

  /** Server's clock minus the device's, milliseconds; null until measured. */
  get offsetMs(): number | null {
    return this.#best?.offsetMs ?? null;
  }

  observe(serverMs: number, sentAtMs: number, receivedAtMs: number): void {
    const roundTripMs = receivedAtMs - sentAtMs;
    if (roundTripMs < 0) return;
    const offsetMs = serverMs - (sentAtMs + receivedAtMs) / 2;
    if (this.#best !== null && this.#isBetter(this.#best, offsetMs, roundTripMs, receivedAtMs)) return;
    this.#best = { offsetMs, roundTripMs, atMs: receivedAtMs };
  }

  /** The known sample stays while it is fresh, came faster, and the new one does not contradict it. */
  #isBetter(known: Sample, offsetMs: number, roundTripMs: number, nowMs: number): boolean {
    const isFresh = Math.abs(nowMs - known.atMs) <= SAMPLE_VALID_MS;
    // Each sample is right to within half its round trip; when both cannot be, this device's clock stood still.
    const canBothBe = Math.abs(offsetMs - known.offsetMs) <= (roundTripMs + known.roundTripMs) / 2 + 1;
    return isFresh && canBothBe && known.roundTripMs < roundTripMs;
  }

  /** The device's clock as the server would tell it. */
  correct(nowMs: number): number {
    return Math.max(1, Math.floor(nowMs + (this.#best?.offsetMs ?? 0)));
  }
}
