// Every rule of PROTOCOL.md is named by a test, and no test names a rule that is not there.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { titlesIn } from '../support/test-titles.js';

/** The rule's id at the head of its line. */
const RULE = /^- \*\*([A-Z]\d+)\*\*/gm;
const NAMED = /\[([A-Z]\d+)\]/g;

const rules = matches(RULE, readFileSync('src/protocol/PROTOCOL.md', 'utf8'));
const files = readdirSync('test', { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.test.ts'));
const titles = files.flatMap((path) => titlesIn(`test/${path}`));
const named = titles.flatMap((title) => matches(NAMED, title));

test('each rule of PROTOCOL.md has an id of its own', () => {
  assert.ok(rules.length > 0);
  assert.equal(new Set(rules).size, rules.length);
});

test('each rule of PROTOCOL.md is named by a test', () => {
  assert.deepEqual(
    rules.filter((rule) => !named.includes(rule)),
    [],
  );
});

test('each rule that a test names is in PROTOCOL.md', () => {
  assert.deepEqual(
    titles.filter((title) => matches(NAMED, title).some((rule) => !rules.includes(rule))),
    [],
  );
});

/** What the pattern's group holds in each of its matches. */
function matches(pattern: RegExp, text: string): string[] {
  return [...text.matchAll(pattern)].map((match) => match[1] ?? '');
}
