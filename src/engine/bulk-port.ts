// The bulk channel of a peer connection (rule F4). Negotiated, so both ends make it by themselves and nothing is signalled;
// simple-peer knows one channel only, so it is made on the connection the library holds. Made when the library's own
// channel is open: before that it would make the end that answers ask for another negotiation.

import { PHOTO_LIMITS } from '../protocol/photos/photo-limits.js';
import type { BulkPort } from './peer-link-port.js';

/** Null where the browser refuses another channel. */
export function bulkPort(connection: RTCPeerConnection): BulkPort | null {
  const channel = open(connection);
  if (channel === null) return null;
  channel.binaryType = 'arraybuffer';
  channel.bufferedAmountLowThreshold = PHOTO_LIMITS.bulkBufferedMax / 2;
  const port: BulkPort = {
    send(bytes) {
      if (channel.readyState !== 'open') return false;
      channel.send(bytes);
      return true;
    },
    queuedBytes: () => channel.bufferedAmount,
    heard: () => undefined,
    drained: () => undefined,
    close: () => channel.close(),
  };
  channel.addEventListener('message', (event) => port.heard(event.data));
  channel.addEventListener('bufferedamountlow', () => port.drained());
  // What was to be sent before it was open.
  channel.addEventListener('open', () => port.drained());
  return port;
}

function open(connection: RTCPeerConnection): RTCDataChannel | null {
  try {
    return connection.createDataChannel('bulk', { negotiated: true, id: PHOTO_LIMITS.bulkChannelId });
  } catch {
    return null;
  }
}
