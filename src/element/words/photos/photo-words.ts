// Words for photos in the language of the words around them.

import type { Words } from '../words.js';
import type { PhraseKey } from '../english.js';
import type { FetchPhrases, InEachLanguage } from '../language.js';
import { PHOTO_ENGLISH } from './english.js';
import type { PhotoPhraseKey, PhotoPhrases } from './english.js';

export type PhotoWords = Words<PhraseKey | PhotoPhraseKey>;

const OTHERS: Readonly<Record<string, FetchPhrases<PhotoPhrases>>> = {
  ar: () => import('./arabic.js'),
  de: () => import('./german.js'),
  es: () => import('./spanish.js'),
  fr: () => import('./french.js'),
  pt: () => import('./portuguese.js'),
} satisfies InEachLanguage<PhotoPhrases>;

/** English where there is no other, or it cannot be fetched. */
export async function photoWords(words: Words): Promise<PhotoWords> {
  const language = words.locale.split('-', 1)[0] ?? 'en';
  const phrases = await OTHERS[language]?.().catch(() => null);
  return words.with<PhotoPhraseKey>(phrases?.PHRASES ?? PHOTO_ENGLISH);
}
