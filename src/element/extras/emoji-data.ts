// All emoji with their names, in the language of the page where Unicode's data has it. Fetched when the picker opens.

export interface Emoji {
  readonly unicode: string;
  /** Its name, for screen readers and for finding it. */
  readonly label: string;
  readonly tags: readonly string[];
  readonly group: number;
}

export interface EmojiGroup {
  readonly order: number;
  readonly name: string;
}

export interface EmojiData {
  readonly emoji: readonly Emoji[];
  readonly groups: readonly EmojiGroup[];
}

/** As the data set has them; the build leaves only these fields (see `trimmedEmoji` in rollup.config.ts). */
interface CompactEmoji {
  readonly unicode: string;
  readonly label: string;
  readonly tags?: readonly string[];
  readonly group?: number;
}

interface Messages {
  readonly groups: readonly { readonly key: string; readonly message: string; readonly order: number }[];
}

type Load = () => Promise<readonly [{ readonly default: readonly CompactEmoji[] }, { readonly default: Messages }]>;

/** Parts of people (skin tones, hair), which are no emoji by themselves. */
const COMPONENT = 'component';

const DATA: Readonly<Record<string, Load>> = {
  en: () =>
    Promise.all([
      import('emojibase-data/en/compact.json', { with: { type: 'json' } }),
      import('emojibase-data/en/messages.json', { with: { type: 'json' } }),
    ]),
  de: () =>
    Promise.all([
      import('emojibase-data/de/compact.json', { with: { type: 'json' } }),
      import('emojibase-data/de/messages.json', { with: { type: 'json' } }),
    ]),
  es: () =>
    Promise.all([
      import('emojibase-data/es/compact.json', { with: { type: 'json' } }),
      import('emojibase-data/es/messages.json', { with: { type: 'json' } }),
    ]),
  fr: () =>
    Promise.all([
      import('emojibase-data/fr/compact.json', { with: { type: 'json' } }),
      import('emojibase-data/fr/messages.json', { with: { type: 'json' } }),
    ]),
  pt: () =>
    Promise.all([
      import('emojibase-data/pt/compact.json', { with: { type: 'json' } }),
      import('emojibase-data/pt/messages.json', { with: { type: 'json' } }),
    ]),
};

/** Where the language has no data (Arabic), names are English. @throws when it cannot be fetched */
export async function loadEmoji(locale: string): Promise<EmojiData> {
  const load = DATA[locale.toLowerCase().split('-', 1)[0] ?? 'en'] ?? DATA['en'];
  if (load === undefined) throw new Error('there is no emoji data');
  const [{ default: all }, { default: messages }] = await load();
  const groups = messages.groups
    .filter(({ key }) => key !== COMPONENT)
    .map(({ order, message }) => ({ order, name: message }));
  const shown = new Set(groups.map(({ order }) => order));
  const emoji = all.flatMap(({ unicode, label, tags = [], group }) =>
    group !== undefined && shown.has(group) ? [{ unicode, label, tags, group }] : [],
  );
  return { emoji, groups };
}
