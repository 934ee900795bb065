// The latest happenings an operator may want to see, newest first. Who came and went, never what was said.

import type { ServerEvent } from './events.js';

/** Kept in memory; a crowd that arrives pushes older ones out. */
const KEPT = 500;

export interface Activity {
  readonly atMs: number;
  readonly type: ServerEvent['type'];
  readonly room?: string;
  /** The member's key, by which administration names people. */
  readonly user?: string;
  readonly name?: string;
  /** Why, or what, in a word. */
  readonly detail?: string;
}

export class ActivityFeed {
  readonly #now: () => number;
  readonly #kept: Activity[] = [];

  constructor(now: () => number) {
    this.#now = now;
  }

  take(event: ServerEvent): void {
    const facts = factsOf(event);
    if (facts === null) return;
    this.#kept.push({ atMs: this.#now(), type: event.type, ...facts });
    if (this.#kept.length > KEPT) this.#kept.shift();
  }

  /** Newest first. */
  latest(limit: number): readonly Activity[] {
    return this.#kept.slice(-limit).reverse();
  }
}

/** Null for what comes too often to be read one by one; the figures count it. */
function factsOf(event: ServerEvent): Omit<Activity, 'atMs' | 'type'> | null {
  switch (event.type) {
    case 'member-joined':
      return { room: event.room, user: event.peer.slice(0, 43), name: event.name };
    case 'member-left':
      return { room: event.room, user: event.peer.slice(0, 43) };
    case 'socket-closed':
      return event.why === 'gone' || event.why === 'draining' ? null : { detail: event.why };
    case 'flags-changed':
      return { detail: JSON.stringify(event.flags) };
    case 'administration-locked':
    case 'listening':
      return {};
    case 'draining':
      return { detail: `${event.sockets} sockets` };
    case 'socket-turned-away':
    case 'socket-opened':
    case 'stored':
    case 'refused':
    case 'signal-relayed':
    case 'link-measured':
    case 'server-measured':
      return null;
  }
}
