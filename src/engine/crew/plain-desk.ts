// Crew rooms as asked for from any room: made, joined, listed.

import { packTime } from '../../core/hybrid-clock.js';
import type { AuthorId } from '../../protocol/ids.js';
import { ChatError } from '../chat-error.js';
import { steadyNowMs } from '../environment.js';
import type { ChatStorage } from '../storage.js';
import type { CrewDesk, CrewMember, CrewState } from './crew-desk.js';
import { crewOf, newCrew } from './invites.js';
import { keepCrew, keptCrews } from './kept-crews.js';
import type { KeptCrew } from './kept-crews.js';

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
    return (await this.keep(await newCrew(festival, author, packTime(steadyNowMs())))).room;
  }

  async join(invite: string): Promise<string> {
    return (await this.keep(await crewOf(this.#place.festival, invite, packTime(steadyNowMs())))).room;
  }

  invite(): Promise<string> {
    return Promise.reject(notHere());
  }

  remove(_author: AuthorId): Promise<void> {
    return Promise.reject(notHere());
  }

  protected keep(crew: KeptCrew): Promise<KeptCrew> {
    return keepCrew(this.#place.storage, crew);
  }
}

function notHere(): ChatError {
  return new ChatError('crew-closed', 'This room is no crew room.', { isRetryable: false });
}
