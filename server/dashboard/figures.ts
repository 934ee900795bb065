// Figures and times in words.

/** Where nothing was measured yet. */
export const UNMEASURED = '–';

const WHOLE = new Intl.NumberFormat('en');
const SHORT = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
const CLOCK = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });
const DATE = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });

export function count(value: number): string {
  return value < 100_000 ? WHOLE.format(value) : SHORT.format(value);
}

/** `1 room`, `2 rooms`. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

export function percent(share: number | null): string {
  return share === null ? UNMEASURED : `${Math.round(share * 100)} %`;
}

export function milliseconds(value: number | null): string {
  if (value === null) return UNMEASURED;
  return value < 10 ? `${value.toFixed(1)} ms` : `${WHOLE.format(Math.round(value))} ms`;
}

export function megabytes(bytes: number): string {
  return `${WHOLE.format(Math.round(bytes / 2 ** 20))} MB`;
}

/** The time of day, and the day where it is another one. */
export function clock(atMs: number, nowMs = Date.now()): string {
  const isToday = new Date(atMs).toDateString() === new Date(nowMs).toDateString();
  return (isToday ? CLOCK : DATE).format(atMs);
}

/** `4 s`, `12 min`, `3 h 5 min`, `2 d 4 h`. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}
