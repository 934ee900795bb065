// The code that a page of the guide shows: what is shown is what is tested.

import { readFileSync } from 'node:fs';

/** Blocks of one language below a heading, up to the next. @throws {Error} when there is none */
export function codeUnder(path: string, heading: string, language: string): string[] {
  const text = readFileSync(path, 'utf8');
  const section = text.split(/^(?=## )/m).find((part) => part.startsWith(`## ${heading}\n`)) ?? '';
  const blocks = [...section.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].filter((match) => match[1] === language);
  if (blocks.length === 0) throw new Error(`${path} shows no ${language} below "${heading}"`);
  return blocks.map((match) => match[2] ?? '');
}
