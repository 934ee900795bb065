// Ours without the element: the client that keeps, signs, links and sends, but shows nothing, as the other contenders.

import { ChatClient } from '../../../src/engine/chat-client.js';
import { measure } from './harness.js';

measure(async ({ server, room, name, mesh }, hear) => {
  const chat = new ChatClient({
    ...{ server, room, displayName: `Page ${name}` },
    ...{ mesh: mesh ? 'auto' : 'off', autoUpgradeDelayMs: 0 },
  });
  chat.addEventListener('fc-message', ({ isNew, message }) => {
    if (isNew && !message.mine) hear(message.text);
  });
  const ready = new Promise<void>((resolve) => chat.addEventListener('fc-ready', () => resolve(), { once: true }));
  chat.start();
  await ready;
  return {
    say: (text) => void chat.sendMessage(text),
    links: () => chat.status.peers,
  };
});
