// Where in the dashboard one is, as the address says it after `#`. It names rooms, and never a secret.

export const PAGES = ['overview', 'rooms', 'people', 'moderation', 'audit', 'server'] as const;
export type PageName = (typeof PAGES)[number];

export interface Place {
  readonly page: PageName;
  /** Of page `rooms`: the one that is open. */
  readonly room: string | null;
}

export const PAGE_TITLES: Readonly<Record<PageName, string>> = {
  overview: 'Overview',
  rooms: 'Rooms',
  people: 'People',
  moderation: 'Moderation',
  audit: 'Audit',
  server: 'Server',
};

/** An address that names nothing is the overview's. */
export function placeIn(hash: string): Place {
  const [name = '', room] = hash.replace(/^#\/?/, '').split('/');
  const page = PAGES.find((known) => known === name) ?? 'overview';
  return { page, room: page === 'rooms' && room !== undefined && room !== '' ? decoded(room) : null };
}

export function hrefOf(page: PageName, room?: string): string {
  return room === undefined ? `#/${page}` : `#/${page}/${encodeURIComponent(room)}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
