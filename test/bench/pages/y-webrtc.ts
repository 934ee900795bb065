// Yjs over y-webrtc with its own signaling server: the chat is a shared array.

import { Doc } from 'yjs';
import { WebrtcProvider } from 'y-webrtc';
import { measure } from './harness.js';

measure(({ server, room }, hear) => {
  const doc = new Doc();
  const provider = new WebrtcProvider(room, doc, {
    signaling: [server.replace('http', 'ws')],
    // Pages of one browser would else use its broadcast channel; ours stand for different devices.
    filterBcConns: false,
    peerOpts: { config: { iceServers: [] } },
  });
  const chat = doc.getArray('chat');
  chat.observe(({ changes, transaction }) => {
    if (transaction.local) return;
    for (const item of changes.added) for (const text of item.content.getContent()) hear(String(text));
  });
  return {
    say: (text) => chat.push([text]),
    links: () => [...(provider.room?.webrtcConns.values() ?? [])].filter((connection) => connection.connected).length,
  };
});
