// Crew rooms as asked for from any room: made, joined, listed.

import { packTime } from '../../core/hybrid-clock.js';
import type { AuthorId } from '../../protocol/ids.js';
import { ChatError } from '../chat-error.js';
import { steadyNowMs } from '../environment.js';
import type { ChatStorage } from '../storage.js';
import type { CrewDesk, CrewMember, CrewState } from './crew-desk.js';
import { crewOf, newCrew } from './invites.js';
import { keepCrew, keptCrews } from './kept-crews.js';

export interface DeskPlace {
  readonly storage: ChatStorage;
  readonly festival: string;
  readonly author: AuthorId;
}

export class PlainDesk extends EventTarget implements CrewDesk {
  readonly #place: DeskPlace;

  constructor(place: DeskPlace) {
    super();
    this.#place = place;
  }

  get state(): CrewState | null {
    return null;
  }

  get isFounder(): boolean {
    return false;
  }

  get people(): readonly CrewMember[] {
    return [];
  }

  async kept(): Promise<readonly string[]> {
    return (await keptCrews(this.#place.storage)).map(({ room }) => room);
  }

  async create(): Promise<string> {
    const { festival, author } = this.#place;
    const crew = await newCrew(festival, author, packTime(steadyNowMs()));
    return (await keepCrew(this.#place.storage, crew)).room;
  }

  async join(invite: string): Promise<string> {
    return takeInvite(this.#place.storage, this.#place.festival, invite);
  }

  invite(): Promise<string> {
    return Promise.reject(notHere());
  }

  remove(_author: AuthorId): Promise<void> {
    return Promise.reject(notHere());
  }
}

/** Keeps the key of an invite on this device; resolves with its room. @throws {ChatError} `bad-invite`, `no-crypto` */
export async function takeInvite(storage: ChatStorage, festival: string, invite: string): Promise<string> {
  return (await keepCrew(storage, await crewOf(festival, invite, packTime(steadyNowMs())))).room;
}

function notHere(): ChatError {
  return new ChatError('crew-closed', 'This room is no crew room.', { isRetryable: false });
}
