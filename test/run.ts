// Every check in one command: `npm test`, or `npm test -- unit e2e` for some of them.
// Each stage is a process of its own with a bound on its time; all run, the summary comes last. Stages that only reckon
// run beside those that wait for servers and browsers, and give way to them.

import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { availableParallelism, constants, setPriority } from 'node:os';
import { findChromium } from './support/find-chromium.js';
import { debianProgram } from './support/debian-package.js';

interface Stage {
  readonly name: string;
  readonly commands: readonly (readonly string[])[];
  readonly minutesMax: number;
  /** Its tests ask for no time but virtual time, so it takes what the others leave of the processor. */
  readonly onlyReckons?: true;
  /** Its commands run beside each other; otherwise each begins when the one before it has passed. */
  readonly isSideBySide?: true;
}

const CORES = availableParallelism();

/** No file of tests takes so long; one that hangs is named after it, and the others go on. Less than its stage may take. */
const FILE_MINUTES_MAX = 8;
/** The same for files of which each is over within half a minute. */
const SHORT_FILE_MINUTES_MAX = 2;

/** Tests of few pages, most of their time spent waiting: two cores carry them beside one that fills a room. */
const FEW_PAGES =
  /\/(background-sync|bad-device|bad-network|crew|dashboard|demo-page|firefox|flags|guide|offline|organiser|photos|turn)\.test\.ts$/;

/** Of a failure that the summary repeats; all of it stands with its stage. */
const FAILURE_CHARACTERS_MAX = 400;

const E2E = testsIn('e2e');

const STAGES: readonly Stage[] = [
  { name: 'types', commands: [['npm', 'run', '-s', 'types']], minutesMax: 6, onlyReckons: true },
  { name: 'lint', commands: [['npm', 'run', '-s', 'lint']], minutesMax: 8, onlyReckons: true },
  {
    name: 'simulation',
    commands: [nodeTests(testsIn('simulation'), { atATime: CORES })],
    minutesMax: 25,
    onlyReckons: true,
  },
  {
    name: 'unit',
    commands: [nodeTests(testsIn('protocol', 'core', 'engine'), { fileMinutesMax: SHORT_FILE_MINUTES_MAX })],
    minutesMax: 5,
  },
  {
    name: 'build',
    commands: [['npm', 'run', '-s', 'build'], nodeTests(testsIn('build'), { fileMinutesMax: SHORT_FILE_MINUTES_MAX })],
    minutesMax: 5,
  },
  { name: 'server', commands: [nodeTests(testsIn('server', 'contracts'), { atATime: CORES })], minutesMax: 15 },
  {
    name: 'browser',
    commands: [
      ['node', '--import', 'tsx', 'node_modules/@web/test-runner/dist/bin.js', '--config', 'web-test-runner.config.ts'],
    ],
    minutesMax: 5,
  },
  {
    name: 'stories',
    commands: [['npm', 'run', '-s', 'build-storybook'], nodeTests(testsIn('stories'))],
    minutesMax: 12,
  },
  // Of those that fill a room one file after the other: two at a time would be more than two cores carry.
  {
    name: 'e2e',
    commands: [
      nodeTests(
        E2E.filter((file) => !FEW_PAGES.test(file)),
        { atATime: 1 },
      ),
      // Of the network lab the shortest; `npm run lab` has the rest.
      nodeTests([...E2E.filter((file) => FEW_PAGES.test(file)), 'test/lab/uplink.test.ts'], { atATime: 1 }),
    ],
    minutesMax: 25,
    isSideBySide: true,
  },
];

interface Result {
  readonly name: string;
  readonly isOk: boolean;
  readonly seconds: number;
  readonly passed: number;
  readonly failed: number;
  /** Where each failed test is, its title and its reason. */
  readonly failures: readonly string[];
}

