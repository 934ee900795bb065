// What can be chosen in the playground: the attributes of the manifest, with the values that the element allows.

import { ATTRIBUTE_RULES } from '../../src/element/attributes.js';
import type { Attribute } from './reference.js';

export type Field =
  | { readonly kind: 'choice'; readonly values: readonly string[] }
  | { readonly kind: 'switch' }
  | { readonly kind: 'number'; readonly low: number; readonly high: number }
  | { readonly kind: 'text' };

export interface Option {
  readonly name: string;
  readonly description: string;
  readonly field: Field;
}

/** The languages that are shipped; the element takes any tag, and English for those it lacks. */
const LANGUAGES = ['en', 'es', 'de', 'fr', 'pt', 'ar'];
/** Held by the page itself. */
const LEFT_OUT = ['server'];

export function optionsOf(attributes: readonly Attribute[]): Option[] {
  return attributes
    .filter(({ name }) => !LEFT_OUT.includes(name))
    .map((attribute) => ({
      name: attribute.name,
      description: attribute.description ?? '',
      field: fieldOf(attribute),
    }));
}

function fieldOf({ name, type }: Attribute): Field {
  if (type?.text === 'boolean') return { kind: 'switch' };
  if (name === 'lang') return { kind: 'choice', values: LANGUAGES };
  const { allowed = '' } = name in ATTRIBUTE_RULES ? ATTRIBUTE_RULES[name as keyof typeof ATTRIBUTE_RULES] : {};
  const range = /^a whole number from (\d+) to (\d+)$/.exec(allowed);
  if (range !== null) return { kind: 'number', low: Number(range[1]), high: Number(range[2]) };
  if (/^[\w-]+(?:, [\w-]+)+$/.test(allowed)) return { kind: 'choice', values: allowed.split(', ') };
  return { kind: 'text' };
}

/** The lines to paste. Values are escaped, so that whatever is typed stays inside its quotes. */
export function snippetOf(server: string, chosen: ReadonlyMap<string, string>): string {
  const attributes = [...chosen].map(([name, value]) => (value === '' ? ` ${name}` : ` ${name}="${escaped(value)}"`));
  const source = `${escaped(server.replace(/\/+$/, ''))}/festival-chat.js`;
  return `<script type="module" src="${source}"></script>\n<festival-chat${attributes.join('')}></festival-chat>`;
}

function escaped(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
