// What ten messages a second cost five pages over minutes: CPU of the whole browser, heap of a page, CPU of the server.

import { readFileSync, readdirSync } from 'node:fs';
import { CONTENDERS } from '../contenders.js';
import { Meeting } from '../meeting.js';
import { usageOf } from '../process-usage.js';
import { distribution, round } from '../report.js';
import type { Report, Row } from '../report.js';
import type { Scale } from '../scenario.js';

/** Ten a second of five pages, and never more than 20 of one author in 10 s. */
const EVERY_MS = 510;
/** Ten seconds, so that the greetings of the meeting are not counted among those twenty. */
const WARM_UP = 20;

export async function load({ isQuick, contenders }: Scale): Promise<Report> {
  const seconds = isQuick ? 20 : 300;
  const rows: Row[] = [];
  for (const entry of contenders(CONTENDERS)) {
    rows.push({
      name: entry.name,
      cells: (await Meeting.orNull(entry, {}, (meeting) => loaded(meeting, seconds))) ?? {},
    });
  }
  return {
    scenario: 'load',
    title: `Ten messages a second for ${seconds} s`,
    about: `Five pages say two things a second each for ${seconds} s. CPU is of the whole browser with its five pages, and of the server, in % of one core; heap is of a page after its garbage was collected, before and after.`,
    isQuick,
    main: 'browser CPU %',
    axis: '% of a core for five pages',
    rows,
  };
}

async function loaded(meeting: Meeting, seconds: number): Promise<Row['cells']> {
  await meeting.assemble();
  await meeting.talk(EVERY_MS, WARM_UP);
  const heapBefore = await heaps(meeting);
  const from = { browser: browserCpu(), server: usageOf(meeting.server.pid).cpuSeconds, atMs: performance.now() };
  const times = Math.round((seconds * 1_000) / EVERY_MS);
  await meeting.talk(EVERY_MS, times);
  const elapsed = (performance.now() - from.atMs) / 1_000;
  const browser = browserCpu() - from.browser;
  const server = usageOf(meeting.server.pid).cpuSeconds - from.server;
  await meeting.settle((times + WARM_UP) * (meeting.pages.length - 1), 5_000);
  const heapAfter = await heaps(meeting);
  const heard = (await meeting.heard()).flat().filter(([, number]) => number > WARM_UP);
  const grown = heapAfter.map((bytes, page) => (bytes - (heapBefore[page] ?? 0)) / 2 ** 20);
  const messages = times * meeting.pages.length;
  return {
    'browser CPU %': round((browser / elapsed) * 100),
    'server CPU %': round((server / elapsed) * 100),
    'heap MB': round(median(heapAfter) / 2 ** 20),
    'heap growth MB': round(median(grown)),
    'latency ms': distribution(heard.map(([, , saidAtMs, heardAtMs]) => heardAtMs - saidAtMs)),
    'heard %': round((heard.length / (messages * (meeting.pages.length - 1))) * 100),
  };
}

function median(values: readonly number[]): number {
  return distribution(values)?.median ?? 0;
}

/** Of each page, after its garbage is collected. */
function heaps(meeting: Meeting): Promise<number[]> {
  return Promise.all(
    meeting.pages.map(async (page) => {
      const session = await page.context().newCDPSession(page);
      await session.send('HeapProfiler.collectGarbage');
      const { usedSize } = await session.send('Runtime.getHeapUsage');
      await session.detach();
      return usedSize;
    }),
  );
}

/** CPU seconds of everything that descends from this process and is a browser. */
function browserCpu(): number {
  const parents = new Map<number, number>();
  const browsers = new Set<number>();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      parents.set(pid, Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
      if (/\((chrom|headless)/.test(stat)) browsers.add(pid);
    } catch {
      // It has ended meanwhile.
    }
  }
  const isOurs = (pid: number): boolean => {
    for (let at: number | undefined = pid; at !== undefined && at > 1; at = parents.get(at)) {
      if (at === process.pid) return true;
    }
    return false;
  };
  return [...browsers].filter(isOurs).reduce((sum, pid) => sum + cpuOf(pid), 0);
}

function cpuOf(pid: number): number {
  try {
    return usageOf(pid).cpuSeconds;
  } catch {
    return 0;
  }
}
