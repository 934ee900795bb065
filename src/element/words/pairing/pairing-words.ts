// Words for pairing in the language of the words around it.

import type { Words } from '../words.js';
import type { PhraseKey } from '../english.js';
import type { FetchPhrases, InEachLanguage } from '../language.js';
import { PAIRING_ENGLISH } from './english.js';
import type { PairingPhraseKey, PairingPhrases } from './english.js';

export type PairingWords = Words<PhraseKey | PairingPhraseKey>;

const OTHERS: Readonly<Record<string, FetchPhrases<PairingPhrases>>> = {
  ar: () => import('./arabic.js'),
  de: () => import('./german.js'),
  es: () => import('./spanish.js'),
  fr: () => import('./french.js'),
  pt: () => import('./portuguese.js'),
} satisfies InEachLanguage<PairingPhrases>;

/** English where there is no other, or it cannot be fetched. */
export async function pairingWords(words: Words): Promise<PairingWords> {
  const language = words.locale.split('-', 1)[0] ?? 'en';
  const phrases = await OTHERS[language]?.().catch(() => null);
  return words.with<PairingPhraseKey>(phrases?.PHRASES ?? PAIRING_ENGLISH);
}
