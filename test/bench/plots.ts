// A page with a plot of each report, as plain SVG: bars of the figure that is compared, whiskers to p95 and p99.

import { figureOf, isDistribution } from './report.js';
import type { DatedReport, Row } from './report.js';
import { ratioOf, textOf } from './table.js';

const WIDTH = 860;
const LABEL = 210;
const FIGURE = 190;
const BAR = 22;
const OURS = /^festival-chat/;

export function plotsPage(reports: readonly DatedReport[]): string {
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>festival-chat beside others</title>
<meta name="viewport" content="width=device-width">
<style>
  body { font: 15px/1.5 system-ui, sans-serif; max-width: ${WIDTH}px; margin: 2rem auto; padding: 0 1rem; color: #1c2430; }
  h2 { margin: 2.5rem 0 0.25rem; }
  svg { display: block; width: 100%; height: auto; }
  text { font: 13px system-ui, sans-serif; fill: #1c2430; }
  .ours { fill: #0b7a75; } .other { fill: #9aa8b8; } .whisker { stroke: #1c2430; stroke-width: 1.2; }
  .figure { fill: #4a5768; }
  table { border-collapse: collapse; font-size: 13px; margin-top: 0.75rem; display: block; overflow-x: auto; }
  td, th { border-bottom: 1px solid #d9dfe6; padding: 3px 10px 3px 0; text-align: right; white-space: nowrap; }
  td:first-child, th:first-child { text-align: left; }
  small { color: #4a5768; }
</style>
<h1>festival-chat beside others</h1>
${reports.map(section).join('\n')}
</html>
`;
}

function section(report: DatedReport): string {
  const { machine } = report;
  return `<section id="${report.scenario}">
<h2>${escaped(report.title)}</h2>
<p>${escaped(report.about)}${report.isQuick ? ' <b>A quick run: too few samples to quote.</b>' : ''}</p>
${plot(report)}
${table(report)}
<small>${report.date} · <code>${escaped(report.command)}</code> · ${escaped(machine.processor)}, ${machine.cores} cores, ${machine.memoryGb} GB, ${machine.system}, Node ${machine.node}, Chromium ${machine.chromium}, load ${machine.loadBefore} → ${machine.loadAfter}</small>
</section>`;
}

function plot(report: DatedReport): string {
  const rows = report.rows.filter(({ cells }) => figureOf(cells[report.main]) !== null);
  const most = Math.max(...rows.map((row) => end(row, report.main)), Number.EPSILON);
  const least = Math.min(
    ...rows.map(({ cells }) => figureOf(cells[report.main]) ?? most).filter((figure) => figure > 0),
    most,
  );
  const room = WIDTH - LABEL - FIGURE;
  const low = Math.log10(least / 2);
  const x = (value: number): number => {
    const share =
      report.isLog === true ? (Math.log10(Math.max(value, least / 2)) - low) / (Math.log10(most) - low) : value / most;
    return LABEL + Math.max(0, share) * room;
  };
  const height = rows.length * (BAR + 8) + 24;
  const bars = rows.map((row, index) => bar(row, report.main, index * (BAR + 8), x));
  return `<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escaped(report.axis)}">
${bars.join('\n')}
<text class="figure" x="${LABEL}" y="${height - 6}">${escaped(report.axis)}${report.isLog === true ? ' (powers of ten)' : ''}</text>
</svg>`;
}

function bar({ name, cells }: Row, column: string, y: number, x: (value: number) => number): string {
  const cell = cells[column] ?? null;
  const to = x(figureOf(cell) ?? 0);
  const middle = y + BAR / 2;
  const whisker = isDistribution(cell)
    ? `<path class="whisker" fill="none" d="M${to} ${middle}H${x(cell.p99)}M${x(cell.p95)} ${middle - 5}v10M${x(cell.p99)} ${middle - 5}v10"/>`
    : '';
  const shown = x(isDistribution(cell) ? cell.p99 : (figureOf(cell) ?? 0));
  return `<text x="0" y="${middle + 5}">${escaped(name)}</text>
<rect class="${OURS.test(name) ? 'ours' : 'other'}" x="${LABEL}" y="${y}" width="${Math.max(1, to - LABEL)}" height="${BAR}" rx="3"/>${whisker}
<text class="figure" x="${shown + 8}" y="${middle + 5}">${escaped(textOf(cell))}</text>`;
}

function table({ rows, main }: DatedReport): string {
  const [first] = rows;
  const columns = Object.keys(first?.cells ?? {});
  const reference = figureOf(first?.cells[main]);
  const head = [...columns, `× ${first?.name ?? ''}`].map((column) => `<th>${escaped(column)}</th>`).join('');
  const body = rows.map(({ name, cells }) => {
    const figures = [
      ...columns.map((column) => textOf(cells[column] ?? null)),
      ratioOf(figureOf(cells[main]), reference),
    ];
    return `<tr><td>${escaped(name)}</td>${figures.map((figure) => `<td>${escaped(figure)}</td>`).join('')}</tr>`;
  });
  return `<table><tr><th></th>${head}</tr>\n${body.join('\n')}\n</table>`;
}

/** Where a bar with its whiskers ends. */
function end({ cells }: Row, column: string): number {
  const cell = cells[column];
  return isDistribution(cell) ? cell.p99 : (figureOf(cell) ?? 0);
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);
}
