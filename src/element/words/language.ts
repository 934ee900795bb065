// Which language, and where its words come from. English comes with the widget; the others are fetched when asked for.

import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { FETCH_AGAIN_MS } from '../../engine/begin-with.js';
import { ENGLISH } from './english.js';
import type { Phrases } from './english.js';
import { DEFAULT_WORDS, Words } from './words.js';

/** The languages beside English. Whatever is said by words has all of them: the compiler asks for each. */
export type OtherLanguage = 'ar' | 'de' | 'es' | 'fr' | 'pt';

export type FetchPhrases<Some> = () => Promise<{ readonly PHRASES: Some }>;
export type InEachLanguage<Some> = Readonly<Record<OtherLanguage, FetchPhrases<Some>>>;

const OTHERS: Readonly<Record<string, FetchPhrases<Phrases>>> = {
  ar: () => import('./arabic.js'),
  de: () => import('./german.js'),
  es: () => import('./spanish.js'),
  fr: () => import('./french.js'),
  pt: () => import('./portuguese.js'),
} satisfies InEachLanguage<Phrases>;

/** Of those above, written from right to left. */
const RIGHT_TO_LEFT: ReadonlySet<string> = new Set(['ar']);

/** Language, script and region of a tag: what `Intl` takes whatever it is; the rest of a tag is left out. */
const LANGUAGE = /^[a-z]{2,3}(?:-[a-z]{4}(?![a-z\d]))?(?:-(?:[a-z]{2}|\d{3})(?![a-z\d]))?(?![a-z\d])/i;

interface Speaking {
  /** Phrases of the page's own, which win. */
  readonly phrases: Partial<Phrases>;
}

export class Language implements ReactiveController {
  words = DEFAULT_WORDS;
  readonly #host: ReactiveControllerHost & HTMLElement & Speaking;
  #wanted = '';
  #own: Partial<Phrases> = {};
  #phrases: Partial<Phrases> = ENGLISH;
  #more: Partial<Phrases> = {};

  constructor(host: ReactiveControllerHost & HTMLElement & Speaking) {
    this.#host = host;
    host.addController(this);
  }

  /** Set when the element itself names the language; otherwise the page's direction holds. */
  get direction(): 'rtl' | 'ltr' | undefined {
    if (!this.#host.hasAttribute('lang')) return undefined;
    return RIGHT_TO_LEFT.has(primary(this.words.locale)) ? 'rtl' : 'ltr';
  }

  /** English phrases that were fetched later; those of other languages come in one piece. */
  complete(more: Partial<Phrases>): void {
    this.#more = more;
    this.#speak(this.words.locale);
  }

  hostUpdate(): void {
    if (this.#own !== this.#host.phrases) this.#speak(this.words.locale);
    const wanted = this.#read();
    if (wanted === this.#wanted) return;
    this.#wanted = wanted;
    const load = OTHERS[primary(wanted)];
    if (load === undefined) this.#use(wanted, ENGLISH);
    else void this.#fetch(wanted, load);
  }

  async #fetch(wanted: string, load: FetchPhrases<Phrases>): Promise<void> {
    try {
      const { PHRASES } = await load();
      if (this.#wanted === wanted) this.#use(wanted, PHRASES);
    } catch (error) {
      console.warn(`<festival-chat lang="${wanted}"> could not be fetched.`, error);
      setTimeout(() => {
        this.#wanted = '';
        this.#host.requestUpdate();
      }, FETCH_AGAIN_MS);
    }
  }

  #use(wanted: string, phrases: Partial<Phrases>): void {
    this.#phrases = phrases;
    // Where there are no words of a language, its way of writing times would stand among English ones.
    this.#speak(phrases === ENGLISH && primary(wanted) !== 'en' ? 'en' : wanted);
  }

  #speak(locale: string): void {
    this.#own = this.#host.phrases;
    this.words = new Words(locale, { ...this.#more, ...this.#phrases, ...this.#own });
    this.#host.requestUpdate();
  }

  /** The element's own language, else the page's around it, else the browser's. */
  #read(): string {
    const named = this.#host.closest('[lang]')?.getAttribute('lang');
    return LANGUAGE.exec(named ?? '')?.[0] ?? LANGUAGE.exec(navigator.language)?.[0] ?? 'en';
  }
}

function primary(tag: string): string {
  return tag.toLowerCase().split('-', 1)[0] ?? 'en';
}
