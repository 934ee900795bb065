// The server is killed while everybody talks, and comes back: what arrives meanwhile, and at all.

import { setTimeout as pause } from 'node:timers/promises';
import { OURS_AND_OTHERS } from '../contenders.js';
import { Meeting, distinct } from '../meeting.js';
import { distribution, round, sum } from '../report.js';
import type { Report, Row } from '../report.js';
import type { Scale } from '../scenario.js';

const EVERY_MS = 1_000;
/** Given after the server is back: reconnecting waits, spread over seconds, belong to some contenders. */
const PATIENCE_MS = 20_000;

export async function outage({ isQuick, contenders }: Scale): Promise<Report> {
  const downSeconds = isQuick ? 6 : 20;
  const rows: Row[] = [];
  for (const entry of contenders(OURS_AND_OTHERS)) {
    const cells = await Meeting.orNull(entry, {}, (meeting) => killed(meeting, downSeconds));
    rows.push({ name: entry.name, cells: cells ?? {} });
  }
  return {
    scenario: 'outage',
    title: `Server killed for ${downSeconds} s`,
    about: `Five linked pages each say something every second. The server is killed with SIGKILL and started again after ${downSeconds} s. Of what was said while it was gone: how much each other page heard before it was back, how much at all (up to ${PATIENCE_MS / 1_000} s later), and how often something was heard twice.`,
    isQuick,
    main: 'heard meanwhile %',
    axis: '% of messages of the outage heard before the server was back',
    rows,
  };
}

async function killed(meeting: Meeting, downSeconds: number): Promise<Row['cells']> {
  await meeting.assemble();
  const lead = 3;
  const talking = meeting.talk(EVERY_MS, lead + downSeconds + 3);
  await pause(lead * EVERY_MS);
  const now = (): number => performance.timeOrigin + performance.now();
  await meeting.server.kill();
  const downAtMs = now();
  await pause(downSeconds * 1_000);
  const upAtMs = now();
  await meeting.server.restart();
  await talking;
  const expected = (lead + downSeconds + 3) * (meeting.pages.length - 1);
  await meeting.settle(expected, PATIENCE_MS);
  const heard = await meeting.heard();
  // What was said in the last second may be under way as the server returns.
  const isOfOutage = (saidAtMs: number): boolean => saidAtMs > downAtMs && saidAtMs < upAtMs - 1_000;
  const ofOutage = heard.map((page) => page.filter(([, , saidAtMs]) => isOfOutage(saidAtMs)));
  const said = (await meeting.each(() => window.bench.saidAtMs())).flat().filter(isOfOutage);
  const toBeHeard = said.length * (meeting.pages.length - 1);
  const percent = (count: number): number => round((count / toBeHeard) * 100);
  const meanwhile = ofOutage.map((page) => page.filter(([, , , heardAtMs]) => heardAtMs < upAtMs));
  return {
    'heard meanwhile %': percent(sum(meanwhile.map(distinct))),
    'heard at all %': percent(sum(ofOutage.map(distinct))),
    'heard twice': sum(heard.map((page) => page.length - distinct(page))),
    'delay ms': distribution(meanwhile.flat().map(([, , saidAtMs, heardAtMs]) => heardAtMs - saidAtMs)),
  };
}
