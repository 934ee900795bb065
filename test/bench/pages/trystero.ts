// Trystero with its default strategy, Nostr, and one relay on this machine (servers/nostr-relay.ts).

import { joinRoom } from 'trystero';
import { measure } from './harness.js';

measure(({ server, room: name }, hear) => {
  const config = {
    appId: 'festival-chat-bench',
    relayConfig: { urls: [server.replace('http', 'ws')] },
    rtcConfig: { iceServers: [] },
  };
  const room = joinRoom(config, name);
  const action = room.makeAction('say', { onMessage: (text) => hear(String(text)) });
  return {
    say: (text) => void action.send(text),
    links: () => Object.keys(room.getPeers()).length,
  };
});
