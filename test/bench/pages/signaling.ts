// Signaling for the contenders that bring none: servers/relay.ts, a socket.io server that passes on what it is told.

import { io } from 'socket.io-client';

export interface Signaling {
  signal(to: string, data: unknown): void;
}

export interface SignalingEvents {
  /** Those who were there before; the newcomer dials. */
  peers(ids: readonly string[]): void;
  signalled(from: string, data: unknown): void;
}

export function joinSignaling(server: string, room: string, events: SignalingEvents): Promise<Signaling> {
  const socket = io(server, { transports: ['websocket'] });
  // After the server was away the links still stand: nobody dials again.
  socket.once('peers', (ids: readonly string[]) => events.peers(ids));
  socket.on('signal', (from: string, data: unknown) => events.signalled(from, data));
  return new Promise((resolve) => {
    socket.on('connect', () => {
      socket.emit('join', room);
      resolve({ signal: (to, data) => socket.emit('signal', to, data) });
    });
  });
}
