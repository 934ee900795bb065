// The only file that looks inside engine.io: what a socket holds back, what it has sent, how a frame reaches many of
// them for the price of one encoding, and how one is cut.

import type { Socket, Server as SocketServer } from 'socket.io';
import type { Frame } from '../src/protocol/frames.js';
import { SERVER_LIMITS } from './limits.js';

/** A frame as it travels; the same object for every socket. */
interface EncodedFrame {
  /** By socket.io's protocol: an event of the main namespace. */
  readonly packet: string;
  readonly options: {
    readonly compress: false;
    /** The bytes on a WebSocket, in one piece: `ws` gives two pieces to the kernel with twice the work. */
    readonly wsPreEncodedFrame: readonly [Buffer];
  };
}

interface EngineSocket {
  request: unknown;
  readonly writeBuffer: readonly { readonly data?: unknown }[];
  readonly transport: {
    /** The library `ws`, when the transport is a WebSocket. */
    readonly socket?: { readonly bufferedAmount?: number; terminate?(): void };
  };
  on(event: 'data', listener: (data: unknown) => void): void;
  on(event: 'close', listener: () => void): void;
  write(packet: string, options: EncodedFrame['options']): void;
  close(discard: boolean): void;
}

export class FrameWriter {
  readonly #encoded = new WeakMap<Frame, EncodedFrame>();

  /** Queues a frame. One object sent to many sockets is encoded once. */
  write(socket: Socket, frame: Frame): void {
    const { packet, options } = this.#encode(frame);
    engineOf(socket).write(packet, options);
  }

  #encode(frame: Frame): EncodedFrame {
    const known = this.#encoded.get(frame);
    if (known !== undefined) return known;
    const packet = `2${JSON.stringify(['frame', frame])}`;
    // `4` is engine.io's message.
    const payload = Buffer.from(`4${packet}`);
    const whole = Buffer.concat([textHeader(payload.length), payload]);
    const encoded: EncodedFrame = { packet, options: { compress: false, wsPreEncodedFrame: [whole] } };
    this.#encoded.set(frame, encoded);
    return encoded;
  }
}

/** The header of a whole, unmasked text message. Source: RFC 6455, section 5.2. */
function textHeader(length: number): Buffer {
  if (length < 126) return Buffer.from([0x81, length]);
  if (length < 65_536) return Buffer.from([0x81, 126, length >> 8, length & 0xff]);
  const header = Buffer.from([0x81, 127, 0, 0, 0, 0, 0, 0, 0, 0]);
  header.writeBigUInt64BE(BigInt(length), 2);
  return header;
}

const NO_HEADERS = Object.freeze({});

/** The stored upgrade request is a third of an idle connection's memory; its headers are kept a second time. */
export function forgetRequest(socket: Socket): void {
  engineOf(socket).request = null;
  socket.handshake.headers = NO_HEADERS;
}

/**
 * Frees what a closed socket holds. The library `ws` waits 30 s for the other side to close as well, which a hostile
 * one never does, and for which a server that ends would have to wait.
 */
export function freeClosed(sockets: SocketServer): void {
  sockets.engine.on('connection', (engine: EngineSocket) => {
    engine.on('close', () => {
      const { socket } = engine.transport;
      setTimeout(() => socket?.terminate?.(), SERVER_LIMITS.closeHandshakeMs).unref();
    });
  });
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
