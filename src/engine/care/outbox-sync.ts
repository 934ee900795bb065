// Has the service worker hand the outbox over when this page is gone and there is a network (rule S15): background sync,
// where the browser has it and the page's worker is ours. Elsewhere the outbox waits for the next visit.

import { HANDOVER_TAG } from '../../protocol/handover.js';
import type { SessionOptions } from '../session.js';
import { isOwnWorker } from '../environment.js';
import { whenPageGoes } from '../page-life.js';
import { withTokens } from './kept-tokens.js';

export type OutboxHost = Pick<SessionOptions, 'key' | 'storage' | 'chat' | 'options'>;

/** The part of background sync that is used; Chromium has it, others do not. */
interface SyncingRegistration extends ServiceWorkerRegistration {
  readonly sync?: { register(tag: string): Promise<void> };
}

/** Asks for a sync when something waits and no server is there, and when the page goes while something does, until the returned function is called. */
export function watchOutbox({ key, storage, chat, options: { token } }: OutboxHost): () => void {
  const ending = new AbortController();
  let hasAsked = false;
  /** From an earlier visit, until it was looked for. */
  let mayHaveToken = storage.kind !== 'memory';
  const ask = async (): Promise<void> => {
    const registration = await ownWorker();
    if (registration?.sync === undefined || storage.kind === 'memory') return;
    // The worker has no page to ask for it.
    if (token !== undefined) {
      await withTokens(async () => storage.keepFact('tokens', { ...(await storage.fact('tokens')), [key]: token }));
      mayHaveToken = true;
    }
    await registration.sync.register(HANDOVER_TAG).catch(() => {
      // The visitor has switched background sync off.
    });
  };
  const forgetToken = (): Promise<void> =>
    withTokens(async () => {
      const { [key]: mine, ...others } = (await storage.fact('tokens')) ?? {};
      if (mine !== undefined) await storage.keepFact('tokens', others);
    });
  const look = (): void => {
    const { websocket } = chat.status;
    if (websocket === 'connected') {
      // Once an outage: what comes later goes with it.
      hasAsked = false;
      if (!mayHaveToken || isWaiting(chat)) return;
      mayHaveToken = false;
      void forgetToken();
    } else if (websocket === 'disconnected' && !hasAsked && isWaiting(chat)) {
      hasAsked = true;
      void ask();
    }
  };
  const going = (): void => {
    if (isWaiting(chat)) void ask();
  };
  const { signal } = ending;
  chat.addEventListener('fc-status', look, { signal });
  chat.addEventListener('fc-message', look, { signal });
  const { document } = globalThis as { document?: Document };
  // Of a page that is closed on a phone this is often the last that is heard.
  document?.addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && going(), { signal });
  signal.addEventListener('abort', whenPageGoes(going));
  look();
  return () => ending.abort();
}

/** No server is known to have something that was written or carried here. */
function isWaiting({ status, messages }: OutboxHost['chat']): boolean {
  return status.queued > 0 || messages.some(({ delivery }) => delivery.state === 'sent');
}

/** The registration of the worker that this page has by one line; undefined with none, or one of the site's own. */
async function ownWorker(): Promise<SyncingRegistration | undefined> {
  const { navigator } = globalThis as { navigator?: Partial<Navigator> };
  return isOwnWorker(navigator?.serviceWorker?.controller) ? navigator?.serviceWorker?.ready : undefined;
}
