// Telling people apart: by a colour from their key, by the key's tag, and where two share a name.

import type { ChatAuthor } from '../../core/chat-view.js';

/** Colours of names; `people-styles.ts` has one each. */
const HUES = 8;

/** A colour class from the key: people of one name differ. */
export function hueClass({ id }: Pick<ChatAuthor, 'id'>): string {
  let sum = 0;
  for (let index = 0; index < id.length; index += 1) sum = (sum * 31 + id.charCodeAt(index)) % 9_973;
  return `hue-${sum % HUES}`;
}

/** The letter that stands for a name. */
export function initial(name: string): string {
  return String.fromCodePoint(name.codePointAt(0) ?? 0x3f).toUpperCase();
}

/** Keys of names that more than one author among these uses. */
export function sharedNames(authors: Iterable<Pick<ChatAuthor, 'id' | 'name'>>): ReadonlySet<string> {
  const owners = new Map<string, string>();
  const shared = new Set<string>();
  for (const { id, name } of authors) {
    const key = nameKey(name);
    const owner = owners.get(key);
    if (owner !== undefined && owner !== id) shared.add(key);
    owners.set(key, id);
  }
  return shared;
}

/** Names are compared as people read them: case, width and decoration of letters make no other name. */
export function nameKey(name: string): string {
  return name.normalize('NFKC').toLowerCase();
}
