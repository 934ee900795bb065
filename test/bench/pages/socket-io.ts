// Plain socket.io: the server passes on what anybody says to the others of the room.

import { io } from 'socket.io-client';
import { measure } from './harness.js';

measure(({ server, room }, hear) => {
  const socket = io(server, { transports: ['websocket'] });
  socket.on('say', (text: string) => hear(text));
  return new Promise((resolve) => {
    socket.on('connect', () => {
      socket.emit('join', room);
      resolve({ say: (text) => socket.emit('say', text), links: () => 0 });
    });
  });
});
