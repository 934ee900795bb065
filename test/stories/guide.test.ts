// The guide says what is there, in the words that are there, and each of its links leads somewhere.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { describe, test } from 'node:test';
import { FestivalChat } from '../../src/element/festival-chat.js';
import { ENGLISH_MORE } from '../../src/element/words/english-more.js';
import { ENGLISH } from '../../src/element/words/english.js';
import { PAGES, pageOf } from '../../stories/guide/pages.js';
import { referenceOf, referencePage } from '../../stories/guide/reference.js';
import type { Manifest } from '../../stories/guide/reference.js';
import { titlesIn } from '../support/test-titles.js';
import { BuiltStories } from './built-stories.js';

const manifest = JSON.parse(readFileSync('dist/custom-elements.json', 'utf8')) as Manifest;
const reference = referenceOf(manifest);
const names = (all: readonly { readonly name: string }[]): string[] => all.map(({ name }) => name).sort();
const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => readFileSync(`src/${path}`, 'utf8'));
/** What the pattern's group holds anywhere in the sources, each once. */
const inSources = (pattern: RegExp): string[] => [
  ...new Set(sources.flatMap((source) => [...source.matchAll(pattern)].map((match) => match[1] ?? ''))),
];

describe('the reference, and what the element has', () => {
  test('attributes', () => {
    assert.deepEqual(names(reference.attributes), [...new Set(FestivalChat.observedAttributes)].sort());
  });

  test('events', () => {
    assert.deepEqual(names(reference.events), inSources(/static readonly type = '(fc-[a-z]+)'/g).sort());
  });

  test('what each event carries', () => {
    const classes = /static readonly type = '(fc-[a-z]+)';\s+constructor\(([^)]*)\)/g;
    const carried = sources.flatMap((source) =>
      [...source.matchAll(classes)].map(([, name = '', fields = '']) => {
        const all = [...fields.matchAll(/readonly (\w+):/g)].map((match) => `\`${match[1] ?? ''}\``);
        return { name, ends: all.length === 0 ? '.' : ` (${all.join(', ')}).` };
      }),
    );
    assert.ok(carried.some(({ ends }) => ends === ' (`message`, `isNew`).'));
    const told = new Map(reference.events.map(({ name, description = '' }) => [name, description]));
    assert.deepEqual(
      carried.filter(({ name, ends }) => told.get(name)?.endsWith(ends) !== true),
      [],
    );
  });

  test('custom properties', () => {
    assert.deepEqual(names(reference.tokens), inSources(/var\((--fc-[a-z-]+)/g).sort());
  });

  test('parts', () => {
    // What stands in the element's own root: its template, and that of what is fetched later.
    const own = ['festival-chat.ts', 'extras/chat-extras.ts'].map((path) =>
      readFileSync(`src/element/${path}`, 'utf8'),
    );
    const lists = [...own.join('\n').matchAll(/exportparts="([^"$]+)"|\bpart="([^"$]+)"/g)];
    const handedOn = lists.flatMap(([, exported, part]) => (exported ?? part ?? '').split(/,\s*|\s+/));
    const missing = handedOn.filter((part) => !names(reference.parts).includes(part));
    assert.deepEqual(missing, [], 'handed on, and in no docblock');
    const all = sources.join('\n');
    const unknown = names(reference.parts).filter((part) => !new RegExp(`part[^\\n]*\\b${part}\\b`).test(all));
    assert.deepEqual(unknown, [], 'in a docblock, and nowhere in a template');
  });

  test('slots', () => {
    const slots = /<slot name="([a-z-]+)"/g;
    const rendered = [...readFileSync('src/element/festival-chat.ts', 'utf8').matchAll(slots)].map((each) => each[1]);
    assert.deepEqual(names(reference.slots), rendered.sort());
  });

  test('each has a sentence', () => {
    const all: readonly { readonly name: string; readonly description?: string }[] = Object.values(reference).flat();
    const silent = all.filter(({ description = '' }) => !/[.)]$/.test(description.trim()));
    assert.deepEqual(names(silent), []);
  });
});

