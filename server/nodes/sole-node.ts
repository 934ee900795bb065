// A server of one process: there is nobody else to tell, and nothing to learn from anybody.

import type { Nodes, RoomLine } from './nodes.js';

const NOBODY: RoomLine = {
  ready: Promise.resolve(),
  members: new Map(),
  joined: () => undefined,
  left: () => undefined,
  reached: () => undefined,
  signal: () => undefined,
  deliver: () => undefined,
  report: () => undefined,
  typing: () => undefined,
  close: () => undefined,
};

export const soleNode: Nodes = {
  open: () => Promise.resolve(),
  line: () => NOBODY,
  rooms: () => Promise.resolve([]),
  count: (rooms) => Promise.resolve(rooms.map(() => 0)),
  close: () => Promise.resolve(),
};
