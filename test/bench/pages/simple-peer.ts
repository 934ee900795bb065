// A full mesh of simple-peer, as its own examples make one. The newcomer initiates.

import SimplePeer from 'simple-peer/simplepeer.min.js';
import { measure } from './harness.js';
import { joinSignaling } from './signaling.js';
import type { Signaling } from './signaling.js';

type Peer = InstanceType<typeof SimplePeer>;

measure(async ({ server, room }, hear) => {
  const peers = new Map<string, Peer>();

  const connect = (id: string, initiator: boolean): Peer => {
    const peer = new SimplePeer({ initiator, config: { iceServers: [] } });
    peers.set(id, peer);
    peer.on('signal', (data) => signaling.signal(id, data));
    peer.on('data', (data: unknown) => hear(String(data)));
    peer.on('close', () => peers.delete(id));
    peer.on('error', () => peers.delete(id));
    return peer;
  };

  const signaling: Signaling = await joinSignaling(server, room, {
    peers: (ids) => ids.forEach((id) => connect(id, true)),
    signalled: (id, data) => (peers.get(id) ?? connect(id, false)).signal(data as SimplePeer.SignalData),
  });
  return {
    say(text) {
      for (const peer of peers.values()) if (peer.connected) peer.send(text);
    },
    links: () => [...peers.values()].filter((peer) => peer.connected).length,
  };
});
