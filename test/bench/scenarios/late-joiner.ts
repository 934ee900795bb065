// Somebody comes after a hundred messages have been said: what of them is seen, and how soon.

import { OURS_AND_OTHERS } from '../contenders.js';
import { Meeting, distinct } from '../meeting.js';
import { distribution, round, sum } from '../report.js';
import type { Report, Row } from '../report.js';
import type { Scale } from '../scenario.js';

/** A page. Ours takes 20 of one author in 10 s; everybody gets the time for it. */
const MESSAGES = 20;
const EVERY_MS = 520;
/** What has not come by then does not come. */
const PATIENCE_MS = 10_000;

export async function lateJoiner({ isQuick, contenders }: Scale): Promise<Report> {
  const repetitions = isQuick ? 1 : 4;
  const rows: Row[] = [];
  for (const entry of contenders(OURS_AND_OTHERS)) {
    const seen = await Meeting.orNull(entry, {}, (meeting) => newcomers(meeting, repetitions));
    if (seen === null) {
      rows.push({ name: entry.name, cells: {} });
      continue;
    }
    const shares = seen.map(({ share }) => share);
    rows.push({
      name: entry.name,
      cells: {
        'history seen %': round((sum(shares) / shares.length) * 100),
        'complete after ms': distribution(seen.flatMap(({ completeMs }) => completeMs ?? [])),
      },
    });
  }
  return {
    scenario: 'late-joiner',
    title: 'What a late joiner sees',
    about: `Five pages say ${MESSAGES} things each; then ${repetitions === 1 ? 'one more joins' : `${repetitions} more join, one after another`}. How much of the 100 messages a newcomer has within ${PATIENCE_MS / 1_000} s, and after how long it has all.`,
    isQuick,
    main: 'history seen %',
    axis: '% of 100 earlier messages',
    rows,
  };
}

interface Seen {
  readonly share: number;
  readonly completeMs: number | null;
}

async function newcomers(meeting: Meeting, repetitions: number): Promise<Seen[]> {
  await meeting.assemble();
  await meeting.talk(EVERY_MS, MESSAGES);
  await meeting.settle(MESSAGES * 4, 5_000);
  const messages = MESSAGES * 5;
  const seen: Seen[] = [];
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    const page = await meeting.open();
    await meeting.join(page);
    const wanted = { messages, patienceMs: PATIENCE_MS };
    const { heard, joinedAtMs } = await page.evaluate(async ({ messages: all, patienceMs }) => {
      const giveUpAtMs = performance.now() + patienceMs;
      while (window.bench.heard().length < all && performance.now() < giveUpAtMs) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      return { heard: window.bench.heard(), joinedAtMs: window.bench.marks(1).joinedAtMs };
    }, wanted);
    const count = distinct(heard);
    const lastAtMs = heard.at(-1)?.[3] ?? 0;
    seen.push({ share: count / messages, completeMs: count === messages ? lastAtMs - joinedAtMs : null });
  }
  return seen;
}
