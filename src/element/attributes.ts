// The attributes with a fixed set or range of values: what is allowed, and what holds when it is not.

import type { RoutePreference } from '../core/chat-view.js';
import type { ChatClientOptions } from '../engine/chat-client-options.js';
import { PATTERNS } from '../protocol/ids.js';
import { isName } from '../protocol/record.js';
import { normalizeName } from '../protocol/text.js';

interface Rule {
  readonly allowed: string;
  readonly isValid: (value: string) => boolean;
}

const roomName: Rule = {
  allowed: '1 to 64 of letters, digits, "-", "_", "."',
  isValid: (value) => PATTERNS.roomName.test(value),
};

function oneOf(...values: readonly string[]): Rule {
  return { allowed: values.join(', '), isValid: (value) => values.includes(value) };
}

function wholeNumber(low: number, high: number): Rule {
  return {
    allowed: `a whole number from ${low} to ${high}`,
    isValid: (value) => /^\d+$/.test(value) && Number(value) >= low && Number(value) <= high,
  };
}

export const ATTRIBUTE_RULES = {
  server: {
    allowed: 'an http or https address',
    isValid: (value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol),
  },
  festival: roomName,
  room: roomName,
  location: roomName,
  'display-name': { allowed: '1 to 40 visible characters', isValid: (value) => isName(normalizeName(value)) },
  mesh: oneOf('auto', 'manual', 'off'),
  'mesh-scope': oneOf('any', 'local', 'relay'),
  power: oneOf('auto', 'full', 'saving'),
  route: oneOf('auto', 'websocket', 'p2p'),
  'max-peers': wholeNumber(0, 8),
  'auto-upgrade-delay': wholeNumber(0, 86_400_000),
  mode: oneOf('inline', 'floating', 'fullscreen', 'overlay'),
  'color-mode': oneOf('auto', 'light', 'dark'),
  theme: oneOf('low-tide', 'neon', 'meadow', 'desert'),
} as const satisfies Record<string, Rule>;

export type CheckedAttribute = keyof typeof ATTRIBUTE_RULES;

/**
 * Reads attributes of one element, or the properties that frameworks set in their place. An invalid value counts as
 * absent and is told once in the console.
 */
export class AttributeReader {
  readonly #host: object;
  readonly #told = new Set<string>();

  constructor(host: object) {
    this.#host = host;
  }

  /** The attribute's value; undefined when it is absent, empty or invalid. */
  read(name: CheckedAttribute): string | undefined {
    const property = name.replace(/-./g, (letter) => letter[1]?.toUpperCase() ?? '');
    const value = String((this.#host as Readonly<Record<string, string | number | null>>)[property] ?? '');
    if (value === '') return undefined;
    const rule = ATTRIBUTE_RULES[name];
    if (rule.isValid(value)) return value;
    const complaint = `<festival-chat ${name}=${JSON.stringify(value)}>: allowed is ${rule.allowed}.`;
    if (!this.#told.has(complaint)) console.warn(complaint);
    this.#told.add(complaint);
    return undefined;
  }

  get route(): RoutePreference {
    return (this.read('route') ?? 'auto') as RoutePreference;
  }

  readNumber(name: 'max-peers' | 'auto-upgrade-delay'): number | undefined {
    const value = this.read(name);
    return value === undefined ? undefined : Number(value);
  }
}

/** The script's own origin: the server that gave the widget is the one it talks to. */
const SCRIPT_ORIGIN = /^https?:/.test(import.meta.url) ? new URL(import.meta.url).origin : undefined;

/** What a client is made with; null when no server is known. */
export function clientOptions(read: AttributeReader, token: string | null): ChatClientOptions | null {
  const server = read.read('server') ?? SCRIPT_ORIGIN;
  if (server === undefined) return null;
  const wanted: { readonly [Key in keyof ChatClientOptions]: ChatClientOptions[Key] | undefined } = {
    server,
    festival: read.read('festival') ?? 'default',
    room: read.read('room') ?? 'lobby',
    location: read.read('location'),
    mesh: read.read('mesh') as ChatClientOptions['mesh'],
    meshScope: read.read('mesh-scope') as ChatClientOptions['meshScope'],
    power: read.read('power') as ChatClientOptions['power'],
    route: read.route,
    token: token ?? undefined,
    displayName: read.read('display-name'),
    maxPeers: read.readNumber('max-peers'),
    autoUpgradeDelayMs: read.readNumber('auto-upgrade-delay'),
  };
  // An option that is absent is not one that is undefined.
  return JSON.parse(JSON.stringify(wanted)) as ChatClientOptions;
}
