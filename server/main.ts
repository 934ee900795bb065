#!/usr/bin/env node
// Starts the server from the environment and the flags, and ends it on a signal. Nothing else.

import { jsonLogger } from './log.js';
import type { Logger } from './log.js';
import { createServer } from './server.js';
import type { CompanionServer } from './server.js';
import { readSettings } from './settings.js';

/** Longest wait for an orderly end. */
const CLOSE_MS = 8_000;

let server: CompanionServer;
let logger: Logger;
try {
  const settings = readSettings(process.env, process.argv.slice(2));
  logger = jsonLogger((line) => process.stderr.write(line), settings.logLevel);
  if ((settings.server.origins ?? []).length === 0) {
    logger.log('warn', 'any origin may connect', { set: 'FESTIVAL_CHAT_ORIGINS' });
  }
  // Cloud Run names itself so. Its disk is memory, and it starts a second instance when it likes.
  const { data, redisUrl } = settings.server;
  if (process.env['K_SERVICE'] !== undefined && redisUrl === undefined && data !== ':memory:') {
    logger.log('warn', 'an embedded database needs a persistent disk and one instance', { see: 'OPERATING.md' });
  }
  server = createServer({ ...settings.server, logger });
  const { url } = await server.listen();
  process.stdout.write(`festival-chat is listening on ${url}\n`);
} catch (error) {
  process.stderr.write(`festival-chat cannot start: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

function end(code: number): void {
  setTimeout(() => process.exit(1), CLOSE_MS).unref();
  server.close().then(
    () => process.exit(code),
    () => process.exit(1),
  );
}

process.once('SIGTERM', () => end(0));
process.once('SIGINT', () => end(0));
process.on('uncaughtException', (error) => {
  logger.log('error', 'uncaught', { name: error.name, stack: error.stack ?? '' });
  end(1);
});
