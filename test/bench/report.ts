// What a scenario hands back, and the figures in it.

import { cpus, loadavg, release, totalmem } from 'node:os';

/** Of many samples. Nearest rank: each figure is one that was measured. */
export interface Distribution {
  readonly median: number;
  readonly p95: number;
  readonly p99: number;
  readonly samples: number;
}

export type Cell = number | string | Distribution | null;

export interface Row {
  readonly name: string;
  readonly cells: Readonly<Record<string, Cell>>;
}

export interface Report {
  readonly scenario: string;
  readonly title: string;
  /** What was done, in a sentence or two. */
  readonly about: string;
  readonly isQuick: boolean;
  readonly rows: readonly Row[];
  /** The column that is compared and drawn; a ratio is to the first row. */
  readonly main: string;
  /** What the drawn figures are, with the unit. */
  readonly axis: string;
  /** Drawn on a scale of powers of ten. */
  readonly isLog?: boolean;
}

/** A report with when, where and by what command it was made. */
export interface DatedReport extends Report {
  readonly date: string;
  readonly command: string;
  readonly machine: Machine;
}

export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly system: string;
  readonly node: string;
  readonly chromium: string;
  /** Work waiting on the machine as the scenario began and ended: others may share it. */
  readonly loadBefore: number;
  readonly loadAfter: number;
}

/** @param samples in any order; null of none */
export function distribution(samples: readonly number[]): Distribution | null {
  if (samples.length === 0) return null;
  const sorted = [...samples].sort((a, b) => a - b);
  const rank = (share: number): number => round(sorted[Math.ceil(share * sorted.length) - 1] ?? 0);
  return { median: rank(0.5), p95: rank(0.95), p99: rank(0.99), samples: sorted.length };
}

export function isDistribution(cell: Cell | undefined): cell is Distribution {
  return typeof cell === 'object' && cell !== null;
}

/** The figure a cell is compared by. */
export function figureOf(cell: Cell | undefined): number | null {
  if (isDistribution(cell)) return cell.median;
  return typeof cell === 'number' ? cell : null;
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** To three places that mean something. */
export function round(value: number): number {
  return Number(value.toPrecision(3));
}

export function machine(chromium: string, loadBefore: number): Machine {
  return {
    processor: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `Linux ${release()}`,
    node: process.version,
    chromium,
    loadBefore: round(loadBefore),
    loadAfter: round(loadavg()[0] ?? 0),
  };
}