/** Programs of others that a stage runs, and the packages that have them. */
const PROGRAMS: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  server: [
    ['redis-server', 'redis-server'],
    ['nginx', 'nginx-light'],
    ['caddy', 'caddy'],
  ],
  e2e: [
    ['turnserver', 'coturn'],
    ['firefox-esr', 'firefox-esr'],
  ],
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !STAGES.some((stage) => stage.name === name));
if (unknown.length > 0) {
  process.stderr.write(`no stage ${unknown.join(', ')}; there are ${STAGES.map((stage) => stage.name).join(', ')}\n`);
  process.exit(2);
}

const environment = { ...process.env, CHROME_PATH: findChromium(), STORYBOOK_DISABLE_TELEMETRY: '1' };
// Found, or installed, once: the test files of a stage run side by side.
for (const [stage, programs] of Object.entries(PROGRAMS)) {
  if (wanted.length > 0 && !wanted.includes(stage)) continue;
  for (const [name, debianPackage] of programs) debianProgram(name, debianPackage);
}
/** The stages' commands under way. Each leads a group of its own, so what stops this process does not reach them. */
const underWay = new Set<ChildProcess>();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    for (const child of underWay) endGroup(child);
    process.exit(128 + constants.signals[signal]);
  });
}
const chosen = STAGES.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
const reckoning = chosen.filter(({ onlyReckons }) => onlyReckons);
const others = chosen.filter(({ onlyReckons }) => !onlyReckons);
const results = await Promise.all([oneByOne(reckoning, others.length > 0), oneByOne(others, false)]);
summarize(results.flat());

/** @param isHeldBack what stages print comes when they are over: others print meanwhile */
async function oneByOne(stages: readonly Stage[], isHeldBack: boolean): Promise<Result[]> {
  const ended: Result[] = [];
  for (const stage of stages) {
    let heldBack = '';
    const say = isHeldBack ? (text: string) => (heldBack += text) : (text: string) => process.stdout.write(text);
    ended.push(await runStage(stage, say));
    process.stdout.write(heldBack);
  }
  return ended;
}

type Say = (text: string) => unknown;

async function runStage(stage: Stage, say: Say): Promise<Result> {
  say(`\n── ${stage.name}\n`);
  const startedAtMs = performance.now();
  const ended = await (stage.isSideBySide ? runSideBySide(stage, say) : runInTurn(stage, say));
  const isOk = ended.every(({ code }) => code === 0);
  const output = ended.map((command) => command.output).join('');
  const counts = countTests(output);
  const seconds = Math.round((performance.now() - startedAtMs) / 1000);
  // A stage without tests of its own counts as one; one that broke outside its tests counts as one failure.
  const hasTests = counts.passed + counts.failed > 0;
  return {
    name: stage.name,
    isOk,
    seconds,
    passed: hasTests ? counts.passed : Number(isOk),
    failed: isOk ? counts.failed : Math.max(1, counts.failed),
    failures: failuresIn(output),
  };
}

async function runInTurn(stage: Stage, say: Say): Promise<Ended[]> {
  const ended: Ended[] = [];
  for (const command of stage.commands) {
    if (ended.some(({ code }) => code !== 0)) break;
    ended.push(await run(command, stage, say));
  }
  return ended;
}

/** The first speaks as it goes, the others when they are over. */
async function runSideBySide(stage: Stage, say: Say): Promise<Ended[]> {
  const ended = await Promise.all(
    stage.commands.map((command, index) => run(command, stage, index === 0 ? say : () => undefined)),
  );
  for (const { output } of ended.slice(1)) say(output);
  return ended;
}

interface Ended {
  readonly code: number;
  readonly output: string;
}

function run([command = '', ...args]: readonly string[], { minutesMax, onlyReckons }: Stage, say: Say): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { env: environment, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    if (onlyReckons && child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
    underWay.add(child);
    let output = '';
    const timer = setTimeout(() => {
      say(`\nstopped after ${String(minutesMax)} minutes: ${command} ${args.join(' ')}\n`);
      endGroup(child);
    }, minutesMax * 60_000);
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (text: string) => {
        output += text;
        say(text);
      });
    }
    child.on('close', (code) => {
      clearTimeout(timer);
      underWay.delete(child);
      if (code !== 0) endGroup(child);
      resolve({ code: code ?? 1, output });
    });
  });
}

