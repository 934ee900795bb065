// The bytes that are signed. Written, never parsed: a reader rebuilds them from the decoded record,
// so two spellings of one record cannot exist (rule R3).

import type { Place } from './frames.js';
import type { DialId, PeerId, RoomKey } from './ids.js';
import type { Photo, RecordBody, RecordDraft } from './record.js';
import { encodeUtf8 } from './text.js';

/** First field of every signed form, so that a signature of one purpose is worthless for another (rule R4). */
const PURPOSE = {
  record: 'festival-chat/record/1',
  join: 'festival-chat/join/1',
  link: 'festival-chat/link/1',
  places: 'festival-chat/places/1',
} as const;

export function recordBytes(record: RecordDraft): Uint8Array<ArrayBuffer> {
  return canonicalFields([
    PURPOSE.record,
    record.room,
    record.author,
    record.session,
    String(record.seq),
    String(record.time),
    ...bodyFields(record.sealed ?? record.body),
  ]);
}

/** What a client signs to join: the server's nonce makes a captured join worthless (rule J2). */
export function joinBytes(room: RoomKey, peer: PeerId, nonce: string): Uint8Array<ArrayBuffer> {
  return canonicalFields([PURPOSE.join, room, peer, nonce]);
}

/**
 * What a peer signs when a link opens. `binding` names the two ends of the encrypted channel
 * (for WebRTC the certificate fingerprints), so nobody can sit in the middle of it (rule M2).
 */
export function linkBytes(link: {
  readonly room: RoomKey;
  readonly from: PeerId;
  readonly to: PeerId;
  readonly dial: DialId;
  readonly binding: { readonly from: string; readonly to: string };
}): Uint8Array<ArrayBuffer> {
  return canonicalFields([PURPOSE.link, link.room, link.from, link.to, link.dial, link.binding.from, link.binding.to]);
}

/** What a server signs so that its places may be passed on by anybody (rule C6). */
export function placesBytes(
  room: RoomKey,
  { epoch, head, places }: { readonly epoch: string; readonly head: number; readonly places: readonly Place[] },
): Uint8Array<ArrayBuffer> {
  const said = places.flatMap(([id, offset, tag, arrivedAtMs]) => [id, String(offset), tag, String(arrivedAtMs)]);
  return canonicalFields([PURPOSE.places, room, epoch, String(head), ...said]);
}

function bodyFields(body: RecordBody): string[] {
  return [body.kind, ...fieldsOf(body)];
}

/** In this order for ever: the order is part of the format. */
function fieldsOf(body: RecordBody): string[] {
  switch (body.kind) {
    case 'message':
      return [body.name, body.text, body.replyTo ?? '', ...photoFields(body.photo)];
    case 'edit':
      return [body.target, body.text];
    case 'retract':
      return [body.target];
    case 'reaction':
      return [body.target, body.emoji, body.isOn ? 'on' : 'off'];
    case 'sealed':
      return [body.key, body.nonce, body.data];
    case 'announce':
      return [body.text];
    case 'pin':
      return [body.target ?? ''];
    case 'remove':
      return [body.target, body.name, String(body.at), body.reason ?? ''];
    case 'restrict':
      return [body.author, body.level, String(body.untilMs), body.reason ?? ''];
    case 'slow':
      return [String(body.seconds)];
    case 'clear':
      return [];
  }
}

function photoFields(photo: Photo | undefined): string[] {
  if (photo === undefined) return [];
  return [photo.hash, photo.bytes, photo.width, photo.height, photo.type, photo.thumb].map(String);
}

/** Each field as its length in bytes (u32, big endian) and its UTF-8. */
export function canonicalFields(values: readonly string[]): Uint8Array<ArrayBuffer> {
  const encoded = values.map(encodeUtf8);
  const bytes = new Uint8Array(encoded.reduce((sum, part) => sum + 4 + part.length, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const part of encoded) {
    view.setUint32(at, part.length);
    bytes.set(part, at + 4);
    at += 4 + part.length;
  }
  return bytes;
}
