// A member's requests for the bytes of a photo, and with them, as a page makes them (rule F7).

import type { RecordId, RoomKey } from '../../src/protocol/ids.js';
import { PHOTO_LIMITS } from '../../src/protocol/photos/photo-limits.js';
import { photoPath, photoRequestBytes } from '../../src/protocol/photos/photo-request.js';
import type { Photo, SignedRecord } from '../../src/protocol/record.js';
import { writeClaim } from '../../src/protocol/request-claim.js';
import type { RawClient } from './device.js';
import { jpeg, photoOf } from './pictures.js';

/** What these requests are about. */
export const PICTURE = jpeg(64, 48, 100_000);
export const PHOTO = photoOf(PICTURE);

export interface Claim {
  readonly by?: RawClient;
  readonly timeMs?: number;
  readonly room?: RoomKey;
  readonly record?: RecordId;
  readonly method?: 'GET' | 'PUT';
}

/** A member's request, signed for what it is unless the claim says otherwise. */
export function ask(
  url: string,
  client: RawClient,
  record: RecordId,
  init: RequestInit,
  claim: Claim = {},
): Promise<Response> {
  const method = init.method === 'PUT' ? 'PUT' : 'GET';
  const { device } = claim.by ?? client;
  const { peer } = device;
  const timeMs = claim.timeMs ?? Date.now();
  const said = { method: claim.method ?? method, room: claim.room ?? client.room, record: claim.record ?? record };
  const proof = device.sign(photoRequestBytes({ ...said, peer, timeMs } as const));
  const headers = { Authorization: writeClaim({ peer, timeMs, proof }), ...(init.headers as Record<string, string>) };
  return fetch(url + photoPath(client.room, record), { ...init, headers });
}

export function put(
  url: string,
  client: RawClient,
  record: RecordId,
  from: number,
  bytes: Uint8Array<ArrayBuffer>,
  claim?: Claim,
): Promise<Response> {
  const range = `bytes ${from}-${from + bytes.length - 1}/${PICTURE.length}`;
  return ask(url, client, record, { method: 'PUT', headers: { 'Content-Range': range }, body: bytes }, claim);
}

/** In two pieces. */
export async function handIn(url: string, client: RawClient, record: RecordId, picture = PICTURE): Promise<Response> {
  const half = PHOTO_LIMITS.uploadBytesMax;
  await put(url, client, record, 0, picture.slice(0, half));
  return put(url, client, record, half, picture.slice(half));
}

/** Publishes a message with the photo. */
export function post(client: RawClient, photo: Photo = PHOTO): SignedRecord {
  const record = client.device.says(client.room, { kind: 'message', name: 'Device', text: '', photo });
  client.publish([record]);
  return record;
}
