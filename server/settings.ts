// The environment and the flags, read once, each with its check. A bad value is a sentence that names it.

import { parseArgs } from 'node:util';
import type { ServerOptions } from './server.js';
import { LIMITS } from '../src/protocol/limits.js';
import { DEFAULT_PHOTO_RULES } from './photos/photo-quota.js';
import type { PhotoRules } from './photos/photo-quota.js';
import { DEFAULT_FLAGS, PRESETS } from './flags.js';
import type { Flags, Preset } from './flags.js';
import type { LogLevel } from './log.js';

export interface Settings {
  readonly server: ServerOptions;
  readonly logLevel: LogLevel;
}

export const NAMES = [
  'PORT',
  'HOST',
  'FESTIVAL_CHAT_PRESET',
  'FESTIVAL_CHAT_DATA',
  'FESTIVAL_CHAT_REDIS_URL',
  'FESTIVAL_CHAT_ORIGINS',
  'FESTIVAL_CHAT_ADMIN_TOKEN',
  'FESTIVAL_CHAT_METRICS_TOKEN',
  'FESTIVAL_CHAT_JOIN_SECRET',
  'FESTIVAL_CHAT_STUN_URLS',
  'FESTIVAL_CHAT_TURN_URLS',
  'FESTIVAL_CHAT_TURN_SECRET',
  'FESTIVAL_CHAT_TRUSTED_PROXIES',
  'FESTIVAL_CHAT_CONNECTIONS_MAX',
  'FESTIVAL_CHAT_RETENTION_HOURS',
  'FESTIVAL_CHAT_HISTORY_MAX',
  'FESTIVAL_CHAT_BLOCKED_WORDS',
  'FESTIVAL_CHAT_PHOTOS_PER_HOUR',
  'FESTIVAL_CHAT_PHOTO_KB_MAX',
  'FESTIVAL_CHAT_PHOTO_STORE_MB',
  'MESH_ENABLED',
  'MESH_ROLLOUT',
  'P2P_MAX_PEERS',
  'AUTO_UPGRADE_DELAY',
  'LOG_LEVEL',
] as const;
type Name = (typeof NAMES)[number];

/** @throws {Error} with one line that names the setting, its value and what is allowed */
export function readSettings(env: Readonly<Record<string, string | undefined>>, args: readonly string[]): Settings {
  const given = new Given(env, args);
  const preset = given.oneOf('FESTIVAL_CHAT_PRESET', Object.keys(PRESETS) as Preset[]);
  const server = {
    port: given.whole('PORT', 0, 65_535),
    host: given.text('HOST'),
    data: given.text('FESTIVAL_CHAT_DATA'),
    redisUrl: redisUrl(given.text('FESTIVAL_CHAT_REDIS_URL')),
    origins: given.list('FESTIVAL_CHAT_ORIGINS', isOrigin, 'exact origins such as https://festival.example'),
    adminToken: given.secret('FESTIVAL_CHAT_ADMIN_TOKEN', 8),
    metricsToken: given.secret('FESTIVAL_CHAT_METRICS_TOKEN', 8),
    joinSecret: given.secret('FESTIVAL_CHAT_JOIN_SECRET', 32),
    stunUrls: given.list('FESTIVAL_CHAT_STUN_URLS', (url) => /^stuns?:\S+$/.test(url), 'stun: addresses'),
    // One entry of `iceServers` carries them all, and has room for four.
    turnUrls: given.list('FESTIVAL_CHAT_TURN_URLS', (url) => /^turns?:\S+$/.test(url), 'turn: or turns: addresses', 4),
    turnSecret: given.secret('FESTIVAL_CHAT_TURN_SECRET', 16),
    trustedProxies: given.whole('FESTIVAL_CHAT_TRUSTED_PROXIES', 0, 10),
    connectionsMax: given.whole('FESTIVAL_CHAT_CONNECTIONS_MAX', 1, 1_000_000),
    retentionHours: given.number('FESTIVAL_CHAT_RETENTION_HOURS', 0.01, 24 * 365),
    historyMax: given.whole('FESTIVAL_CHAT_HISTORY_MAX', 1, 100_000),
    blockedWords: given.list('FESTIVAL_CHAT_BLOCKED_WORDS', (word) => /^\S+$/.test(word), 'single words', 1_000),
    photos: photosOf(given),
    photoStoreBytesMax: times(given.whole('FESTIVAL_CHAT_PHOTO_STORE_MB', 1, 1_000_000), 1024 * 1024),
    flags: flagsOf(given, preset === undefined ? DEFAULT_FLAGS : PRESETS[preset]),
  };
  if (server.turnUrls.length > 0 !== (server.turnSecret !== undefined)) {
    throw new Error('FESTIVAL_CHAT_TURN_URLS and FESTIVAL_CHAT_TURN_SECRET are needed together');
  }
  if (preset === 'production' && server.origins.length === 0) {
    throw new Error('FESTIVAL_CHAT_ORIGINS is needed with the preset production: which pages may connect?');
  }
  const usualLevel = preset === 'development' ? 'debug' : 'info';
  const logLevel = given.oneOf('LOG_LEVEL', ['debug', 'info', 'warn', 'error']) ?? usualLevel;
  return { server: withoutUndefined(server), logLevel };
}

