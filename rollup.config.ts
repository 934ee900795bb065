// What browsers get: the widget, one module with what every page needs and chunks fetched when they are used; and the
// operator's dashboard.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import minifyTemplates from '@lit-labs/rollup-plugin-minify-html-literals';
import commonjs from '@rollup/plugin-commonjs';
import json from '@rollup/plugin-json';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import terser from '@rollup/plugin-terser';
import { build } from 'esbuild';
import type { OutputChunk, Plugin, RollupOptions } from 'rollup';
import esbuild from 'rollup-plugin-esbuild';
import { leanPeer, settled, textOnlySocket, withoutCut, withoutUnreached } from './rollup.libraries.js';
import { knownLimits, plainProperties } from './rollup.sources.js';

/**
 * Bytes of gzip. The first load is what has to be there before the first message can be: Lit (5 KB), socket.io-client
 * (7 KB), valibot (2 KB), idb (1 KB), protocol and core (17 KB), the engine (9 KB) and the element (11 KB). On one bar of
 * signal, 100 kbit/s, 40 KB take three seconds. The mesh is simple-peer (4 KB) and the core's side of links. `goal` is
 * what we want; `ceiling` is what was reached: it is lowered when less is, and raised only for what mends a fault.
 */
const BUDGETS = {
  firstLoad: { goal: 40 * 1024, ceiling: 52.6 * 1024 },
  mesh: { goal: 35 * 1024, ceiling: 18.75 * 1024 },
  /** A desk's page, read by a few: Lit, and fifteen elements. */
  dashboard: { goal: 30 * 1024, ceiling: 30 * 1024 },
} as const;

const widget: RollupOptions = {
  input: { 'festival-chat': 'src/define.ts' },
  preserveEntrySignatures: 'exports-only',
  // The socket's client does not say of itself that only what is used of it need be there.
  treeshake: { moduleSideEffects: (id) => !/\/node_modules\/(?:socket|engine)\.io-client\//.test(id) },
  output: {
    dir: 'dist',
    format: 'es',
    sourcemap: true,
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name]-[hash].js',
  },
  plugins: [
    minifiedTemplates(),
    // Its resolver passes over the `browser` map of engine.io-client and would bundle Node's transports.
    withoutResolver(esbuild({ target: 'es2022', tsconfig: 'tsconfig.browser.json' })),
    plainProperties(),
    knownLimits(),
    textOnlySocket(),
    withoutUnreached(),
    settled(),
    leanPeer(),
    withoutCut(),
    development(),
    typescriptSuffix(),
    nodeResolve({ browser: true, extensions: ['.ts', '.mjs', '.js'] }),
    trimmedEmoji(),
    json({ compact: true, namedExports: false, preferConst: true }),
    commonjs(),
    minified(),
    offline(),
    sizes(),
  ],
};

const dashboard: RollupOptions = {
  input: { dashboard: 'server/dashboard/main.ts' },
  output: { dir: 'dist/dashboard', format: 'es', sourcemap: false, entryFileNames: '[name].js' },
  plugins: [
    minifiedTemplates(),
    withoutResolver(esbuild({ target: 'es2022', tsconfig: 'tsconfig.browser.json' })),
    typescriptSuffix(),
    nodeResolve({ browser: true, extensions: ['.ts', '.mjs', '.js'] }),
    minified(),
    beside('server/dashboard', ['index.html', 'icon.svg']),
    dashboardSize(),
  ],
};

/** The part of the core and the engine that has links, and simple-peer. */
const MESH_CHUNKS: readonly string[] = ['mesh-chunk', 'peer-link'];

export default [widget, dashboard];

function minifiedTemplates(): Plugin {
  return minifyTemplates({
    include: ['src/element/**', 'server/dashboard/**'],
    failOnError: true,
    // In SVG a circle without its slash would swallow the path after it.
    options: { minifyOptions: { keepClosingSlash: true } },
  });
}

function minified(): Plugin {
  // Getters here do nothing but read; methods are never made with `new`.
  const compress = {
    passes: 3,
    keep_fargs: false,
    pure_getters: true,
    unsafe_arrows: true,
    unsafe_methods: true,
    // What simple-peer would tell a developer.
    pure_funcs: ['this._debug'],
  };
  return terser({ ecma: 2022, module: true, compress, format: { comments: false } });
}

/** Files that stand beside the bundle as they are. */
function beside(folder: string, names: readonly string[]): Plugin {
  return {
    name: 'beside',
    generateBundle() {
      for (const fileName of names) {
        this.emitFile({ type: 'asset', fileName, source: readFileSync(`${folder}/${fileName}`) });
      }
    },
  };
}

function dashboardSize(): Plugin {
  return {
    name: 'dashboard-size',
    writeBundle(_options, bundle) {
      const chunks = Object.values(bundle).filter((output): output is OutputChunk => output.type === 'chunk');
      check('dashboard', chunks, BUDGETS.dashboard);
    },
  };
}

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

/** A build to try things out in: FESTIVAL_CHAT_DEVELOPMENT=1 npm run build:bundle. */
function development(): Plugin {
  return {
    name: 'development',
    load(id) {
      const isAsked = process.env['FESTIVAL_CHAT_DEVELOPMENT'] === '1';
      return isAsked && id.endsWith('/src/engine/development.ts') ? 'export const IS_DEVELOPMENT = true;' : null;
    },
  };
}

/** The data set has eight fields an emoji, and skin tones as emoji of their own; the picker shows four. */
function trimmedEmoji(): Plugin {
  return {
    name: 'trimmed-emoji',
    transform(code, id) {
      if (!id.includes('emojibase-data')) return null;
      const data = JSON.parse(code) as Record<string, unknown>[] | { groups: unknown };
      const trimmed = Array.isArray(data)
        ? data.map(({ unicode, label, tags, group }) => ({ unicode, label, tags, group }))
        : { groups: data.groups };
      return { code: JSON.stringify(trimmed), map: null };
    },
  };
}

/** Data sets that are kept when they are used, not before: 200 KB that open no chat. */
const NOT_OFFLINE = /emojibase-data/;

/** The service worker, which knows the name of every file of the widget, and what a page adds to have it. */
function offline(): Plugin {
  return {
    name: 'offline',
    async generateBundle(_options, output) {
      const chunks = Object.values(output).filter((file): file is OutputChunk => file.type === 'chunk');
      const wanted = chunks.filter((chunk) => !NOT_OFFLINE.test(chunk.facadeModuleId ?? ''));
      const hash = createHash('sha256');
      for (const { code } of wanted) hash.update(code);
      const bundle = { files: wanted.map((chunk) => chunk.fileName), version: hash.digest('hex').slice(0, 16) };
      for (const [name, entry, format] of [
        ['festival-chat-worker', 'worker', 'iife'],
        ['festival-chat-offline', 'festival-chat-offline', 'esm'],
      ] as const) {
        const built = await build({
          entryPoints: [`src/offline/${entry}.ts`],
          bundle: true,
          minify: true,
          format,
          target: 'es2022',
          write: false,
          define: { BUNDLE: JSON.stringify(bundle) },
        });
        this.emitFile({ type: 'asset', fileName: `${name}.js`, source: built.outputFiles[0]?.text ?? '' });
      }
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
