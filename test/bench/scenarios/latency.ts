// How long a message takes from one page to the others, with the server near and far.

import { CONTENDERS } from '../contenders.js';
import { Meeting } from '../meeting.js';
import { distribution } from '../report.js';
import type { Report } from '../report.js';
import type { Scale } from '../scenario.js';

/** Our server lets one author say twenty things in ten seconds, greetings included; others have no such limit. */
const EVERY_MS = 1_000;

export async function latency({ isQuick, contenders }: Scale): Promise<Report> {
  const entries = contenders(CONTENDERS);
  const [repetitions, times] = isQuick ? [1, 10] : [2, 12];
  const samples = new Map<string, number[]>();
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    for (const entry of entries) {
      for (const delayMs of [0, 75]) {
        const name = `${entry.name}|${delayMs}`;
        const measured = await Meeting.orNull(entry, { delayMs }, (meeting) => talked(meeting, times));
        samples.set(name, [...(samples.get(name) ?? []), ...(measured ?? [])]);
      }
    }
  }
  const cell = (name: string, delayMs: number) => distribution(samples.get(`${name}|${delayMs}`) ?? []);
  return {
    scenario: 'latency',
    title: 'Message latency, page to page',
    about: `Five pages, each says 60 letters every ${EVERY_MS} ms; from the call that sends to the callback that hears, in ms. The server is 0 or 75 ms away, each way.`,
    isQuick,
    main: 'server at 0 ms',
    axis: 'ms, median; whiskers to p95 and p99',
    isLog: true,
    rows: entries.map(({ name }) => ({
      name,
      cells: { 'server at 0 ms': cell(name, 0), 'server at 75 ms': cell(name, 75) },
    })),
  };
}

async function talked(meeting: Meeting, times: number): Promise<number[]> {
  await meeting.assemble();
  // The first messages meet code that has not run yet; they are heard and not counted.
  const warm = 4;
  await meeting.talk(EVERY_MS, times + warm);
  await meeting.settle((times + warm) * (meeting.pages.length - 1), 5_000);
  const heard = (await meeting.heard()).flat().filter(([, number]) => number > warm);
  return heard.map(([, , saidAtMs, heardAtMs]) => heardAtMs - saidAtMs);
}
