// The browser bundle: one module with what every page needs, and chunks that are fetched when they are used.

import { gzipSync } from 'node:zlib';
import commonjs from '@rollup/plugin-commonjs';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import terser from '@rollup/plugin-terser';
import type { OutputChunk, Plugin, RollupOptions } from 'rollup';
import esbuild from 'rollup-plugin-esbuild';

/**
 * Bytes of gzip. The first load holds Lit (6.9 KB), socket.io-client (13 KB), valibot (3 KB), the engine and the element:
 * on one bar of signal, 100 kbit/s, 40 KB take three seconds. The mesh is simple-peer and the core's side of links. `goal` is what we want;
 * `ceiling` is what was reached, and may only be lowered.
 */
const BUDGETS = {
  firstLoad: { goal: 40 * 1024, ceiling: 56 * 1024 },
  mesh: { goal: 35 * 1024, ceiling: 40 * 1024 },
} as const;

const config: RollupOptions = {
  input: { 'festival-chat': 'src/define.ts' },
  preserveEntrySignatures: 'exports-only',
  output: {
    dir: 'dist',
    format: 'es',
    sourcemap: true,
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name]-[hash].js',
  },
  plugins: [
    // Its resolver passes over the `browser` map of engine.io-client and would bundle Node's transports.
    withoutResolver(esbuild({ target: 'es2022', tsconfig: 'tsconfig.browser.json' })),
    typescriptSuffix(),
    nodeResolve({ browser: true, extensions: ['.ts', '.mjs', '.js'] }),
    commonjs(),
    terser({ ecma: 2020, module: true, compress: { passes: 2 }, format: { comments: false } }),
    sizes(),
  ],
};

/** The part of the core and the engine that has links, and simple-peer. */
const MESH_CHUNKS: readonly string[] = ['mesh-chunk', 'peer-link'];

export default config;

function withoutResolver({ resolveId: _, ...plugin }: Plugin): Plugin {
  return plugin;
}

/** Sources import `./part.js` as Node wants it; the file on disk is `part.ts`. */
function typescriptSuffix(): Plugin {
  return {
    name: 'typescript-suffix',
    async resolveId(source, importer) {
      if (importer === undefined || !importer.endsWith('.ts') || !source.startsWith('.') || !source.endsWith('.js')) {
        return null;
      }
      return this.resolve(source.replace(/\.js$/, '.ts'), importer, { skipSelf: true });
    },
  };
}

/** Prints what visitors download, and fails the build above the budget. */
function sizes(): Plugin {
  return {
    name: 'sizes',
    writeBundle(_options, bundle) {
      const chunks = Object.values(bundle).filter((output): output is OutputChunk => output.type === 'chunk');
      const byName = new Map(chunks.map((chunk) => [chunk.fileName, chunk]));
      const entry = chunks.find((chunk) => chunk.isEntry);
      if (entry === undefined) throw new Error('the bundle has no entry');
      const firstLoad = staticGraph(entry, byName);
      const mesh = chunks.filter((chunk) => MESH_CHUNKS.includes(chunk.name));
      const meshGraph = new Set(mesh.flatMap((chunk) => [...staticGraph(chunk, byName)]));
      const meshOnly = [...meshGraph].filter((chunk) => !firstLoad.has(chunk));
      const others = chunks.filter((chunk) => !firstLoad.has(chunk) && !meshOnly.includes(chunk));
      check('first load', [...firstLoad], BUDGETS.firstLoad);
      check('mesh', meshOnly, BUDGETS.mesh);
      for (const chunk of others) process.stdout.write(`  ${chunk.fileName}: ${kilobytes(gzipped([chunk]))} KB gzip\n`);
    },
  };
}

function staticGraph(entry: OutputChunk, byName: ReadonlyMap<string, OutputChunk>): Set<OutputChunk> {
  const graph = new Set([entry]);
  for (const chunk of graph) {
    for (const name of chunk.imports) {
      const imported = byName.get(name);
      if (imported !== undefined) graph.add(imported);
    }
  }
  return graph;
}

function check(
  what: string,
  chunks: readonly OutputChunk[],
  { goal, ceiling }: { goal: number; ceiling: number },
): void {
  const bytes = gzipped(chunks);
  const verdict = bytes > goal ? `, ${kilobytes(bytes - goal)} KB over` : '';
  process.stdout.write(`  ${what}: ${kilobytes(bytes)} KB gzip (goal ≤ ${kilobytes(goal)} KB${verdict})\n`);
  if (bytes > ceiling) throw new Error(`${what} is ${bytes} bytes of gzip, over its ceiling of ${ceiling}`);
}

function gzipped(chunks: readonly OutputChunk[]): number {
  return chunks.reduce((sum, chunk) => sum + gzipSync(chunk.code, { level: 9 }).length, 0);
}

function kilobytes(bytes: number): string {
  return (bytes / 1024).toFixed(1);
}
