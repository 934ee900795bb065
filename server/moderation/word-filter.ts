// Words the organiser does not want: compared as people read them, whole words only, so that nobody is refused for a
// part of a harmless one.

/** Letters that stand for others where somebody wants to get past a list. */
const LOOKALIKES: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  $: 's',
  '@': 'a',
};

export class WordFilter {
  readonly #words: ReadonlySet<string>;

  /** @param words in any case, with or without accents; empty: everything passes */
  constructor(words: readonly string[]) {
    this.#words = new Set(words.map(plain));
  }

  objectsTo(text: string): boolean {
    if (this.#words.size === 0) return false;
    return plain(text)
      .split(/[^\p{L}\p{N}]+/u)
      .some((word) => this.#words.has(word));
  }
}

function plain(text: string): string {
  const letters = text.normalize('NFKD').toLowerCase().replace(/\p{M}/gu, '');
  return letters.replace(/[013457$@]/g, (letter) => LOOKALIKES[letter] ?? letter);
}
