// A browser's description of its end, read for a pairing code, and the other end's made from one (rule Q3). Nothing of
// the browser's own description is changed.

import { candidateBytes } from '../../protocol/pairing/host-candidate.js';
import type { HostCandidate } from '../../protocol/pairing/host-candidate.js';
import type { PairingCode } from '../../protocol/pairing/pairing-code.js';
import { isPrivateAddress } from '../private-address.js';

/** What a code needs of a device's end of a connection. */
export type LocalEnd = Pick<PairingCode, 'fingerprint' | 'ufrag' | 'pwd' | 'candidates'>;

/** Component 1, UDP: what a data channel uses first. The priority of the only kind there is does not matter. */
const CANDIDATE = /^a=candidate:\S+ 1 udp \d+ (\S+) (\d+) typ host/gim;
const HOST_PRIORITY = 2_122_260_223;

/** Null without a certificate of SHA-256 or credentials. `isLocalOnly` leaves out what the whole internet could reach. */
export function readDescription(sdp: string, isLocalOnly: boolean): LocalEnd | null {
  const fingerprint = /^a=fingerprint:sha-256 ([0-9A-F:]{95})\s*$/im.exec(sdp)?.[1];
  const ufrag = /^a=ice-ufrag:(\S+)/m.exec(sdp)?.[1];
  const pwd = /^a=ice-pwd:(\S+)/m.exec(sdp)?.[1];
  if (fingerprint === undefined || ufrag === undefined || pwd === undefined) return null;
  const candidates = [...sdp.matchAll(CANDIDATE)]
    .map(([, address = '', port]): HostCandidate => ({ address: address.toLowerCase(), port: Number(port) }))
    .filter((candidate) => candidateBytes(candidate) !== null);
  return {
    fingerprint: Uint8Array.from(fingerprint.split(':'), (byte) => parseInt(byte, 16)),
    ufrag,
    pwd,
    candidates: isLocalOnly ? candidates.filter(({ address }) => isPrivateAddress(address)) : candidates,
  };
}

/** The other end's answer to our offer, as its code tells it. */
export function answerOf(code: PairingCode, offer: string, isTheirsDtlsClient: boolean): string {
  const mid = /^a=mid:(\S+)/m.exec(offer)?.[1] ?? '0';
  return [
    'v=0',
    'o=- 1 1 IN IP4 0.0.0.0',
    's=-',
    't=0 0',
    `a=group:BUNDLE ${mid}`,
    'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
    'c=IN IP4 0.0.0.0',
    `a=mid:${mid}`,
    `a=ice-ufrag:${code.ufrag}`,
    `a=ice-pwd:${code.pwd}`,
    `a=fingerprint:sha-256 ${[...code.fingerprint].map(hexOf).join(':')}`,
    `a=setup:${isTheirsDtlsClient ? 'active' : 'passive'}`,
    'a=sctp-port:5000',
    'a=max-message-size:262144',
    ...code.candidates.map(
      ({ address, port }, index) =>
        `a=candidate:${index + 1} 1 udp ${HOST_PRIORITY - index} ${address} ${port} typ host`,
    ),
    'a=end-of-candidates',
    '',
  ].join('\r\n');
}

function hexOf(byte: number): string {
  return byte.toString(16).padStart(2, '0').toUpperCase();
}
