// Words for private rooms in the language of the words around them.

import type { Words } from '../words.js';
import type { PhraseKey } from '../english.js';
import type { FetchPhrases, InEachLanguage } from '../language.js';
import { CREW_ENGLISH } from './english.js';
import type { CrewPhraseKey, CrewPhrases } from './english.js';

export type CrewWords = Words<PhraseKey | CrewPhraseKey>;

const OTHERS: Readonly<Record<string, FetchPhrases<CrewPhrases>>> = {
  ar: () => import('./arabic.js'),
  de: () => import('./german.js'),
  es: () => import('./spanish.js'),
  fr: () => import('./french.js'),
  pt: () => import('./portuguese.js'),
} satisfies InEachLanguage<CrewPhrases>;

/** English where there is no other, or it cannot be fetched. */
export async function crewWords(words: Words): Promise<CrewWords> {
  const language = words.locale.split('-', 1)[0] ?? 'en';
  const phrases = await OTHERS[language]?.().catch(() => null);
  return words.with<CrewPhraseKey>(phrases?.PHRASES ?? CREW_ENGLISH);
}
