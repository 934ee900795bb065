// Tells the site's other tabs which room is being read in this one, by a lock that ends with the tab, whatever ends it.
// On plain http, and in a frame without an origin, there are no locks: then no tab knows of another.

export class Reading {
  #room: string | null = null;
  #lock: AbortController | null = null;

  /** @param room what is read from now on; null for nothing: browsers keep no page for going back that holds a lock */
  of(room: string | null): void {
    if (room === this.#room) return;
    this.#room = room;
    this.#lock?.abort();
    this.#lock = room === null ? null : hold(room);
  }
}

/** True while a tab, which is not hidden, shows this room. */
export async function isReadSomewhere(room: string): Promise<boolean> {
  const state = await locks()
    ?.query()
    .catch(() => null);
  return state?.held?.some(({ name }) => name === room) === true;
}

/** Shared, so that it is had at once by all who ask. */
function hold(room: string): AbortController {
  const lock = new AbortController();
  const { signal } = lock;
  const ended = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
  // Refused when it ends before it is had, and where there are none to be had.
  void locks()
    ?.request(room, { mode: 'shared', signal }, () => ended)
    .catch(() => undefined);
  return lock;
}

function locks(): LockManager | undefined {
  return (navigator as Partial<Navigator>).locks;
}
