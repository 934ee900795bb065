// The floor: RTCPeerConnection and a data channel, nothing else. The newcomer offers.

import { measure } from './harness.js';
import { joinSignaling } from './signaling.js';
import type { Signaling } from './signaling.js';

type Signal = { readonly description: RTCSessionDescriptionInit } | { readonly candidate: RTCIceCandidateInit };

measure(async ({ server, room }, hear) => {
  const connections = new Map<string, RTCPeerConnection>();
  const open = new Set<RTCDataChannel>();

  const useChannel = (channel: RTCDataChannel): void => {
    channel.onopen = () => open.add(channel);
    channel.onclose = () => open.delete(channel);
    channel.onmessage = ({ data }) => hear(String(data));
  };
  const connect = (peer: string): RTCPeerConnection => {
    const connection = new RTCPeerConnection({ iceServers: [] });
    connections.set(peer, connection);
    connection.onicecandidate = ({ candidate }) => {
      if (candidate !== null) signaling.signal(peer, { candidate: candidate.toJSON() });
    };
    connection.ondatachannel = ({ channel }) => useChannel(channel);
    return connection;
  };
  const describe = async (peer: string, connection: RTCPeerConnection): Promise<void> => {
    await connection.setLocalDescription();
    signaling.signal(peer, { description: connection.localDescription?.toJSON() });
  };

  const signaling: Signaling = await joinSignaling(server, room, {
    peers(ids) {
      for (const peer of ids) {
        const connection = connect(peer);
        useChannel(connection.createDataChannel('chat'));
        void describe(peer, connection);
      }
    },
    signalled(peer, data) {
      const signal = data as Signal;
      const connection = connections.get(peer) ?? connect(peer);
      if ('candidate' in signal) void connection.addIceCandidate(signal.candidate);
      else {
        void connection.setRemoteDescription(signal.description).then(() => {
          if (signal.description.type === 'offer') void describe(peer, connection);
        });
      }
    },
  });
  return {
    say(text) {
      for (const channel of open) channel.send(text);
    },
    links: () => open.size,
  };
});
