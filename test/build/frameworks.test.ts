// The samples of the framework notes compile against the package as it is built, and would not with another event.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { codeUnder } from '../support/guide-code.js';

const NOTES = 'stories/guide/text/frameworks.md';
/** Inside the package, so that `festival-chat` is its own name. */
const FOLDER = 'test-results/frameworks';

const [react = ''] = codeUnder(NOTES, 'React', 'tsx');
const [vue = ''] = codeUnder(NOTES, 'Vue', 'vue');
const [svelte = ''] = codeUnder(NOTES, 'Svelte', 'svelte');
const [client = ''] = codeUnder(NOTES, 'No framework, no element', 'ts');

before(() => {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  write('tsconfig.json', JSON.stringify(configuration()));
  write('vue.d.ts', codeUnder(NOTES, 'Vue', 'ts')[0] ?? '');
  write('svelte.d.ts', codeUnder(NOTES, 'Svelte', 'ts')[0] ?? '');
  write('react.tsx', react);
  write('client.ts', client);
  write('chat.vue', vue);
  write('chat.svelte', svelte);
  write('wrong.tsx', wrong(react));
  write('wrong.vue', wrong(vue));
  write('wrong.svelte', wrong(svelte));
});
after(() => rmSync(FOLDER, { recursive: true, force: true }));

test('React, Vue and the client alone', () => {
  assert.deepEqual(complaints('vue-tsc', '--noEmit', '-p', FOLDER), ['wrong.tsx', 'wrong.vue']);
});

test('Svelte', () => {
  const found = complaints('svelte-check', '--workspace', FOLDER, '--tsconfig', 'tsconfig.json', '--output', 'machine');
  assert.deepEqual(found, ['wrong.svelte', 'wrong.tsx']);
});

/** The files that a compiler complains of. Asserts that it ran. */
function complaints(command: string, ...args: readonly string[]): string[] {
  const { stdout, error } = spawnSync(`node_modules/.bin/${command}`, args, { encoding: 'utf8' });
  assert.equal(error, undefined);
  const named = [...stdout.matchAll(/([\w-]+\.(?:tsx?|vue|svelte))(?=\(|" \d|:)/g)].map((match) => match[1] ?? '');
  assert.ok(named.length > 0, stdout);
  return [...new Set(named)].sort();
}

/** The same with the listener of another event. */
function wrong(sample: string): string {
  return sample.replaceAll('FcMessageEvent', 'FcUnreadEvent').replaceAll('event.message.text', 'String(event.count)');
}

function write(name: string, text: string): void {
  writeFileSync(`${FOLDER}/${name}`, text);
}

function configuration(): object {
  return {
    extends: '../../tsconfig.base.json',
    compilerOptions: {
      jsx: 'react-jsx',
      lib: ['ES2022', 'DOM', 'DOM.Iterable'],
      module: 'ESNext',
      moduleResolution: 'bundler',
      types: [],
      noEmit: true,
      declaration: false,
      sourceMap: false,
    },
    include: ['.'],
  };
}
