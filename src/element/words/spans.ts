// Spans and ends of time, as people there write them.

import type { Words } from './words.js';

type Speaker = Pick<Words, 'locale' | 'time' | 'day'>;

/** A span in its largest unit, from seconds to days. What is left of a countdown is rounded up: at 0 it is over. */
export function duration({ locale }: Pick<Words, 'locale'>, spanMs: number): string {
  const seconds = Math.ceil(spanMs / 1_000);
  const [perUnit, unit] =
    seconds < 120
      ? [1, 'second']
      : seconds < 7_200
        ? [60, 'minute']
        : seconds < 172_800
          ? [3_600, 'hour']
          : [86_400, 'day'];
  const format = new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' });
  return format.format(Math.ceil(seconds / perUnit));
}

/** A time of today, or a day and a time. */
export function until(words: Speaker, atMs: number): string {
  const isToday = new Date(atMs).toDateString() === new Date().toDateString();
  return isToday ? words.time(atMs) : `${words.day(atMs)}, ${words.time(atMs)}`;
}