/** A stage's whole process group: browsers and servers that a test has not ended as well. */
function endGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // Nobody of it is left.
  }
}

/** The closing lines of node's runner (`ℹ pass 3`), and the last of web-test-runner's (`Chrome: … 3 passed, 0 failed`). */
function countTests(output: string): { passed: number; failed: number } {
  const sum = (pattern: RegExp): number =>
    [...output.matchAll(pattern)].reduce((total, match) => total + Number(match[1]), 0);
  // It prints its sum again and again while it runs.
  const [, passed = 0, failed = 0] = [...output.matchAll(/^\S*: .*?(\d+) passed, (\d+) failed/gm)].at(-1) ?? [];
  return {
    passed: sum(/^(?:ℹ|#) pass (\d+)$/gm) + Number(passed),
    failed: sum(/^(?:ℹ|#) fail (\d+)$/gm) + Number(failed),
  };
}

/** What node's runner repeats at its end (`test at …`, `✖ title`, the reason), and web-test-runner's (`❌ title`). */
function failuresIn(output: string): string[] {
  const ofNode = output.matchAll(/^test at (\S+)\n✖ (.*)\n([^]*?)(?=\n\s+at |\n\n|(?![^]))/gm);
  const ofBrowser = output.matchAll(/^\s*❌ ()(.*)\n([^]*?)(?=\n\s+at |\n\n|(?![^]))/gm);
  const told = [...ofNode, ...ofBrowser].map(([, place = '', title = '', reason = '']) =>
    `${place} ${title}: ${reason.replace(/\s+/g, ' ').trim()}`.trim().slice(0, FAILURE_CHARACTERS_MAX),
  );
  return [...new Set(told)];
}

function summarize(all: readonly Result[]): void {
  process.stdout.write('\n── summary\n');
  for (const { name, isOk, seconds, passed, failed, failures } of all) {
    const verdict = isOk ? 'ok    ' : 'FAILED';
    process.stdout.write(
      `${verdict} ${name.padEnd(11)} ${String(seconds).padStart(4)} s  ${passed} passed, ${failed} failed \n`,
    );
    for (const failure of failures) process.stdout.write(`         ✖ ${failure}\n`);
  }
  const passed = all.reduce((sum, result) => sum + result.passed, 0);
  const failed = all.reduce((sum, result) => sum + result.failed, 0);
  process.stdout.write(`\n${String(passed)} passed, ${String(failed)} failed\n`);
  process.exitCode = all.every((result) => result.isOk) ? 0 : 1;
}

/** The test files of these folders of `test/`. A folder without any is a mistake, not a success. */
function testsIn(...folders: readonly string[]): string[] {
  return folders.flatMap((folder) => {
    const path = `test/${folder}`;
    const names = existsSync(path) ? readdirSync(path, { recursive: true, encoding: 'utf8' }) : [];
    const tests = names.filter((name) => name.endsWith('.test.ts'));
    if (tests.length === 0) throw new Error(`no tests in ${path}`);
    return tests.map((name) => `${path}/${name}`).sort();
  });
}

interface NodeOptions {
  /** Files that run beside each other; by itself Node leaves one core to others. */
  readonly atATime?: number;
  readonly fileMinutesMax?: number;
}

function nodeTests(
  files: readonly string[],
  { atATime, fileMinutesMax = FILE_MINUTES_MAX }: NodeOptions = {},
): string[] {
  const concurrency = atATime === undefined ? [] : [`--test-concurrency=${String(atATime)}`];
  const timeout = `--test-timeout=${String(fileMinutesMax * 60_000)}`;
  return ['node', '--import', 'tsx', '--test', timeout, '--test-reporter=spec', ...concurrency, ...files];
}
