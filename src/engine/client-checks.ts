// What a client accepts from the page: names and texts in their normal form, or a mistake at the call.

import type { AuthorId } from '../protocol/ids.js';
import { authorTag, PATTERNS } from '../protocol/ids.js';
import { LIMITS } from '../protocol/limits.js';
import { isName, isText } from '../protocol/record.js';
import { normalizeName, normalizeText } from '../protocol/text.js';

/** Whoever has given no name yet is in the room to read. */
export function placeholderName(author: AuthorId): string {
  return `Guest ${authorTag(author)}`;
}

/** @throws {RangeError} when it is none */
export function checkedName(name: string): string {
  const normal = normalizeName(name);
  if (!isName(normal)) throw new RangeError('a name has 1 to 40 characters, something visible among them');
  return normal;
}

/** @throws {RangeError} when it is empty or too long */
export function checkedText(text: string): string {
  const normal = normalizeText(text);
  if (!isText(normal))
    throw new RangeError(`a message has 1 to ${LIMITS.textBytesMax} bytes, something visible among them`);
  return normal;
}

/** @throws {RangeError} when it is given, and none */
export function checkedLocation(location: string | undefined): string | undefined {
  if (location !== undefined && !PATTERNS.roomName.test(location))
    throw new RangeError('a location has 1 to 64 letters, digits, "-", "_" and "."');
  return location;
}
