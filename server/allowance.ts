// What one socket has left of one rate. It needs no key and no timer, so that an idle socket keeps nothing for having
// spoken once: the shared accounts' library holds 400 bytes and a timer for each.

/** A fixed window, as in rates.ts: the first charge opens it, and it ends by itself. */
export class Allowance {
  readonly #points: number;
  readonly #durationMs: number;
  #spent = 0;
  #endsAtMs = -Infinity;

  constructor({ points, durationSeconds }: { readonly points: number; readonly durationSeconds: number }) {
    this.#points = points;
    this.#durationMs = durationSeconds * 1_000;
  }

  /** Milliseconds to wait until the window ends; 0 when the charge fitted. */
  spend(points: number, nowMs: number): number {
    if (nowMs >= this.#endsAtMs) {
      this.#spent = 0;
      this.#endsAtMs = nowMs + this.#durationMs;
    }
    this.#spent += points;
    return this.#spent > this.#points ? this.#endsAtMs - nowMs : 0;
  }
}
