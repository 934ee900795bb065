import type { ChatClient } from '../../src/engine/chat-client.js';
import type { ChatEventMap } from '../../src/engine/chat-events.js';

/** Conditions are waited for; only a hang takes this long. */
const PATIENCE_MS = 60_000;

/** Resolves when it is so; looks again at each event of the client. A wait that fails says how the client stands. */
export function when(client: ChatClient, isSo: () => boolean): Promise<void> {
  const names: (keyof ChatEventMap)[] = ['fc-status', 'fc-message', 'fc-delivery', 'fc-members'];
  const asked = new Error('the condition did not come');
  return new Promise((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer);
      for (const name of names) client.removeEventListener(name, look);
    };
    const look = (): void => {
      if (!isSo()) return;
      end();
      resolve();
    };
    const timer = setTimeout(() => {
      end();
      const messages = client.messages.map(({ text, delivery }) => `${text} (${delivery.state})`);
      asked.message += ` to ${client.displayName ?? 'somebody'}: ${JSON.stringify({ ...client.status, messages })}`;
      reject(asked);
    }, PATIENCE_MS);
    for (const name of names) client.addEventListener(name, look);
    look();
  });
}
