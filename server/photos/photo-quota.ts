// How large photos may be, and how many of one author within an hour: judged when their records are handed in (rule F8).

import type { AuthorId, RecordId } from '../../src/protocol/ids.js';
import { idOf } from '../../src/protocol/record.js';
import type { SignedRecord } from '../../src/protocol/record.js';

export interface PhotoRules {
  /** Bytes of one. */
  readonly bytesMax: number;
  /** Of one author, on each node; 0: none are taken. */
  readonly perHour: number;
}

/**
 * On unless the operator says otherwise: a photo can be reported, removed and stopped by a mute like any message, and
 * what all of them may take of the disk is bounded. 512 KB is what a phone's picture of 1,600 pixels comes to at worst.
 */
export const DEFAULT_PHOTO_RULES: PhotoRules = { bytesMax: 512 * 1024, perHour: 30 };

export type PhotoRefusal = {
  readonly code: 'photos-off' | 'photo-too-large' | 'photo-limit';
  readonly words: string;
};

const HOUR_MS = 3_600_000;
/** Authors counted; who has sent nothing for longest is forgotten first. */
const AUTHORS_MAX = 20_000;

export class PhotoQuota {
  readonly rules: PhotoRules;
  readonly #now: () => number;
  /** When each was taken, in the order in which their authors last sent one. */
  readonly #sent = new Map<AuthorId, Map<RecordId, number>>();

  constructor(rules: PhotoRules, now: () => number) {
    this.rules = rules;
    this.#now = now;
  }

  /** Null when there is no photo or it may pass, which counts from then on; what has passed once passes again. */
  judge(record: SignedRecord): PhotoRefusal | null {
    if (record.body.kind !== 'message' || record.body.photo === undefined) return null;
    const { bytesMax, perHour } = this.rules;
    if (perHour === 0) return { code: 'photos-off', words: 'There are no photos in this chat.' };
    if (record.body.photo.bytes > bytesMax) {
      return { code: 'photo-too-large', words: `A photo has at most ${Math.floor(bytesMax / 1024)} KB here.` };
    }
    const sent = this.#recent(record.author);
    if (!sent.has(idOf(record)) && sent.size >= perHour) {
      return { code: 'photo-limit', words: `Everybody may send ${perHour} photos an hour.` };
    }
    sent.set(idOf(record), this.#now());
    return null;
  }

  #recent(author: AuthorId): Map<RecordId, number> {
    const sent = this.#sent.get(author) ?? new Map<RecordId, number>();
    for (const [id, atMs] of sent) if (this.#now() - atMs >= HOUR_MS) sent.delete(id);
    this.#sent.delete(author);
    this.#sent.set(author, sent);
    if (this.#sent.size > AUTHORS_MAX) {
      for (const oldest of this.#sent.keys()) {
        this.#sent.delete(oldest);
        break;
      }
    }
    return sent;
  }
}
