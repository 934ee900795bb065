// What a room gives those who ask: ranges, single records, what somebody else is owed (rules S4, S5, S7, P3).

import type { FrameOf } from '../src/protocol/frames.js';
import type { RecordId, RoomKey } from '../src/protocol/ids.js';
import { FIRST_HISTORY_RECORDS, LIMITS } from '../src/protocol/limits.js';
import { groupIds, placeOf } from '../src/core/record-frames.js';
import { idOf } from '../src/protocol/record.js';
import type { RoomModeration } from './moderation/room-moderation.js';
import type { RoomOrganiser } from './moderation/room-organiser.js';
import type { OwedDeliveries } from './owed-deliveries.js';
import type { RoomFeed } from './room-feed.js';
import type { Connection, Listener, RoomMembers } from './room-members.js';
import type { RoomPublishing } from './room-publishing.js';
import type { RoomVoice } from './room-voice.js';
import type { PlacedRecord, RoomMarks, Store } from './store/store.js';

interface RoomAnswersOptions {
  readonly room: RoomKey;
  readonly store: Store;
  readonly members: RoomMembers;
  readonly feed: RoomFeed;
  readonly voice: RoomVoice;
  readonly owed: OwedDeliveries;
  readonly publishing: RoomPublishing;
  readonly moderation: RoomModeration;
  readonly organiser: RoomOrganiser;
}

export class RoomAnswers {
  readonly #options: RoomAnswersOptions;

  constructor(options: RoomAnswersOptions) {
    this.#options = options;
  }

  /** The next page above an offset (rule S4). */
  async range(connection: Connection, after: number): Promise<void> {
    const { feed, voice } = this.#options;
    const { head } = feed;
    await voice.page(connection, Math.min(after, head), head);
  }

  async byIds(connection: Connection, ids: readonly RecordId[]): Promise<void> {
    const { voice, publishing } = this.#options;
    voice.records([connection], await this.#found(ids), LIMITS.answerFramesMax);
    voice.unplaced([connection], publishing.unstored.byIds(ids));
  }

  /** Asks for those of the offered records that are lacking; places the others (rule S7). */
  async offered(connection: Listener, ids: readonly RecordId[]): Promise<void> {
    const { room, store, voice, publishing, moderation } = this.#options;
    // It is offered again when the store is away now.
    const known = await store.byIds(room, ids).catch(() => null);
    if (known === null) return;
    const knownIds = new Set(known.map((item) => idOf(item.record)));
    const isHere = (id: RecordId): boolean => publishing.unstored.has(id);
    const isRemoved = (id: RecordId): boolean => moderation.state.removal(id) !== undefined;
    const lacking = ids.filter((id) => !knownIds.has(id) && !isHere(id) && !isRemoved(id));
    await this.removals(connection, ids.filter(isRemoved));
    for (const group of groupIds(lacking)) connection.send({ type: 'want', room, ids: group });
    voice.places(connection, known.map(placeOf));
    await publishing.storeAgain(ids.filter(isHere));
  }

  /** What has removed these, for somebody who seems not to know (rule O3). */
  async removals(connection: Listener, targets: readonly RecordId[]): Promise<void> {
    const { voice, organiser } = this.#options;
    voice.records([connection], await organiser.removalsOf(targets), LIMITS.answerFramesMax);
  }

  /** To those of the named who are on sockets of this node, now or as soon as it comes (rule P3). */
  async deliver({ ids, to }: FrameOf<'deliver'>): Promise<void> {
    const { members, voice, publishing, owed } = this.#options;
    const found = await this.#found(ids);
    const known = new Set(found.map((item) => idOf(item.record)));
    const lacking = ids.filter((id) => !known.has(id) && !publishing.unstored.has(id));
    const here = [...new Set(to)].filter((peer) => members.connection(peer) !== undefined);
    const connections = here.flatMap((peer) => members.connection(peer) ?? []);
    voice.records(connections, found, LIMITS.answerFramesMax);
    voice.unplaced(connections, publishing.unstored.byIds(ids));
    if (here.length > 0) for (const id of lacking) owed.add(id, here);
  }

  /** What a newcomer lacks (rule S5). */
  async catchUp(connection: Connection, position: FrameOf<'join'>['position'], { head }: RoomMarks): Promise<void> {
    const { store, voice, publishing, organiser } = this.#options;
    const isKnown = position?.epoch === store.epoch && position.offset <= head;
    const after = isKnown ? position.offset : Math.max(0, head - FIRST_HISTORY_RECORDS);
    if (!isKnown) voice.records([connection], await organiser.standing(after));
    if (after < head) await voice.page(connection, after, head);
    voice.unplaced([connection], publishing.unstored.all());
  }

  #found(ids: readonly RecordId[]): Promise<PlacedRecord[]> {
    const { store, room } = this.#options;
    return store.byIds(room, ids).catch(() => []);
  }
}
