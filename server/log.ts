// One JSON line an event. Never what people write, never tokens, rooms or addresses.

import { pino } from 'pino';
import type { ServerEvent } from './events.js';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export interface Logger {
  log(level: LogLevel, event: string, facts?: Readonly<Record<string, string | number | boolean>>): void;
}

/** JSON escapes control characters, so no fact can forge a line. */
export function jsonLogger(write: (line: string) => void, lowest: LogLevel = 'info'): Logger {
  const lines = pino(
    {
      level: lowest,
      base: null,
      messageKey: 'event',
      timestamp: () => `,"at":"${new Date().toISOString()}"`,
      formatters: { level: (level) => ({ level }) },
    },
    { write },
  );
  return { log: (level, event, facts = {}) => lines[level](facts, event) };
}

export const silentLogger: Logger = { log: () => undefined };

/** What an operator reads of an event. What comes with every visitor is told at `debug`, what needs a look at `warn`. */
export function logEvent(logger: Logger, event: ServerEvent): void {
  switch (event.type) {
    case 'socket-closed':
      if (event.why === 'gone' || event.why === 'draining') logger.log('debug', 'socket closed', { why: event.why });
      else logger.log('info', 'socket cut', { why: event.why });
      return;
    case 'socket-turned-away':
      logger.log('debug', 'socket turned away', { why: event.why });
      return;
    case 'refused':
      logger.log('debug', 'refused', { code: event.code, count: event.count });
      return;
    case 'flags-changed':
      logger.log('warn', 'flags changed', { ...event.flags });
      return;
    case 'administration-locked':
      logger.log('warn', 'administration locked for an address');
      return;
    case 'listening':
      logger.log('info', 'listening');
      return;
    case 'draining':
      logger.log('info', 'draining', { sockets: event.sockets });
      return;
    case 'socket-opened':
    case 'member-joined':
    case 'member-left':
    case 'stored':
    case 'signal-relayed':
    case 'link-measured':
    case 'server-measured':
  }
}
