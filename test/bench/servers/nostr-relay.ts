// As much of a Nostr relay (NIP-01) as Trystero asks for: ephemeral events go to those who subscribed to their tag.

import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';

interface NostrEvent {
  readonly id: string;
  readonly kind: number;
  readonly tags: readonly (readonly string[])[];
}

interface Filter {
  readonly kinds?: readonly number[];
  readonly '#x'?: readonly string[];
}

const subscriptions = new Map<WebSocket, Map<string, readonly Filter[]>>();

new WebSocketServer({ host: '127.0.0.1', port: Number(process.env['PORT']) }).on('connection', (socket) => {
  subscriptions.set(socket, new Map());
  socket.on('close', () => subscriptions.delete(socket));
  socket.on('message', (data) => answer(socket, JSON.parse(data.toString()) as readonly unknown[]));
});

function answer(socket: WebSocket, [type, ...rest]: readonly unknown[]): void {
  const own = subscriptions.get(socket);
  if (type === 'EVENT') publish(socket, rest[0] as NostrEvent);
  else if (type === 'REQ') {
    own?.set(String(rest[0]), rest.slice(1) as Filter[]);
    socket.send(JSON.stringify(['EOSE', rest[0]]));
  } else if (type === 'CLOSE') own?.delete(String(rest[0]));
}

function publish(from: WebSocket, event: NostrEvent): void {
  from.send(JSON.stringify(['OK', event.id, true, '']));
  for (const [socket, own] of subscriptions) {
    for (const [subscription, filters] of own) {
      if (filters.some((filter) => fits(filter, event))) socket.send(JSON.stringify(['EVENT', subscription, event]));
    }
  }
}

function fits(filter: Filter, { kind, tags }: NostrEvent): boolean {
  const tag = tags.find(([name]) => name === 'x')?.[1] ?? '';
  return (filter.kinds?.includes(kind) ?? true) && (filter['#x']?.includes(tag) ?? true);
}
