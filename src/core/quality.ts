// What was measured on one way: round trips and outcomes of the last minute. Nothing is assumed.

import type { RouteQuality } from './chat-view.js';

const WINDOW_MS = 60_000;
/** Samples kept of each kind; the oldest is dropped. 128 make a p95 of at least six values. */
const SAMPLES_MAX = 128;

export class QualityMeter {
  #roundTrips: { readonly atMs: number; readonly ms: number }[] = [];
  #outcomes: { readonly atMs: number; readonly isSuccess: boolean }[] = [];

  /**
   * An acknowledgement or a pong came `roundTripMs` after what it answers.
   * @param isLate it has counted as missed already
   */
  answered(roundTripMs: number, nowMs: number, isLate = false): void {
    push(this.#roundTrips, { atMs: nowMs, ms: Math.max(0, roundTripMs) });
    if (!isLate) push(this.#outcomes, { atMs: nowMs, isSuccess: true });
  }

  /** It did not come in time. */
  missed(nowMs: number): void {
    push(this.#outcomes, { atMs: nowMs, isSuccess: false });
  }

  read(nowMs: number): RouteQuality {
    return qualityOf([this], nowMs);
  }

  /** Forgets everything: after this device was suspended its round trips say nothing about the way. */
  reset(): void {
    this.#roundTrips = [];
    this.#outcomes = [];
  }

  samplesSince(sinceMs: number): { readonly roundTripsMs: number[]; readonly outcomes: boolean[] } {
    return {
      roundTripsMs: this.#roundTrips.filter((sample) => sample.atMs >= sinceMs).map((sample) => sample.ms),
      outcomes: this.#outcomes.filter((outcome) => outcome.atMs >= sinceMs).map((outcome) => outcome.isSuccess),
    };
  }
}

/** The quality of several ways taken together. */
export function qualityOf(meters: readonly QualityMeter[], nowMs: number): RouteQuality {
  const parts = meters.map((meter) => meter.samplesSince(nowMs - WINDOW_MS));
  const roundTripsMs = parts.flatMap((part) => part.roundTripsMs).sort((a, b) => a - b);
  const outcomes = parts.flatMap((part) => part.outcomes);
  return {
    latencyMs: percentile(roundTripsMs, 0.5),
    p95Ms: percentile(roundTripsMs, 0.95),
    reliability: outcomes.length === 0 ? null : outcomes.filter(Boolean).length / outcomes.length,
    samples: outcomes.length,
  };
}

/** Nearest rank of sorted values; null of none. */
function percentile(sorted: readonly number[], share: number): number | null {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? null;
}

function push<Sample>(samples: Sample[], sample: Sample): void {
  samples.push(sample);
  if (samples.length > SAMPLES_MAX) samples.shift();
}
