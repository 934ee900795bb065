// Ours as a site embeds it: the element from the built bundle, with everything it shows and keeps.

import type { FestivalChat } from '../../../src/element/festival-chat.js';
import { measure } from './harness.js';

const BUNDLE = '/festival-chat.js';

// The page counts as loaded when its code is, as everybody's.
await import(BUNDLE);

measure(async ({ server, room, name, mesh }, hear) => {
  const chat: FestivalChat = document.createElement('festival-chat');
  chat.setAttribute('server', server);
  chat.setAttribute('room', room);
  chat.setAttribute('display-name', `Page ${name}`);
  chat.setAttribute('mesh', mesh ? 'auto' : 'off');
  chat.setAttribute('auto-upgrade-delay', '0');
  chat.addEventListener('fc-message', (event) => {
    if (event.isNew && !event.message.mine) hear(event.message.text);
  });
  document.body.append(chat);
  await new Promise<void>((resolve) => chat.addEventListener('fc-ready', () => resolve(), { once: true }));
  return {
    say: (text) => void chat.sendMessage(text),
    links: () => chat.status?.peers ?? 0,
  };
});
