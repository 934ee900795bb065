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
  /** Something was dropped. */
  readonly dropped: () => void;
}

/** Prunes now and every minute. Returns how to stop. */
export function startPruning(
  store: Store,
  photos: PhotoShelf,
  { retentionMs, recordsMax, now, logger, pinnedPhotos, dropped: tell }: Retention,
): () => void {
  const prune = async (): Promise<void> => {
    try {
      const dropped = await store.prune(now() - retentionMs, recordsMax);
      const old = await photos.prune(now() - retentionMs, await pinnedPhotos());
      if (dropped + old === 0) return;
      logger.log('info', 'pruned', { records: dropped, photos: old });
      if (dropped > 0) tell();
    } catch (error) {
      logger.log('warn', 'not pruned', { reason: (error as Error).message });
    }
  };
  void prune();
  const timer = setInterval(() => void prune(), PRUNE_EVERY_MS);
  return () => clearInterval(timer);
}
