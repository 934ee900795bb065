// Private rooms that follow a script: for stories and for tests of the element.

import { authorTag } from '../src/protocol/ids.js';
import type { AuthorId } from '../src/protocol/ids.js';
import { ChatError } from '../src/engine/chat-error.js';
import type { CrewDesk, CrewMember, CrewState } from '../src/engine/crew/crew-desk.js';

export const CREW_ROOM = `crew.${'Tent'.repeat(10)}44A`;

export const INVITE =
  ['S'.repeat(21), 'F'.repeat(42), 'K'.repeat(42)].map((part) => `${part}A`).join('.') + '.checkmeA';

export interface ScriptedCrewState {
  readonly state: CrewState;
  readonly isFounder?: boolean;
}

export function crewMember(name: string, change: Partial<CrewMember> = {}): CrewMember {
  const author = `${name.padEnd(42, 'k')}A` as AuthorId;
  return { author, name, tag: authorTag(author), mine: false, isFounder: false, ...change };
}

export class ScriptedCrews extends EventTarget implements CrewDesk {
  readonly state: CrewState | null;
  readonly isFounder: boolean;
  people: readonly CrewMember[];
  /** Every call a test may want to see. */
  readonly calls: string[] = [];

  /** @param script undefined: the room is not private */
  constructor(script: ScriptedCrewState | undefined) {
    super();
    this.state = script?.state ?? null;
    this.isFounder = script?.isFounder ?? false;
    this.people =
      script === undefined
        ? []
        : [
            crewMember('Ada', { mine: true, isFounder: this.isFounder }),
            crewMember('Noor', { isFounder: !this.isFounder }),
            crewMember('Tomás'),
          ];
  }

  kept(): Promise<readonly string[]> {
    return Promise.resolve([CREW_ROOM]);
  }

  create(): Promise<string> {
    this.calls.push('create');
    return Promise.resolve(CREW_ROOM);
  }

  join(invite: string): Promise<string> {
    this.calls.push(`join ${invite}`);
    if (invite.includes(INVITE)) return Promise.resolve(CREW_ROOM);
    return Promise.reject(new ChatError('bad-invite', 'This is no invite.', { isRetryable: false }));
  }

  invite(): Promise<string> {
    return Promise.resolve(INVITE);
  }

  remove(author: AuthorId): Promise<void> {
    this.calls.push(`remove ${author}`);
    this.people = this.people.filter((person) => person.author !== author);
    this.dispatchEvent(new Event('change'));
    return Promise.resolve();
  }
}
