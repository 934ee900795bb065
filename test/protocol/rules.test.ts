// Every rule of PROTOCOL.md is named by a test, and no test names a rule that is not there.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

/** The rule's id at the head of its line. */
const RULE = /^- \*\*([A-Z]\d+)\*\*/gm;
/** A test and its title, on the same line or the next. */
const TITLE = /\b(?:test|it)(?:\.only|\.skip)?\(\s*(?:'((?:\\.|[^'\\])*)'|"((?:\\.|[^"\\])*)"|`((?:\\.|[^`\\])*)`)/g;
const NAMED = /\[([A-Z]\d+)\]/g;

const rules = matches(RULE, readFileSync('src/protocol/PROTOCOL.md', 'utf8'));
const files = readdirSync('test', { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.test.ts'));
const titles = files.flatMap((path) => matches(TITLE, readFileSync(`test/${path}`, 'utf8')));
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

/** What the pattern's group holds in each of its matches; of several groups, whichever has taken part. */
function matches(pattern: RegExp, text: string): string[] {
  return [...text.matchAll(pattern)].map((match) => match.slice(1).join(''));
}
