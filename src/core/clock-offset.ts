// How far the server's clock is from this device's: the sample of the shortest round trip is believed.

/** A better sample replaces an older one at once; a worse one only after this, because clocks drift. */
const SAMPLE_VALID_MS = 10 * 60_000;

export class ClockOffset {
  #best: { readonly offsetMs: number; readonly roundTripMs: number; readonly atMs: number } | null = null;

  /** Server's clock minus the device's, milliseconds; null until measured. */
  get offsetMs(): number | null {
    return this.#best?.offsetMs ?? null;
  }

  observe(serverMs: number, sentAtMs: number, receivedAtMs: number): void {
    const roundTripMs = receivedAtMs - sentAtMs;
    if (roundTripMs < 0) return;
    const isStale = this.#best === null || Math.abs(receivedAtMs - this.#best.atMs) > SAMPLE_VALID_MS;
    if (!isStale && this.#best !== null && this.#best.roundTripMs < roundTripMs) return;
    this.#best = { offsetMs: serverMs - (sentAtMs + receivedAtMs) / 2, roundTripMs, atMs: receivedAtMs };
  }

  /** The device's clock as the server would tell it. */
  correct(nowMs: number): number {
    return Math.max(1, Math.floor(nowMs + (this.#best?.offsetMs ?? 0)));
  }
}
