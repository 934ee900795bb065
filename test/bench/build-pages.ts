// Makes what the bench runs: one script for each contender's page, and the servers of those who bring none.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { build } from 'esbuild';

export const BENCH_FOLDER = 'test/bench';
/** In the tree of the bench's own packages, so that their modules are found; ignored by git like every `dist`. */
export const BENCH_BUILD = `${BENCH_FOLDER}/dist`;

const PAGES = [
  ...['festival-chat', 'festival-chat-client', 'raw-channel', 'socket-io', 'stamps'],
  ...['simple-peer', 'peerjs', 'trystero', 'y-webrtc'],
  ...['list-festival-chat', 'list-deep-chat'],
];

export async function buildPages(): Promise<void> {
  installContenders();
  await build({
    entryPoints: PAGES.map((page) => `${BENCH_FOLDER}/pages/${page}.ts`),
    outdir: `${BENCH_BUILD}/pages`,
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    external: ['/festival-chat.js'],
    logLevel: 'warning',
  });
  await build({
    entryPoints: [`${BENCH_FOLDER}/servers/relay.ts`, `${BENCH_FOLDER}/servers/nostr-relay.ts`],
    outdir: BENCH_BUILD,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    logLevel: 'warning',
  });
}

/** They are no part of `npm ci`: only who measures needs them. */
function installContenders(): void {
  if (existsSync(`${BENCH_FOLDER}/node_modules/.package-lock.json`)) return;
  process.stdout.write('installing the contenders\n');
  const args = ['ci', '--prefix', BENCH_FOLDER, '--no-audit', '--no-fund', '--silent'];
  if (spawnSync('npm', args, { stdio: 'inherit' }).status !== 0)
    throw new Error('the contenders could not be installed');
}
