// Words: each language whole, plural and number forms, the page's own phrases.

import { expect } from '@open-wc/testing';
import { ENGLISH_MORE } from '../../../src/element/words/english-more.js';
import { ENGLISH } from '../../../src/element/words/english.js';
import type { Phrases } from '../../../src/element/words/english.js';
import { PHRASES as ARABIC } from '../../../src/element/words/arabic.js';
import { PHRASES as FRENCH } from '../../../src/element/words/french.js';
import { PHRASES as GERMAN } from '../../../src/element/words/german.js';
import { PHRASES as PORTUGUESE } from '../../../src/element/words/portuguese.js';
import { PHRASES as SPANISH } from '../../../src/element/words/spanish.js';
import { Words } from '../../../src/element/words/words.js';
import { ScriptedChat } from '../../../stories/scripted-chat.js';
import { composerText, inside, part, show } from './show.js';
import { waitUntil } from '../../support/wait-in-browser.js';

const ENGLISH_WHOLE: Phrases = { ...ENGLISH, ...ENGLISH_MORE };
const LANGUAGES = { ar: ARABIC, de: GERMAN, es: SPANISH, fr: FRENCH, pt: PORTUGUESE } as const;

/** Names in braces of all forms of a phrase. */
function placeholders(phrase: Phrases[keyof Phrases]): string {
  const forms = typeof phrase === 'string' ? [phrase] : [phrase.other];
  return [...new Set(forms.flatMap((form) => [...form.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)))].sort().join();
}

describe('words', () => {
  for (const [language, phrases] of Object.entries(LANGUAGES)) {
    it(`${language} has every phrase, with the same placeholders`, () => {
      expect(Object.keys(phrases).sort()).to.deep.equal(Object.keys(ENGLISH_WHOLE).sort());
      for (const key of Object.keys(ENGLISH_WHOLE) as (keyof Phrases)[]) {
        expect(placeholders(phrases[key]), key).to.equal(placeholders(ENGLISH_WHOLE[key]));
      }
    });
  }

  it('numbers and plural forms are the language’s own', () => {
    expect(new Words('de', GERMAN).say('newMessages', { n: 1 })).to.equal('1 neue Nachricht');
    expect(new Words('de', GERMAN).say('peopleHere', { n: 12_345 })).to.equal('12.345 hier');
    expect(new Words('ar', ARABIC).say('newMessages', { n: 2 })).to.equal('رسالتان جديدتان');
    expect(new Words('ar', ARABIC).say('newMessages', { n: 5 })).to.match(/رسائل جديدة/);
    expect(new Words('en', ENGLISH_WHOLE).say('heardOne', { name: '{text}', text: 'x' })).to.equal('{text}: x');
  });

  it('takes the element’s language, turns Arabic around, and goes back', async () => {
    const element = await show(new ScriptedChat(), { lang: 'ar-EG' });
    const send = (): string | null | undefined =>
      part(element, 'fc-composer').querySelector('[part=send]')?.getAttribute('aria-label');
    await waitUntil(() => send() === 'إرسال');
    expect(inside(element).querySelector('.root')?.getAttribute('dir')).to.equal('rtl');
    element.setAttribute('lang', 'en');
    await waitUntil(() => send() === 'Send');
    expect(inside(element).querySelector('.root')?.getAttribute('dir')).to.equal('ltr');
    expect(composerText(element)).to.equal('');
  });

  for (const lang of ['xx', 'not a language', 'de-de-de-de', 'sl-rozaj-biske', '']) {
    it(`lang="${lang}" breaks nothing`, async () => {
      const element = await show(new ScriptedChat(), { lang });
      expect(part(element, 'fc-composer').querySelector('textarea')).to.not.equal(null);
    });
  }

  it('the page’s own phrases win', async () => {
    const element = await show(new ScriptedChat());
    element.phrases = { send: 'Shout' };
    await waitUntil(
      () => part(element, 'fc-composer').querySelector('[part=send]')?.getAttribute('aria-label') === 'Shout',
    );
  });
});
