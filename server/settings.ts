// The environment and the flags, read once, each with its check. A bad value is a sentence that names it.

import { parseArgs } from 'node:util';
import type { ServerOptions } from './server.js';
import type { LogLevel } from './log.js';

export interface Settings {
  readonly server: ServerOptions;
  readonly logLevel: LogLevel;
}

/** Variables that a later version will know. They stop the start: an operator who sets one counts on it. */
const NOT_YET = ['FESTIVAL_CHAT_JOIN_SECRET', 'FESTIVAL_CHAT_TURN_URLS', 'FESTIVAL_CHAT_TURN_SECRET'] as const;

const NAMES = [
  'PORT',
  'HOST',
  'FESTIVAL_CHAT_DATA',
  'FESTIVAL_CHAT_REDIS_URL',
  'FESTIVAL_CHAT_ORIGINS',
  'FESTIVAL_CHAT_ADMIN_TOKEN',
  'FESTIVAL_CHAT_STUN_URLS',
  'FESTIVAL_CHAT_RETENTION_HOURS',
  'FESTIVAL_CHAT_HISTORY_MAX',
  'MESH_ENABLED',
  'MESH_ROLLOUT',
  'P2P_MAX_PEERS',
  'AUTO_UPGRADE_DELAY',
  'LOG_LEVEL',
  ...NOT_YET,
] as const;
type Name = (typeof NAMES)[number];

/** @throws {Error} with one line that names the setting, its value and what is allowed */
export function readSettings(env: Readonly<Record<string, string | undefined>>, args: readonly string[]): Settings {
  const flags = readFlags(args);
  const get = (name: Name): string | undefined => {
    const value = flags.get(name) ?? env[name];
    return value === undefined || value === '' ? undefined : value;
  };
  for (const name of NOT_YET) {
    if (get(name) !== undefined) throw new Error(`${name} is not supported by this version yet`);
  }
  const number = (name: Name, low: number, high: number): number | undefined => {
    const text = get(name);
    if (text === undefined) return undefined;
    const value = Number(text);
    if (!Number.isFinite(value) || value < low || value > high || !/^\d+(\.\d+)?$/.test(text))
      fail(name, text, `${low} to ${high}`);
    return value;
  };
  const whole = (name: Name, low: number, high: number): number | undefined => {
    const value = number(name, low, high);
    if (value !== undefined && !Number.isInteger(value)) fail(name, String(value), 'a whole number');
    return value;
  };
  const list = (name: Name, check: (item: string) => boolean, allowed: string): string[] => {
    const items = (get(name) ?? '')
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '');
    for (const item of items) if (!check(item)) fail(name, item, allowed);
    return items;
  };
  const isLevel = (text: string): text is LogLevel => ['debug', 'info', 'warn', 'error'].includes(text);
  const logLevel = get('LOG_LEVEL') ?? 'info';
  if (!isLevel(logLevel)) fail('LOG_LEVEL', logLevel, 'debug, info, warn or error');
  const meshEnabled = get('MESH_ENABLED') ?? 'true';
  if (meshEnabled !== 'true' && meshEnabled !== 'false') fail('MESH_ENABLED', meshEnabled, 'true or false');
  const token = get('FESTIVAL_CHAT_ADMIN_TOKEN') ?? null;
  if (token !== null && token.length < 8) fail('FESTIVAL_CHAT_ADMIN_TOKEN', '(hidden)', 'at least 8 characters');
  const server = {
    port: whole('PORT', 0, 65_535),
    host: get('HOST'),
    data: get('FESTIVAL_CHAT_DATA'),
    redisUrl: redisUrl(get('FESTIVAL_CHAT_REDIS_URL')),
    origins: list('FESTIVAL_CHAT_ORIGINS', isOrigin, 'exact origins such as https://festival.example'),
    adminToken: token,
    stunUrls: list('FESTIVAL_CHAT_STUN_URLS', (url) => /^stuns?:[^\s]+$/.test(url), 'stun: addresses'),
    retentionHours: number('FESTIVAL_CHAT_RETENTION_HOURS', 0.01, 24 * 365),
    historyMax: whole('FESTIVAL_CHAT_HISTORY_MAX', 1, 100_000),
    meshEnabled: meshEnabled === 'true',
    meshRollout: number('MESH_ROLLOUT', 0, 100),
    maxPeers: whole('P2P_MAX_PEERS', 0, 8),
    autoUpgradeDelayMs: whole('AUTO_UPGRADE_DELAY', 0, 24 * 3_600_000),
  };
  return { server: withoutUndefined(server), logLevel };
}

function readFlags(args: readonly string[]): Map<string, string> {
  const options = Object.fromEntries(NAMES.map((name) => [flagOf(name), { type: 'string' as const }]));
  const { values } = parseArgs({ args: [...args], options, strict: true });
  return new Map(
    NAMES.flatMap((name) => {
      const value = values[flagOf(name)];
      return typeof value === 'string' ? [[name, value] as const] : [];
    }),
  );
}

/** `FESTIVAL_CHAT_DATA` is `--festival-chat-data`. */
function flagOf(name: string): string {
  return name.toLowerCase().replaceAll('_', '-');
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text;
}

/** Not shown when it is wrong: it may hold a password. */
function redisUrl(text: string | undefined): string | undefined {
  if (text === undefined || (/^rediss?:\/\//.test(text) && URL.canParse(text))) return text;
  return fail('FESTIVAL_CHAT_REDIS_URL', '(hidden)', 'redis://[user:password@]host[:port][/database], or rediss://');
}

function fail(name: string, value: string, allowed: string): never {
  throw new Error(`${name} is ${JSON.stringify(value)}; allowed: ${allowed}`);
}

function withoutUndefined(options: {
  readonly [Key in keyof ServerOptions]: ServerOptions[Key] | undefined;
}): ServerOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
