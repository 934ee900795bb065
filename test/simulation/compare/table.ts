// `npm run compare`: every strategy in the same scenarios, as a table of medians over seeds.
// --nodes 20,100   --crash 0,10 (per cent)   --seeds 5   --json FILE (medians, and each seed's rows)

import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Row, Scenario } from './scenario.js';
import { DEFAULTS, deliveriesDue, percentile } from './scenario.js';
import { STRATEGIES } from './strategies.js';

interface Column {
  readonly title: string;
  readonly width: number;
  readonly text: (row: Row) => string;
}

const COLUMNS: readonly Column[] = [
  { title: 'copies', width: 7, text: (row) => row.copiesPerDelivery.toFixed(2) },
  { title: 'p50 ms', width: 7, text: (row) => row.p50Ms.toFixed(0) },
  { title: 'p99 ms', width: 7, text: (row) => row.p99Ms.toFixed(0) },
  { title: 'max ms', width: 7, text: (row) => row.maxMs.toFixed(0) },
  { title: 'egress', width: 8, text: (row) => row.serverEgressPerMessage.toFixed(0) },
  // Beside plain fan-out, which sends nodes − 1 copies and one acknowledgement.
  { title: 'saved', width: 6, text: (row) => saved(row.serverEgressPerMessage, row.nodes - 1) },
  { title: '+ acks', width: 8, text: (row) => row.serverEgressWithAcks.toFixed(0) },
  { title: 'saved', width: 6, text: (row) => saved(row.serverEgressWithAcks, row.nodes) },
  { title: 'egress KB', width: 10, text: (row) => (row.serverEgressBytes / 1000).toFixed(1) },
  { title: 'repair KB', width: 10, text: (row) => (row.repairBytes / 1000).toFixed(1) },
  { title: 'undelivered', width: 12, text: (row) => row.undelivered.toFixed(0) },
  { title: 'events', width: 9, text: (row) => row.events.toFixed(0) },
];

const NAME_WIDTH = 12;

const { values } = parseArgs({
  options: {
    nodes: { type: 'string', default: '5,20,100,500,2000,10000' },
    crash: { type: 'string', default: '0,10,30' },
    seeds: { type: 'string', default: '5' },
    json: { type: 'string' },
  },
});
const seedCount = numbersOf('seeds', values.seeds, 1, 1000)[0] ?? 1;
const medians: Row[] = [];
const rows: (Row & { readonly seed: number })[] = [];

print('Medians over seeds 1 to ' + seedCount.toFixed(0) + '. Egress and repair are per message, the rest per run.');
for (const nodes of numbersOf('nodes', values.nodes, 2, 100_000)) {
  for (const percent of numbersOf('crash', values.crash, 0, 99)) {
    const crashShare = percent / 100;
    printHeading({ ...DEFAULTS, seed: 1, nodes, crashShare });
    for (const strategy of STRATEGIES) {
      const ofSeeds: Row[] = [];
      for (let seed = 1; seed <= seedCount; seed += 1) {
        const row = strategy({ ...DEFAULTS, seed, nodes, crashShare });
        ofSeeds.push(row);
        rows.push({ seed, ...row });
      }
      const median = medianRow(ofSeeds);
      medians.push(median);
      print(median.name.padEnd(NAME_WIDTH) + COLUMNS.map(({ width, text }) => text(median).padStart(width)).join(''));
    }
  }
}
if (values.json !== undefined) {
  writeFileSync(values.json, `${JSON.stringify({ scenario: DEFAULTS, seedCount, medians, rows }, null, 1)}\n`);
}

function printHeading(scenario: Scenario): void {
  const due = deliveriesDue(scenario).toFixed(0);
  print(`\n${scenario.nodes} nodes, ${(scenario.crashShare * 100).toFixed(0)} % silent crash: ${due} deliveries due`);
  print(''.padEnd(NAME_WIDTH) + COLUMNS.map(({ title, width }) => title.padStart(width)).join(''));
}

/** Each figure's own median. */
function medianRow(ofSeeds: readonly Row[]): Row {
  const [first] = ofSeeds;
  if (first === undefined) throw new RangeError('a median of nothing');
  const median = (figure: (row: Row) => number) => percentile(Float64Array.from(ofSeeds, figure).sort(), 0.5);
  return {
    name: first.name,
    nodes: first.nodes,
    crashShare: first.crashShare,
    copiesPerDelivery: median((row) => row.copiesPerDelivery),
    p50Ms: median((row) => row.p50Ms),
    p99Ms: median((row) => row.p99Ms),
    maxMs: median((row) => row.maxMs),
    serverEgressPerMessage: median((row) => row.serverEgressPerMessage),
    serverEgressWithAcks: median((row) => row.serverEgressWithAcks),
    serverEgressBytes: median((row) => row.serverEgressBytes),
    repairBytes: median((row) => row.repairBytes),
    undelivered: median((row) => row.undelivered),
    events: median((row) => row.events),
  };
}

function saved(egress: number, ofFanOut: number): string {
  return `${((1 - egress / ofFanOut) * 100).toFixed(0)} %`;
}

function numbersOf(option: string, list: string, low: number, high: number): number[] {
  const numbers = list.split(',').map(Number);
  if (numbers.some((number) => !Number.isInteger(number) || number < low || number > high)) {
    process.stderr.write(`--${option} takes whole numbers from ${low} to ${high}, with commas between\n`);
    process.exit(2);
  }
  return numbers;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
