// What peers that want a link tell each other by way of the server or a neighbour.

import type { DialId } from '../protocol/ids.js';

const DIAL_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** @param random uniform in [0, 1) */
export function newDial(random: () => number): DialId {
  let id = '';
  while (id.length < 12) id += DIAL_ALPHABET[Math.floor(random() * DIAL_ALPHABET.length)] ?? 'A';
  return id as DialId;
}

/** An offer opens a dial; everything else belongs to one that is already known. */
export function isOffer(data: string): boolean {
  try {
    const parsed: unknown = JSON.parse(data);
    return typeof parsed === 'object' && parsed !== null && 'type' in parsed && parsed.type === 'offer';
  } catch {
    return false;
  }
}
