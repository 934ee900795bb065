// The package as it would be published: checked by the tools made for that, without a network.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { before, test } from 'node:test';
import { ATTRIBUTE_RULES } from '../../src/element/attributes.js';
import { CLIENT_VERSION } from '../../src/engine/client-defaults.js';

interface PackageFile {
  readonly path: string;
}

interface PackageJson {
  readonly version: string;
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly bin: Readonly<Record<string, string>>;
  readonly customElements: string;
  readonly 'web-types': string;
}

interface Named {
  readonly name: string;
}

interface Attribute extends Named {
  /** What VS Code completes. */
  readonly values?: readonly Named[];
  /** What JetBrains' editors do, as a type. */
  readonly value?: { readonly type: string };
}

/** An element, as the manifest and what is made of it describe one. */
interface Declaration extends Named {
  readonly tagName?: string;
  readonly attributes?: readonly Attribute[];
  readonly cssProperties?: readonly Named[];
}

const names = (all: readonly Named[] = []): string[] => all.map(({ name }) => name).sort();

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as PackageJson;
let packed: string[] = [];
before(() => {
  const { stdout } = run('npm', 'pack', '--dry-run', '--json', '--ignore-scripts', '--silent');
  const [pack] = JSON.parse(stdout) as [{ files: PackageFile[] }];
  packed = pack.files.map(({ path }) => path);
});

test('the client names the version that is published', () => {
  assert.equal(CLIENT_VERSION, manifest.version);
});

test('publint has nothing to say', () => {
  const { status, stdout } = run('node_modules/.bin/publint', '--strict');
  assert.equal(status, 0, stdout);
});

test('each export resolves with its types, for Node and for bundlers', () => {
  const { status, stdout } = run('node_modules/.bin/attw', '--pack', '.', '--profile', 'esm-only', '--format', 'ascii');
  assert.equal(status, 0, stdout);
});

test('everything the package names is in it', () => {
  const named = [
    ...Object.values(manifest.exports).flatMap((entry) => (typeof entry === 'string' ? [entry] : Object.values(entry))),
    ...Object.values(manifest.bin),
    manifest.customElements,
    manifest['web-types'],
    'dist/vscode.html-custom-data.json',
    'dist/vscode.css-custom-data.json',
    'dist/festival-chat.js',
    'dist/festival-chat-worker.js',
    'dist/dashboard/index.html',
    'server/demo/index.html',
  ].map((path) => path.replace(/^\.\//, ''));
  assert.deepEqual(
    named.filter((path) => !packed.includes(path)),
    [],
  );
});

test('editors complete the element of a page, with all its attributes, their values and custom properties, and none of its parts', () => {
  const json = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));
  const { modules } = json(manifest.customElements) as {
    modules: readonly { declarations?: readonly Declaration[] }[];
  };
  const element = modules
    .flatMap(({ declarations = [] }) => declarations)
    .find((one) => one.tagName === 'festival-chat');
  const [attributes, properties] = [names(element?.attributes), names(element?.cssProperties)];
  assert.ok(attributes.includes('room') && properties.includes('--fc-accent'));

  const html = json('dist/vscode.html-custom-data.json') as { tags: readonly Declaration[] };
  const css = json('dist/vscode.css-custom-data.json') as { properties: readonly Named[] };
  assert.deepEqual(
    html.tags.map(({ name }) => name),
    ['festival-chat'],
  );
  assert.deepEqual(names(html.tags[0]?.attributes), attributes);
  for (const [name, rule] of Object.entries(ATTRIBUTE_RULES)) {
    const known = html.tags[0]?.attributes?.find((attribute) => attribute.name === name)?.values ?? [];
    const allowed = rule.allowed.split(', ');
    const isFixed = allowed.length > 1 && allowed.every((value) => rule.isValid(value));
    assert.deepEqual(
      known.map((value) => value.name),
      isFixed ? allowed : [],
      name,
    );
  }
  assert.deepEqual(names(css.properties), properties);

  const { contributions } = json(manifest['web-types']) as {
    contributions: { html: { elements: readonly Declaration[] }; css: { properties: readonly Named[] } };
  };
  assert.deepEqual(
    contributions.html.elements.map(({ name }) => name),
    ['festival-chat'],
  );
  assert.deepEqual(names(contributions.html.elements[0]?.attributes), attributes);
  const mesh = contributions.html.elements[0]?.attributes?.find(({ name }) => name === 'mesh');
  assert.equal(mesh?.value?.type, "'auto' | 'manual' | 'off'");
  assert.deepEqual(names(contributions.css.properties), properties);
});

test('nothing is in it that nobody needs', () => {
  const odd = packed.filter((path) =>
    /^(?:(?:test|stories|node_modules|data)\/|src\/(?!protocol\/PROTOCOL\.md$))/.test(path),
  );
  assert.deepEqual(odd, []);
  const withoutSource = packed.filter((path) => path.startsWith('dist/lib/') && path.endsWith('.map'));
  assert.deepEqual(withoutSource, [], 'maps to sources that are not there');
});

test('importing any export does nothing on a machine without a DOM', () => {
  const imports = ['festival-chat', 'festival-chat/define', 'festival-chat/client', 'festival-chat/server'];
  const script = imports.map((name) => `await import('${name}');`).join(' ');
  const { status, stderr, stdout } = run('node', '--input-type=module', '--eval', script);
  assert.equal(status, 0, stderr);
  assert.equal(stdout, '');
});

test('the changelog knows this version, or has what is to come', () => {
  const [, first] = /^## (.+)$/m.exec(readFileSync('CHANGELOG.md', 'utf8')) ?? [];
  assert.ok(first === 'Unreleased' || first?.startsWith(manifest.version) === true, first);
});

test('what the lock file installs comes from no named registry', () => {
  assert.ok(existsSync('package-lock.json'));
  assert.doesNotMatch(readFileSync('package-lock.json', 'utf8'), /"resolved": "https?:/);
});

function run(command: string, ...args: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  assert.equal(error, undefined);
  return { status, stdout, stderr };
}
