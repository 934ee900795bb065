// The titles of tests, as they stand in their files.

import { readFileSync } from 'node:fs';

/** A test and its title, on the same line or the next. */
const TITLE = /\b(?:test|it)(?:\.only|\.skip)?\(\s*(?:'((?:\\.|[^'\\])*)'|"((?:\\.|[^"\\])*)"|`((?:\\.|[^`\\])*)`)/g;

/** Titles made of a template stand with its `${…}`. */
export function titlesIn(path: string): string[] {
  return [...readFileSync(path, 'utf8').matchAll(TITLE)].map((match) => match.slice(1).join(''));
}
