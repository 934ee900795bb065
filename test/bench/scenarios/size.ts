// What a visitor's phone fetches before it can chat: each contender's page as it is measured here, minified, gzip.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { BENCH_BUILD } from '../build-pages.js';
import { CONTENDERS, OURS, OUR_CLIENT, OUR_SERVER } from '../contenders.js';
import { round } from '../report.js';
import type { Report, Row } from '../report.js';
import type { Scale } from '../scenario.js';

export function size({ isQuick, contenders }: Scale): Promise<Report> {
  const others = contenders(CONTENDERS.filter((entry) => entry !== OURS && entry !== OUR_SERVER));
  const ours = ['festival-chat.js'];
  const rows: Row[] = [
    { name: OURS.name, cells: sizes('dist', ours) },
    ...others.map(({ name, page }) => ({ name, cells: sizes(join(BENCH_BUILD, 'pages'), [`${page}.js`]) })),
  ];
  return Promise.resolve({
    scenario: 'size',
    title: 'What a visitor fetches',
    about: `KB, minified and gzip. ${OURS.name} is the whole widget; ${OUR_CLIENT.name} and the others show nothing, and have the few lines of the bench in them. “At first” is what the page names; “on demand” is all that may be fetched later, the emoji's names left out.`,
    isQuick,
    main: 'at first KB',
    axis: 'KB gzip before the first message',
    rows,
  });
}

function sizes(folder: string, entries: readonly string[]): Row['cells'] {
  const first = reachable(folder, entries, /(?:from|import)\s*"(\.[^"]+\.js)"/g);
  const all = reachable(folder, entries, /(?:from|import)\s*\(?\s*"(\.[^"]+\.js)"/g);
  const later = [...all].filter((file) => !first.has(file) && !/compact|messages/.test(file));
  return { 'at first KB': kilobytes([...first]), 'on demand KB': kilobytes(later) };
}

/** The files that these lead to by such imports. */
function reachable(folder: string, entries: readonly string[], imports: RegExp): Set<string> {
  const found = new Set<string>();
  const queue = entries.map((entry) => join(folder, entry));
  for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
    if (found.has(file)) continue;
    found.add(file);
    for (const [, path = ''] of readFileSync(file, 'utf8').matchAll(imports)) queue.push(join(file, '..', path));
  }
  return found;
}

function kilobytes(files: readonly string[]): number {
  return round(files.reduce((sum, file) => sum + gzipSync(readFileSync(file), { level: 9 }).length, 0) / 1_024);
}
