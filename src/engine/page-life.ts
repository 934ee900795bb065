// Does this page still run, and has it been away: asleep with its device, frozen, or in the back/forward cache? Whoever
// was away cannot trust an open socket. Outside a browser nothing of this happens.

/** Looked at this often. */
const LOOK_EVERY_MS = 2_000;
/** A page that did not run for longer than this takes its socket for dead; shorter gaps are a busy device's. */
const AWAY_MS = 5_000;

/** Calls `going` when the page goes for good, into the back/forward cache, or is frozen: it will answer nobody. */
export function whenPageGoes(going: () => void): () => void {
  return listening((on) => {
    on(globalThis, 'pagehide', going);
    on(document, 'freeze', going);
  });
}

/**
 * Calls `back` when the page runs again after an absence. A hidden page is not told: its browser lets it run once a
 * minute at times, and that is no absence; it is told when somebody looks at it.
 */
export function whenPageIsBack(back: () => void): () => void {
  let ranAtMs = Date.now();
  const look = (): void => {
    const awayMs = Date.now() - ranAtMs;
    ranAtMs = Date.now();
    if (awayMs > AWAY_MS && document.visibilityState === 'visible') back();
  };
  return listening((on, signal) => {
    on(globalThis, 'pageshow', (event) => (event as PageTransitionEvent).persisted && back());
    on(document, 'resume', back);
    on(document, 'visibilitychange', look);
    const timer = setInterval(look, LOOK_EVERY_MS);
    signal.addEventListener('abort', () => clearInterval(timer));
  });
}

/** Calls `act` when something has changed for the better: somebody looks at the page, or its browser found a network. */
export function whenThereIsHope(act: () => void): () => void {
  return listening((on) => {
    on(globalThis, 'online', act);
    on(document, 'visibilitychange', () => document.visibilityState === 'visible' && act());
  });
}

type On = (target: EventTarget, name: string, act: (event: Event) => unknown) => void;

/** Listens until the returned function is called. */
function listening(begin: (on: On, signal: AbortSignal) => void): () => void {
  if (typeof document === 'undefined') return () => undefined;
  const ending = new AbortController();
  const { signal } = ending;
  begin((target, name, act) => target.addEventListener(name, act, { signal }), signal);
  return () => ending.abort();
}
