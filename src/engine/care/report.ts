// A report to hand to whoever can help: what was measured, without anything people wrote, their names, and whole keys.

import type { ChatStatus } from '../../core/chat-view.js';
import type { Diagnostics } from '../../core/diagnostics.js';

/** Enough of a key to tell two devices of one report apart. */
const PEER_LETTERS = 4;

/** JSON for people to read and paste. Holds no message text, no name, no address and no token. */
export function reportOf(status: ChatStatus, { links, routes, ...rest }: Diagnostics): string {
  const report = {
    status,
    ...rest,
    routes: { ...routes, recent: routes.recent.map(({ id: _, ...decision }) => decision) },
    links: links.map(({ name: _, dial: __, peer, ...link }) => ({ peer: peer.slice(0, PEER_LETTERS), ...link })),
  };
  return JSON.stringify(report, null, 2);
}
