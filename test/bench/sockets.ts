// What a connection costs, beside a bare socket.io server: `npx tsx test/bench/sockets.ts 100 1000`, after `npm run build:lib`.
// The sockets idle in rooms of fifty; then a member of each room says something once a second.

import { spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import type { SignedRecord } from '../../src/protocol/record.js';
import { toWire } from '../../src/protocol/record.js';
import { Crowd } from '../support/crowd.js';
import { TestServer } from '../support/start-server.js';
import { usageOf } from './process-usage.js';

const ROOM = 50;
const IDLE_MS = 6_000;
const TALK_SECONDS = 10;

interface Row {
  readonly server: string;
  readonly sockets: number;
  readonly 'KB a socket': number;
  readonly 'idle CPU %': number;
  readonly 'deliveries a second': number;
  readonly 'talking CPU %': number;
  readonly 'µs CPU a delivery': number;
}

/** The least that could be called a chat: whoever says something is heard by the room. */
const BARE = `
  import { Server } from 'socket.io';
  const io = new Server({ serveClient: false, perMessageDeflate: false, transports: ['websocket'] });
  io.on('connection', (socket) => {
    const { room } = socket.handshake.query;
    socket.join(room);
    socket.on('frame', (frame) => socket.to(room).emit('frame', frame));
  });
  io.listen(0, { hostname: '127.0.0.1' });
  io.httpServer.once('listening', () => console.log(io.httpServer.address().port));
`;

const sizes = process.argv.slice(2).map(Number);
const rows: Row[] = [];
for (const sockets of sizes.length === 0 ? [100, 1_000] : sizes) {
  rows.push(await festivalChat(sockets), await bareSocketIo(sockets));
}
console.table(rows);
process.stdout.write(`${JSON.stringify(rows)}\n`);
process.exit(0);

async function festivalChat(sockets: number): Promise<Row> {
  const server = await TestServer.start();
  const before = usageOf(server.pid).rssBytes;
  const crowd = new Crowd(server.url, { members: sockets, roomOf: (member) => `room-${Math.floor(member / ROOM)}` });
  try {
    await crowd.assemble();
    return await measured('festival-chat', sockets, server.pid, before, () => {
      for (let number = 0; number < sockets; number += ROOM) {
        const member = crowd.members[number];
        if (member === undefined) break;
        const record: SignedRecord = member.device.record(member.room, 'x'.repeat(100));
        const [author, session, seq, time, body, signature] = toWire(record);
        member.send({ type: 'records', room: member.room, records: [[author, session, seq, time, body, signature]] });
      }
    });
  } finally {
    crowd.close();
    await server.end();
  }
}

async function bareSocketIo(sockets: number): Promise<Row> {
  const server = spawn('node', ['--input-type=module', '-e', BARE], { stdio: ['ignore', 'pipe', 'inherit'] });
  const port = await new Promise<string>((resolve) =>
    server.stdout.once('data', (data: Buffer) => resolve(data.toString().trim())),
  );
  const pid = server.pid ?? 0;
  const before = usageOf(pid).rssBytes;
  const clients: Socket[] = [];
  try {
    for (let member = 0; member < sockets; member += 1) {
      const query = { room: `room-${Math.floor(member / ROOM)}` };
      const socket = io(`http://127.0.0.1:${port}`, { forceNew: true, transports: ['websocket'], query });
      clients.push(socket);
      await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
    }
    // As many bytes as a signed record of the same text.
    const frame = { type: 'records', text: 'x'.repeat(480) };
    return await measured('bare socket.io', sockets, pid, before, () => {
      for (let member = 0; member < sockets; member += ROOM) clients[member]?.emit('frame', frame);
    });
  } finally {
    for (const client of clients) client.disconnect();
    server.kill('SIGKILL');
  }
}

async function measured(
  server: string,
  sockets: number,
  pid: number,
  rssBefore: number,
  talk: () => void,
): Promise<Row> {
  await pause(1_000);
  const idle = usageOf(pid);
  await pause(IDLE_MS);
  const rested = usageOf(pid);
  for (let second = 0; second < TALK_SECONDS; second += 1) {
    talk();
    await pause(1_000);
  }
  const talked = usageOf(pid);
  const idleShare = (rested.cpuSeconds - idle.cpuSeconds) / (IDLE_MS / 1_000);
  const talkSeconds = talked.cpuSeconds - rested.cpuSeconds;
  const deliveries = Math.ceil(sockets / ROOM) * (Math.min(ROOM, sockets) - 1);
  const forTalk = Math.max(0, talkSeconds - idleShare * TALK_SECONDS);
  return {
    server,
    sockets,
    'KB a socket': round((rested.rssBytes - rssBefore) / 1_024 / sockets),
    'idle CPU %': round(idleShare * 100),
    'deliveries a second': deliveries,
    'talking CPU %': round((talkSeconds / TALK_SECONDS) * 100),
    'µs CPU a delivery': round((forTalk / (deliveries * TALK_SECONDS)) * 1e6),
  };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
