// Builds the simulator with one line of the core changed.

import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { build } from 'esbuild';
import type { Mutant } from './mutants.js';

const HUNT = 'test/simulation/mutations/hunt.ts';

/** Writes the bundle to `outfile`; without a mutant the core is as it is. */
export async function bundle(outfile: string, mutant?: Mutant): Promise<void> {
  const target = mutant === undefined ? null : resolve(mutant.file);
  let isApplied = mutant === undefined;
  await build({
    entryPoints: [HUNT],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
    plugins: [
      {
        name: 'mutate',
        setup: ({ onLoad }) => {
          onLoad({ filter: /\/src\/core\/.*\.ts$/ }, async ({ path }) => {
            if (mutant === undefined || path !== target) return undefined;
            isApplied = true;
            return { contents: mutate(await readFile(path, 'utf8'), mutant), loader: 'ts' };
          });
        },
      },
    ],
  });
  if (!isApplied) throw new Error(`${mutant?.file ?? ''} is no part of the simulator`);
}

/** @throws {Error} when the text to change is not there exactly once */
export function mutate(source: string, { name, find, replace }: Mutant): string {
  const parts = source.split(find);
  if (parts.length !== 2) throw new Error(`${name}: its text occurs ${String(parts.length - 1)} times`);
  return parts.join(replace);
}
