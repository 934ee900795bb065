// Join tokens that pages leave for the service worker while something waits for it. What is kept is read, changed and
// written back, by every tab and by the worker: one of them at a time.

/** The worker runs where locks are, and without a worker no token is kept. */
export async function withTokens(change: () => Promise<void>): Promise<void> {
  const { navigator } = globalThis as { navigator?: { readonly locks?: LockManager } };
  await navigator?.locks?.request('festival-chat:tokens', change);
}
