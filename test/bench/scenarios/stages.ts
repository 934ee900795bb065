// Where a message's time goes between two pages: how long it takes to be signed, to be on the disk, to be sent, to come,
// to be checked and to be heard.

import { readFileSync } from 'node:fs';
import { BENCH_BUILD } from '../build-pages.js';
import { CONTENDERS, OUR_CLIENT } from '../contenders.js';
import type { ContenderEntry } from '../contenders.js';
import { Meeting } from '../meeting.js';
import type { Stage, Stamp } from '../pages/stamps.js';
import { distribution } from '../report.js';
import type { Report, Row } from '../report.js';
import type { Scale } from '../scenario.js';

const EVERY_MS = 1_000;
/** The first messages meet code that has not run yet. */
const WARM = 4;
/** So far apart do the pages of a room of five speak: what a page does within that time belongs to one message. */
const APART_MS = 200;
/** The letters alone, as a raw channel sends them. */
const BARE_LENGTH = 60;
/** Records are longer than that, acknowledgements shorter. */
const RECORD_LENGTH_MIN = 200;

const ROOMS = [
  { pages: 2, delayMs: 0 },
  { pages: 5, delayMs: 75 },
  { pages: 5, delayMs: 0 },
];

export async function stages({ isQuick, contenders }: Scale): Promise<Report> {
  const entries = contenders([OUR_CLIENT, ...CONTENDERS.filter(({ page }) => page === 'raw-channel')]);
  const times = isQuick ? 8 : 24;
  const rows: Row[] = [];
  for (const { pages, delayMs } of ROOMS) {
    for (const entry of entries) {
      const initScript = readFileSync(`${BENCH_BUILD}/pages/stamps.js`, 'utf8');
      const messages = await Meeting.orNull(entry, { pages, delayMs, initScript }, (meeting) => talked(meeting, times));
      rows.push({ name: `${entry.name}, ${pages} pages, server at ${delayMs} ms`, cells: cellsOf(messages ?? []) });
    }
  }
  return {
    scenario: 'stages',
    title: 'Where the time of a message goes',
    about: `The pages of a room say 60 letters every ${EVERY_MS} ms, in turn. Each column is the time since the one before it in ms: until signed, on the disk, handed to the channel, at the other page, its signature checked, heard; then all of it.`,
    isQuick,
    main: 'all',
    axis: 'ms, median; whiskers to p95 and p99',
    rows,
  };
}

/** Of one message at one page that heard it: milliseconds since the stage before. */
type Steps = Partial<Record<Stage | 'heard' | 'all', number>>;

function cellsOf(messages: readonly Steps[]): Row['cells'] {
  const columns = ['signed', 'on disk', 'sent', 'came', 'checked', 'heard', 'all'] as const;
  return Object.fromEntries(
    columns.map((column) => [column, distribution(messages.flatMap((steps) => steps[column] ?? []))]),
  );
}

async function talked(meeting: Meeting, times: number): Promise<Steps[]> {
  await meeting.assemble();
  await meeting.talk(EVERY_MS, times + WARM);
  await meeting.settle((times + WARM) * (meeting.pages.length - 1), 5_000);
  const [heard, stamps] = [await meeting.heard(), await meeting.each(() => window.stamps)];
  const lengthMin = lengthMinOf(meeting.contender);
  return heard.flatMap((page, hearer) =>
    page
      .filter(([, number]) => number > WARM)
      .map(([from, , saidAtMs, heardAtMs]) => {
        const steps: Steps = {};
        let atMs = saidAtMs;
        const pass = (stage: Stage, of: readonly Stamp[] | undefined): void => {
          const passed = of?.find(
            (one) =>
              one.atMs >= atMs && one.atMs < saidAtMs + APART_MS && (one.length === 0 || one.length >= lengthMin),
          );
          if (passed === undefined) return;
          steps[stage] = told(passed.atMs - atMs);
          ({ atMs } = passed);
        };
        for (const stage of ['signed', 'on disk', 'sent'] as const) pass(stage, stamps[Number(from)]?.[stage]);
        for (const stage of ['came', 'checked'] as const) pass(stage, stamps[hearer]?.[stage]);
        return { ...steps, heard: told(heardAtMs - atMs), all: told(heardAtMs - saidAtMs) };
      }),
  );
}

/** Clocks of pages tell tenths of a millisecond; what is finer comes of adding them up. */
function told(ms: number): number {
  return Math.round(ms * 10) / 10;
}

function lengthMinOf({ page }: ContenderEntry): number {
  return page === OUR_CLIENT.page ? RECORD_LENGTH_MIN : BARE_LENGTH;
}
