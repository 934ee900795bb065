// Who is measured beside whom: the page of each contender, its server, and what it can do.

import { BENCH_BUILD, BENCH_FOLDER } from './build-pages.js';
import { CommandServer, CompanionProcess } from './contender-server.js';
import type { ContenderServer } from './contender-server.js';

export interface ContenderEntry {
  /** As it stands in the tables. */
  readonly name: string;
  /** Its page: a file of `pages/`. */
  readonly page: string;
  /** Links pages to each other. */
  readonly mesh: boolean;
  startServer(): Promise<ContenderServer>;
}

const relay = (): Promise<ContenderServer> => CommandServer.start(`${BENCH_BUILD}/relay.mjs`);

export const OURS: ContenderEntry = {
  name: 'festival-chat',
  page: 'festival-chat',
  mesh: true,
  startServer: () => CompanionProcess.start(),
};

/** Ours without what it shows: as little on the page as the others have. */
export const OUR_CLIENT: ContenderEntry = { ...OURS, name: 'festival-chat, no element', page: 'festival-chat-client' };

/** And with the mesh switched off: what a message costs over the server alone. */
export const OUR_SERVER: ContenderEntry = { ...OUR_CLIENT, name: 'festival-chat, server only', mesh: false };

export const SOCKET_IO: ContenderEntry = { name: 'socket.io', page: 'socket-io', mesh: false, startServer: relay };

export const CONTENDERS: readonly ContenderEntry[] = [
  OURS,
  OUR_CLIENT,
  OUR_SERVER,
  { name: 'raw data channel', page: 'raw-channel', mesh: true, startServer: relay },
  SOCKET_IO,
  { name: 'simple-peer mesh', page: 'simple-peer', mesh: true, startServer: relay },
  {
    name: 'PeerJS',
    page: 'peerjs',
    mesh: true,
    startServer: () =>
      CommandServer.start(`${BENCH_FOLDER}/node_modules/peer/dist/bin/peerjs.js`, {
        args: (port) => ['--port', String(port), '--host', '127.0.0.1', '--path', '/', '--allow_discovery'],
      }),
  },
  {
    name: 'Trystero',
    page: 'trystero',
    mesh: true,
    startServer: () => CommandServer.start(`${BENCH_BUILD}/nostr-relay.mjs`),
  },
  {
    name: 'y-webrtc',
    page: 'y-webrtc',
    mesh: true,
    startServer: () => CommandServer.start(`${BENCH_FOLDER}/node_modules/y-webrtc/bin/server.js`),
  },
];

/** Where the variants of ours would say the same. */
export const OURS_AND_OTHERS: readonly ContenderEntry[] = CONTENDERS.filter(
  (entry) => entry !== OUR_CLIENT && entry !== OUR_SERVER,
);
