// Drops what is too old or too much, again and again.

import type { Logger } from '../log.js';
import type { PhotoKey, PhotoShelf } from '../photos/photo-shelf.js';
import type { Store } from './store.js';

const PRUNE_EVERY_MS = 60_000;

export interface Retention {
  /** Milliseconds a record is kept. */
  readonly retentionMs: number;
  /** Records kept of each room. */
  readonly recordsMax: number;
  readonly now: () => number;
  readonly logger: Logger;
  /** Photos that stay, whatever their age. */
  readonly pinnedPhotos: () => Promise<ReadonlySet<PhotoKey>>;
  /** The messages of these photos were dropped. */
  readonly erase: (photos: readonly PhotoKey[]) => Promise<void>;
  /** Something was dropped. */
  readonly dropped: () => void;
}

/** Prunes now and every minute. Returns how to stop. */
export function startPruning(
  store: Store,
  photos: PhotoShelf,
  { retentionMs, recordsMax, now, logger, pinnedPhotos, erase, dropped: tell }: Retention,
): () => void {
  const prune = async (): Promise<void> => {
    try {
      const { records, photos: shown } = await store.prune(now() - retentionMs, recordsMax);
      const pinned = await pinnedPhotos();
      const gone = shown.filter((key) => !pinned.has(key));
      await erase(gone);
      // Bytes that came later than their message, or were left behind.
      const old = await photos.prune(now() - retentionMs, pinned);
      if (records + old === 0) return;
      logger.log('info', 'pruned', { records, photos: gone.length + old });
      if (records > 0) tell();
    } catch (error) {
      logger.log('warn', 'not pruned', { reason: (error as Error).message });
    }
  };
  void prune();
  const timer = setInterval(() => void prune(), PRUNE_EVERY_MS);
  return () => clearInterval(timer);
}
