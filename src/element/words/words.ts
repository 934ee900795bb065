// What the widget says in one language: phrases, and numbers, times and plural forms as people there write them.

import { ENGLISH } from './english.js';
import type { Counted, PhraseKey } from './english.js';

type SomePhrases = Readonly<Partial<Record<string, string | Counted>>>;

/** What takes the place of `{name}` in a phrase; `n` also chooses the plural form. */
export type Values = Readonly<Record<string, string | number>>;

export class Words<Key extends string = PhraseKey> {
  /** BCP 47, of the phrases as well as of numbers and times. */
  readonly locale: string;
  readonly #phrases: SomePhrases;
  readonly #plural: Intl.PluralRules;
  readonly #number: Intl.NumberFormat;
  readonly #time: Intl.DateTimeFormat;
  readonly #day: Intl.DateTimeFormat;

  constructor(locale: string, phrases: SomePhrases) {
    this.locale = locale;
    this.#phrases = phrases;
    this.#plural = new Intl.PluralRules(locale);
    this.#number = new Intl.NumberFormat(locale);
    this.#time = new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit' });
    this.#day = new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long' });
  }

  /** These words and more; what is here already wins. */
  with<More extends string>(more: Readonly<Record<More, string | Counted>>): Words<Key | More> {
    return new Words(this.locale, { ...more, ...this.#phrases });
  }

  /** Empty when the phrase is not here yet. */
  say(key: Key, values: Values = {}): string {
    const phrase = this.#phrases[key] ?? '';
    const { n } = values;
    const form =
      typeof phrase === 'string'
        ? phrase
        : ((typeof n === 'number' ? phrase[this.#plural.select(n)] : undefined) ?? phrase.other);
    return form.replace(/\{(\w+)\}/g, (whole, name: string) => {
      const value = values[name];
      return typeof value === 'number' ? this.number(value) : (value ?? whole);
    });
  }

  number(value: number): string {
    return this.#number.format(value);
  }

  /** Hours and minutes. */
  time(atMs: number): string {
    return this.#time.format(atMs);
  }

  /** Weekday, day and month. */
  day(atMs: number): string {
    return this.#day.format(atMs);
  }
}

/** What holds until another language is there. */
export const DEFAULT_WORDS = new Words('en', ENGLISH);
