// What a scenario is asked: how long, and with whom.

import type { ContenderEntry } from './contenders.js';
import type { Report } from './report.js';

export interface Scale {
  /** A look at whether it works: short, once, few samples. */
  readonly isQuick: boolean;
  /** Those of these who take part. */
  readonly contenders: (all: readonly ContenderEntry[]) => readonly ContenderEntry[];
}

export type Scenario = (scale: Scale) => Promise<Report>;
