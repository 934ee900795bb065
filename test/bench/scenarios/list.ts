// What a long conversation costs the page that shows it: opening it, scrolling back, and a crowd that talks.

import { setTimeout as pause } from 'node:timers/promises';
import type { Browser, CDPSession } from 'playwright-core';
import { startBrowser } from '../../support/visitor.js';
import { PageFiles } from '../page-files.js';
import type { Burst } from '../pages/list-probe.js';
import { distribution, round } from '../report.js';
import type { Cell, Report, Row } from '../report.js';
import type { Scale } from '../scenario.js';

const SIZES = [1_000, 10_000];
/** What is not on the screen by then is given up. */
const PATIENCE_MS = 60_000;
const FRAMES = 200;
const PER_SECOND = 100;
/** Converse speaks XMPP only, and needs a server of its own to show a message: it is not measured. */
const LISTS = [
  { name: 'festival-chat', page: 'list-festival-chat' },
  { name: 'Deep Chat', page: 'list-deep-chat' },
] as const;

export async function list({ isQuick }: Scale): Promise<Report> {
  const [repetitions, seconds] = isQuick ? [1, 3] : [5, 10];
  const [browser, files] = [await startBrowser(), await PageFiles.start()];
  try {
    const rows: Row[] = [];
    for (const messages of SIZES) {
      for (const { name, page } of LISTS) {
        const all: Measured[] = [];
        for (let repetition = 0; repetition < repetitions; repetition += 1) {
          const measured = await measure(browser, files.urlOf(page), messages, seconds);
          if (measured === null) break;
          all.push(measured);
        }
        rows.push({ name: `${name}, ${messages}`, cells: cellsOf(all) });
      }
    }
    return {
      scenario: 'list',
      title: 'A long conversation on a page',
      about: `A phone's page (390×844) shows so many messages at once; is scrolled back ${FRAMES} frames of 400 px; then ${PER_SECOND} more arrive each second for ${seconds} s while the end is read. “A frame” is what it took of the main thread. A long task is one over 50 ms. Heap after a collection. “> ${PATIENCE_MS / 1_000} s” was given up.`,
      isQuick,
      main: 'open ms',
      axis: 'ms until the messages are on the screen',
      isLog: true,
      rows,
    };
  } finally {
    await browser.close();
    await files.end();
  }
}

interface Measured {
  readonly openMs: number;
  readonly frameMs: readonly number[];
  readonly burst: Burst;
  readonly heapMb: number;
  readonly elements: number;
}

/** Null when the messages did not come to the screen in time. */
async function measure(browser: Browser, url: string, messages: number, seconds: number): Promise<Measured | null> {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
  try {
    const page = await context.newPage();
    await page.goto(url);
    await page.waitForFunction(() => 'list' in window);
    // The first rendering of a page is not what is measured, nor what is fetched after it.
    await page.evaluate(() => window.list.open(100));
    const opened = page.evaluate((messages) => window.list.open(messages), messages).catch(() => null);
    const openMs = await Promise.race([opened, pause(PATIENCE_MS, null)]);
    if (openMs === null) return null;
    const frameMs = await page.evaluate((frames) => window.list.scroll(frames), FRAMES);
    await page.evaluate((messages) => window.list.open(messages), messages);
    const burst = await page.evaluate(([rate, seconds]) => window.list.burst(rate, seconds), [
      PER_SECOND,
      seconds,
    ] as const);
    const devtools = await context.newCDPSession(page);
    return { openMs, frameMs, burst, ...(await memoryOf(devtools)) };
  } finally {
    await context.close();
  }
}

async function memoryOf(devtools: CDPSession): Promise<Pick<Measured, 'heapMb' | 'elements'>> {
  await devtools.send('HeapProfiler.collectGarbage');
  const { usedSize } = await devtools.send('Runtime.getHeapUsage');
  const { nodes } = await devtools.send('Memory.getDOMCounters');
  return { heapMb: usedSize / 2 ** 20, elements: nodes };
}

function cellsOf(all: readonly Measured[]): Record<string, Cell> {
  if (all.length === 0) return { 'open ms': `> ${PATIENCE_MS / 1_000} s` };
  const median = (of: (one: Measured) => number): number => distribution(all.map(of))?.median ?? 0;
  return {
    'open ms': distribution(all.map(({ openMs }) => openMs)),
    'a frame ms': distribution(all.flatMap(({ frameMs }) => frameMs)),
    'came a second': round(median(({ burst }) => burst.perSecond)),
    'long tasks': median(({ burst }) => burst.longMs.length),
    'longest ms': round(Math.max(0, ...all.flatMap(({ burst }) => burst.longMs))),
    'heap MB': round(median(({ heapMb }) => heapMb)),
    'DOM nodes': median(({ elements }) => elements),
  };
}