test('the attributes in the README are the element’s', () => {
  const [, table = ''] = /## The element\n([\s\S]*?)\n## /.exec(readFileSync('README.md', 'utf8')) ?? [];
  const cells = [...table.matchAll(/^\| ([^|]*) \|/gm)].map((match) => match[1] ?? '').slice(1);
  const told = cells.flatMap((cell) => [...cell.matchAll(/`([a-z-]+)`/g)].map((match) => match[1]));
  assert.deepEqual(
    told.sort(),
    names(reference.attributes).filter((name) => name !== 'open'),
  );
});

test('troubleshooting has every finding, reason and advice, and why nothing notifies, in the words of the chat', () => {
  const page = readFileSync('stories/guide/text/troubleshooting.md', 'utf8');
  const missing = Object.entries({ ...ENGLISH, ...ENGLISH_MORE })
    .filter(
      ([key]) => /^((finding|advice|reason)-|notify[RC])/.test(key) && !/-(starting|joining|left|connected)$/.test(key),
    )
    .map(([, phrase]) => phrase as string)
    .filter((phrase) => !page.includes(phrase));
  assert.deepEqual(missing, []);
});

test('each claim of the threat model names a test that exists', () => {
  const named = [...readFileSync('stories/guide/text/threat-model.md', 'utf8').matchAll(/`(test\/[^`]+)`: “([^”]+)”/g)];
  assert.ok(named.length > 0);
  const wrong = named.filter(([, path = '', title = '']) => !existsSync(path) || !titlesIn(path).includes(title));
  assert.deepEqual(
    wrong.map(([whole]) => whole),
    [],
  );
});

describe('links', () => {
  const pages = { ...Object.fromEntries(Object.keys(PAGES).map((path) => [path, readFileSync(path, 'utf8')])) };
  const built = BuiltStories.entries.map(({ id }) => id);

  for (const path of [...Object.keys(PAGES), 'README.md', 'SECURITY.md', 'CHANGELOG.md']) {
    test(`of ${path}: each file is there`, () => {
      const text = readFileSync(path, 'utf8');
      const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? '');
      const local = targets.filter((target) => !/^https?:/.test(target));
      const wrong = local.filter((target) => !leadsSomewhere(target, path));
      assert.deepEqual(wrong, []);
    });
  }

  for (const [path, text] of Object.entries(pages)) {
    test(`of ${path}: as a page of Storybook each leads to a page of it`, () => {
      const ids = [...pageOf(path, text).matchAll(/\]\(\.\/\?path=\/(?:docs|story)\/([^)#]+)/g)].map(
        (match) => match[1],
      );
      assert.deepEqual(
        ids.filter((id) => !built.includes(id ?? '')),
        [],
      );
    });
  }

  test('each page is built, and so is the reference', () => {
    const wanted = [...Object.values(PAGES), 'reference'].map((name) => `guide-${name.replaceAll(' ', '-')}--docs`);
    assert.deepEqual(
      wanted.filter((id) => !built.includes(id)),
      [],
    );
    assert.match(
      referencePage(manifest),
      /`sendMessage\(text: string, options\?: SendOptions\): Promise<ChatMessage>`/,
    );
  });
});

/** To a file or a folder, and to a heading of it where one is named. */
function leadsSomewhere(target: string, from: string): boolean {
  const [file = '', anchor] = target.split('#');
  const path = file === '' ? from : new URL(file, `file:///${from}`).pathname.slice(1);
  if (!existsSync(path)) return false;
  return anchor === undefined || headings(readFileSync(path, 'utf8')).includes(anchor);
}

/** As GitHub and Storybook name them. */
function headings(text: string): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map((match) =>
    (match[1] ?? '')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s-]/gu, '')
      .trim()
      .replaceAll(/\s/g, '-'),
  );
}
