// `npm run bench -- [scenario …] [--quick] [--keep] [--only contender …] [--sizes 5,20]`: runs scenarios one after
// another; each prints a table and writes its figures as JSON, with `--keep` also to those the README quotes. Then a page
// with plots is made of the latest figures of each scenario. `--only` takes a contender's name or page, and may be
// repeated; sizes are of the rooms of `pages`.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { startBrowser } from '../support/visitor.js';
import { buildPages } from './build-pages.js';
import { CONTENDERS } from './contenders.js';
import type { ContenderEntry } from './contenders.js';
import { plotsPage } from './plots.js';
import { machine } from './report.js';
import type { DatedReport } from './report.js';
import { deadLink } from './scenarios/dead-link.js';
import { fanOut } from './scenarios/fan-out.js';
import { flood } from './scenarios/flood.js';
import { lateJoiner } from './scenarios/late-joiner.js';
import { latency } from './scenarios/latency.js';
import { list } from './scenarios/list.js';
import { load } from './scenarios/load.js';
import { meshTime } from './scenarios/mesh-time.js';
import { outage } from './scenarios/outage.js';
import { pages } from './scenarios/pages.js';
import { serverCost } from './scenarios/server-cost.js';
import { size } from './scenarios/size.js';
import { stages } from './scenarios/stages.js';
import { storm } from './scenarios/storm.js';
import type { Scenario } from './scenario.js';
import { printReport } from './table.js';

const RESULTS = 'test-results/bench';
const KEPT = 'test/bench/results';

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  latency,
  stages,
  mesh: meshTime,
  'server-cost': serverCost,
  outage,
  'dead-link': deadLink,
  'late-joiner': lateJoiner,
  load,
  list,
  size,
  'fan-out': fanOut,
  flood,
  storm,
  pages,
};

const USAGE = 'npm run bench -- [scenario …] [--quick] [--keep] [--only contender …] [--sizes 5,20]';

const { values, positionals } = askedFor();
const unknown = positionals.filter((name) => !(name in SCENARIOS));
if (unknown.length > 0) giveUp(`no scenario ${unknown.join(', ')}; there are ${Object.keys(SCENARIOS).join(', ')}`);
const strangers = values.only?.filter((only) => !CONTENDERS.some((entry) => isNamed(entry, only))) ?? [];
if (strangers.length > 0) {
  giveUp(`no contender ${strangers.join('; ')}; there are ${CONTENDERS.map(({ name }) => name).join('; ')}`);
}

const sizes = values.sizes?.split(',').map(Number) ?? null;
if (sizes?.some((count) => !Number.isInteger(count) || count < 2) === true) {
  giveUp('--sizes takes whole numbers from 2, with commas between them');
}

await buildPages();
mkdirSync(RESULTS, { recursive: true });
const chromium = await chromiumVersion();
const isQuick = values.quick;
let exitCode = 0;
const command = ['npm run bench --', ...process.argv.slice(2)].join(' ');
for (const [name, scenario] of Object.entries(SCENARIOS)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  const loadBefore = loadavg()[0] ?? 0;
  const measured = await scenario({ isQuick, sizes, contenders: takingPart }).catch((error: unknown) => {
    process.stderr.write(`${name} was not measured: ${String(error)}\n`);
    return null;
  });
  if (measured === null) {
    // The others are measured all the same.
    exitCode = 1;
    continue;
  }
  const report: DatedReport = {
    ...measured,
    date: new Date().toISOString().slice(0, 16),
    command,
    machine: machine(chromium, loadBefore),
  };
  printReport(report);
  for (const folder of values.keep ? [RESULTS, KEPT] : [RESULTS]) {
    writeFileSync(`${folder}/${name}.json`, `${JSON.stringify(report, null, 1)}\n`);
  }
}
writePlots();
process.exit(exitCode);

/** What is not measured anew stays as it was, or as it is kept. */
function writePlots(): void {
  const files = Object.keys(SCENARIOS).flatMap(
    (name) => [`${RESULTS}/${name}.json`, `${KEPT}/${name}.json`].find(existsSync) ?? [],
  );
  const reports = files.map((file) => JSON.parse(readFileSync(file, 'utf8')) as DatedReport);
  writeFileSync(`${RESULTS}/index.html`, plotsPage(reports));
  process.stdout.write(`\nplots: ${RESULTS}/index.html\n`);
}

function askedFor() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        quick: { type: 'boolean', default: false },
        keep: { type: 'boolean', default: false },
        only: { type: 'string', multiple: true },
        sizes: { type: 'string' },
      },
    });
  } catch (error) {
    return giveUp(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  }
}

function takingPart(all: readonly ContenderEntry[]): readonly ContenderEntry[] {
  const { only } = values;
  return only === undefined ? all : all.filter((entry) => only.some((name) => isNamed(entry, name)));
}

function isNamed({ page, name }: ContenderEntry, only: string): boolean {
  return only === page || only === name;
}

function giveUp(why: string): never {
  process.stderr.write(`${why}\n`);
  process.exit(2);
}

async function chromiumVersion(): Promise<string> {
  const browser = await startBrowser();
  const version = browser.version();
  await browser.close();
  return version;
}
