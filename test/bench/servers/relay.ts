// A bare socket.io server: whoever says something is heard by the room. Signals of those who link themselves pass as well.

import { Server } from 'socket.io';

const io = new Server({
  ...{ serveClient: false, perMessageDeflate: false, transports: ['websocket'] },
  // As often as ours: what an idle socket costs is compared, and taken off what a message costs.
  ...{ pingInterval: 5_000, pingTimeout: 5_000 },
});
io.on('connection', (socket) => {
  socket.on('join', (room: string) => {
    socket.emit('peers', [...(io.of('/').adapter.rooms.get(room) ?? [])]);
    void socket.join(room);
    socket.on('say', (said: unknown) => socket.to(room).emit('say', said));
  });
  socket.on('signal', (to: string, data: unknown) => io.to(to).emit('signal', socket.id, data));
});
io.listen(Number(process.env['PORT']));
