// Keys within a feed: rows by arrow and page keys, the ends by Home and End.

const PAGE_ROWS = 10;

/** The row a key leads to from this one; null for keys that mean nothing here. */
export function rowForKey(key: string, rows: readonly HTMLElement[], from: HTMLElement): HTMLElement | null {
  const index = rows.indexOf(from);
  const wanted: Readonly<Record<string, number>> = {
    ArrowUp: index - 1,
    ArrowDown: index + 1,
    PageUp: index - PAGE_ROWS,
    PageDown: index + PAGE_ROWS,
    Home: 0,
    End: rows.length - 1,
  };
  const next = wanted[key];
  return next === undefined ? null : (rows[Math.min(rows.length - 1, Math.max(0, next))] ?? null);
}

/** The row an event happened in, heard inside the list's shadow root: what is deeper, as in a photo, counts as the photo. */
export function rowOf({ target }: Event): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>('.row') : null;
}
