// From joining to a whole mesh of five, with the server near and far.

import { CONTENDERS } from '../contenders.js';
import { Meeting } from '../meeting.js';
import { distribution } from '../report.js';
import type { Report } from '../report.js';
import type { Scale } from '../scenario.js';

interface Times {
  readonly linkedMs: number | null;
  readonly heardMs: number;
}

export async function meshTime({ isQuick, contenders }: Scale): Promise<Report> {
  const entries = contenders(CONTENDERS);
  const repetitions = isQuick ? 2 : 5;
  const times = new Map<string, Times[]>();
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    for (const entry of entries) {
      for (const delayMs of [0, 75]) {
        const key = `${entry.name}|${delayMs}`;
        const time = await Meeting.orNull(entry, { delayMs }, assembled);
        times.set(key, [...(times.get(key) ?? []), ...(time === null ? [] : [time])]);
      }
    }
  }
  const cell = (name: string, delayMs: number, read: (time: Times) => number | null) =>
    distribution((times.get(`${name}|${delayMs}`) ?? []).flatMap((time) => read(time) ?? []));
  return {
    scenario: 'mesh',
    title: 'Time until five pages are there for each other',
    about: `Five pages whose code is loaded join at once; ms from the first join until the last page has heard a greeting of each other one, by whatever route, and until each has four open links. ${repetitions} times. The server is 0 or 75 ms away, each way.`,
    isQuick,
    main: 'links at 0 ms',
    axis: 'ms until each of five pages has four links, median',
    rows: entries.map(({ name }) => ({
      name,
      cells: {
        'heard at 0 ms': cell(name, 0, ({ heardMs }) => heardMs),
        'links at 0 ms': cell(name, 0, ({ linkedMs }) => linkedMs),
        'heard at 75 ms': cell(name, 75, ({ heardMs }) => heardMs),
        'links at 75 ms': cell(name, 75, ({ linkedMs }) => linkedMs),
      },
    })),
  };
}

async function assembled(meeting: Meeting): Promise<Times> {
  await meeting.assemble();
  const marks = await meeting.each(() => window.bench.marks(4));
  const from = Math.min(...marks.map(({ joinedAtMs }) => joinedAtMs));
  const last = (moments: readonly (number | null)[]): number => Math.max(...moments.map((moment) => moment ?? 0));
  return {
    linkedMs: meeting.contender.mesh ? last(marks.map(({ linkedAtMs }) => linkedAtMs)) - from : null,
    heardMs: last(marks.map(({ heardAtMs }) => heardAtMs)) - from,
  };
}
