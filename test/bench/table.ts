// A report as text for a terminal.

import { figureOf, isDistribution, round } from './report.js';
import type { Cell, DatedReport } from './report.js';

export function printReport(report: DatedReport): void {
  const [first] = report.rows;
  const reference = figureOf(first?.cells[report.main]);
  const columns = [...new Set(report.rows.flatMap(({ cells }) => Object.keys(cells)))];
  const rows = report.rows.map(({ name, cells }) => [
    name,
    ...columns.map((column) => textOf(cells[column] ?? null)),
    ratioOf(figureOf(cells[report.main]), reference),
  ]);
  const heads = ['', ...columns, `× ${first?.name ?? ''}`];
  const widths = heads.map((head, column) => Math.max(head.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ');
  const { machine } = report;
  process.stdout.write(
    [
      '',
      `${report.title}${report.isQuick ? ' (quick: too few samples to quote)' : ''}`,
      report.about,
      `median / p95 / p99 where there are three figures; the ratio is of “${report.main}”.`,
      line(heads),
      ...rows.map(line),
      `${report.date}  ${report.command}  ${machine.processor}, ${machine.cores} cores, ${machine.memoryGb} GB, ${machine.system}, node ${machine.node}, Chromium ${machine.chromium}; load ${machine.loadBefore} → ${machine.loadAfter}`,
      '',
    ].join('\n'),
  );
}

export function textOf(cell: Cell): string {
  if (cell === null) return '–';
  if (isDistribution(cell)) return `${cell.median} / ${cell.p95} / ${cell.p99}`;
  return String(cell);
}

export function ratioOf(value: number | null, reference: number | null): string {
  return value === null || reference === null || reference === 0 ? '–' : String(round(value / reference));
}
