import type { ChatClient } from '../../src/engine/chat-client.js';
import type { ChatEventMap } from '../../src/engine/chat-events.js';

/** Resolves when it is so; looks again at each event of the client. */
export function when(client: ChatClient, isSo: () => boolean): Promise<void> {
  const names: (keyof ChatEventMap)[] = ['fc-status', 'fc-message', 'fc-delivery', 'fc-members'];
  return new Promise((resolve) => {
    const look = (): void => {
      if (!isSo()) return;
      for (const name of names) client.removeEventListener(name, look);
      resolve();
    };
    for (const name of names) client.addEventListener(name, look);
    look();
  });
}
