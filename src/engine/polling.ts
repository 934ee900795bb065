// The socket's transport for networks that let no WebSocket through; fetched when WebSocket fails.

export { NodeXHR as Polling } from 'socket.io-client';
