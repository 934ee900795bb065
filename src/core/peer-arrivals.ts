// Records and places that a peer brings. What it says of the server's order counts with the server's receipt only (rule C6).

import type { FrameOf, Place } from '../protocol/frames.js';
import type { DialId, PeerId } from '../protocol/ids.js';
import { fromWire } from '../protocol/record.js';
import type { Arrivals } from './arrivals.js';
import type { Intake, Placing } from './intake.js';
import { placeOfWire } from './record-frames.js';
import type { Replica } from './replica.js';
import type { Receipt, RoomOutput } from './room-io.js';
import type { ServerReplication } from './server-replication.js';

export interface PeerArrivalsParts {
  readonly arrivals: Arrivals;
  readonly intake: Intake;
  readonly replica: Replica;
  readonly server: ServerReplication;
}

export class PeerArrivals {
  readonly #parts: PeerArrivalsParts;

  constructor(parts: PeerArrivalsParts) {
    this.#parts = parts;
  }

  records(link: DialId, from: PeerId, frame: FrameOf<'records'>, nowMs: number): RoomOutput[] {
    const receipt = this.#receiptIn(frame);
    const { range: _, ...passedOn } = frame.places ?? { range: undefined };
    const places = receipt === null ? undefined : (passedOn as NonNullable<typeof frame.places>);
    return this.#parts.arrivals.records({ link, from }, frame, { places, receipt }, nowMs);
  }

  /** Places that a peer passes on; without a good receipt they say nothing (rule C6). */
  places(link: DialId, from: PeerId, frame: FrameOf<'placed'>): RoomOutput[] {
    const receipt = this.#receipt(frame, frame.places);
    if (receipt === null) return [];
    const { epoch, head, places } = frame;
    const offsets = new Map(
      places.map(([id, offset, tag, placedAtMs]) => [id, { offset, tag, placedAtMs } satisfies Placing] as const),
    );
    const ticket = this.#parts.intake.await({
      frame: { type: 'records', room: frame.room, records: [] },
      link,
      from,
      route: 'history',
      hops: new Map(),
      offsets,
      places: { epoch, head, offsets: places.map(([, offset]) => offset) },
      isCarried: false,
      covered: [],
      size: 0,
    });
    return [{ type: 'verify', ticket, records: [], receipt }];
  }

  #receiptIn(frame: FrameOf<'records'>): Receipt | null {
    const { places, records } = frame;
    if (places?.proof === undefined || places.offsets.length !== records.length) return null;
    return this.#receipt(places, placesIn(frame));
  }

  /** What is worth checking: of this epoch, from a server whose key is known, and saying something new. */
  #receipt(
    { epoch, head, proof }: { readonly epoch: string; readonly head: number; readonly proof?: string | undefined },
    places: Receipt['places'],
  ): Receipt | null {
    const { serverKey } = this.#parts.server;
    const { offsets } = this.#parts.replica;
    if (proof === undefined || serverKey === null || epoch !== offsets.epoch) return null;
    const isNews = head > offsets.head || places.some(([, offset]) => !offsets.isAccounted(offset));
    return isNews ? { serverKey, epoch, head, places, proof } : null;
  }
}

/** What the places of a frame say, each as a place of its own: what its proof is of. */
export function placesIn({ room, records, places }: FrameOf<'records'>): Place[] {
  return records.map((wire, index) =>
    placeOfWire(fromWire(room, wire), places?.offsets[index] ?? 0, places?.arrivals?.[index] ?? null),
  );
}
