// The only file that looks inside engine.io: what a socket holds back, what it has sent, and how it is cut.

import type { Socket } from 'socket.io';

interface EngineSocket {
  request: unknown;
  readonly writeBuffer: readonly { readonly data?: unknown }[];
  readonly transport: {
    /** The library `ws`, when the transport is a WebSocket. */
    readonly socket?: { readonly bufferedAmount?: number; terminate?(): void };
  };
  on(event: 'data', listener: (data: unknown) => void): void;
  close(discard: boolean): void;
}

/** The stored upgrade request is a third of an idle connection's memory. */
export function forgetRequest(socket: Socket): void {
  engineOf(socket).request = null;
}

/** Calls with the length of everything the other side sends. */
export function onBytes(socket: Socket, count: (bytes: number) => void): void {
  engineOf(socket).on('data', (data) => {
    if (typeof data === 'string') count(data.length);
    else if (Buffer.isBuffer(data)) count(data.byteLength);
  });
}

/** What the transport holds back: packets not yet given to it, and bytes it has not got rid of. */
export function bufferedBytes(socket: Socket): number {
  const { transport, writeBuffer } = engineOf(socket);
  let bytes = transport.socket?.bufferedAmount ?? 0;
  for (const { data } of writeBuffer) bytes += typeof data === 'string' ? data.length : 0;
  return bytes;
}

/** Ends it at once and frees what it holds back; an orderly close waits for a reader who does not read. */
export function cut(socket: Socket): void {
  const engine = engineOf(socket);
  const { transport } = engine;
  engine.close(true);
  transport.socket?.terminate?.();
}

function engineOf(socket: Socket): EngineSocket {
  return socket.conn as unknown as EngineSocket;
}