function flagsOf(given: Given, preset: Flags): Flags {
  const enabled = given.oneOf('MESH_ENABLED', ['true', 'false']);
  return {
    enabled: enabled === undefined ? preset.enabled : enabled === 'true',
    rollout: given.number('MESH_ROLLOUT', 0, 100) ?? preset.rollout,
    maxPeers: given.whole('P2P_MAX_PEERS', 0, 8) ?? preset.maxPeers,
    autoUpgradeDelayMs: given.whole('AUTO_UPGRADE_DELAY', 0, 24 * 3_600_000) ?? preset.autoUpgradeDelayMs,
  };
}

function photosOf(given: Given): PhotoRules {
  const largest = LIMITS.photoBytesMax / 1024;
  return {
    bytesMax: times(given.whole('FESTIVAL_CHAT_PHOTO_KB_MAX', 16, largest), 1024) ?? DEFAULT_PHOTO_RULES.bytesMax,
    perHour: given.whole('FESTIVAL_CHAT_PHOTOS_PER_HOUR', 0, 1_000) ?? DEFAULT_PHOTO_RULES.perHour,
  };
}

function times(value: number | undefined, factor: number): number | undefined {
  return value === undefined ? undefined : value * factor;
}

/** What was given, by flag or by environment; the flag wins. Undefined: nothing was. */
class Given {
  readonly #env: Readonly<Record<string, string | undefined>>;
  readonly #flags: ReadonlyMap<string, string>;

  constructor(env: Readonly<Record<string, string | undefined>>, args: readonly string[]) {
    this.#env = env;
    this.#flags = readFlags(args);
  }

  text(name: Name): string | undefined {
    const value = this.#flags.get(name) ?? this.#env[name];
    return value === '' ? undefined : value;
  }

  number(name: Name, low: number, high: number): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = Number(text);
    if (!/^\d+(\.\d+)?$/.test(text) || value < low || value > high) fail(name, text, `${low} to ${high}`);
    return value;
  }

  whole(name: Name, low: number, high: number): number | undefined {
    const value = this.number(name, low, high);
    if (value !== undefined && !Number.isInteger(value)) fail(name, String(value), 'a whole number');
    return value;
  }

  list(name: Name, check: (item: string) => boolean, allowed: string, most = 100): string[] {
    const items = (this.text(name) ?? '').split(',').map((item) => item.trim());
    const filled = items.filter((item) => item !== '');
    for (const item of filled) if (!check(item)) fail(name, item, allowed);
    if (filled.length > most) fail(name, `${filled.length} of them`, `at most ${most}`);
    return filled;
  }

  oneOf<Value extends string>(name: Name, allowed: readonly Value[]): Value | undefined {
    const text = this.text(name);
    const value = allowed.find((item) => item === text);
    if (text !== undefined && value === undefined) fail(name, text, allowed.join(', '));
    return value;
  }

  /** Never repeated in an error. */
  secret(name: Name, bytesMin: number): string | undefined {
    const text = this.text(name);
    if (text !== undefined && Buffer.byteLength(text) < bytesMin) fail(name, '(hidden)', `at least ${bytesMin} bytes`);
    return text;
  }
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
