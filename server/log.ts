// One JSON line an event. Never what people write, never tokens, never addresses.

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

export interface Logger {
  log(level: LogLevel, event: string, facts?: Readonly<Record<string, string | number | boolean>>): void;
}

/** JSON escapes control characters, so no fact can forge a line. */
export function jsonLogger(write: (line: string) => void, lowest: LogLevel = 'info'): Logger {
  return {
    log(level, event, facts = {}) {
      if (LEVELS.indexOf(level) < LEVELS.indexOf(lowest)) return;
      write(JSON.stringify({ at: new Date().toISOString(), level, event, ...facts }));
    },
  };
}

export const silentLogger: Logger = { log: () => undefined };
