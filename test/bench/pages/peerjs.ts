// PeerJS with its own server. It knows no rooms; an id begins with the room, and the newcomer dials all such ids.

import { Peer } from 'peerjs';
import type { DataConnection } from 'peerjs';
import { measure } from './harness.js';

measure(({ server, room, name }, hear) => {
  const { hostname, port } = new URL(server);
  const own = `${room}-${name}`;
  const peer = new Peer(own, { host: hostname, port: Number(port), path: '/', config: { iceServers: [] }, debug: 0 });
  const connections = new Map<string, DataConnection>();

  const keep = (connection: DataConnection): void => {
    connections.set(connection.peer, connection);
    connection.on('data', (data) => hear(String(data)));
    connection.on('close', () => {
      if (connections.get(connection.peer) === connection) connections.delete(connection.peer);
    });
  };
  peer.on('connection', (connection) => {
    // Two that came at once dial each other; the dial of the lower id stays.
    const mine = connections.get(connection.peer);
    if (mine !== undefined && own < connection.peer) connection.close();
    else {
      mine?.close();
      keep(connection);
    }
  });
  return new Promise((resolve) => {
    peer.on('open', () => {
      peer.listAllPeers((ids) => {
        for (const id of ids) {
          if (id === own || !id.startsWith(`${room}-`) || connections.has(id)) continue;
          keep(peer.connect(id, { reliable: true, serialization: 'json' }));
        }
      });
      resolve({
        say(text) {
          for (const connection of connections.values()) if (connection.open) void connection.send(text);
        },
        links: () => [...connections.values()].filter((connection) => connection.open).length,
      });
    });
  });
});
