// As much of the contenders' types as their pages use. Their packages are installed by the bench only, and types must
// be checked without them.

declare module 'peerjs' {
  export interface DataConnection {
    readonly peer: string;
    readonly open: boolean;
    on(event: 'data', listener: (data: unknown) => void): void;
    on(event: 'close', listener: () => void): void;
    send(data: unknown): void | Promise<void>;
    close(): void;
  }
  export class Peer {
    constructor(id: string, options: Readonly<Record<string, unknown>>);
    on(event: 'open', listener: () => void): void;
    on(event: 'connection', listener: (connection: DataConnection) => void): void;
    listAllPeers(done: (ids: readonly string[]) => void): void;
    connect(id: string, options: Readonly<Record<string, unknown>>): DataConnection;
  }
}

declare module 'trystero' {
  export interface Room {
    makeAction(
      name: string,
      options: { readonly onMessage: (data: unknown) => void },
    ): { send(data: unknown): Promise<void> };
    getPeers(): Readonly<Record<string, RTCPeerConnection>>;
  }
  export function joinRoom(config: Readonly<Record<string, unknown>>, name: string): Room;
}

declare module 'yjs' {
  export interface ArrayEvent {
    readonly changes: { readonly added: ReadonlySet<{ readonly content: { getContent(): readonly unknown[] } }> };
    readonly transaction: { readonly local: boolean };
  }
  export class Doc {
    getArray(name: string): { observe(listener: (event: ArrayEvent) => void): void; push(items: string[]): void };
  }
}

declare module 'y-webrtc' {
  import type { Doc } from 'yjs';
  export class WebrtcProvider {
    constructor(room: string, doc: Doc, options: Readonly<Record<string, unknown>>);
    readonly room: { readonly webrtcConns: ReadonlyMap<string, { readonly connected: boolean }> } | null;
  }
}

declare module 'ws' {
  export interface WebSocket {
    on(event: 'message', listener: (data: Buffer) => void): void;
    on(event: 'close', listener: () => void): void;
    send(text: string): void;
  }
  export class WebSocketServer {
    constructor(options: { readonly host: string; readonly port: number });
    on(event: 'connection', listener: (socket: WebSocket) => void): void;
  }
}

declare module 'deep-chat';
