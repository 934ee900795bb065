// The latest measurements of one kind, and their quantiles. Old ones make room for new ones.

/** A quantile of 500 values is within a few percent; they take 4 KB. */
const KEPT = 500;

export interface Quantiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  /** Values they were taken from. */
  readonly samples: number;
}

export class Samples {
  readonly #values: number[] = [];
  #next = 0;

  add(value: number): void {
    this.#values[this.#next] = value;
    this.#next = (this.#next + 1) % KEPT;
  }

  /** Null before the first measurement. */
  read(): Quantiles | null {
    if (this.#values.length === 0) return null;
    const sorted = [...this.#values].sort((a, b) => a - b);
    const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
    return { p50: at(0.5), p95: at(0.95), p99: at(0.99), samples: sorted.length };
  }
}
