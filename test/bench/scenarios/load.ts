// What ten messages a second cost five pages over minutes: CPU of the whole browser, heap of a page, CPU of the server.

import { CONTENDERS } from '../contenders.js';
import { Meeting, distinct } from '../meeting.js';
import { cpuSecondsOf, usageOf } from '../process-usage.js';
import { distribution, round, sum } from '../report.js';
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
  const cpu = async (): Promise<{ browser: number; server: number }> => ({
    browser: await cpuSecondsOf(meeting.browser),
    server: usageOf(meeting.server.pid).cpuSeconds,
  });
  const from = { ...(await cpu()), atMs: performance.now() };
  const times = Math.round((seconds * 1_000) / EVERY_MS);
  await meeting.talk(EVERY_MS, times);
  const elapsed = (performance.now() - from.atMs) / 1_000;
  const to = await cpu();
  await meeting.settle((times + WARM_UP) * (meeting.pages.length - 1), 5_000);
  const heapAfter = await heaps(meeting);
  const ofEach = (await meeting.heard()).map((page) => page.filter(([, number]) => number > WARM_UP));
  const heard = ofEach.flat();
  const toBeHeard = times * meeting.pages.length * (meeting.pages.length - 1);
  const grown = heapAfter.map((bytes, page) => (bytes - (heapBefore[page] ?? 0)) / 2 ** 20);
  return {
    'browser CPU %': round(((to.browser - from.browser) / elapsed) * 100),
    'server CPU %': round(((to.server - from.server) / elapsed) * 100),
    'heap MB': round(median(heapAfter) / 2 ** 20),
    'heap growth MB': round(median(grown)),
    'latency ms': distribution(heard.map(([, , saidAtMs, heardAtMs]) => heardAtMs - saidAtMs)),
    'heard %': round((sum(ofEach.map(distinct)) / toBeHeard) * 100),
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
