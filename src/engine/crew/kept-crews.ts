// The crew rooms whose keys this device keeps, beside its own key and name.

import type { AuthorId } from '../../protocol/ids.js';
import type { ChatStorage } from '../storage.js';
import type { AgreementKeys } from './wrapping.js';

/** Keys kept of one room, and rooms: the longest unused go first. */
const KEYS_MAX = 64;
const CREWS_MAX = 32;

/** A crew's key and when it was given: what `rotate` said, or the hybrid time at which the invite was taken. */
export interface KeptKey {
  readonly secret: string;
  readonly time: number;
}

export interface KeptCrew {
  /** The room's id, without its festival. */
  readonly room: string;
  readonly salt: string;
  readonly founder: AuthorId;
  readonly agreement: AgreementKeys;
  /** In the order in which they came. */
  readonly keys: readonly KeptKey[];
}

export async function keptCrews(storage: ChatStorage): Promise<readonly KeptCrew[]> {
  return (await storage.fact('crews')) ?? [];
}

export async function keptCrew(storage: ChatStorage, room: string): Promise<KeptCrew | undefined> {
  return (await keptCrews(storage)).find((crew) => crew.room === room);
}

/** Adds what is new in it to what is kept of this room. */
export async function keepCrew(storage: ChatStorage, crew: KeptCrew): Promise<KeptCrew> {
  return alone(async () => {
    const crews = await keptCrews(storage);
    const before = crews.find(({ room }) => room === crew.room);
    const known = new Set(before?.keys.map(({ secret }) => secret));
    const keys = [...(before?.keys ?? []), ...crew.keys.filter(({ secret }) => !known.has(secret))];
    const kept = { ...crew, ...before, keys: keys.slice(-KEYS_MAX) };
    const others = crews.filter(({ room }) => room !== crew.room);
    await storage.keepFact('crews', [...others, kept].slice(-CREWS_MAX));
    return kept;
  });
}

/** Two tabs that change what is kept do so one after the other, where the browser has locks. */
async function alone<Result>(change: () => Promise<Result>): Promise<Result> {
  const locks = (globalThis.navigator as Partial<Navigator> | undefined)?.locks;
  return locks === undefined ? change() : await locks.request('festival-chat-crews', change);
}
