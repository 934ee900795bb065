// A line of CSV (RFC 4180) that a spreadsheet shows and never runs.

/** What Excel, LibreOffice and Google take for the beginning of a formula, also after leading blanks, in both widths. */
const FORMULA = /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/;

/** Excel reads UTF-8 only after this. */
export const CSV_MARK = '\uFEFF';

export function csvLine(cells: readonly (string | number)[]): string {
  return `${cells.map(cell).join(',')}\r\n`;
}

/** Numbers stay numbers. Text is quoted; what could be a formula begins with an apostrophe. */
function cell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const text = FORMULA.test(value) ? `'${value}` : value;
  return `"${text.replaceAll('"', '""')}"`;
}
