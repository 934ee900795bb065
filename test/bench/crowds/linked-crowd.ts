// Many whole clients in this process, which link to each other over real WebRTC (libdatachannel's), and keep nothing.

import { ChatClient } from '../../../src/engine/chat-client.js';

export class LinkedCrowd {
  readonly clients: ChatClient[] = [];
  /** New messages that each client was told of, by text, and when. */
  readonly heard = new Map<ChatClient, Map<string, number[]>>();
  readonly #port: number;
  readonly #mesh: 'auto' | 'off';

  private constructor(port: number, mesh: 'auto' | 'off') {
    this.#port = port;
    this.#mesh = mesh;
  }

  /** @param port of a server, or what stands before it, on every address of loopback */
  static async of(port: number, mesh: 'auto' | 'off'): Promise<LinkedCrowd> {
    const { RTCPeerConnection, RTCSessionDescription, RTCIceCandidate } = await import('node-datachannel/polyfill');
    Object.assign(globalThis, { RTCPeerConnection, RTCSessionDescription, RTCIceCandidate });
    return new LinkedCrowd(port, mesh);
  }

  /** One more; it is in the room when this resolves. */
  async come(): Promise<void> {
    const number = this.clients.length;
    // Clients of one process are those of one page, unless their server has another address.
    const server = `http://127.1.${Math.floor(number / 200)}.${(number % 200) + 1}:${this.#port}`;
    const client = new ChatClient({ server, displayName: `Client ${number}`, mesh: this.#mesh });
    const heard = new Map<string, number[]>();
    this.clients.push(client);
    this.heard.set(client, heard);
    client.addEventListener('fc-message', ({ isNew, message }) => {
      if (isNew && !message.mine) heard.set(message.text, [...(heard.get(message.text) ?? []), performance.now()]);
    });
    const ready = new Promise<void>((resolve) => client.addEventListener('fc-ready', () => resolve(), { once: true }));
    client.start();
    await ready;
  }

  /** It goes for good, with a goodbye, as a page that is closed. */
  async leaves(client: ChatClient): Promise<void> {
    this.clients.splice(this.clients.indexOf(client), 1);
    this.heard.delete(client);
    await client.stop();
  }

  async end(): Promise<void> {
    await Promise.all(this.clients.map((client) => client.stop()));
  }
}
