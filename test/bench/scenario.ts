// What a scenario is asked: how long, and with whom.

import type { ContenderEntry } from './contenders.js';
import type { Report } from './report.js';

export interface Scale {
  /** A look at whether it works: short, once, few samples. */
  readonly isQuick: boolean;
  /** Rooms of so many pages, in scenarios that have rooms of several sizes; null: the scenario's own. */
  readonly sizes: readonly number[] | null;
  /** Those of these who take part. */
  readonly contenders: (all: readonly ContenderEntry[]) => readonly ContenderEntry[];
}

export type Scenario = (scale: Scale) => Promise<Report>;
