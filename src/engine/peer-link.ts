// A WebRTC data channel by simple-peer. The only file that knows the library, and loaded only when a dial begins.

import SimplePeer from 'simple-peer/simplepeer.min.js';
import type { LinkTransport } from '../core/chat-view.js';
import { bulkPort } from './bulk-port.js';
import type { BulkPort, PeerLinkOptions, PeerLinkPort } from './peer-link-port.js';
import { isPrivateAddress } from './private-address.js';

/** Bytes waiting in the channel before a link counts as stuck: 30 of the largest frames. */
const BUFFERED_MAX = 1024 * 1024;
/** Chromium allows 500 peer connections a page at a time, closed ones not yet collected included. */
const CONNECTIONS_MAX = 400;

/** simple-peer keeps its connection here; certificates and statistics are to be had nowhere else. */
interface WithConnection {
  readonly _pc: RTCPeerConnection;
  readonly bufferSize: number;
}

/** Counted for the page, because the browser counts for the page, and as it counts. */
let uncollected = 0;
const collected = new FinalizationRegistry(() => (uncollected -= 1));

/** @throws {Error} while the page has as many peer connections as it may */
export function openPeerLink({
  isInitiator,
  iceServers,
  scope,
  isPaired = false,
  events,
}: PeerLinkOptions): PeerLinkPort {
  if (uncollected >= CONNECTIONS_MAX) throw new Error('this page has as many peer connections as it may');
  const peer = new SimplePeer({
    initiator: isInitiator,
    trickle: !isPaired,
    ...(isPaired ? { channelConfig: { negotiated: true, id: 0 } } : {}),
    // Always given: the library's own default asks public STUN servers.
    config: {
      iceServers: scope === 'local' ? [] : (iceServers as RTCIceServer[]),
      iceTransportPolicy: scope === 'relay' ? 'relay' : 'all',
    },
  });
  const { _pc: connection } = peer as unknown as WithConnection;
  uncollected += 1;
  collected.register(connection, null);
  let isOpen = false;
  let isEnded = false;
  let bulk: BulkPort | null = null;
  const end = (isClean: boolean, reason: string): void => {
    if (isEnded) return;
    isEnded = true;
    events.closed(isClean, reason);
  };
  peer.on('signal', (data) => {
    if (isEnded || (scope === 'local' && isPublicCandidate(data))) return;
    events.signal(JSON.stringify(data));
  });
  peer.on('connect', () => {
    isOpen = true;
    bulk = bulkPort(connection);
    events.open();
  });
  peer.on('data', (data: unknown) => {
    if (!isEnded) events.text(typeof data === 'string' ? data : new TextDecoder().decode(data as Uint8Array));
  });
  peer.on('close', () => end(isOpen, 'closed'));
  // An ordinary close of the other side raises an error as well; only one before the opening is a failure.
  peer.on('error', (error) => end(isOpen && /close|abort/i.test(error.message), error.message));

  return {
    signal(data) {
      if (isEnded || peer.destroyed) return;
      try {
        peer.signal(JSON.parse(data) as SimplePeer.SignalData);
      } catch (error) {
        peer.destroy(error instanceof Error ? error : new Error('a signal could not be read'));
      }
    },
    send(text) {
      // A channel that is closing throws at what is sent, and says that it is closed only later.
      if (!peer.connected || isEnded) return false;
      if ((peer as unknown as WithConnection).bufferSize > BUFFERED_MAX) return false;
      peer.send(text);
      return true;
    },
    queuedBytes: () => (isOpen && !isEnded ? (peer as unknown as WithConnection).bufferSize : 0),
    close() {
      isEnded = true;
      peer.destroy();
    },
    bulk: () => bulk,
    binding() {
      const local = fingerprint(connection.localDescription?.sdp);
      const remote = fingerprint(connection.remoteDescription?.sdp);
      return local === null || remote === null ? null : { local, remote };
    },
    measure: () => measure(connection),
  };
}

function fingerprint(sdp: string | undefined): string | null {
  return /^a=fingerprint:(\S+ \S+)/m.exec(sdp ?? '')?.[1] ?? null;
}

/** Host candidates with an address the whole internet could reach; others are private, link-local or hidden. */
function isPublicCandidate(data: SimplePeer.SignalData): boolean {
  if (data.type !== 'candidate') return false;
  const { candidate } = data.candidate;
  const address = candidate.split(' ')[4] ?? '';
  return candidate !== '' && !isPrivateAddress(address);
}

async function measure(connection: RTCPeerConnection): Promise<LinkTransport | null> {
  const reports = new Map<string, Record<string, unknown>>();
  (await connection.getStats()).forEach((report: { id: string }) => reports.set(report.id, { ...report }));
  const all = [...reports.values()];
  const transport = all.find((report) => report['type'] === 'transport');
  const pair = reports.get(String(transport?.['selectedCandidatePairId'])) ?? all.find((report) => report['nominated']);
  if (pair === undefined) return null;
  const local = reports.get(String(pair['localCandidateId']));
  const remote = reports.get(String(pair['remoteCandidateId']));
  const protocol = local?.['protocol'];
  return {
    localCandidate: candidateType(local),
    remoteCandidate: candidateType(remote),
    protocol: protocol === 'udp' || protocol === 'tcp' ? protocol : 'unknown',
    bytesSent: Number(pair['bytesSent'] ?? 0),
    bytesReceived: Number(pair['bytesReceived'] ?? 0),
  };
}

function candidateType(candidate: Record<string, unknown> | undefined): LinkTransport['localCandidate'] {
  const type = candidate?.['candidateType'];
  return type === 'host' || type === 'srflx' || type === 'prflx' || type === 'relay' ? type : 'unknown';
}
